"""Templates are checked before anything is drawn, and errors name file and line."""

import shutil
from pathlib import Path

import pytest

from render import TEMPLATES, CardRenderer, TemplateError
from render.card import FIELDS
from render.template import read_template
from tests.render.cases import GOLDEN


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    return folder


def _line_of(path: Path, text: str) -> int:
    lines = path.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


_DESCRIBED = 'data-fit="36/2 34/3 32/3 30/3 34/3"'


@pytest.mark.parametrize(
    ("before", "after", "at", "sentence"),
    [
        ('id="author"', 'id="writer"', "writer", "no field of a card is called 'writer'"),
        (
            'style="inline-size:793px" data-fit="36/2',
            'data-fit="36/2',
            'id="description"',
            "no box",
        ),
        (
            'data-fit="36/2 34/3 32/3 30/3 34/3"',
            'data-fit="36x2"',
            "36x2",
            "'36x2' is not size/lines",
        ),
        (_DESCRIBED, "", 'id="description"', "data-fit is missing"),
        ('id="author"', 'id="name"', 'id="name" class="author"', "slot 'name' is there twice"),
        ("description:34/2 ", "title:34/2 ", "title:34", "names no slot: 'title'"),
        ("description:34/2 ", "description:33/2 ", ":33/2", "'description' is never set 33/2"),
        ("20 facts hairline", "20 feet", "feet", "data-above names nothing: 'feet'"),
        ('data-justify="middle"', 'data-justify="left"', '"left"', "start or middle or end"),
        ('x="749" y="150"', 'x="200" y="150"', 'x="200"', "reaches over the card's edge"),
        ('x="156" y="573"', 'x="156" y="300"', 'y="300"', "there is art under slot 'site-name'"),
        ('data-column="56 572"', 'data-column="10 572"', '"10 572"', "art under column 'body'"),
        ('data-column="56 572"', 'data-kolumn="56 572"', "<?xml", "one column, not 0"),
        ('data-with="description"', 'data-with="words"', "words", "data-with names no field"),
        ('data-centred="142"', 'data-centred="300"', "300", "there is art under slot 'initial'"),
        ('data-with="description"', "data-with", "data-with", "not XML"),
    ],
)
def test_a_wrong_template_is_refused(
    folder: Path, before: str, after: str, at: str, sentence: str
) -> None:
    """What a designer may get wrong is refused with file, line and a sentence."""
    path = folder / "plugin.svg"
    source = path.read_text()
    assert before in source
    path.write_text(source.replace(before, after, 1))

    with pytest.raises(TemplateError) as caught:
        CardRenderer(folder)(GOLDEN["plain"])
    assert str(caught.value).startswith(f"{path}:{_line_of(path, at)}: "), caught.value
    assert sentence in str(caught.value)


def test_a_font_that_is_not_there_is_refused(folder: Path) -> None:
    """A missing font is an error, not another font."""
    style = folder / "style.css"
    style.write_text(style.read_text().replace("font-family: Inter", "font-family: Comic Sans"))

    with pytest.raises(TemplateError, match=r"plugin.svg:\d+: the font 'Comic Sans' is not there"):
        CardRenderer(folder)(GOLDEN["plain"])


def test_a_colour_needs_no_python(folder: Path) -> None:
    """A template with other colours is drawn, also with more of them than sixteen."""
    style = folder / "style.css"
    style.write_text(
        style.read_text()
        .replace(".author {", ".author { fill: #0a6b2d;")
        .replace("#245a8d", "#5a2d82")
    )

    drawn = CardRenderer(folder)(GOLDEN["plain"])
    assert len(drawn) < 100_000
    assert b"PLTE" in drawn


_FACES = [
    ("plugin", "ring"),
    ("plugin", "icon"),
    ("theme", "lozenge"),
    ("theme-screenshot", "screenshot"),
    ("closed", "ring"),
    ("closed", "lozenge"),
    ("site", ""),
]


@pytest.mark.parametrize(("name", "plate"), _FACES)
def test_nothing_is_set_too_small(name: str, plate: str) -> None:
    """No slot may come out under 28 px, the name not under 56, on at most three lines."""
    for slot in read_template(TEMPLATES / f"{name}.svg", plate).slots():
        sizes = [size for size, _ in slot.fits + slot.tight]
        assert min(sizes) >= (56 if slot.id == "name" else 28), slot.id
        assert max(lines for _, lines in slot.fits + slot.tight) <= 3, slot.id


@pytest.mark.parametrize(("name", "plate"), _FACES[:4])
def test_every_field_has_its_slot(name: str, plate: str) -> None:
    """The cards of packages leave no fact out."""
    slots = {slot.id for slot in read_template(TEMPLATES / f"{name}.svg", plate).slots()}

    assert set(FIELDS) - slots <= {"note"} | (
        {"initial"} if plate in ("icon", "screenshot") else set()
    )


def test_a_template_fetches_nothing(folder: Path) -> None:
    """A picture from elsewhere is refused."""
    path = folder / "plugin.svg"
    image = '<image href="file:///etc/passwd" width="9" height="9"/></g>'
    path.write_text(path.read_text().replace("</g>", image, 1))

    with pytest.raises(ValueError, match="a template may not fetch"):
        CardRenderer(folder)(GOLDEN["plain"])
