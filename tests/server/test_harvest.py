"""The API's whole list: as much at once as is asked for, since a moment, and on from there."""

import base64
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from release import database
from server import Settings, make_app
from server.queries import lists, positions
from server.queries.lists import ORDERS, Filter
from server.queries.positions import Position
from tests.server.conftest import FIRST, SECOND, Record, Visitor, make_release, record, switch

_SINCE = "2026-09-01"
_ORDERS = ("", "installs", "updated", "name", "composer")


def _records() -> list[Record]:
    """Sixty packages: the same installs, days and names again and again, and some unknown."""
    return [
        record(
            f"p{number // 2:02}",
            f"Name {number % 7}",
            type=("plugin", "theme")[number % 2],
            active_installs=(None, 0, 10, 10, 500)[number % 5],
            last_updated=(None, "2026-08-31 23:59:59", "2026-09-01", "2026-09-20")[number % 4],
        )
        for number in range(60)
    ]


@pytest.fixture(name="sixty")
def _sixty(tmp_path: Path) -> Visitor:
    make_release(tmp_path, records=_records(), change=_count_installs)
    switch(tmp_path, FIRST)
    return Visitor(make_app(Settings(data=tmp_path)))


def _count_installs(db: sqlite3.Connection) -> None:
    """As the daily job does; a third of the packages were never installed."""
    db.execute("UPDATE state SET value = 1790000000 WHERE key = 'counted_until'")
    db.execute("UPDATE package SET installs = id * 7 % 3 * 1000")


def _get(visitor: Visitor, query: str) -> dict[str, Any]:
    answer = visitor.get(f"/api/packages?{query}")
    assert answer.status == 200, answer.text
    facts: dict[str, Any] = json.loads(answer.body)
    return facts


def _next(facts: dict[str, Any]) -> str:
    return urlsplit(str(facts["next"])).query


def _names(facts: dict[str, Any]) -> list[str]:
    return [one["package"] for one in facts["packages"]]


def _harvest(visitor: Visitor, query: str) -> list[str]:
    """Follow next to the end."""
    facts = _get(visitor, query)
    found = _names(facts)
    while facts["next"]:
        facts = _get(visitor, _next(facts))
        assert facts["page"] is None
        found += _names(facts)
    return found


@pytest.mark.parametrize("sort", _ORDERS)
@pytest.mark.parametrize("filters", ["", "type=theme", "updated_since=2026-09-01", "php=8.0"])
def test_in_every_order_each_is_given_once(sixty: Visitor, sort: str, filters: str) -> None:
    """Followed in sevens, the list is the one that comes at once: ties and unknowns included."""
    asked = "&".join(filter(None, (filters, urlencode({"sort": sort}) if sort else "")))
    whole = _get(sixty, f"{asked}&per_page=1000")

    assert whole["next"] is None
    assert len(whole["packages"]) == whole["total"] > 20
    assert _harvest(sixty, f"{asked}&per_page=7") == _names(whole)


def test_a_cursor_holds_in_the_next_release(tmp_path: Path) -> None:
    """What did not change is neither left out nor doubled, though much before it came and went."""
    make_release(tmp_path, records=_records())
    switch(tmp_path, FIRST)
    visitor = Visitor(make_app(Settings(data=tmp_path)))
    first = _get(visitor, "per_page=20")
    seen = _names(first)
    kept = [one for one in _records() if f"wp-{one['type']}/{one['slug']}" != seen[3]]
    came = [record(f"a{number}", active_installs=500) for number in range(9)]
    risen = kept[-1] | {"active_installs": 9_000}
    make_release(tmp_path, SECOND, [*kept[:-1], risen, *came])
    switch(tmp_path, SECOND)
    rest = _harvest(visitor, _next(first))

    changed = {f"wp-{risen['type']}/{risen['slug']}"}
    assert sorted({*seen, *rest} | changed) == sorted(
        f"wp-{one['type']}/{one['slug']}" for one in _records()
    )
    assert not set(seen).intersection(rest)


@pytest.mark.parametrize(
    ("since", "from_"),
    [
        (_SINCE, _SINCE),
        ("2026-09-01T00:00:00Z", _SINCE),
        ("2026-09-01T02:00:00%2B02:00", _SINCE),
        ("2026-08-31t23:59:59.999999999z", _SINCE),
        ("2026-09-01T02:00:00+02:00", _SINCE),
        ("1788220800", _SINCE),
        ("2026-09-01T00:00:01Z", "2026-09-02"),
        ("2027-01-01", "2027-01-01"),
    ],
)
def test_since_a_moment(sixty: Visitor, since: str, from_: str) -> None:
    """Whoever was updated then or later, whichever way the moment is written."""
    facts = _get(sixty, f"updated_since={since}&per_page=100")
    known = [one["updated"] for one in _get(sixty, "per_page=100")["packages"] if one["updated"]]

    assert sorted(one["updated"] for one in facts["packages"]) == sorted(
        one for one in known if one >= from_
    )
    assert facts["total"] == len(facts["packages"])


def test_a_search_goes_by_page(sixty: Visitor) -> None:
    """What is meant best stands first, and no cursor can tell where that was."""
    first = _get(sixty, "q=name&per_page=25")
    second = _get(sixty, _next(first))

    assert (first["page"], second["page"], second["per_page"]) == (1, 2, 25)
    assert not set(_names(first)).intersection(_names(second))
    assert first["total"] == 60


def _cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("per_page=0", "per_page"),
        ("per_page=1001", "per_page"),
        ("per_page=ten", "per_page"),
        ("per_page=%D9%A3", "per_page"),
        ("updated_since=yesterday", "updated_since"),
        ("updated_since=2026-02-30", "updated_since"),
        ("updated_since=2026", "updated_since"),
        ("updated_since=2026-09-01T25:00:00Z", "updated_since"),
        ("updated_since=-1", "updated_since"),
        ("cursor=x", "cursor"),
        ("cursor=%FF", "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"[" * 5_000).decode(), "cursor"),
        (f"cursor={_cursor('installs', 10, 'plugin')}", "cursor"),
        (f"cursor={_cursor('installs', 'ten', 'plugin', 'a')}", "cursor"),
        (f"cursor={_cursor('installs', True, 'plugin', 'a')}", "cursor"),
        (f"cursor={_cursor('installs', 1 << 70, 'plugin', 'a')}", "cursor"),
        (f"cursor={_cursor('installs', 10, 'page', 'a')}", "cursor"),
        (f"sort=name&cursor={_cursor('installs', 10, 'plugin', 'a')}", "order"),
        (f"sort=name&cursor={_cursor('name', None, 'plugin', 'a')}", "cursor"),
        (f"sort=composer&cursor={_cursor('composer', None, 'plugin', 'a')}", "cursor"),
        (f"q=name&cursor={_cursor('installs', 10, 'plugin', 'a')}", "page"),
        (f"page=2&cursor={_cursor('installs', 10, 'plugin', 'a')}", "page"),
    ],
)
def test_what_makes_no_sense_is_refused(sixty: Visitor, query: str, said: str) -> None:
    """With a sentence that names it: no other list is given in its place."""
    answer = sixty.get(f"/api/packages?{query}")

    assert answer.status == (404 if "cursor=" in query else 400)
    assert said in json.loads(answer.body)["error"]
    assert sixty.errors.getvalue() == ""


def test_odd_positions_are_positions(sixty: Visitor) -> None:
    """A cursor that nobody was given leads to where it says, whatever stands in it."""
    for parts in (("name", "\x00'; DROP", "plugin", "%"), ("name", "é" * 900, "theme", "")):
        assert _get(sixty, f"sort={parts[0]}&cursor={_cursor(*parts)}")["per_page"] == 24


def test_the_most_installed_by_composer_come_first(sixty: Visitor) -> None:
    """By what was counted here, which stands beside; then by slug."""
    listed = _get(sixty, "sort=composer&per_page=60")["packages"]

    assert [one["installs"] for one in listed] == [2_000] * 20 + [1_000] * 20 + [0] * 20
    assert listed == sorted(listed, key=lambda one: (-one["installs"], one["slug"], one["type"]))


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("state", ["package", "closed"])
def test_a_page_of_a_list_is_read_off_an_index(tmp_path: Path, sort: str, state: str) -> None:
    """In every order, from the start or from a position on: rows are sorted of one page only."""
    wanted = Filter(type="theme", php=800, closed=state == "closed")
    value = "a" if sort == "name" else 1
    shut = [record(f"s{n}", closed=True, closed_date="2026-11-02") for n in range(60)]
    site = make_release(tmp_path, records=[*_records(), *shut]) / "site.db"
    asked: list[str] = []
    with closing(database.open_release(site)) as db:
        db.set_trace_callback(asked.append)
        lists.page(db, wanted, sort, 24, 24)
        positions.page(db, wanted, sort, Position(value, "slug", "theme"), 24)
        db.set_trace_callback(None)
        plans = [
            [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {one}").fetchall()] for one in asked
        ]

    first, *behind = plans
    index = f"INDEX {state}_by_{sort}"
    assert any(index in step for step in first), first
    assert not any(re.match("SCAN package$", step) for plan in plans for step in plan), plans
    assert behind
    for plan in behind:
        assert any(f"SEARCH package USING {index}" in step for step in plan), plan
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan


def test_what_a_filter_leaves_out_costs_no_look_at_it(tmp_path: Path) -> None:
    """The index of each order, and that of the count, hold all that open ones are filtered by."""
    every = Filter(type="theme", php=800, since=1, offered=True)
    named = {*re.findall(r"package\.(\w+)", every.sql)} - {"withdrawn_at", "closure"}
    site = make_release(tmp_path) / "site.db"
    with closing(database.open_release(site)) as db:
        held = {
            index: {row[2] for row in db.execute(f"PRAGMA index_info({index})")}
            for index in (*(f"package_by_{sort}" for sort in ORDERS), "package_open")
        }

    assert named == {"type", "php", "updated", "offer"}
    assert all(columns >= named for columns in held.values()), held
