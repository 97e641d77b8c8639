"""Closures as news: what was closed and opened again, and what of it belongs together."""

import json
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from server import Settings, make_app
from tests.server.conftest import SITE_URL, Record, Visitor, make_release, record, switch

_ATOM = "{http://www.w3.org/2005/Atom}"
_SELLER = {"author": "A Seller"}

Told = Callable[..., Visitor]


@pytest.fixture(name="told")
def _told(tmp_path: Path) -> Told:
    """Publish one list of records after the other, and visit the last release."""
    number = count()

    def publish(*turns: Sequence[Record]) -> Visitor:
        data = tmp_path / f"data-{next(number)}"
        for turn, records in enumerate(turns, 1):
            make_release(data, release := f"202611{turn:02}T000000Z", records)
        switch(data, release)
        return Visitor(make_app(Settings(data=data)))

    return publish


def _shut(slug: str, day: str, reason: str = "guideline-violation", **more: Any) -> Record:
    return record(slug, closed=True, closed_date=day, reason=reason, **more)


def _entries(visitor: Visitor, path: str) -> list[tuple[str, str]]:
    """Give the titles and ids of a feed's entries, the ids without the site."""
    feed = fromstring(visitor.get(path).body)
    found = feed.iterfind(f"{_ATOM}entry")
    return [
        (
            one.findtext(f"{_ATOM}title") or "",
            (one.findtext(f"{_ATOM}id") or "").removeprefix(SITE_URL),
        )
        for one in found
    ]


def test_a_package_that_opens_again_is_news(told: Told) -> None:
    """On the page of closures and on its own, in the feeds and in closed.json, with the reason."""
    visitor = told([_shut("shut", "2026-04-09")], [record("shut")])
    entries = [
        ("Shut is open again", "/packages/plugin/shut#reopened-1790000000"),
        ("Shut was closed", "/packages/plugin/shut#closed-1775692800"),
    ]

    assert _entries(visitor, "/closed/feed.xml") == entries
    assert set(entries) <= set(_entries(visitor, "/packages/plugin/shut/feed.xml"))
    assert set(entries) <= set(_entries(visitor, "/authors/an-author/feed.xml"))
    page = visitor.get("/closed").text
    assert "Open again. It was closed: Guideline Violation" in page
    assert "since open again" in page
    assert "Closed before" in visitor.get("/packages/plugin/shut").text
    assert "- Opened again: 2026-09-21" in visitor.get("/packages/plugin/shut.md").text
    facts = json.loads(visitor.get("/closed.json").body)
    assert facts["closed"] == []
    assert [(one["what"], one["reason"]) for one in facts["events"]] == [
        ("reopened", "guideline-violation"),
        ("closed", "guideline-violation"),
    ]


def test_another_reason_for_the_same_closure_is_no_event(told: Told) -> None:
    """The directory tells most reasons later: then the one event has it."""
    visitor = told(
        [_shut("shut", "2026-04-09", "")],
        [_shut("shut", "2026-04-09", "security-issue", permanent=True)],
    )
    facts = json.loads(visitor.get("/closed.json").body)

    assert [(one["what"], one["text"], one["permanent"]) for one in facts["events"]] == [
        ("closed", "Security Issue", True)
    ]
    assert len(_entries(visitor, "/closed/feed.xml")) == 1


def test_closures_of_one_author_within_days_are_one_piece(told: Told) -> None:
    """A chain of days counts; another author, and one much later, are news of their own."""
    visitor = told(
        [
            _shut("one", "2026-04-01", **_SELLER),
            _shut("two", "2026-04-03", **_SELLER),
            _shut("three", "2026-04-06", "unused", **_SELLER),
            _shut("late", "2026-04-10", **_SELLER),
            _shut("other", "2026-04-03"),
        ]
    )
    feed = _entries(visitor, "/closed/feed.xml")

    assert feed == [
        ("Late was closed", "/packages/plugin/late#closed-1775779200"),
        ("3 packages by A Seller were closed", "/authors/a-seller#closed-1775001600"),
        ("Other was closed", "/packages/plugin/other#closed-1775174400"),
    ]
    assert set(feed[:2]) <= set(_entries(visitor, "/authors/a-seller/feed.xml"))
    items = visitor.get("/closed").dom.findall(".//ol[@class='contents']/li")
    assert [len(one.findall("./div/p/span/a")) for one in items] == [0, 3, 0]
    twin = visitor.get("/closed.md").text
    assert twin.count("\n- ") == 5


def test_a_piece_that_grows_keeps_its_name(told: Told) -> None:
    """A package closed a day later joins those there are, whichever release tells of it."""
    first = [_shut("one", "2026-04-01", **_SELLER), _shut("two", "2026-04-02", **_SELLER)]
    before = _entries(told(first), "/closed/feed.xml")
    visitor = told(
        first,
        [*first, record("three", **_SELLER)],
        [*first, _shut("three", "2026-04-03", **_SELLER)],
    )
    after = _entries(visitor, "/closed/feed.xml")

    assert [id for _, id in before] == [id for _, id in after]
    assert after[0][0] == "3 packages by A Seller were closed"


def test_everything_closed_is_in_one_file(told: Told) -> None:
    """Those closed for good are in it, without a page; those of no author are not one piece."""
    visitor = told(
        [
            record("open"),
            _shut("here", "2026-04-02", author=""),
            _shut("gone", "2026-04-01", author="", permanent=True, type="theme"),
        ]
    )
    facts = json.loads(visitor.get("/closed.json").body)

    assert len(_entries(visitor, "/closed/feed.xml")) == 2
    assert facts["closed"] == [
        {
            "type": "plugin",
            "package": "wp-plugin/here",
            "name": "Here",
            "author": None,
            "date": "2026-04-02",
            "reason": "guideline-violation",
            "text": "Guideline Violation",
            "permanent": False,
            "page": f"{SITE_URL}/packages/plugin/here",
        },
        {
            "type": "theme",
            "package": "wp-theme/gone",
            "name": "Gone",
            "author": None,
            "date": "2026-04-01",
            "reason": "guideline-violation",
            "text": "Guideline Violation",
            "permanent": True,
            "page": None,
        },
    ]


def test_a_piece_of_very_many_names_some(told: Told) -> None:
    """And says how many more there are: no page grows with a mass closure."""
    many = [_shut(f"p{number:03}", "2026-04-01", **_SELLER) for number in range(120)]
    visitor = told(many)

    assert "and 60 more" in visitor.get("/closed").text
    assert "and 20 more" in visitor.get("/closed/feed.xml").text
    assert len(json.loads(visitor.get("/closed.json").body)["closed"]) == 120
