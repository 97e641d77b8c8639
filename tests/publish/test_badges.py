"""Badges: what they say, how they are drawn, and when they are made."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import database
from catalog.composer import remembered
from catalog.installs import counting
from catalog.installs.counting import Tally
from catalog.journal import Journal
from publish import badges
from publish.badges import Badges
from render import badge
from render.badge import svg, tag_svg
from tests.catalog.installs.installing import build, line, with_versions

NOW = 1_795_000_000
_TITLE = "{http://www.w3.org/2000/svg}title"


def _count(data: Path, *lines: bytes) -> None:
    log = data / f"log-{len(lines)}"
    log.write_bytes(b"".join(lines))
    with database.writing(data) as db:
        counting.count(db, log, ended=True, now=NOW, tally=Tally(), journal=Journal())
        counting.settle(db)


def _write(data: Path, *touched: int) -> int:
    with database.writing(data) as db:
        return badges.write(db, Badges(data / "badges"), touched)


def _words(data: Path, label: str) -> str | None:
    root = ET.fromstring((data / "badges" / f"{label}.svg").read_text())  # noqa: S314  our own
    return root.findtext(_TITLE)


def test_a_badge_says_what_the_card_says(data: Path) -> None:
    """The same rounding; none yet, closed and withdrawn are said in words."""
    closed = {"closed": True, "closed_date": "2026-04-09", "reason": "guideline-violation"}
    build(
        data,
        with_versions("many", *(f"{n}.0" for n in range(1, 28))),
        with_versions("none", "1.0"),
        with_versions("closed", "1.0", **closed),
        with_versions("gone", "1.0"),
        with_versions("style", "1.0", type="theme"),
    )
    build(
        data,
        with_versions("many", *(f"{n}.0" for n in range(1, 28))),
        with_versions("none", "1.0"),
        with_versions("closed", "1.0", **closed),
        with_versions("style", "1.0", type="theme"),
    )
    told = (line(NOW, "wp-plugin/many 1.0.0.0", address=f"192.0.2.{n}") for n in range(27))
    _count(data, b"".join(told))

    assert _write(data) == 5
    assert _words(data, "plugin/many") == "composer installs: 20+"
    assert _words(data, "plugin/none") == "composer installs: none yet"
    assert _words(data, "plugin/closed") == "composer installs: closed"
    assert _words(data, "plugin/gone") == "composer installs: withdrawn"
    assert _words(data, "theme/style") == "composer installs: none yet"


def test_only_what_reads_differently_is_written(data: Path) -> None:
    """A figure that rounds to the same keeps its file, mtime and all; others are not looked at."""
    build(data, with_versions("one", *(f"{n}.0" for n in range(1, 9))), with_versions("two", "1.0"))
    _write(data)
    _count(data, line(NOW, "wp-plugin/one 1.0.0.0"))
    one, two = (data / "badges" / "plugin" / f"{slug}.svg" for slug in ("one", "two"))
    before = two.stat().st_mtime_ns

    assert _write(data, 1, 2) == 1
    assert two.stat().st_mtime_ns == before
    _count(data, line(NOW, "wp-plugin/one 2.0.0.0", address="192.0.2.8"), b"")
    written = one.stat().st_mtime_ns
    assert _write(data, 1) == 0
    assert one.stat().st_mtime_ns == written


def test_a_release_without_a_tag_has_a_badge_that_says_so(data: Path) -> None:
    """And says when it has one, is closed or gone: it stays where it is shown. Others have none."""
    trunk = {"download_link": "https://downloads.wordpress.org/plugin/late.zip"}
    late = with_versions("late", "6.0", **trunk) | {"version": "8.0"}
    fine = with_versions("fine", "1.0")
    closed = {"closed": True, "closed_date": "2026-04-09", "reason": "abuse"}
    said = []
    for records in (
        (late, fine),
        (with_versions("late", "8.0", "6.0", version="8.0"), fine),
        (with_versions("late", "8.0", "6.0", **closed), fine),
        (fine,),
    ):
        build(data, *records)
        with database.writing(data) as db:
            remembered.compose(db, replaces=False, reached=lambda _: None)
        _write(data, 1, 2)
        said.append(_words(data, "plugin/late.tag"))

    assert said == [
        "release 8.0: not tagged",
        "release 8.0: tagged",
        "release: closed",
        "release: withdrawn",
    ]
    assert not (data / "badges" / "plugin" / "fine.tag.svg").exists()


def test_what_a_kill_left_is_removed(data: Path) -> None:
    """A half-written badge is no badge, and goes."""
    build(data, with_versions("one", "1.0"))
    _write(data)
    litter = data / "badges" / "unfinished.tmp"
    litter.write_text("<svg")
    begun = data / "badges.tmp" / "plugin" / "one.svg"  # before there was a whole folder
    begun.parent.mkdir(parents=True)
    begun.write_text("<svg")
    Badges(data / "badges").mend()

    assert not litter.exists()
    assert not (data / "badges.tmp").exists()
    assert _words(data, "plugin/one") == "composer installs: none yet"


@given(st.sampled_from(["plugin", "theme"]), st.text("0123456789,.+KMB<&\"' m", max_size=20))
def test_every_badge_is_well_formed(type: str, value: str) -> None:
    """It loads nothing, runs nothing, is told to who cannot see it, and its words fit."""
    root = ET.fromstring(svg(type, value))  # noqa: S314  our own
    words = f"composer installs: {value}"

    assert root.attrib["aria-label"] == root.findtext(_TITLE) == words
    assert not [tag for tag in root.iter() if tag.tag.endswith(("script", "image", "style", "use"))]
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert int(text.attrib["x"]) + int(text.attrib["textLength"]) < int(root.attrib["width"])


@given(
    st.text("0123456789.<&\"' mW", max_size=60),
    st.sampled_from(["not tagged", "tagged", "unknown"]),
)
def test_every_badge_of_a_tag_is_well_formed(version: str, value: str) -> None:
    """However the version is called; none is wider than a readme."""
    root = ET.fromstring(tag_svg(version, value))  # noqa: S314  our own

    assert root.attrib["aria-label"] == root.findtext(_TITLE)
    assert int(root.attrib["width"]) < 500


@pytest.mark.parametrize("value", ["1+", "1,200+", "12K+", "5M+"])
def test_a_width_is_near_the_truth(value: str) -> None:
    """As wide as Verdana would be at this size, to a pixel or two a sign."""
    width = badge._width(value) - 2 * badge._PAD

    assert 5.5 * len(value) - 6 < width < 9 * len(value)
