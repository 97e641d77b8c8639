"""Say how the site is: release, cards, last runs. Exits 1 when it is unwell, and says why."""

import json
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog import database, journal
from publish.cards import glyphs, memory
from publish.releases import Releases, made
from publish.site import published
from release.data import SITE
from render import CardRenderer
from scripts import arguments
from scripts.regenerate import stale

_STALE_SECONDS = 36 * 3600  # a daily regenerate that missed its day


def main(argv: Sequence[str] | None = None) -> int:
    """Tell, and give the exit code."""
    parser = arguments.parser(__doc__, "status")
    parser.add_argument("--json", action="store_true", help="for a monitor")
    args = parser.parse_args(argv)
    with database.reading(args.data) as db:
        status = _status(db, args.data, int(time.time()))
    if args.json:
        print(json.dumps(status, indent=2))
    else:
        _print(status)
    return 1 if status["unwell"] else 0


def _status(db: sqlite3.Connection, data: Path, now: int) -> dict[str, Any]:
    status = {
        "release": _release(Releases(data), now),
        "cards": _cards(db, now),
        "glyphs_missing": glyphs.missing(db),
        "refused_lines": db.execute("SELECT count(*) FROM reject").fetchone()[0],
        "runs": journal.last_runs(db, 5),
    }
    return {**status, "unwell": _complaints(status)}


def _release(releases: Releases, now: int) -> dict[str, Any] | None:
    live = releases.current()
    if live is None:
        return None
    return {
        "id": live,
        "age_seconds": now - int(made(live).timestamp()),
        "packages": published.listed(releases.path(live) / SITE),
        "rolled_back_from": releases.rolled_back_from(),
    }


def _cards(db: sqlite3.Connection, now: int) -> dict[str, Any]:
    old, pages, current = stale(db, CardRenderer().fingerprint)
    failures = db.execute(
        "SELECT type || '/' || slug, error FROM card_failure JOIN package ON id = package_id"
        " ORDER BY failed_at, id"
    ).fetchall()
    oldest = memory.changed_first(db, old)
    return {
        "current": current,
        "stale": len(old) + len(pages),
        "never": len(memory.never_drawn(db)),
        "failed": [{"package": label, "error": error} for label, error in failures],
        "oldest_stale": oldest and {"package": oldest[0], "seconds": now - oldest[1]},
    }


def _complaints(status: dict[str, Any]) -> list[str]:
    complaints = []
    if status["release"] is None:
        complaints.append("no release is published: run `make pipeline`")
    complaints += [
        f"the card of {failure['package']} failed: {failure['error']}"
        for failure in status["cards"]["failed"]
    ]
    oldest = status["cards"]["oldest_stale"]
    if oldest and oldest["seconds"] > _STALE_SECONDS:
        complaints.append(f"the card of {oldest['package']} is out of date: run `make regenerate`")
    if status["runs"] and status["runs"][0]["exit_code"]:
        complaints.append(f"the last run ended with exit code {status['runs'][0]['exit_code']}")
    return complaints


def _print(status: dict[str, Any]) -> None:
    release, drawn = status["release"], status["cards"]
    if release:
        back = release["rolled_back_from"]
        note = f", rolled back from {back}" if back else ""
        age = f"{release['age_seconds'] // 60:,} minutes old"
        print(f"release   {release['id']}, {age}, {release['packages']:,} packages{note}")
    print(
        f"cards     {drawn['current']:,} current, {drawn['stale']:,} stale, "
        f"{len(drawn['failed']):,} failed, {drawn['never']:,} never drawn"
    )
    if oldest := drawn["oldest_stale"]:
        print(
            f"          oldest stale: {oldest['package']}, for {oldest['seconds'] // 60:,} minutes"
        )
    for line in glyphs.in_words(status["glyphs_missing"]):
        print(f"glyphs    {line}")
    print(f"refused   {status['refused_lines']:,} lines, see rejected/rejected.jsonl")
    for run in status["runs"]:
        at = datetime.fromtimestamp(run["started_at"], UTC).strftime("%Y-%m-%d %H:%M:%S")
        steps = ", ".join(f"{step['step']} {step.get('seconds', 0):.1f} s" for step in run["steps"])
        print(f"run       {at}  exit {run['exit_code']}  {steps}")
    for complaint in status["unwell"]:
        print(f"unwell    {complaint}")
