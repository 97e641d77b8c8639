"""What each release published, as read from DATA while it was live, and when that was."""

import gzip
import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from publish.cards.store import CardStore
from publish.releases import Releases
from publish.site import published
from tests.endurance import turning
from tests.endurance.visitors import METADATA


@dataclass(frozen=True)
class Edition:
    """A release: the turn it was made of, its cards by package, and the digests of its files."""

    id: str
    turn: int
    own: Mapping[str, str]  # the path of each package's card by 'plugin/p3'
    cards: frozenset[str]  # paths of all cards that any page may name
    files: Mapping[str, str]  # digests by path: lists, Composer's files

    @cached_property
    def known(self) -> dict[int, int]:
        """As of which turn each package is shown."""
        return turning.known(self.turn)

    @cached_property
    def listed(self) -> frozenset[int]:
        """The packages that are listed."""
        return frozenset(turning.listed(self.turn))

    def status(self, number: int) -> int:
        """Say how a package's page is answered: listed, withdrawn, or never heard of."""
        if number in self.listed:
            return 200
        return 410 if number in self.known else 404


@dataclass(frozen=True, slots=True)
class Moment:
    """A command that made a release live, from its beginning to its end (monotonic seconds)."""

    began: float
    ended: float
    edition: Edition


def read(data: Path, turn_of: Mapping[str, int]) -> Edition:
    """Read the live release. turn_of: the turn of each release's feed, by its id."""
    id = Releases(data).current()
    assert id is not None
    folder = data / "releases" / id
    site = folder / "site.db"
    address = CardStore(Path("/og")).path
    own = {label: str(address(card)) for label, card in published.cards_of(site)}
    pages = {str(address(card)) for _, card in published.page_cards_of(site)}
    files = {
        f"/{path.relative_to(folder / 'static')}": digest(path.read_bytes())
        for path in (folder / "static").rglob("*")
        if path.is_file()
    }
    files |= _metadata(site)
    files |= {path: digest((data / "store/p2" / path[1:]).read_bytes()) for path in METADATA}
    cards = frozenset({*own.values(), *pages})
    return Edition(id, turn_of[id], own, cards, files)


def digest(content: bytes) -> str:
    """Name content as visitors do."""
    return hashlib.sha256(content).hexdigest()[:24]


def _metadata(site: Path) -> dict[str, str]:
    with closing(sqlite3.connect(f"{site.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        rows = db.execute("SELECT name, main, dev FROM metadata").fetchall()
    main = {f"/p2/{name}.json": digest(gzip.decompress(packed)) for name, packed, _ in rows}
    return main | {f"/p2/{name}~dev.json": digest(gzip.decompress(dev)) for name, _, dev in rows}
