"""Draw the card of every package that has never had one, and those of the site's own pages.

A card that fails is named, gets the default card on its page, is tried again by the next run, and
makes this one exit 1; it never stops the others. Cards that only went out of date are left to
`regenerate`.
"""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from itertools import chain

from catalog import cards, database
from catalog.cards import Wanted
from catalog.journal import Journal
from catalog.store import CardStore
from render import CardRenderer, ImageRenderer
from scripts import arguments
from scripts.draw import Easel, Result, draw


def main(
    argv: Sequence[str] | None = None,
    journal: Journal | None = None,
    renderer: ImageRenderer | None = None,
    executor: Executor | None = None,
) -> int:
    """Draw what has no card, and give the exit code."""
    parser = arguments.parser(__doc__, "render-new")
    arguments.add_jobs(parser)
    args = parser.parse_args(argv)
    journal = journal or Journal()
    design = CardRenderer()
    easel = Easel(renderer or design, design.fingerprint, args.jobs, executor, args.dask)
    store = CardStore(args.data / "store" / "og")
    store.mend()
    with database.writing(args.data) as db:
        wanted = [page for page in cards.pages_wanted(db) if not page.had]
        ids = cards.never_drawn(db)
        total = len(wanted) + len(ids)
        result = draw(db, store, chain(wanted, of(db, ids)), total, easel, journal)
        kept = cards.count(db) - result.drawn
    journal.note(drawn=result.drawn, kept=kept, failed=len(result.failed))
    report("render-new", result)
    print(f"render-new: {result.drawn:,} drawn, {kept:,} kept, {len(result.failed):,} failed")
    return result.code


def of(db: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Wanted]:
    """Yield the wanted cards of some packages, read a few hundred at a time."""
    for start in range(0, len(ids), 500):
        yield from cards.wanted(db, ids[start : start + 500])


def report(verb: str, result: Result) -> None:
    """Name every card that failed, on standard error, and say if the others were left."""
    for failure in result.failed:
        print(
            f"{verb}: the card of {failure.wanted.label} failed: {failure.error}", file=sys.stderr
        )
    if result.gone:
        ended = "" if result.unable else "drawing ended early: "
        print(f"{verb}: {ended}{result.gone}", file=sys.stderr)
