"""Packages closed by their directory: what stays of them, what goes, and what says so."""

import gzip
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from catalog import database
from catalog.journal import Journal
from publish.cards import memory
from publish.site import published
from scripts import build, check, deploy, redraw, render_new
from tests import site
from tests.conftest import SITE_URL, Source, pipeline, record
from tests.runs import Here
from tests.runs import command as run
from tests.stub import blank

CLOSED = {"closed": True, "closed_date": "2026-04-09", "reason": "guideline-violation"}
STUB = {"type": "plugin", "slug": "a", "name": "A", "error": "closed", **CLOSED}
FOR_GOOD = {**CLOSED, "permanent": True, "reason_text": "Author Request"}
FILES = (
    "wp-plugin/a.json",
    "wp-plugin/a~dev.json",
    "wp-plugin/a.json.gz",
    "wp-plugin/a~dev.json.gz",
)


def _publish(data: Path, source: Path, *more: str) -> None:
    where, journal = ["--data", str(data)], Journal()
    assert build.main([*where, "--source", str(source)], journal) == 0
    assert render_new.main(where, journal, blank, Here()) == 0
    assert redraw.main(where, journal, blank, Here()) == 0
    assert deploy.main([*where, "--site-url", SITE_URL, *more], journal) == 0


def _entries(data: Path) -> list[dict[str, Any]]:
    path = data / "store" / "p2" / "wp-plugin" / "a.json.gz"
    entries: list[dict[str, Any]] = json.loads(gzip.decompress(path.read_bytes()))["packages"][
        "wp-plugin/a"
    ]
    return entries


def _there(data: Path) -> Sequence[bool]:
    return [(data / "store" / "p2" / name).exists() for name in FILES]


def _meta(data: Path, key: str) -> int:
    with closing(sqlite3.connect(data / "current" / "site.db")) as db:
        return int(db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])


def test_the_answer_for_a_closed_package_keeps_what_was_known(data: Path, source: Source) -> None:
    """The API's stub has no versions: the last good metadata stays, marked."""
    _publish(data, source(record("a", requires_php="7.4"), record("b")))
    before = _entries(data)
    _publish(data, source(STUB, record("b")))

    assert _entries(data) == [{**before[0], "abandoned": True}]


def test_a_stub_read_twice_changes_nothing(data: Path, source: Source) -> None:
    """The same closure in other words is no news."""
    _publish(data, source(record("a"), record("b")))
    _publish(data, source(STUB, record("b")))
    release = (data / "current").readlink()
    _publish(data, source({**STUB, "rating": 5}, record("b")))

    assert (data / "current").readlink() == release


def test_a_package_that_opens_again_is_as_before(data: Path, source: Source) -> None:
    """Nothing of the closure is left."""
    _publish(data, source(record("a"), record("b")))
    before = _entries(data)
    _publish(data, source(STUB, record("b")))
    _publish(data, source(record("a"), record("b")))

    assert _entries(data) == before


@pytest.mark.parametrize("closure", [CLOSED, FOR_GOOD], ids=["closed", "for good"])
def test_the_card_of_a_closed_package_says_so(
    data: Path, source: Source, closure: dict[str, Any]
) -> None:
    """Drawn anew by the daily job, without version and figures."""
    _publish(data, source(record("a"), record("b")))
    _publish(data, source(record("a", **closure), record("b")))
    with database.reading(data) as db:
        ids = dict(db.execute("SELECT slug, id FROM package").fetchall())
        card, other = memory.as_drawn(db, ids["a"]), memory.as_drawn(db, ids["b"])

    assert card is not None
    assert other is not None
    assert (card.template, card.version, card.installs) == ("closed", "", "")
    assert other.template == "plugin"


def test_the_pipeline_that_learns_of_a_closure_redraws_its_card(data: Path, source: Source) -> None:
    """It does not wait for the daily job, as other changes do; the release names the new card."""
    run(data, *pipeline(source(record("a"), record("b"))))
    before = dict(published.cards_of(data / "current" / "site.db"))
    ended = run(data, *pipeline(source(record("a", **CLOSED), record("b", name="Another"))))
    after = dict(published.cards_of(data / "current" / "site.db"))

    assert "cards 1 drawn" in ended.stdout
    assert after["plugin/a"] != before["plugin/a"]
    assert after["plugin/b"] == before["plugin/b"]


def test_the_pipeline_that_learns_of_a_reopening_redraws_its_card(
    data: Path, source: Source
) -> None:
    """A card does not say for a day that what can be had is closed."""
    run(data, *pipeline(source(record("a", **CLOSED), record("b"))))
    before = dict(published.cards_of(data / "current" / "site.db"))
    ended = run(data, *pipeline(source(record("a"), record("b"))))
    after = dict(published.cards_of(data / "current" / "site.db"))

    assert "cards 1 drawn" in ended.stdout
    assert after["plugin/a"] != before["plugin/a"]
    assert after["plugin/b"] == before["plugin/b"]


def test_closed_for_good_is_gone(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file, no place in the counts, a page that says 410; the release passes its check."""
    _publish(data, source(record("a"), record("b")))
    assert _there(data) == [True] * 4
    _publish(data, source(record("a", **FOR_GOOD), record("b")))

    assert _there(data) == [False] * 4
    assert _meta(data, "packages") == 1
    assert "Author Request" in site.pages(data)["/packages/plugin/a"]
    assert check.main(["--data", str(data)]) == 0


def test_closed_packages_are_removed_on_request(data: Path, source: Source) -> None:
    """--closed remove takes the files away, in a release made from nothing too; and back."""
    _publish(data, source(record("a"), record("b")))
    _publish(data, source(record("a", **CLOSED), record("b")), "--closed", "remove")
    removed = _there(data)
    _publish(data, source(record("a", **CLOSED), record("b")), "--closed", "abandon")
    back = _there(data)
    # Nothing in the catalogue changes here, only the setting: the release is made from nothing.
    _publish(data, source(record("a", **CLOSED), record("b")), "--closed", "remove")

    assert removed == _there(data) == [False] * 4
    assert back == [True] * 4


def test_a_changed_setting_has_mirrors_read_everything(data: Path, source: Source) -> None:
    """A release made from nothing has no log: it begins with itself."""
    _publish(data, source(record("a", **CLOSED), record("b")))
    _publish(data, source(record("a", **CLOSED), record("b")), "--closed", "remove")

    assert _meta(data, "changes_since") == _meta(data, "stamp")
