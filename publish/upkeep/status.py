"""`status`: the release, its cards and the last runs, and what is not as it should be."""

import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog import journal, last_runs
from catalog.journal import Ended
from publish.cards import design, glyphs, wanted
from publish.releases import Releases
from publish.run import DONE, INTERRUPTED
from publish.site import app, published
from release.data import SITE
from release.identity import made

_OK = 200
_NO_FAULT = (DONE, INTERRUPTED)  # exit codes that are no complaint
_STALE_SECONDS = 36 * 3600  # a daily regenerate that missed its day


def status(db: sqlite3.Connection, data: Path, now: int) -> dict[str, Any]:
    """Tell everything as JSON; `unwell` lists what is wrong, a sentence each."""
    told: dict[str, Any] = {
        "release": _release(Releases(data), now),
        "cards": _cards(db, now),
        "glyphs_missing": glyphs.missing(db),
        "refused_lines": db.execute("SELECT count(*) FROM reject").fetchone()[0],
        "runs": [_run(run) for run in journal.last_runs(db, 5)],
        "commands": {name: asdict(last) for name, last in last_runs.read(data).items()},
        "app": _app_trouble(data),
    }
    return {**told, "unwell": _complaints(told)}


def _app_trouble(data: Path) -> str:
    """Say why the app of this checkout cannot serve the live release; '' if it can."""
    releases = Releases(data)
    live = releases.current()
    if live is None:
        return ""
    try:
        (answer,) = app.ask(releases.path(live), ["/"])
    except app.NoAnswer as error:
        return str(error)
    return "" if answer.status == _OK else f"the app answers / of {live} with {answer.status}"


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
    stale = wanted.stale(db, design.renderer(db).fingerprint)
    failures = db.execute(
        "SELECT type || '/' || slug, error FROM card_failure JOIN package ON id = package_id"
        " ORDER BY failed_at, id"
    ).fetchall()
    oldest = wanted.changed_first(db, stale.ids)
    return {
        "current": stale.kept,
        "stale": stale.count,
        "never": len(wanted.never_drawn(db)),
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
    if status["app"]:
        complaints.append(status["app"])
    complaints += [
        f"the last {name}, at {_moment(last['tried_at'])}, ended with exit code "
        f"{last['exit_code']}: {last['reason']}"
        for name, last in status["commands"].items()
        if last["exit_code"] not in _NO_FAULT
    ]
    return complaints


def _run(run: Ended) -> dict[str, Any]:
    return {
        "started_at": run.started_at,
        "seconds": run.seconds,
        "exit_code": run.exit_code,
        "steps": [step.told() for step in run.steps],
    }


def show(status: dict[str, Any]) -> None:
    """Print what `status` told, for people."""
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
        at = _moment(run["started_at"])
        steps = ", ".join(f"{step['step']} {step.get('seconds', 0):.1f} s" for step in run["steps"])
        print(f"run       {at}  exit {run['exit_code']}  {steps}")
    for name, last in status["commands"].items():
        print(
            f"{name:<9} tried {_moment(last['tried_at'])}, "
            f"succeeded {_moment(last['succeeded_at'])}, changed {_moment(last['changed_at'])}"
        )
    for complaint in status["unwell"]:
        print(f"unwell    {complaint}")


def _moment(seconds: int) -> str:
    if not seconds:
        return "never"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
