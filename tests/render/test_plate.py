"""Plates: the picture of a card's plate as a small file of its own."""

import io
import random

import cairosvg
import pytest
from defusedxml import ElementTree
from PIL import Image, ImageChops, ImageStat

from render import (
    Card,
    CardRenderer,
    PictureError,
    Plate,
    PlateRenderer,
    package_card,
    picture_of,
    prepare_icon,
    prepare_screenshot,
    site_card,
)
from render.picture import digest
from render.plate import CASTS
from render.plate_file import LIMIT
from render.probes import PROBES

_SIDE = 236


def _plate(**given: object) -> Plate:
    facts = {"type": "plugin", "slug": "akismet", "name": "Akismet"} | given
    found = Plate.of(package_card(**facts))  # type: ignore[arg-type]
    assert found
    return found


def _pixels(svg: bytes, width: int, height: int) -> Image.Image:
    png = cairosvg.svg2png(svg, output_width=width, output_height=height)
    return Image.open(io.BytesIO(png)).convert("RGB")


def _unlike(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).rms)


def _noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGBA", (width, height), random.Random(1).randbytes(width * height * 4))


@pytest.mark.parametrize(
    "given",
    [{}, {"type": "theme", "slug": "neve", "name": "Neve"}, {"closed": True}, {"name": "پارسی"}],
)
def test_a_plate_shows_what_the_card_shows(
    given: dict[str, object], renderer: CardRenderer
) -> None:
    """The middle of its plate, but for the edges of shapes; another package's is another."""
    facts = {"type": "plugin", "slug": "akismet", "name": "Akismet"} | given
    card = package_card(**facts)  # type: ignore[arg-type]
    whole = Image.open(io.BytesIO(renderer(card))).convert("RGB")
    middle = whole.crop((38, 231 - _SIDE // 2, 38 + _SIDE, 231 + _SIDE // 2))
    same, other = _plate(**given), _plate(**given | {"slug": "another"})
    draw = PlateRenderer()

    assert _unlike(middle, _pixels(draw(same), _SIDE, _SIDE)) < 8
    assert _unlike(middle, _pixels(draw(other), _SIDE, _SIDE)) > 16


def test_a_plate_of_another_shape_shows_more_flowers() -> None:
    """Taller, it has its middle whole in the middle, and flowers above and below."""
    svg = PlateRenderer()(_plate())
    tall = _pixels(svg, _SIDE, 2 * _SIDE)
    middle = tall.crop((0, _SIDE // 2, _SIDE, _SIDE * 3 // 2))

    assert _unlike(middle, _pixels(svg, _SIDE, _SIDE)) < 8
    assert len(tall.crop((0, 0, _SIDE, _SIDE // 2)).getcolors(10_000) or ()) > 2


@pytest.mark.parametrize("card", [card for card in PROBES if Plate.of(card)])
def test_every_plate_is_small_and_well_formed(card: Card) -> None:
    """At most 6,000 bytes of XML that ends in a line end, with a letter in whatever script."""
    plate = Plate.of(card)
    assert plate
    svg = PlateRenderer(pictures=picture_of)(plate)
    paths = ElementTree.fromstring(svg).findall("{http://www.w3.org/2000/svg}path")

    assert len(svg) <= LIMIT
    assert svg.endswith(b"</svg>\n")
    assert plate.picture or len(paths[-1].get("d", "")) > 40


def test_every_cast_is_small() -> None:
    """Of whichever flowers, a plate has at most 3,000 bytes."""
    draw = PlateRenderer()
    assert max(len(draw(Plate("plugin", "ring", cast, "W"))) for cast in range(0, CASTS, 7)) < 3000


@pytest.mark.parametrize(
    ("type", "prepared"),
    [
        ("plugin", prepare_icon(Image.new("RGBA", (9, 9), "#123456"))),
        ("plugin", prepare_icon(_noise(204, 204))),
        ("theme", prepare_screenshot(Image.new("RGBA", (4, 3), "#123456"))),
        ("theme", prepare_screenshot(_noise(424, 318))),
    ],
)
def test_a_plate_holds_any_picture(type: str, prepared: bytes) -> None:
    """Noise, too, in 6,000 bytes, and no letter under it."""
    plate = _plate(type=type, picture=digest(prepared))
    svg = PlateRenderer(pictures={digest(prepared): prepared}.__getitem__)(plate)

    assert b"data:image/webp;base64," in svg
    assert len(svg) <= LIMIT
    assert plate.initial == ""


def test_a_picture_that_is_not_there_is_an_error() -> None:
    """As it is for a card."""
    with pytest.raises(PictureError, match="no pictures are here"):
        PlateRenderer()(_plate(picture="a" * 32))


def test_a_digest_covers_what_shows_and_nothing_else() -> None:
    """Not the name behind its initial, nor figures; but the tincture, the flowers, the letter."""
    digest_of = PlateRenderer().digest
    plain = digest_of(_plate())

    assert digest_of(_plate(name="Akismet Anti-spam", active_installs=5, author="A")) == plain
    others = [{"closed": True}, {"slug": "b"}, {"name": "B"}, {"picture": "a" * 32}]
    assert len({plain, *(digest_of(_plate(**one)) for one in others)}) == 5
    assert PlateRenderer(drawing="other code").digest(_plate()) != plain


def test_the_pages_of_the_site_have_no_plate() -> None:
    """Only packages do."""
    assert Plate.of(site_card()) is None
