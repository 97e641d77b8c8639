"""Installs by Composer: on a package's page, drawn, and as JSON."""

import json
import re
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.pages.version_shares import LENGTH, MOST, shares
from server.pages.vitals import HEIGHT, WIDTH, bars
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
    db.execute(
        "UPDATE package SET installs = coalesce((SELECT sum(count) FROM install_month"
        " WHERE package_id = id), 0)"
    )


def test_the_page_shows_total_and_recent_installs(counted: Visitor) -> None:
    """All that were ever counted, and those of the thirty days to the newest one."""
    page = counted.get("/packages/plugin/akismet")

    assert _installs(page.words(".//dt"), page.words(".//dd")) == (
        "23 in the thirty days to 23 November 2026; 1,331 in all"
    )
    assert "1,331, 23 of them" in counted.get("/packages/plugin/akismet.md").text


def _installs(names: list[str], values: list[str]) -> str:
    return dict(zip(names, values, strict=True))["Installs by Composer"]


def test_the_bars_are_drawn_on_the_server(counted: Visitor) -> None:
    """One for each month with an install, the figures in words, and nothing that a policy stops."""
    page = counted.get("/packages/plugin/akismet")
    (svg,) = page.dom.iterfind(f".//dl[@class='vital']//{SVG}svg")
    (path,) = svg.findall(f"{SVG}path")
    bars = re.findall(r"M([\d.]+) 22v-([\d.]+)", path.attrib["d"])

    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"].startswith("December 2025: 0; January 2026: 0;")
    assert svg.attrib["aria-label"].endswith("October 2026: 1,204; November 2026: 120")
    assert [float(x) for x, _ in bars] == [104, 114]
    assert float(bars[0][1]) > 9 * float(bars[1][1]) > 0
    assert not [tag for tag in svg.iter() if "style" in tag.attrib or "onload" in tag.attrib]


def test_versions_are_drawn_by_their_installs(counted: Visitor) -> None:
    """The most installed first, then what is not here any more; the same as text in the twin."""
    page = counted.get("/packages/plugin/akismet")
    rows = page.words(".//table[@class='shares']/tbody/tr")
    bars = [path.attrib["d"] for path in page.dom.iterfind(f".//table[@class='shares']//{SVG}path")]

    assert rows == ["1.01,000", "0.9300", "not here any more31"]
    assert bars == ["M0 5h100", "M0 5h30", "M0 5h3.1"]
    assert "- 1.0: 1,000\n- 0.9: 300\n" in counted.get("/packages/plugin/akismet.md").text


@given(
    st.dictionaries(st.text("0.1", max_size=9), st.integers(1, 10**9), max_size=9),
    st.integers(0, 10**9),
)
def test_bars_of_versions_lose_no_install(versions: dict[str, int], besides: int) -> None:
    """They add up to the total, are few, and stay in their frame."""
    total = sum(versions.values()) + besides
    drawn = shares(versions, total)

    assert sum(one.count for one in drawn) == total
    assert len(drawn) <= MOST + 2
    assert all(0 < float(one.bar.removeprefix("M0 5h")) <= LENGTH for one in drawn)


def test_a_package_without_installs_has_no_bars(counted: Visitor, visitor: Visitor) -> None:
    """Neither where nothing was ever counted nor where others were installed."""
    for site in (counted, visitor):
        page = site.get("/packages/plugin/seo-press")

        assert page.status == 200
        assert _installs(page.words(".//dt"), page.words(".//dd")) == "None counted here so far"
        assert list(page.dom.iterfind(f".//{SVG}svg")) == []


def test_lists_and_searches_go_by_installs(counted: Visitor) -> None:
    """In an order of their own, with the figure that it goes by instead of the active installs."""
    listed = counted.get("/?sort=composer")
    found = counted.get("/?q=a&type=theme&sort=composer")
    figures = ".//ol[@class='contents']//data"

    assert listed.words(".//ol[@class='contents']//h2")[:2] == ["Akismet Anti-spam", "Astra"]
    assert listed.words(figures)[:3] == ["1,331", "1", "0"]
    assert {one.attrib["title"] for one in listed.dom.iterfind(figures)} == {"Installs by Composer"}
    assert listed.words("head/title") == ["Plugins and themes by Composer installs · Frontispiece"]
    assert listed.words(".//nav[@aria-label='Order']//summary") == ["By Composer installs"]
    assert found.words(".//ol[@class='contents']//h2")[0] == "Astra"
    assert found.words(figures)[0] == "1"
    assert counted.get("/?sort=installs").words(figures)[0] == "6M+"


def test_where_nothing_was_counted_there_is_no_order_by_it(visitor: Visitor) -> None:
    """It is not offered; whoever asks for it is given, and told, the usual one."""
    for asked, usual in (
        ("/?sort=composer", "/?sort=installs"),
        ("/?q=a&sort=composer&page=9", "/?q=a"),
        ("/?type=theme&sort=composer", "/?type=theme"),
    ):
        page, same = visitor.get(asked), visitor.get(usual)

        assert page.status == 200
        assert page.meta("og:url") == same.meta("og:url")
        assert page.words(".//ol[@class='contents']//h2") == same.words(
            ".//ol[@class='contents']//h2"
        )
        assert "Composer installs" not in page.text


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


def test_the_status_page_has_the_sum_of_all(counted: Visitor, visitor: Visitor) -> None:
    """With its twin; nothing of it before anything was counted."""
    page, none = counted.get("/status"), visitor.get("/status")
    section = ".//section[@aria-labelledby='installs']"

    assert page.words(f"{section}//dt") == [
        "All that were counted",
        "In the last thirty days",
        "Until",
    ]
    assert page.words(f"{section}//dd") == ["1,332", "23", "23 November 2026"]
    assert (
        "- Installs by Composer: 1,332, 23 of them in the thirty days to 2026-11-23"
        in counted.get("/status.md").text
    )
    assert none.words(section) == []
    assert "Installs by Composer" not in visitor.get("/status.md").text


def test_stats_of_what_is_not_there(counted: Visitor) -> None:
    """404 for the unknown, 410 for the withdrawn, as JSON; only for reading."""
    unknown = counted.get("/api/packages/plugin/never-was/stats.json")
    gone = counted.get("/api/packages/plugin/gone/stats.json")

    assert (unknown.status, gone.status) == (404, 410)
    assert "never-was" in json.loads(unknown.text)["error"]
    assert json.loads(gone.text)["withdrawn"].startswith("2026-10-03")
    assert counted.get("/api/stats", "POST").status == 405


@given(st.lists(st.integers(0, 10**9), min_size=12, max_size=12))
def test_bars_stay_in_their_frame(counts: list[int]) -> None:
    """Side by side, none higher than the frame, as many as there are months with installs."""
    months = {202601 + number: count for number, count in enumerate(counts)}
    path = bars(months)
    drawn = [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) 22v-([\d.e+-]+)", path)]

    assert len(drawn) == sum(count > 0 for count in counts)
    assert all(left[0] + 8 < right[0] for left, right in pairwise(drawn))
    assert all(0 < height <= HEIGHT for _, height in drawn)
    assert all(4 <= middle <= WIDTH - 4 for middle, _ in drawn)
