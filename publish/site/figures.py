"""Figures of the catalogue, its cards and the last runs, as each release tells them."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from catalog import journal
from catalog.journal import Ended, Step
from publish.cards import wanted

_RUNS = 20
_SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "oldest": 1.0}


def vitals(db: sqlite3.Connection, now: int, steps: Sequence[Step] = ()) -> dict[str, Any]:
    """Tell of cards, ages (seconds) and the last runs, newest first.

    steps: those of the run under way, of which only the finished ones have their seconds.
    A card counts as stale when a fact of its package changed since regenerate last looked, and
    since it was drawn: regenerate draws those anew of which a printed one did.
    """
    stale, oldest = wanted.changed_since_compared(db)
    return {
        "cards": _cards(db, stale),
        "oldest_stale": oldest and {"package": oldest[0], "seconds": max(0, now - oldest[1])},
        "catalogue": _catalogue(db),
        "card_age": _ages(db, now, "drawn_at FROM card"),
        "release_age": _ages(
            db, now, "updated FROM package WHERE withdrawn_at IS NULL AND updated > 0"
        ),
        "runs": _runs(db, now, steps),
    }


def _cards(db: sqlite3.Connection, stale: int) -> dict[str, int]:
    drawn = wanted.count_of_packages(db)
    listed = _count(db, "package") - _count(db, "package WHERE withdrawn_at IS NOT NULL")
    failed = _count(db, "card_failure")
    return {"current": drawn - stale, "stale": stale, "failed": failed, "never": listed - drawn}


def _catalogue(db: sqlite3.Connection) -> dict[str, int]:
    withdrawn = "package WHERE withdrawn_at IS NOT NULL"
    closed = "package WHERE closure IS NOT NULL AND withdrawn_at IS NULL"
    listed = {
        type: _count(db, f"package WHERE type = '{type}'")
        - _count(db, f"{withdrawn} AND type = '{type}'")
        - _count(db, f"{closed} AND type = '{type}'")
        for type in ("plugin", "theme")
    }
    return listed | {
        "closed": _count(db, closed),
        "withdrawn": _count(db, withdrawn),
        "refused": _count(db, "reject"),
    }


def _count(db: sqlite3.Connection, what: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {what}").fetchone()[0])  # noqa: S608


def _ages(db: sqlite3.Connection, now: int, moments: str) -> dict[str, int]:
    """Tell how long ago some moments were: `moments` is `column FROM table …`, with an index."""
    column, _, source = moments.partition(" ")
    last = int(db.execute(f"SELECT count(*) {source}").fetchone()[0]) - 1
    if last < 0:
        return {}
    return {
        name: max(0, now - _nth(db, f"{moments} ORDER BY {column} DESC", int(share * last)))
        for name, share in _SHARES.items()
    }


def _nth(db: sqlite3.Connection, moments: str, number: int) -> int:
    row = db.execute(f"SELECT {moments} LIMIT 1 OFFSET ?", (number,)).fetchone()
    return int(row[0])


def _runs(db: sqlite3.Connection, now: int, steps: Sequence[Step]) -> list[dict[str, Any]]:
    runs = [_told(run) for run in journal.last_runs(db, _RUNS)]
    ended = _ended(steps)
    if ended:
        # How far it came: what fails after the switch is told by DATA/last-runs.json.
        so_far = max(one.exit or 0 for one in steps)
        this = {"started_at": now, "seconds": None, "exit_code": so_far, "steps": ended}
        runs = [this, *runs[: _RUNS - 1]]
    return runs


def _told(run: Ended) -> dict[str, Any]:
    return {
        "started_at": run.started_at,
        "seconds": run.seconds,
        "exit_code": run.exit_code,
        "steps": _ended(run.steps),
    }


def _ended(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [{"step": one.step, "seconds": one.seconds} for one in steps if one.seconds is not None]
