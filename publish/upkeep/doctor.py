"""`doctor`: everything under DATA is looked at, and what is safe to mend is mended."""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from catalog import database
from catalog.journal import Journal
from publish.cards import design
from publish.cards.draw import Easel, draw
from publish.cards.store import CardStore, PlateStore
from publish.cards.wanted import Wanted
from publish.check import faults_of
from publish.pictures.store import PictureStore
from publish.stores import Stores
from publish.upkeep.examination import drawn
from publish.upkeep.examination.catalogue import Catalogue
from publish.upkeep.examination.finding import Examination, Finding
from publish.upkeep.examination.pictures import Pictures
from publish.upkeep.examination.releases import KeptReleases
from publish.upkeep.examination.rights import Reader, Rights
from publish.upkeep.examination.shown import Shown
from publish.upkeep.examination.zips import Zips
from release.data import Data
from render import CardRenderer, ImageRenderer, PlateRenderer, SvgRenderer

_TOLD = 20  # faults told of one thing; the rest are counted


def examinations(
    data: Path,
    readers: Sequence[Reader],
    renderer: ImageRenderer | None,
    plates: SvgRenderer | None = None,
    executor: Executor | None = None,
) -> list[Examination]:
    """Give what is looked at, in order.

    `renderer` and `plates` draw lost cards and plates instead of the real ones, in `executor`.
    """
    real, real_plates = _renderers(data) if renderer is None else (CardRenderer(), PlateRenderer())
    easel = Easel(
        renderer or real,
        real.fingerprint,
        plates or real_plates,
        real_plates.digest,
        executor=executor,
    )
    stores = Stores.of(Data(data))
    trusted = Stores(
        _TrustedCards(stores.cards.folder), _TrustedPlates(stores.plates.folder), stores.zips
    )

    def redraw(db: sqlite3.Connection, wanted: Sequence[Wanted]) -> None:
        draw(db, stores, wanted, len(wanted), easel, Journal())

    return [
        Rights(data, readers),
        Catalogue(data),
        Pictures(data),
        Zips(data),
        drawn.DrawnFiles(data, stores, drawn.cards(stores), real.fingerprint, redraw),
        drawn.DrawnFiles(data, stores, drawn.plates(stores), real.fingerprint, redraw),
        KeptReleases(data, lambda folder: faults_of(folder, trusted)),
        Shown(data),
    ]


class _TrustedCards(CardStore):
    """The store as a release's pages are checked with: its cards are looked at by themselves."""

    def whole(self, fingerprint: str) -> bool:
        """Take any card for whole."""
        return True


class _TrustedPlates(PlateStore):
    """Likewise."""

    def whole(self, fingerprint: str) -> bool:
        """Take any plate for whole."""
        return True


def examine(examinations: Sequence[Examination], *, mend: bool) -> int:
    """Tell each fault in a line, mend what is safe if asked to; give the exit code."""
    told = left = 0
    for one in examinations:
        found = _tell(one)
        told += len(found)
        if mend and any(fault.safe for fault in found):
            one.mend()
            print(f"doctor: {one.name}: mended what is safe, looking again")
            found = _tell(one)
        left += len(found)
    mended = f", {told - left:,} mended" if mend else ""
    print(f"doctor: {told:,} faults{mended}")
    return 1 if left else 0


def _tell(examination: Examination) -> list[Finding]:
    found = list(examination.look())
    for fault in found[:_TOLD]:
        print(f"doctor: {examination.name}: {fault}")
    if len(found) > _TOLD:
        print(f"doctor: {examination.name}: and {len(found) - _TOLD:,} more")
    return found


def _renderers(data: Path) -> tuple[CardRenderer, PlateRenderer]:
    try:
        with database.reading(data) as db:
            return design.renderers(db, PictureStore(Data(data).pictures).get)
    except database.DatabaseError:  # told of the catalogue
        return CardRenderer(), PlateRenderer()
