"""`status`: the release, its cards and the last runs, and what is not as it should be."""

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog import database, journal, pictures, zips
from catalog.journal import Ended
from publish.cards import design, glyphs, wanted
from publish.releases import Releases
from publish.run import DONE, INTERRUPTED
from publish.site import app, published
from publish.upkeep.machine import Machine
from publish.upkeep.machine import complaints as complaints_of
from release import last_runs
from release.data import SITE
from release.identity import made
from release.last_runs import Last

_OK = 200
_NAMED = 20  # zips that differ
_NO_FAULT = (DONE, INTERRUPTED)  # exit codes that are no complaint
_STALE_SECONDS = 36 * 3600  # a daily regenerate that missed its day
_WHOLE = ("pipeline", "regenerate")  # what these do well makes good what a step by hand did not
_BY_THEMSELVES = (*_WHOLE, "backup")
_ANSWERED = ("rollback",)  # who types it reads its answer; it changes nothing if it fails


def status(machine: Machine, now: int) -> dict[str, Any]:
    """Tell everything as JSON; `unwell` lists what is wrong, a sentence each.

    What only the catalogue knows is left out, and `catalogue` says why, where that cannot be read.
    """
    data = machine.data
    known = last_runs.read(data)
    told: dict[str, Any] = {
        "release": _release(Releases(data), now),
        **_of_the_catalogue(data, now),
        "commands": {name: _command(last, now) for name, last in known.items()},
        "app": _app_trouble(data),
        **machine.told(now),
    }
    unwell = [*_complaints(told), *_of_runs(known), *complaints_of(told)]
    return {**told, "unwell": unwell}


def _of_the_catalogue(data: Path, now: int) -> dict[str, Any]:
    try:
        with database.reading(data) as db:
            return {
                "catalogue": "",
                "cards": _cards(db, now),
                "pictures": {"waiting": pictures.waiting(db, now)},
                "glyphs_missing": glyphs.missing(db),
                "zips": zips.figures(db),
                "refused_lines": db.execute("SELECT count(*) FROM reject").fetchone()[0],
                "runs": [_run(run) for run in journal.last_runs(db, 5)],
            }
    except database.DatabaseError as error:
        return {"catalogue": str(error)}


def _command(last: Last, now: int) -> dict[str, Any]:
    """Tell of a command; the ages are seconds, None for what never was."""
    moments = {"try": last.tried_at, "success": last.succeeded_at, "change": last.changed_at}
    ages = {f"seconds_since_{what}": now - at if at else None for what, at in moments.items()}
    return asdict(last) | ages


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
    cards, plates = design.renderers(db)
    stale = wanted.stale(db, cards.fingerprint, plates.digest)
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
    if status["catalogue"]:
        complaints.append(status["catalogue"])
    else:
        complaints += _of_cards(status["cards"])
    if status["app"]:
        complaints.append(status["app"])
    return complaints


def _of_cards(cards: dict[str, Any]) -> list[str]:
    complaints = [
        f"the card of {failure['package']} failed: {failure['error']}"
        for failure in cards["failed"]
    ]
    oldest = cards["oldest_stale"]
    if oldest and oldest["seconds"] > _STALE_SECONDS:
        complaints.append(f"the card of {oldest['package']} is out of date: run `make regenerate`")
    return complaints


def _of_runs(known: Mapping[str, Last]) -> list[str]:
    """Give a sentence for each command whose failure is not made good. known: the latest last."""
    failed: dict[str, Last] = {}
    for name, last in known.items():
        if name in _WHOLE and last.exit_code == DONE:
            failed = {one: failed[one] for one in failed if one in _BY_THEMSELVES}
        elif name not in _ANSWERED and last.exit_code not in _NO_FAULT:
            failed[name] = last
    return [
        f"the last {name}, at {_moment(last.tried_at)}, ended with exit code "
        f"{last.exit_code}: {last.reason}"
        for name, last in failed.items()
    ]


def _run(run: Ended) -> dict[str, Any]:
    return {
        "started_at": run.started_at,
        "seconds": run.seconds,
        "exit_code": run.exit_code,
        "steps": [step.told() for step in run.steps],
    }


def show(status: dict[str, Any]) -> None:
    """Print what `status` told, for people."""
    _show_release(status["release"])
    if not status["catalogue"]:
        _show_catalogue(status)
    for name, last in status["commands"].items():
        print(
            f"{name:<9} tried {_moment(last['tried_at'])}, "
            f"succeeded {_moment(last['succeeded_at'])}, changed {_moment(last['changed_at'])}"
        )
    _show_machine(status)
    for complaint in status["unwell"]:
        print(f"unwell    {complaint}")


def _show_release(release: dict[str, Any] | None) -> None:
    if release:
        back = release["rolled_back_from"]
        note = f", rolled back from {back}" if back else ""
        age = f"{release['age_seconds'] // 60:,} minutes old"
        print(f"release   {release['id']}, {age}, {release['packages']:,} packages{note}")


def _show_catalogue(status: dict[str, Any]) -> None:
    drawn = status["cards"]
    print(
        f"cards     {drawn['current']:,} current, {drawn['stale']:,} stale, "
        f"{len(drawn['failed']):,} failed, {drawn['never']:,} never drawn"
    )
    if oldest := drawn["oldest_stale"]:
        print(
            f"          oldest stale: {oldest['package']}, for {oldest['seconds'] // 60:,} minutes"
        )
    if waiting := status["pictures"]["waiting"]:
        print(f"pictures  {waiting:,} wait to be asked for")
    for line in glyphs.in_words(status["glyphs_missing"]):
        print(f"glyphs    {line}")
    print(f"refused   {status['refused_lines']:,} lines, see rejected/rejected.jsonl")
    _show_zips(status["zips"])
    for run in status["runs"]:
        at = _moment(run["started_at"])
        steps = ", ".join(f"{step['step']} {step.get('seconds', 0):.1f} s" for step in run["steps"])
        print(f"run       {at}  exit {run['exit_code']}  {steps}")


def _show_zips(zips: dict[str, Any]) -> None:
    if zips["kept"] or zips["failed"]:
        size = f"{zips['bytes'] / 1e9:,.2f} GB"
        full = ", ZIPS_LIMIT is reached" if zips["full"] else ""
        failed = f"{zips['failed']:,} could not be kept yet"
        print(f"zips      {zips['kept']:,} kept ({size}){full}, {failed}")
    for one in zips["differing"][:_NAMED]:
        print(
            f"          {one['package']} {one['version']}: {one['origin']} holds other files than "
            f"the zip kept, noticed {_moment(one['noticed'])}"
        )
    if len(zips["differing"]) > _NAMED:
        print(f"          and {len(zips['differing']) - _NAMED:,} more")


def _show_machine(status: dict[str, Any]) -> None:
    room, processes, certificate = status["room"], status["processes"], status["certificate"]
    if room:
        free, total = room["free_bytes"], room["total_bytes"]
        share = 100 * free // total if total else 0
        print(f"room      {free / 1e9:,.1f} of {total / 1e9:,.1f} GB free ({share} %)")
    if processes:
        print(f"app       {processes['answering']} of {processes['known']} processes answer")
    if certificate:
        print(f"https     the certificate ends {_moment(certificate['ends_at'], 'unknown')}")


def _moment(seconds: int | None, without: str = "never") -> str:
    if not seconds:
        return without
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
