"""The plate files: those that are named are whole, and none is there that nobody knows."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

from catalog import database, progress
from publish.cards import memory
from publish.cards.wanted import Wanted
from publish.releases import Releases
from publish.site import published
from publish.stores import Stores
from publish.upkeep.examination.cards import Redraw
from publish.upkeep.examination.finding import Finding
from release.data import SITE, Data
from release.database import UnreadableRelease
from render import Card


class Plates:
    """The store. `fingerprint` names a card; `redraw` draws cards with their plates."""

    name = "plates"

    def __init__(self, data: Path, fingerprint: Callable[[Card], str], redraw: Redraw) -> None:
        self._data = data
        self._releases = Releases(data)
        self._stores = Stores.of(Data(data))
        self._fingerprint = fingerprint
        self._redraw = redraw
        self._broken: dict[str, list[int]] = {}  # digest -> the packages that have it now
        self._orphans: list[str] = []

    def look(self) -> Iterator[Finding]:
        """Tell the named plates that are not whole, and the files that nothing names."""
        self._broken, self._orphans = {}, []
        named = self._named()
        owners, retired = self._remembered()
        wanted = {plate: f"plugin or theme {ids[0]}" for plate, ids in owners.items()} | named
        for plate in progress.shown(wanted, "plates", len(wanted)):
            if fault := self._fault(plate):
                yield self._loss(plate, f"plate {plate} of {wanted[plate]} {fault}", owners)
        if not owners:  # no catalogue to ask: what it would know is no orphan
            return
        for plate in sorted(set(self._stores.plates.all()) - wanted.keys() - retired):
            self._orphans.append(plate)
            path = self._stores.plates.path(plate)
            what = f"{path} is named by no kept release, nor by the catalogue"
            yield Finding(what, "has it removed after the days of grace", safe=True)

    def mend(self) -> None:
        """Draw again what is as it was drawn, forget what is not, and retire the orphans."""
        if not self._broken and not self._orphans:
            return
        with database.writing(self._data) as db:
            for plate in self._broken:
                self._stores.plates.remove(plate)  # for a whole file is never overwritten
            ids = [id for owners in self._broken.values() for id in owners]
            cards = dict(memory.in_use(db))
            self._redraw(db, [one for id in ids if (one := self._same(db, id, cards[id]))])
            memory.lose(db, memory.lost(db, self._stores))
            with database.transaction(db):
                memory.PLATES.add(db, self._orphans, int(time.time()))

    def _named(self) -> dict[str, str]:
        """Give every plate that a kept release names, and where; the newest release first."""
        named: dict[str, str] = {}
        for id in reversed(self._releases.ids()):
            try:
                rows = published.plates_of(self._releases.path(id) / SITE)
            except (sqlite3.DatabaseError, UnreadableRelease):  # told among the releases
                continue
            for package, plate in rows:
                named.setdefault(plate, f"{package} in release {id}")
        return named

    def _remembered(self) -> tuple[dict[str, list[int]], set[str]]:
        """Give the packages that have each plate, and the retired plates."""
        owners: dict[str, list[int]] = {}
        try:
            with database.reading(self._data) as db:
                for id, plate in memory.plates_in_use(db):
                    owners.setdefault(plate, []).append(id)
                return owners, memory.PLATES.all(db)
        except database.DatabaseError:  # told of the catalogue
            return {}, set()

    def _fault(self, plate: str) -> str:
        try:
            content = self._stores.plates.path(plate).read_bytes()
        except FileNotFoundError:
            return "is not on disk"
        except (OSError, ValueError) as error:
            return f"cannot be read ({error})"
        return "" if _whole(content) else "is damaged on disk"

    def _loss(self, plate: str, what: str, owners: dict[str, list[int]]) -> Finding:
        if plate in owners:
            self._broken[plate] = owners[plate]
            return Finding(what, "has it drawn again", safe=True)
        return Finding(what, "nobody has it any more; it goes with the last release that names it")

    def _same(self, db: sqlite3.Connection, id: int, card: str) -> Wanted | None:
        """Ask for the very card again, with its plate; None if it would be another one."""
        printed = memory.as_drawn(db, id)
        if printed is None or self._fingerprint(printed) != card:
            return None
        return Wanted(id, f"{id}", printed, card)


def _whole(svg: bytes) -> bool:
    """Tell whether a file is XML from its first byte to its last."""
    try:
        expat.ParserCreate().Parse(svg, True)
    except expat.ExpatError:
        return False
    return True
