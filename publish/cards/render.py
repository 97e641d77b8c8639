"""The steps `render-new` and `redraw`: which cards are drawn, and what is said of it."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from catalog import database
from catalog.journal import Journal, capped
from publish.cards import design, groups, memory, wanted
from publish.cards.draw import Easel, Result, Unable, draw
from publish.cards.wanted import Wanted
from publish.cards.workers import Workers
from publish.pictures.store import PictureStore
from publish.releases import Releases
from publish.stores import Stores
from release.data import SITE, Data
from render import CardRenderer, ImageRenderer, PlateRenderer, SvgRenderer


@dataclass(frozen=True, slots=True)
class Drawing:
    """How cards are drawn: by how many processes, or by a scheduler's workers.

    renderer: another one than the real one, whose pictures are taken for always the same; there are
    no plates then, but by `plates`, of which the same holds.
    """

    jobs: int = 1
    dask: str | None = None
    renderer: ImageRenderer | None = None
    executor: Executor | None = None
    plates: SvgRenderer | None = None


def render_new(
    data: Path, drawing: Drawing, journal: Journal, anew: Sequence[tuple[str, str]] = ()
) -> int:
    """Draw what has no card, and what its card does not warn of; give the exit code.

    anew: (type, slug) of packages whose card is drawn where it prints something else by now.
    """
    stores = Stores.of(Data(data))
    stores.mend()
    with database.writing(data) as db, Workers(drawing.jobs) as workers:
        pages = [page for page in wanted.for_pages(db) if not page.had]
        ids = list(dict.fromkeys((*wanted.due(db), *wanted.printing_differently(db, anew))))
        total = len(pages) + len(ids)
        due = chain(pages, wanted.for_packages(db, ids))
        result = Result()
        try:
            if total:  # to learn what draws costs a sixth of a second
                easel = _easel(db, data, drawing, workers)
                result = draw(db, stores, due, total, easel, journal)
        except Unable as unable:
            result = Result(gone=str(unable), unable=True)
        if not result.gone:
            wanted.warned(db)
        kept = wanted.count(db) - result.drawn
    return _report("render-new", "drawn", result, kept, journal)


def redraw(data: Path, drawing: Drawing, journal: Journal) -> int:
    """Draw again each card whose fingerprint is not the one it should have; give the exit code."""
    stores = Stores.of(Data(data))
    stores.mend()
    with database.writing(data) as db, Workers(drawing.jobs) as workers:
        facts = database.generation(db)
        try:
            easel = _easel(db, data, drawing, workers)
        except Unable as unable:
            unfit = Result(gone=str(unable), unable=True)
            return _report("redraw", "redrawn", unfit, wanted.count(db), journal)
        stale = wanted.stale(db, easel.fingerprint, easel.plate_digest)
        due: Iterable[Wanted] = chain(stale.pages, wanted.for_packages(db, stale.ids))
        result = draw(db, stores, due, stale.count, easel, journal)
        if not result.gone:
            wanted.compared(db, facts, easel.fingerprint, easel.plate_digest)
            _redraw_groups(db, data, stores, easel, result, journal)
    return _report("redraw", "redrawn", result, stale.kept, journal)


def _redraw_groups(
    db: sqlite3.Connection,
    data: Path,
    stores: Stores,
    easel: Easel,
    result: Result,
    journal: Journal,
) -> None:
    """Draw the cards of authors and tags, which show those of packages; add to the result."""
    releases = Releases(data)
    newest = releases.newest()
    site = releases.path(newest) / SITE if newest else None
    stale = groups.stale(db, site, easel.fingerprint)
    if stale.gone:
        memory.drop_pages(db, stale.gone, int(time.time()))
    made = draw(db, stores, stale.due, len(stale.due), easel, journal)
    result.drawn += made.drawn
    result.failed += made.failed
    result.gone = made.gone
    if not made.gone and not made.failed:
        groups.compared(db, stale.origin)


def _easel(db: sqlite3.Connection, data: Path, drawing: Drawing, workers: Workers) -> Easel:
    """Give what draws; the pictures of its probe cards are known. Raises Unable."""
    where = (drawing.jobs, drawing.executor, drawing.dask, workers)
    if drawing.renderer is not None:
        name = CardRenderer().fingerprint
        plate = PlateRenderer().digest if drawing.plates else wanted.no_plate
        return Easel(drawing.renderer, name, drawing.plates, plate, *where)
    real, plates = design.remembered_renderers(db, PictureStore(Data(data).pictures).get, workers)
    return Easel(real, real.fingerprint, plates, plates.digest, *where)


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
