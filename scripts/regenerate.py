"""Redraw the cards whose printed facts changed since they were drawn.

A card is redrawn exactly if its fingerprint, of everything printed on it, the template, the fonts
and the renderer, differs from the fingerprint of the card it has. A card that fails keeps the
older one, is named, and makes the run exit 1.
"""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from itertools import chain

from catalog import cards, database
from catalog.cards import Wanted
from catalog.journal import Journal
from catalog.store import CardStore
from render import Card, CardRenderer, ImageRenderer
from scripts import arguments
from scripts.draw import Easel, draw
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
            cards.compared(db, facts, cards.design(design.fingerprint))
    journal.note(drawn=result.drawn, kept=kept, failed=len(result.failed))
    report("regenerate", result)
    print(f"regenerate: {result.drawn:,} redrawn, {kept:,} kept, {len(result.failed):,} failed")
    return result.code


def stale(
    db: sqlite3.Connection, fingerprint: Callable[[Card], str]
) -> tuple[list[int], list[Wanted], int]:
    """Give the packages and the pages whose card is out of date, and how many are up to date."""
    ids = cards.to_compare(db, cards.design(fingerprint))
    old = [one for one in of(db, ids) if fingerprint(one.card) != one.had]
    pages = [
        page for page in cards.pages_wanted(db) if page.had and fingerprint(page.card) != page.had
    ]
    return [int(one.owner) for one in old], pages, cards.of_packages(db) - len(old)
