"""Installs by Composer: on a package's page, drawn, and as JSON."""

import json
import re
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.pages.install_chart import draw, label, scale
from tests.server.conftest import FIRST, GONE, NewVisitor, Visitor, make_release, switch

UNTIL = 1_795_450_785  # 23 November 2026, 16:19:45 UTC
DAY = UNTIL // 86_400
SVG = "{http://www.w3.org/2000/svg}"
MONTHS = (
    *((202611, "1.0", 120), (202610, "1.0", 880), (202610, "0.9", 300)),
    *((202610, "", 24), (202509, "", 7)),
)


@pytest.fixture(name="counted")
def _counted(tmp_path: Path, visit: NewVisitor) -> Visitor:
    """A site where Akismet and Astra were installed."""
    make_release(tmp_path, gone=GONE, change=_count_installs)
    switch(tmp_path, FIRST)
    return visit(tmp_path)


def _count_installs(db: sqlite3.Connection) -> None:
    ids = dict(db.execute("SELECT slug, id FROM package").fetchall())
    akismet = ids["akismet"]
    months = [(akismet, *one) for one in MONTHS] + [(ids["astra"], 202611, "1.0", 1)]
    db.executemany("INSERT INTO install_month VALUES (?, ?, ?, ?)", months)
    days = [(akismet, DAY, "1.0", 20), (akismet, DAY - 29, "1.0", 3), (akismet, DAY - 30, "", 500)]
    db.executemany("INSERT INTO install_day VALUES (?, ?, ?, ?)", days)
    db.execute("UPDATE state SET value = ? WHERE key = 'counted_until'", (UNTIL,))


def test_the_page_shows_total_and_recent_installs(counted: Visitor) -> None:
    """All that were ever counted, and those of the thirty days to the newest one."""
    page = counted.get("/packages/plugin/akismet")

    assert page.words(".//h2[@id='installs']") == ["Composer installs 1,331"]
    assert page.words(".//section[@class='installs']/p")[0].startswith(
        "23 in the thirty days to 23 November 2026."
    )
    assert "1,331, 23 of them" in counted.get("/packages/plugin/akismet.md").text


def test_the_chart_is_drawn_on_the_server(counted: Visitor) -> None:
    """Twelve bars, a title, the figures in words, and nothing that a policy would stop."""
    page = counted.get("/packages/plugin/akismet")
    (svg,) = page.dom.iterfind(f".//section[@class='installs']/{SVG}svg")
    names = svg.attrib["aria-labelledby"].split()
    words = {tag.attrib["id"]: tag.text for tag in svg if "id" in tag.attrib}
    bars = svg.findall(f"{SVG}rect")

    assert svg.attrib["role"] == "img"
    assert list(words) == names
    assert words["chart-words"] is not None
    assert words["chart-words"].startswith("December 2025: 0; January 2026: 0;")
    assert words["chart-words"].endswith("October 2026: 1,204; November 2026: 120")
    assert len(bars) == 12
    assert all(float(bar.attrib["height"]) == 0 for bar in bars[:10])
    assert float(bars[10].attrib["height"]) > 9 * float(bars[11].attrib["height"]) > 0
    assert not [tag for tag in svg.iter() if "style" in tag.attrib or "onload" in tag.attrib]


def test_a_package_without_installs_has_no_chart(counted: Visitor, visitor: Visitor) -> None:
    """Neither where nothing was ever counted nor where others were installed."""
    for site in (counted, visitor):
        page = site.get("/packages/plugin/seo-press")

        assert page.status == 200
        assert page.words(".//section[@class='installs']") == []


def test_stats_of_a_package(counted: Visitor) -> None:
    """Total, months, days and versions, for any site's scripts."""
    page = counted.get("/api/packages/plugin/akismet/stats.json")

    assert page.status == 200
    assert page.headers["content-type"] == "application/json"
    assert page.headers["access-control-allow-origin"] == "*"
    assert json.loads(page.text) == {
        "package": "wp-plugin/akismet",
        "active_installs": 6_000_000,
        "installs": {
            "total": 1_331,
            "last_30_days": 23,
            "until": "2026-11-23T16:19:45Z",
            "months": {"2025-09": 7, "2026-10": 1_204, "2026-11": 120},
            "days": {"2026-10-25": 3, "2026-11-23": 20},
        },
        "versions": {"1.0": 1_000, "0.9": 300},
        "other_versions": 31,
    }


def test_stats_of_all(counted: Visitor, visitor: Visitor) -> None:
    """Packages by type and the sum of installs; zeros before anything was counted."""
    facts = json.loads(counted.get("/api/stats").text)
    none = json.loads(visitor.get("/api/stats").text)

    assert facts["release"] == FIRST
    assert facts["packages"] == {"plugin": 5, "theme": 2}
    assert facts["installs"]["total"] == 1_332
    nothing = {"total": 0, "last_30_days": 0, "until": None, "months": {}, "days": {}}
    assert none["installs"] == nothing


def test_stats_of_what_is_not_there(counted: Visitor) -> None:
    """404 for the unknown, 410 for the withdrawn, as JSON; only for reading."""
    unknown = counted.get("/api/packages/plugin/never-was/stats.json")
    gone = counted.get("/api/packages/plugin/gone/stats.json")

    assert (unknown.status, gone.status) == (404, 410)
    assert "never-was" in json.loads(unknown.text)["error"]
    assert json.loads(gone.text)["withdrawn"].startswith("2026-10-03")
    assert counted.get("/api/stats", "POST").status == 405


@given(st.integers(0, 10**12))
def test_labels_do_not_repeat(highest: int) -> None:
    """Whatever the maximum, the rules are whole numbers from 0 up to it, each label another."""
    rules = scale(highest)
    labels = [label(one) for one in rules]

    assert rules[0] == 0
    assert highest <= rules[-1] <= max(1, 2 * highest)
    assert 2 <= len(rules) <= 5
    assert len(set(labels)) == len(labels)
    assert len({b - a for a, b in pairwise(rules)}) == 1
    assert all(re.fullmatch(r"\d{1,3}(?:,\d{3})?|\d+(?:\.\d)?[KMB]", one) for one in labels)


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (5, ["0", "2", "4", "6"]),
        (1_204, ["0", "500", "1,000", "1,500"]),
        (48_000, ["0", "20K", "40K", "60K"]),
        (1_600_000, ["0", "500K", "1M", "1.5M", "2M"]),
    ],
)
def test_labels_are_round(highest: int, labels: list[str]) -> None:
    """Steps of one, two or five."""
    assert [label(one) for one in scale(highest)] == labels


@given(st.lists(st.integers(0, 10**9), min_size=12, max_size=12))
def test_bars_stay_in_the_chart(counts: list[int]) -> None:
    """Side by side, within the frame, as high as their count."""
    drawn = draw({202601 + number: count for number, count in enumerate(counts)})

    for left, right in pairwise(drawn.bars):
        assert left.x + left.width < right.x
    for bar, count in zip(drawn.bars, counts, strict=True):
        assert drawn.left <= bar.x
        assert bar.x + bar.width <= drawn.width
        assert 0 <= bar.y <= drawn.height
        assert bar.height >= 0
        assert (count == 0) <= (bar.height == 0)
