"""The step `build`: the source is read into the catalogue, and Composer's metadata made."""

import json
import sqlite3
import time
from functools import partial
from pathlib import Path

from catalog import database, packages, progress
from catalog.advisories import feed
from catalog.advisories.feed import FeedError, Taken
from catalog.composer import remembered
from catalog.durable import replace
from catalog.journal import Journal, capped
from catalog.source import SourceError, read, seal
from release.data import Data


def build(
    data: Path,
    source: str,
    allowed: packages.Allowance,
    journal: Journal,
    *,
    replaces: bool,
    requires_plugins: bool = False,
    advisories: Path | None = None,
) -> int:
    """Make the catalogue equal to the source; give the exit code.

    replaces: packages also stand for their wpackagist names. requires_plugins: plugins that others
    need are required by them, not suggested. advisories: a file of those that the operator has.
    """
    try:
        with database.writing(data) as db:
            lines = progress.shown(read(source), "reading records")
            outcome = packages.take(
                *(db, lines, source, allowed, int(time.time())), seal=partial(seal, source)
            )
            journal.reached("build: records taken")
            _write_rejects(db, Data(data).rejected)
            journal.reached("build: rejects written")
            advised = feed.take(db, advisories, int(time.time()))
            journal.reached("build: advisories taken")
            failed = remembered.compose(
                db,
                replaces=replaces,
                reached=journal.reached,
                requires_plugins=requires_plugins,
            )
    except packages.TooManyWithdrawn as refusal:
        journal.complain(
            f"build: refused: {refusal}. Nothing was changed.",
            "If this is meant, say MAX_WITHDRAWN=100% (or a count)",
        )
        return 3
    except (SourceError, FeedError) as error:
        journal.complain(f"build: {error}")
        return 2
    _report(outcome, source, journal)
    _report_advisories(advised, advisories, journal)
    unmade = [f"build: {one.label}: no Composer metadata: {one.error}" for one in failed]
    journal.complain(*capped(unmade, "build: and that of {:,} more packages"))
    return 1 if outcome.newly_rejected or advised.refused or failed else 0


def _write_rejects(db: sqlite3.Connection, path: Path) -> None:
    rows = db.execute(
        "SELECT source, line, reason, size, excerpt FROM reject ORDER BY line"
    ).fetchall()
    names = ("source", "line", "reason", "bytes", "record")
    text = "".join(
        json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in rows
    )
    if (path.read_text(encoding="utf-8") if path.exists() else "") != text:
        replace(path, text.encode())


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


def _report(outcome: packages.Outcome, source: str, journal: Journal) -> None:
    journal.complain(
        *capped(
            [f"build: {source}:{at}: refused: {why}" for at, why in outcome.newly_rejected],
            "build: and {:,} more, see rejected/rejected.jsonl",
        )
    )
    journal.note(changes=outcome.touched, rejected=outcome.rejected)
    print(
        f"build: {outcome.new:,} new, {outcome.changed:,} changed, {outcome.returned:,} returned, "
        f"{outcome.withdrawn:,} withdrawn, {outcome.unchanged:,} unchanged, "
        f"{outcome.rejected:,} refused"
    )
