"""Read the source into the catalogue.

New and changed records are taken, unchanged ones cost a digest, and a file that did not change
since it was last taken is not read. Bad records are refused one by one and kept under
DATA/rejected/ with line and reason, and their packages stay as they were; packages that the source
no longer has are withdrawn. Exits 1 if a line was refused that the run before did not refuse, or if
a package's Composer metadata could not be made, and 3, having changed nothing, if more packages
would go or be closed than --max-withdrawn allows.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from catalog import database, metadata, packages
from catalog.journal import Journal
from catalog.source import SourceError, read, seal
from scripts import arguments, progress

_NAMED = 20  # refused lines, and failures, named on standard error; a file holds all the lines


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Build, and give the exit code."""
    parser = arguments.parser(__doc__, "build")
    arguments.add_source(parser)
    args = parser.parse_args(argv)
    journal = journal or Journal()
    try:
        with database.writing(args.data) as db:
            lines = progress.shown(read(args.source), "reading records")
            outcome = packages.take(
                *(db, lines, args.source, args.max_withdrawn, int(time.time())),
                seal=partial(seal, args.source),
            )
            journal.reached("build: records taken")
            _write_rejects(db, args.data / "rejected")
            journal.reached("build: rejects written")
            failed = metadata.compose(db, replaces=args.replaces, reached=journal.reached)
    except packages.TooManyWithdrawn as refusal:
        print(f"build: refused: {refusal}. Nothing was changed.", file=sys.stderr)
        print("If this is meant, say MAX_WITHDRAWN=100% (or a count)", file=sys.stderr)
        return 3
    except SourceError as error:
        print(f"build: {error}", file=sys.stderr)
        return 2
    _report(outcome, args.source, journal)
    _name(failed)
    return 1 if outcome.newly_rejected or failed else 0


def _write_rejects(db: sqlite3.Connection, folder: Path) -> None:
    rows = db.execute(
        "SELECT source, line, reason, size, excerpt FROM reject ORDER BY line"
    ).fetchall()
    names = ("source", "line", "reason", "bytes", "record")
    text = "".join(
        json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in rows
    )
    path = folder / "rejected.jsonl"
    if (path.read_text() if path.exists() else "") == text:
        return
    folder.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(text)
    unfinished.replace(path)


def _name(failed: Sequence[metadata.Failed]) -> None:
    for one in failed[:_NAMED]:
        print(f"build: {one.label}: no Composer metadata: {one.error}", file=sys.stderr)
    if len(failed) > _NAMED:
        print(f"build: and that of {len(failed) - _NAMED:,} more packages", file=sys.stderr)


def _report(outcome: packages.Outcome, source: str, journal: Journal) -> None:
    for number, reason in outcome.newly_rejected[:_NAMED]:
        print(f"build: {source}:{number}: refused: {reason}", file=sys.stderr)
    if len(outcome.newly_rejected) > _NAMED:
        more = len(outcome.newly_rejected) - _NAMED
        print(f"build: and {more:,} more, see rejected/rejected.jsonl", file=sys.stderr)
    journal.note(changes=outcome.touched, rejected=outcome.rejected)
    print(
        f"build: {outcome.new:,} new, {outcome.changed:,} changed, {outcome.returned:,} returned, "
        f"{outcome.withdrawn:,} withdrawn, {outcome.unchanged:,} unchanged, "
        f"{outcome.rejected:,} refused"
    )
