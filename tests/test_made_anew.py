"""What is made anew when a file of the project changes: that thing, and nothing else.

Each test edits a copy of the checkout, as a maintainer would, and runs the pipeline of the copy.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from publish.cards.wanted import PAGES
from tests.checkout import Checkout
from tests.conftest import record, write_source

_CARDS = 2 + len(PAGES)  # of two packages, and of the site's own pages
_FEED = Path("static", "feed.xml")
_SITEMAP = Path("static", "sitemaps", "packages-0.xml")


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout that has published once: each test copies it."""
    folder = tmp_path_factory.mktemp("checkout") / "made"
    folder.mkdir()
    write_source(folder, record("one"), record("two", type="theme"))
    Checkout.copied(folder).run("pipeline")
    return folder


@pytest.fixture(name="checkout")
def _checkout(made: Path, tmp_path: Path) -> Iterator[Checkout]:
    folder = tmp_path / "checkout"
    shutil.copytree(made, folder, symlinks=True)
    yield Checkout(folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "file",
    [
        *("catalog/record.py", "catalog/composer/rule.py", "publish/site/rows.py"),
        *("render/layout.py", "render/badge.py", "release/words.py", "server/app.py"),
    ],
)
def test_a_comment_makes_nothing_anew(checkout: Checkout, file: str) -> None:
    """Comments and docstrings are not what a thing is made by."""
    checkout.comment(file)

    assert "there was nothing to do" in checkout.run("pipeline")
    assert "there was nothing to do" in checkout.run("regenerate")


def test_the_view_of_a_feed_is_in_the_next_release(checkout: Checkout) -> None:
    """And the untouched part of the sitemap, made by the same code, is asked for again."""
    before = (checkout.live / _SITEMAP).stat().st_ino
    checkout.edit("server/views/feed.tpl", "</feed>", "<!-- edited --></feed>")

    assert f"0 drawn, {_CARDS} kept" in checkout.run("pipeline")
    assert len(checkout.releases()) == 2
    assert "<!-- edited -->" in (checkout.live / _FEED).read_text(encoding="utf-8")
    assert (checkout.live / _SITEMAP).stat().st_ino != before


def test_a_page_view_needs_no_release(checkout: Checkout) -> None:
    """The app makes pages when they are asked for."""
    checkout.edit("server/views/package.tpl", "<h1", '<h1 title="edited"')

    assert "there was nothing to do" in checkout.run("pipeline")


def test_the_code_of_metadata_makes_all_metadata_anew(checkout: Checkout) -> None:
    """Files whose bytes come out the same keep their times; no card is drawn."""
    file = checkout.data / "store" / "p2" / "wp-plugin" / "one.json"
    before, cards = file.stat().st_mtime_ns, checkout.cards()
    checkout.edit("catalog/composer/metadata.py", 'f"wordpress-{', '"word" f"press-{')

    assert f"0 drawn, {_CARDS} kept" in checkout.run("pipeline")
    assert file.stat().st_mtime_ns == before
    assert checkout.cards() == cards


def test_the_code_of_rows_makes_all_rows_anew(checkout: Checkout) -> None:
    """No row of a release was written by other code."""
    checkout.edit("release/words.py", '"-".join(', '"_".join(')
    checkout.run("pipeline")

    assert len(checkout.releases()) == 2


def test_drawing_code_that_draws_the_same_moves_no_card(checkout: Checkout) -> None:
    """The pictures decide, not the text of the code: the probe cards are drawn once."""
    cards = checkout.cards()
    checkout.edit("render/layout.py", "def lay_out(", "_UNUSED = 1\n\n\ndef lay_out(")

    assert "0 redrawn, 2 kept" in checkout.run("regenerate")
    assert checkout.cards() == cards
    assert "there was nothing to do" in checkout.run("regenerate")


def test_drawing_code_that_draws_otherwise_redraws_every_card(checkout: Checkout) -> None:
    """A card whose picture may differ gets another address."""
    cards = checkout.cards()
    checkout.edit("render/layout.py", "_RULE_WIDTH = 2", "_RULE_WIDTH = 4")

    assert f"{_CARDS} redrawn" in checkout.run("regenerate")
    assert not set(checkout.cards().values()) & set(cards.values())


def test_a_template_redraws_every_card(checkout: Checkout) -> None:
    """A designer changes a colour in one file."""
    checkout.edit(
        "render/templates/style.css",
        "}",
        "}\n/* edited */",
    )

    assert f"{_CARDS} redrawn" in checkout.run("regenerate")


def test_the_code_of_badges_draws_them_anew(checkout: Checkout) -> None:
    """All of them, though no package changed."""
    checkout.edit("render/badge.py", '"composer installs"', '"installs by composer"')
    checkout.run("pipeline")

    for label in ("plugin/one", "theme/two"):
        badge = checkout.data / "store" / "badges" / f"{label}.svg"
        assert "installs by composer" in badge.read_text(encoding="utf-8")


def test_the_code_of_records_reads_every_line_again(checkout: Checkout) -> None:
    """And what comes out the same is not published again."""
    checkout.edit("catalog/record.py", "def parse(", "_UNUSED = 1\n\n\ndef parse(")

    assert "2 unchanged" in checkout.run("pipeline")
    assert len(checkout.releases()) == 1
