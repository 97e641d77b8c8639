"""The steps `render-new` and `redraw`: which cards are drawn, and what is said of it."""

import sqlite3
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from catalog import database
from catalog.journal import Journal, capped
from publish.cards import design, wanted
from publish.cards.draw import Easel, Result, Unable, draw
from publish.cards.store import CardStore
from publish.cards.wanted import Wanted
from publish.pictures.store import PictureStore
from release.data import Data
from render import CardRenderer, ImageRenderer


@dataclass(frozen=True, slots=True)
class Drawing:
    """How cards are drawn: by how many processes, or by a scheduler's workers.

    renderer: another one than the real one, whose pictures are taken for always the same.
    """

    jobs: int = 1
    dask: str | None = None
    renderer: ImageRenderer | None = None
    executor: Executor | None = None


def render_new(data: Path, drawing: Drawing, journal: Journal) -> int:
    """Draw what has never had a card, or has just been closed; give the exit code."""
    store = CardStore(Data(data).cards)
    store.mend()
    with database.writing(data) as db:
        pages = [page for page in wanted.for_pages(db) if not page.had]
        ids = [*wanted.never_drawn(db), *wanted.newly_closed(db)]
        total = len(pages) + len(ids)
        due = chain(pages, wanted.for_packages(db, ids))
        result = Result()
        try:
            if total:  # to learn what draws costs a sixth of a second
                result = draw(db, store, due, total, _easel(db, data, drawing), journal)
        except Unable as unable:
            result = Result(gone=str(unable), unable=True)
        kept = wanted.count(db) - result.drawn
    return _report("render-new", "drawn", result, kept, journal)


def redraw(data: Path, drawing: Drawing, journal: Journal) -> int:
    """Draw again each card whose fingerprint is not the one it should have; give the exit code."""
    store = CardStore(Data(data).cards)
    store.mend()
    with database.writing(data) as db:
        facts = database.generation(db)
        try:
            easel = _easel(db, data, drawing)
        except Unable as unable:
            unfit = Result(gone=str(unable), unable=True)
            return _report("redraw", "redrawn", unfit, wanted.count(db), journal)
        stale = wanted.stale(db, easel.fingerprint)
        due: Iterable[Wanted] = chain(stale.pages, wanted.for_packages(db, stale.ids))
        result = draw(db, store, due, stale.count, easel, journal)
        if not result.gone:
            wanted.compared(db, facts, easel.fingerprint)
    return _report("redraw", "redrawn", result, stale.kept, journal)


def _easel(db: sqlite3.Connection, data: Path, drawing: Drawing) -> Easel:
    """Give what draws; the pictures of its probe cards are known. Raises Unable."""
    if drawing.renderer is not None:
        name = CardRenderer().fingerprint
        return Easel(drawing.renderer, name, drawing.jobs, drawing.executor, drawing.dask)
    design.remember(db)
    real = design.renderer(db, PictureStore(Data(data).pictures).get)
    return Easel(real, real.fingerprint, drawing.jobs, drawing.executor, drawing.dask)


def _report(step: str, done: str, result: Result, kept: int, journal: Journal) -> int:
    """Say what was drawn and name what was not; give the exit code."""
    failed = [
        f"{step}: the card of {one.wanted.label} failed: {one.error}" for one in result.failed
    ]
    journal.note(drawn=result.drawn, kept=kept, failed=len(failed))
    journal.complain(*capped(failed, f"{step}: and {{:,}} more"))
    if result.gone:
        journal.complain(f"{step}: drawing ended early: {result.gone}")
    print(f"{step}: {result.drawn:,} {done}, {kept:,} kept, {len(failed):,} failed")
    return result.code
