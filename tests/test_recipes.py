"""The recipes of CONTRIBUTING, done literally: in the files that it numbers and in no other."""

import io
import json
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest
from PIL import Image

from tests.checkout import Checkout
from tests.conftest import ROOT, SITE_URL, record, write_source

Edit = Callable[[str], str]  # what is to stand in a file instead of what does; '' in a new one
_ITEM = re.compile(r"^[0-9]+\. (.*)$", re.MULTILINE)
_FILE = re.compile(r"`([a-z_]+(?:/[a-z0-9_<>*.]+)+)`")


def _files(heading: str) -> list[list[str]]:
    """Give the files that a recipe numbers: of each item those before its colon."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [_FILE.findall(item.partition(":")[0]) for item in _ITEM.findall(section)]


def _follow(checkout: Checkout, heading: str, edits: Mapping[str, Edit]) -> None:
    """Make the edits: in files that the recipe numbers, and in one of each number at least."""
    numbered = _files(heading)
    patterns = [[one.replace("<name>", "*") for one in item] for item in numbered]
    fitting = [
        [number for number, item in enumerate(patterns) if any(fnmatch(file, one) for one in item)]
        for file in edits
    ]
    assert all(fitting), f"{list(edits)} are more files than {numbered}"
    # `<name>.tpl` fits a file `x.md.tpl`, too: the later item is meant.
    assert {one[-1] for one in fitting} == set(range(len(numbered))), "a file is not needed"
    for file, edit in edits.items():
        path = checkout.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = edit(before)
        assert after != before, file
        path.write_text(after, encoding="utf-8")


def _instead(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
        return text.replace(old, new)

    return edit


def _new(text: str) -> Edit:
    def edit(before: str) -> str:
        assert before == ""
        return text

    return edit


def _get(checkout: Checkout, *paths: str) -> list[str]:
    """Ask the real app of the copy for pages of its live release, all of which have to be there."""
    words = (sys.executable, "-m", "server", "--data", "data", "--get")
    said = checkout.done(*words, told="".join(f"{path}\n" for path in paths))
    answers = [json.loads(line) for line in said.split("\n") if line]
    assert [one["status"] for one in answers] == [200] * len(paths)
    return [one["body"] for one in answers]


def _card(checkout: Checkout, label: str) -> Image.Image:
    fingerprint = checkout.cards()[label]
    path = checkout.data / "store" / "og" / fingerprint[:2] / f"{fingerprint}.png"
    return Image.open(io.BytesIO(path.read_bytes())).convert("RGB")


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout that has published a site of two packages."""
    folder = tmp_path_factory.mktemp("recipes")
    write_source(folder, record("one", support_threads="1204"), record("two", type="theme"))
    Checkout.copied(folder, "nginx", "Makefile").run("pipeline")
    return folder


@pytest.fixture(name="checkout")
def _checkout(made: Path, tmp_path: Path) -> Checkout:
    folder = tmp_path / "checkout"
    shutil.copytree(made, folder, symlinks=True)
    return Checkout(folder)


def _light(card: Image.Image, top: int) -> int:
    """Count what is light in 50 rows of a plate, below the picture: of the kind of a package."""
    part = card.crop((40, top, 272, top + 50)).convert("L")
    return sum(part.histogram()[200:])


def test_a_colour_and_a_slot_are_changed_where_the_design_is(checkout: Checkout) -> None:
    """The plate of plugins has another colour, and their kind another place; themes are as ever."""
    before, theme = _card(checkout, "plugin/one"), _card(checkout, "theme/two")
    kind = 'class="kind" x="156" y="{}"'
    _follow(
        checkout,
        "To change a colour or move a slot of the card",
        {
            "render/templates/style.css": _instead(
                ".plugin .plate { fill: #245a8d }", ".plugin .plate { fill: #14500a }"
            ),
            "render/templates/plugin.svg": _instead(kind.format(491), kind.format(521)),
        },
    )
    checkout.run("regenerate")
    after = _card(checkout, "plugin/one")

    assert before.getpixel((6, 6)) == (0x24, 0x5A, 0x8D)
    assert after.getpixel((6, 6)) == (0x14, 0x50, 0x0A)
    assert _light(before, 445) > 200 > _light(after, 445)
    assert _card(checkout, "theme/two").tobytes() == theme.tobytes()


def test_a_fact_is_read_and_named(checkout: Checkout) -> None:
    """And stands on the page, in its twin and in the API."""
    _follow(
        checkout,
        "To add a fact of a package",
        {
            "catalog/record.py": _instead(
                '    "repository_url": _repository,\n',
                '    "repository_url": _repository,\n'
                '    "support_threads": lambda value: _count(value, "support_threads"),\n',
            ),
            "release/extras.py": _instead(
                '        "repository_url": Form("Source code", link=True),\n',
                '        "repository_url": Form("Source code", link=True),\n'
                '        "support_threads": Form("Support threads"),\n',
            ),
        },
    )
    checkout.run("pipeline")
    package = "/packages/plugin/one"
    page, twin, told, theme = _get(
        checkout, package, f"{package}.md", f"/api{package}", "/packages/theme/two"
    )

    assert "<dt>Support threads</dt><dd>1,204</dd>" in page
    assert "- Support threads: 1,204\n" in twin
    assert json.loads(told)["extras"] == {"support_threads": 1204}
    assert "Support threads" not in theme


def test_a_source_is_a_file_and_a_word(checkout: Checkout) -> None:
    """Its package is published; those of the other source stay, run after run."""
    own = "data/sources/own.jsonl"
    _follow(checkout, "To add a source", {own: _new(json.dumps(record("ours")) + "\n")})
    make = ("make", "-o", "setup", f"PY={sys.executable}", "JOBS=1", "pipeline")
    said = checkout.done(*make, f"SOURCE=source.jsonl {own}")

    assert "1 new, 0 changed, 0 returned, 0 withdrawn, 2 unchanged" in said
    assert "there was nothing to do" in checkout.done(*make, f"SOURCE=source.jsonl {own}")
    _get(checkout, "/packages/plugin/one", "/packages/theme/two", "/packages/plugin/ours")


_PAGE = '''"""What there is to choose from."""

from server.answer import Page, Site
from server.pages.head import Head, page_image


def page(site: Site) -> Page:
    """The types of packages."""
    links = site.links
    head = Head(
        title="Types",
        url=links.absolute(links.to("types")),
        image=page_image(site.snapshot.meta, links, "types"),
        markdown=links.to("types.md"),
    )
    return Page("types", head, {"listed": site.snapshot.listed})
'''
_ASKED = """
from pathlib import Path
from publish.check import pages
print(*(one.path for one in pages(Path("data/current/site.db"))))
"""


def _routed(text: str) -> str:
    """Add the page to the table of routes: its module, and its line."""
    imported = text.replace(
        "from server.pages import (\n", "from server.pages import (\n    types,\n"
    )
    return imported.replace(
        "ROUTES = (\n", 'ROUTES = (\n    Route("/types", types.page, twin=True),\n'
    )


def test_a_page_has_its_twin_its_card_and_its_place_in_the_sitemap(checkout: Checkout) -> None:
    """It is asked for by the check of a release as well, and nginx knows of the twin."""
    line = '    OwnPage("types", "Types", "Of packages there are two."),\n'
    _follow(
        checkout,
        "To add a page",
        {
            "release/pages.py": _instead("OWN_PAGES = (\n", f"OWN_PAGES = (\n{line}"),
            "server/pages/types.py": _new(_PAGE),
            "server/views/types.tpl": _new(
                "% rebase('base.tpl')\n<h1>Types</h1>\n<p>{{listed['plugin']}} plugin</p>\n"
            ),
            "server/views/types.md.tpl": _new("# Types\n\n- {{!listed['plugin']}} plugin\n"),
            "server/routes.py": _routed,
            "nginx/http/twins.conf": _instead("closed|docs|status", "closed|docs|status|types"),
        },
    )
    checkout.run("pipeline")
    page, twin, docs = _get(checkout, "/types", "/types.md", "/docs")
    sitemap = (checkout.live / "static/sitemaps/pages.xml").read_text(encoding="utf-8")
    (card,) = set(re.findall(r"/og/([0-9a-f]{2}/[0-9a-f]{32}\.png)", page))

    assert "<p>1 plugin</p>" in page
    assert "- 1 plugin" in twin
    assert f"<loc>{SITE_URL}/types</loc>" in sitemap
    assert (checkout.data / "store" / "og" / card).is_file()
    assert card not in docs
    assert "/types" in checkout.done(sys.executable, "-c", _ASKED).split()


def test_a_recipe_takes_as_many_files_as_a_person_expects() -> None:
    """What the tests above read out of CONTRIBUTING is there, and is short."""
    most = {
        "To change a colour or move a slot of the card": 1,
        "To add a fact of a package": 2,
        "To add a source": 1,
        "To add a page": 6,
    }
    assert {heading: len(_files(heading)) for heading in most} == most
