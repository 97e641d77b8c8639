"""Redraw the cards whose printed facts changed since they were drawn.

A card is redrawn exactly if its fingerprint, of everything printed on it, the template, the fonts
and the renderer, differs from the fingerprint of the card it has. A card that fails keeps the
older one, is named, and makes the run exit 1.
"""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from itertools import chain

from catalog import database
from catalog.journal import Journal
from publish.cards import memory
from publish.cards.draw import Easel, draw
from publish.cards.memory import Wanted
from publish.cards.store import CardStore
from render import Card, CardRenderer, ImageRenderer
from scripts import arguments
from scripts.render_new import of, report


def main(
    argv: Sequence[str] | None = None,
    journal: Journal | None = None,
    renderer: ImageRenderer | None = None,
    executor: Executor | None = None,
) -> int:
    """Redraw what is stale, and give the exit code."""
    parser = arguments.parser(__doc__, "regenerate")
    arguments.add_jobs(parser)
    args = parser.parse_args(argv)
    journal = journal or Journal()
    design = CardRenderer()
    easel = Easel(renderer or design, design.fingerprint, args.jobs, executor, args.dask)
    store = CardStore(args.data / "store" / "og")
    store.mend()
    with database.writing(args.data) as db:
        facts = database.generation(db)
        ids, pages, kept = stale(db, design.fingerprint)
        total = len(ids) + len(pages)
        result = draw(db, store, chain(pages, of(db, ids)), total, easel, journal)
        if not result.gone:
            memory.compared(db, facts, memory.design(design.fingerprint))
    journal.note(drawn=result.drawn, kept=kept, failed=len(result.failed))
    report("regenerate", result)
    print(f"regenerate: {result.drawn:,} redrawn, {kept:,} kept, {len(result.failed):,} failed")
    return 1 if result.failed or result.gone else 0


def stale(
    db: sqlite3.Connection, fingerprint: Callable[[Card], str]
) -> tuple[list[int], list[Wanted], int]:
    """Give the packages and the pages whose card is out of date, and how many are up to date."""
    ids = memory.to_compare(db, memory.design(fingerprint))
    old = [one for one in of(db, ids) if fingerprint(one.card) != one.had]
    pages = [
        page for page in memory.pages_wanted(db) if page.had and fingerprint(page.card) != page.had
    ]
    return [int(one.owner) for one in old], pages, memory.of_packages(db) - len(old)
