"""A card that warns: drawn by the run that learns of an advisory, and by that which loses it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from catalog import database
from publish import badges
from publish.badges import Badges
from publish.cards import wanted
from scripts import build, redraw, render_new
from tests.conftest import Source, record
from tests.runs import Here
from tests.stub import FAILS, blank, moody

_CVE = "CVE-2026-12345"


def _record(slug: str, *versions: str) -> dict[str, Any]:
    zips = {one: f"https://downloads.wordpress.org/plugin/{slug}.{one}.zip" for one in versions}
    return record(slug, version=versions[0], versions=zips)


@pytest.fixture(name="feed")
def _feed(tmp_path: Path) -> Path:
    return tmp_path / "feed.jsonl"


def _write(feed: Path, *affected: str, **more: Any) -> None:
    """Write advisories of the package `one`."""
    entries = [
        {
            "advisoryId": f"OWN-{number}",
            "packageName": "wp-plugin/one",
            "affectedVersions": versions,
            "title": "A door is open",
            "cve": _CVE,
            "reportedAt": "2026-05-01T00:00:00Z",
            **more,
        }
        for number, versions in enumerate(affected)
    ]
    feed.write_text("".join(json.dumps(one) + "\n" for one in entries))


def _run(data: Path, source: Path, feed: Path) -> int:
    words = ["--data", str(data)]
    sources = ["--source", str(source), "--advisories", str(feed)]
    assert build.main([*words, *sources]) == 0
    return render_new.main(words, None, moody, Here())


def _notes(data: Path) -> dict[str, tuple[str, str]]:
    """Give what each card warns of, and its fingerprint."""
    with database.reading(data) as db:
        rows = db.execute("SELECT slug, facts, fingerprint FROM package JOIN card ON package_id=id")
        return {slug: (json.loads(facts)["note"], name) for slug, facts, name in rows}


def _warned(data: Path) -> Sequence[str]:
    return [slug for slug, (note, _) in sorted(_notes(data).items()) if note]


def test_the_run_that_learns_of_an_advisory_draws_the_warning(
    data: Path, source: Source, feed: Path
) -> None:
    """Only where it affects what one gets; every other card keeps its name."""
    records = source(_record("one", "1.1", "1.0"), _record("two", "1.1"))
    _write(feed, "<1.1")
    _run(data, records, feed)
    before = _notes(data)
    _write(feed, "<1.1", "<=1.1")
    _run(data, records, feed)
    after = _notes(data)

    assert [note for note, _ in before.values()] == ["", ""]
    assert after["one"][0] == f"Vulnerable: {_CVE}"
    assert after["two"] == before["two"]
    assert after["one"][1] != before["one"][1]


def test_the_warning_goes_with_its_reason(data: Path, source: Source, feed: Path) -> None:
    """By a version that is not affected, and by an advisory that is taken back: at once."""
    _write(feed, "<=1.1")
    old, new = _record("one", "1.1"), _record("one", "1.2", "1.1")
    _run(data, source(old), feed)
    assert _warned(data) == ["one"]
    _run(data, source(new), feed)
    assert _warned(data) == []
    _run(data, source(old), feed)
    assert _warned(data) == ["one"]
    _write(feed)
    _run(data, source(old), feed)
    assert _warned(data) == []


def test_what_has_been_told_is_not_looked_at_again(data: Path, source: Source, feed: Path) -> None:
    """A run with nothing to do draws nothing, and leaves the catalogue as it is."""
    records = source(_record("one", "1.1"))
    _write(feed, "<=1.1", "*", cve=None)
    _run(data, records, feed)
    _write(feed, "<=1.1", "*", "*", cve=None)
    _run(data, records, feed)
    assert _notes(data)["one"][0] == "Vulnerable: 3 advisories"
    with database.reading(data) as db:
        before = dict(db.execute("SELECT key, value FROM state"))
    _run(data, records, feed)
    with database.reading(data) as db:
        assert dict(db.execute("SELECT key, value FROM state")) == before
        assert wanted.warning_otherwise(db) == []


def test_what_did_not_change_costs_no_look_at_it(data: Path, source: Source, feed: Path) -> None:
    """The packages are found by the index of changes, not by reading all."""
    _write(feed, "*")
    _run(data, source(_record("one", "1.1")), feed)
    asked: list[str] = []
    with database.reading(data) as db:
        db.set_trace_callback(asked.append)
        wanted.warning_otherwise(db)
        db.set_trace_callback(None)
        (question,) = (one for one in asked if "changed_in" in one)
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {question}")]

    assert "SEARCH package USING INDEX package_by_change (changed_in>?)" in plan, plan


def test_a_badge_still_counts(data: Path, source: Source, feed: Path) -> None:
    """The figure that the warning took the place of on the card."""
    _write(feed, "*")
    _run(data, source(_record("one", "1.1")), feed)
    with database.writing(data) as db:
        db.execute("UPDATE package SET installs = 1300")
        (one,) = wanted.for_packages(db, [1])
        badges.write(db, Badges(data / "badges"), [1])

    assert one.card.downloads == ""
    assert "composer installs: 1,300+" in (data / "badges/plugin/one.svg").read_text()


def test_a_warning_that_cannot_be_drawn_is_tried_by_the_daily_job(
    data: Path, source: Source, feed: Path
) -> None:
    """The package is named, and its older card stays until then."""
    records = source(_record("one", "1.1") | {"name": FAILS})
    build.main(["--data", str(data), "--source", str(records)])
    render_new.main(["--data", str(data)], None, blank, Here())
    _write(feed, "*")

    assert _run(data, records, feed) == 1
    assert _warned(data) == []
    assert redraw.main(["--data", str(data)], None, blank, Here()) == 0
    assert _warned(data) == ["one"]
