"""The files of cards and plates: what is named is whole, and nothing is there that nobody knows."""

import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from catalog import database, progress
from catalog.retired import Retired
from publish.cards import memory
from publish.cards.store import CardStore, PlateStore
from publish.cards.wanted import Wanted
from publish.releases import Releases
from publish.site import published
from publish.stores import Stores
from publish.upkeep.examination.finding import Finding
from release.data import SITE
from release.database import UnreadableRelease
from render import Card

Redraw = Callable[[sqlite3.Connection, Sequence[Wanted]], None]
_Owner = int | str  # the id of a package, or the name of a page
_Names = Iterable[tuple[str, str]]  # of a package or page, and of its file


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked of cards and plates alike."""

    noun: str
    store: CardStore | PlateStore
    retired: Retired
    whole: Callable[[bytes], bool]
    in_release: Callable[[Path], _Names]  # all that a site.db names
    in_use: Callable[[sqlite3.Connection], Iterable[tuple[_Owner, str]]]  # who has which now


def cards(stores: Stores) -> Kind:
    """Give what is asked of cards."""
    return Kind("card", stores.cards, memory.CARDS, _whole_png, _cards_of, memory.in_use)


def plates(stores: Stores) -> Kind:
    """Give what is asked of plates."""
    named, used = published.plates_of, memory.plates_in_use
    return Kind("plate", stores.plates, memory.PLATES, _whole_svg, named, used)


class DrawnFiles:
    """The files of a kind. `fingerprint` names a card; `redraw` draws cards with their plates."""

    def __init__(
        self,
        data: Path,
        stores: Stores,
        kind: Kind,
        fingerprint: Callable[[Card], str],
        redraw: Redraw,
    ) -> None:
        self.name = f"{kind.noun}s"
        self._data, self._stores, self._kind = data, stores, kind
        self._releases = Releases(data)
        self._fingerprint = fingerprint
        self._redraw = redraw
        self._broken: dict[str, list[_Owner]] = {}  # a file -> the owners that have it now
        self._orphans: list[str] = []

    def look(self) -> Iterator[Finding]:
        """Tell the named files that are not whole, and the files that nothing names."""
        self._broken, self._orphans = {}, []
        noun, store = self._kind.noun, self._kind.store
        owners, retired = self._remembered()
        wanted = {file: f"plugin or theme {of[0]}" for file, of in owners.items()} | self._named()
        for file in progress.shown(wanted, self.name, len(wanted)):
            if fault := self._fault(file):
                yield self._loss(file, f"{noun} {file} of {wanted[file]} {fault}", owners)
        if not owners:  # no catalogue to ask: what it would know is no orphan
            return
        for file in sorted(set(store.all()) - wanted.keys() - retired):
            self._orphans.append(file)
            what = f"{store.path(file)} is named by no kept release, nor by the catalogue"
            yield Finding(what, "has it removed after the days of grace", safe=True)

    def mend(self) -> None:
        """Draw again what is as it was drawn, forget what is not, and retire the orphans."""
        if not self._broken and not self._orphans:
            return
        with database.writing(self._data) as db:
            for file in self._broken:
                self._kind.store.remove(file)  # for a whole file is never overwritten
            names = dict(memory.in_use(db))
            owners = [owner for of in self._broken.values() for owner in of]
            again = (self._same(db, owner, names[owner]) for owner in owners)
            self._redraw(db, [one for one in again if one])
            memory.lose(db, memory.lost(db, self._stores))
            with database.transaction(db):
                self._kind.retired.add(db, self._orphans, int(time.time()))

    def _named(self) -> dict[str, str]:
        """Give every file that a kept release names, and where; the newest release first."""
        named: dict[str, str] = {}
        for id in reversed(self._releases.ids()):
            try:
                rows = self._kind.in_release(self._releases.path(id) / SITE)
            except (sqlite3.DatabaseError, UnreadableRelease):  # told among the releases
                continue
            for owner, file in rows:
                named.setdefault(file, f"{owner} in release {id}")
        return named

    def _remembered(self) -> tuple[dict[str, list[_Owner]], set[str]]:
        """Give the owners of each file in use, and the retired files."""
        owners: dict[str, list[_Owner]] = {}
        try:
            with database.reading(self._data) as db:
                for owner, file in self._kind.in_use(db):
                    owners.setdefault(file, []).append(owner)
                return owners, self._kind.retired.all(db)
        except database.DatabaseError:  # told of the catalogue
            return {}, set()

    def _fault(self, file: str) -> str:
        try:
            content = self._kind.store.path(file).read_bytes()
        except FileNotFoundError:
            return "is not on disk"
        except (OSError, ValueError) as error:
            return f"cannot be read ({error})"
        return "" if self._kind.whole(content) else "is damaged on disk"

    def _loss(self, file: str, what: str, owners: dict[str, list[_Owner]]) -> Finding:
        if file in owners:
            self._broken[file] = owners[file]
            return Finding(what, "has it drawn again", safe=True)
        return Finding(what, "nobody has it any more; it goes with the last release that names it")

    def _same(self, db: sqlite3.Connection, owner: _Owner, card: str) -> Wanted | None:
        """Ask for the very card again; None if its template or fonts have changed since."""
        printed = memory.as_drawn(db, owner)
        if printed is None or self._fingerprint(printed) != card:
            return None
        return Wanted(owner, f"{owner}", printed, card)


def _cards_of(site: Path) -> _Names:
    return [*published.cards_of(site), *published.page_cards_of(site)]


def _whole_png(png: bytes) -> bool:
    """Tell whether every chunk of a PNG is as its checksum says (PNG, section 5.3)."""
    at, kind = 8, b""
    while at + 12 <= len(png) and kind != b"IEND":
        size = int.from_bytes(png[at : at + 4], "big")
        kind, end = png[at + 4 : at + 8], at + 8 + size
        if png[end : end + 4] != zlib.crc32(png[at + 4 : end]).to_bytes(4, "big"):
            return False
        at = end + 4
    return png[:8] == b"\x89PNG\r\n\x1a\n" and kind == b"IEND" and at == len(png)


def _whole_svg(svg: bytes) -> bool:
    """Tell whether a file is XML from its first byte to its last."""
    try:
        expat.ParserCreate().Parse(svg, True)
    except expat.ExpatError:
        return False
    return True
