"""The card files: those that are named are whole, and none is there that nobody knows."""

import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from catalog import database, progress
from publish.cards import memory
from publish.cards.wanted import Wanted
from publish.releases import Releases
from publish.site import published
from publish.stores import Stores
from publish.upkeep.examination.finding import Finding
from release.data import SITE, Data
from render import Card

Redraw = Callable[[sqlite3.Connection, Sequence[Wanted]], None]


class Cards:
    """The store. `fingerprint` names a card; `redraw` draws cards and stores them."""

    name = "cards"

    def __init__(self, data: Path, fingerprint: Callable[[Card], str], redraw: Redraw) -> None:
        self._data = data
        self._releases = Releases(data)
        self._stores = Stores.of(Data(data))
        self._store = self._stores.cards
        self._fingerprint = fingerprint
        self._redraw = redraw
        self._broken: dict[str, int | str] = {}  # fingerprint -> the owner that has it now
        self._orphans: list[str] = []

    def look(self) -> Iterator[Finding]:
        """Tell the named cards that are not whole, and the files that nothing names."""
        self._broken, self._orphans = {}, []
        named = self._named()
        owners, retired = self._remembered()
        wanted = {**{card: f"plugin or theme {owner}" for card, owner in owners.items()}, **named}
        for card in progress.shown(wanted, "cards", len(wanted)):
            if fault := self._fault(card):
                yield self._loss(card, f"card {card} of {wanted[card]} {fault}", owners)
        if not owners:  # no catalogue to ask: what it would know is no orphan
            return
        for card in sorted(set(self._store.all()) - wanted.keys() - retired):
            self._orphans.append(card)
            what = f"{self._store.path(card)} is named by no kept release, nor by the catalogue"
            yield Finding(what, "has it removed after the days of grace", safe=True)

    def mend(self) -> None:
        """Draw again what is as it was printed, forget what is not, and retire the orphans."""
        if not self._broken and not self._orphans:
            return
        with database.writing(self._data) as db:
            for card in self._broken:
                self._store.remove(card)  # for a whole file is never overwritten
            again = [
                one for card, owner in self._broken.items() if (one := self._same(db, owner, card))
            ]
            self._redraw(db, again)
            memory.lose(db, memory.lost(db, self._stores))
            with database.transaction(db):
                memory.CARDS.add(db, self._orphans, int(time.time()))

    def _named(self) -> dict[str, str]:
        """Give every card that a kept release names, and where; the newest release first."""
        named: dict[str, str] = {}
        for id in reversed(self._releases.ids()):
            site = self._releases.path(id) / SITE
            try:
                rows = [*published.cards_of(site), *published.page_cards_of(site)]
            except sqlite3.DatabaseError:  # told among the releases
                continue
            for package, card in rows:
                named.setdefault(card, f"{package} in release {id}")
        return named

    def _remembered(self) -> tuple[dict[str, int | str], set[str]]:
        """Give the owner of each card in use, and the retired cards."""
        try:
            with database.reading(self._data) as db:
                return {card: owner for owner, card in memory.in_use(db)}, memory.CARDS.all(db)
        except database.DatabaseError:  # told of the catalogue
            return {}, set()

    def _fault(self, card: str) -> str:
        try:
            content = self._store.path(card).read_bytes()
        except FileNotFoundError:
            return "is not on disk"
        except (OSError, ValueError) as error:
            return f"cannot be read ({error})"
        return "" if _whole(content) else "is damaged on disk"

    def _loss(self, card: str, what: str, owners: dict[str, int | str]) -> Finding:
        if card in owners:
            self._broken[card] = owners[card]
            return Finding(what, "has it drawn again", safe=True)
        return Finding(what, "nobody has it any more; it goes with the last release that names it")

    def _same(self, db: sqlite3.Connection, owner: int | str, card: str) -> Wanted | None:
        """Ask for the very card again; None if its template or fonts have changed since."""
        printed = memory.as_drawn(db, owner)
        if printed is None or self._fingerprint(printed) != card:
            return None
        return Wanted(owner, f"{owner}", printed, card)


def _whole(png: bytes) -> bool:
    """Tell whether every chunk of a PNG is as its checksum says (PNG, section 5.3)."""
    at, kind = 8, b""
    while at + 12 <= len(png) and kind != b"IEND":
        size = int.from_bytes(png[at : at + 4], "big")
        kind, end = png[at + 4 : at + 8], at + 8 + size
        if png[end : end + 4] != zlib.crc32(png[at + 4 : end]).to_bytes(4, "big"):
            return False
        at = end + 4
    return png[:8] == b"\x89PNG\r\n\x1a\n" and kind == b"IEND" and at == len(png)
