"""The step `build`: the source is read into the catalogue, and Composer's metadata made."""

import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import replace as with_other
from pathlib import Path

from catalog import database, packages, progress
from catalog.advisories.taken import Taken, sealed
from catalog.composer import remembered
from catalog.composer.remembered import Sharing
from catalog.durable import replace
from catalog.journal import Journal, capped
from catalog.source import Source, SourceError, opened
from release.data import Data


def build(
    data: Path,
    names: Sequence[str],
    allowed: packages.Allowance,
    journal: Journal,
    *,
    replaces: bool,
    requires_plugins: bool = False,
    advisories: Path | None = None,
    sharing: Sharing | None = None,
) -> int:
    """Make the catalogue equal to the sources, all that there are; give the exit code.

    names: of the sources; what several offer is taken from the first. replaces: packages also
    stand for their wpackagist names. requires_plugins: plugins that others need are required by
    them, not suggested. advisories: a file of those that the operator has. sharing: the processes
    that make Composer's metadata of many packages.
    """
    try:
        with database.writing(data) as db:
            outcome = packages.take(db, [_shown(one) for one in names], allowed, int(time.time()))
            journal.reached("build: records taken")
            _write_rejects(db, Data(data).rejected)
            journal.reached("build: rejects written")
            advised = take_advisories(db, advisories, int(time.time()))
            journal.reached("build: advisories taken")
            failed = remembered.compose(
                db,
                replaces=replaces,
                reached=journal.reached,
                requires_plugins=requires_plugins,
                sharing=sharing,
            )
    except packages.TooManyWithdrawn as refusal:
        journal.complain(
            f"build: refused: {refusal}. Nothing was changed.",
            "If this is meant, say MAX_WITHDRAWN=100% (or a count)",
        )
        return 3
    except SourceError as error:
        journal.complain(f"build: {error}")
        return 2
    _report(outcome, journal)
    _report_advisories(advised, advisories, journal)
    unmade = [f"build: {one.label}: no Composer metadata: {one.error}" for one in failed]
    journal.complain(*capped(unmade, "build: and that of {:,} more packages"))
    return 1 if outcome.newly_rejected or advised.refused or failed else 0


def _shown(name: str) -> Source:
    source = opened(name)
    return with_other(source, lines=progress.shown(source.lines, f"reading {name}"))


def _write_rejects(db: sqlite3.Connection, path: Path) -> None:
    rows = db.execute(
        "SELECT source, line, reason, size, excerpt"
        " FROM reject JOIN source ON name = source ORDER BY place, line"
    ).fetchall()
    names = ("source", "line", "reason", "bytes", "record")
    text = "".join(
        json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in rows
    )
    if (path.read_text(encoding="utf-8") if path.exists() else "") != text:
        replace(path, text.encode())


def take_advisories(db: sqlite3.Connection, path: Path | None, now: int) -> Taken:
    """Make the catalogue's advisories equal to a file's, if there is one or was one."""
    if path is None and not sealed(db):
        return Taken()
    from catalog.advisories import feed

    return feed.take(db, path, now)


def _report_advisories(taken: Taken, path: Path | None, journal: Journal) -> None:
    if taken.unread:
        return
    for found, more in (
        (taken.refused, "refused"),
        (taken.unknown, "of packages that are not here"),
    ):
        said = [f"build: {path}:{line}: refused: {why}" for line, why in found]
        journal.complain(*capped(said, f"build: and {{:,}} more {more}"))
    journal.note(changes=taken.changed)
    if path:
        print(
            f"build: {taken.advisories:,} advisories, {len(taken.refused):,} refused, "
            f"{len(taken.unknown):,} of packages that are not here"
        )


def _report(outcome: packages.Outcome, journal: Journal) -> None:
    journal.complain(
        *capped(
            [f"build: {name}:{at}: refused: {why}" for name, at, why in outcome.newly_rejected],
            "build: and {:,} more, see rejected/rejected.jsonl",
        )
    )
    journal.note(changes=outcome.touched, rejected=outcome.rejected)
    twice = [
        f"build: {label}: taken from {first}, not from {other}"
        for label, first, other in outcome.newly_shadowed
    ]
    for line in capped(twice, "build: and {:,} more that two sources offer"):
        print(line)
    for name, count in outcome.unnamed:
        print(f"build: {name} is no source of this run, {count:,} withdrawn with it")
    shadowed = f", {outcome.shadowed:,} in a second source" if outcome.shadowed else ""
    print(
        f"build: {outcome.new:,} new, {outcome.changed:,} changed, {outcome.returned:,} returned, "
        f"{outcome.withdrawn:,} withdrawn, {outcome.unchanged:,} unchanged, "
        f"{outcome.rejected:,} refused{shadowed}"
    )
