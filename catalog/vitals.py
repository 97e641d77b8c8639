"""How the house is, in figures: told with each release, shown on its status page."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from catalog import journal

_RUNS = 20
_SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


def vitals(
    db: sqlite3.Connection, now: int, steps: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Tell of cards, ages (seconds) and the last runs, newest first.

    steps: those of the run under way, of which only the finished ones have their seconds.
    A card counts as stale when any fact of its package changed since: regenerate draws those anew
    of which a printed one did.
    """
    return {
        "cards": _cards(db),
        "catalogue": _catalogue(db),
        "card_age": _ages(db, now, "SELECT drawn_at FROM card"),
        "release_age": _ages(
            db, now, "SELECT updated FROM package WHERE withdrawn_at IS NULL AND updated > 0"
        ),
        "runs": _runs(db, now, steps),
    }


def _cards(db: sqlite3.Connection) -> dict[str, int]:
    drawn, stale, never = db.execute(
        "SELECT count(drawn_at), coalesce(sum(changed_at > drawn_at), 0), sum(drawn_at IS NULL)"
        " FROM package LEFT JOIN card ON package_id = id WHERE withdrawn_at IS NULL"
    ).fetchone()
    failed = db.execute("SELECT count(*) FROM card_failure").fetchone()[0]
    return {"current": drawn - stale, "stale": stale, "failed": failed, "never": never or 0}


def _catalogue(db: sqlite3.Connection) -> dict[str, int]:
    names = ("plugin", "theme", "closed", "withdrawn")
    row = db.execute(
        "SELECT coalesce(sum(type = 'plugin' AND open), 0),"
        " coalesce(sum(type = 'theme' AND open), 0),"
        " coalesce(sum(withdrawn_at IS NULL AND NOT open), 0), count(withdrawn_at)"
        " FROM (SELECT *, withdrawn_at IS NULL AND closure IS NULL AS open FROM package)"
    ).fetchone()
    refused = db.execute("SELECT count(*) FROM reject").fetchone()[0]
    return {**dict(zip(names, row, strict=True)), "refused": refused}


def _ages(db: sqlite3.Connection, now: int, moments: str) -> dict[str, int]:
    ages = sorted(max(0, now - moment) for (moment,) in db.execute(moments).fetchall())
    if not ages:
        return {}
    last = len(ages) - 1
    return {name: ages[int(share * last)] for name, share in _SHARES.items()} | {"oldest": ages[-1]}


def _runs(
    db: sqlite3.Connection, now: int, steps: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    runs = journal.last_runs(db, _RUNS)
    if any("seconds" in step for step in steps):
        this = {"started_at": now, "seconds": None, "exit_code": None, "steps": steps}
        runs = [this, *runs[: _RUNS - 1]]
    return [
        {
            **run,
            "steps": [
                {"step": step["step"], "seconds": step["seconds"]}
                for step in run["steps"]
                if "seconds" in step
            ],
        }
        for run in runs
    ]
