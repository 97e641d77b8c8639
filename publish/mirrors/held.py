"""What another place holds of the store: a web server that we push to, or a bucket.

A place is compared file by file once. From then on a record here says what it was left with, and
what differs is read off: cards, plates and zips by their names, which never change content; badges
by their times; Composer files from the changes that a release tells of. A record that is missing or
not believed costs one more comparison and nothing else.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from catalog.durable import replace
from publish.composer import p2
from publish.releases import Releases
from publish.site import published
from publish.stores import Stores
from release.data import SITE, Data


class NotReady(Exception):
    """There is no whole release that could be published elsewhere; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Held:
    """What lies in one place.

    stamp: the release's moment in 1/10,000 s. cards: fingerprints. plates: digests. zips: names.
    badges: 'plugin/akismet' to the file's time in nanoseconds.
    """

    release: str
    stamp: int
    cards: frozenset[str]
    plates: frozenset[str]
    zips: frozenset[str]
    badges: Mapping[str, int]

    @classmethod
    def here(cls, data: Path) -> Self:
        """Look at what is live in our own data folder. Raises NotReady."""
        releases = Releases(data)
        live = releases.current()
        if live is None:
            raise NotReady("there is no release yet: run `make pipeline`")
        if p2.Folder(data).equals() != live:
            raise NotReady(f"the Composer files are not those of {live}: run `make deploy`")
        stamp = published.stamp(releases.path(live) / SITE)
        return cls(live, stamp, cards(data), plates(data), zips(data), badges(data))


class Record:
    """What we left a place with, in DATA/elsewhere; `place` names it, whatever way is unique."""

    def __init__(self, data: Path, place: str) -> None:
        self._place = place
        name = hashlib.blake2b(place.encode(), digest_size=8).hexdigest()
        self._path = Data(data).mirrors / f"{name}.json"

    def read(self) -> Held | None:
        """Give what was written; None if nothing was, or if it cannot be read."""
        try:
            said = json.loads(self._path.read_bytes())
            return Held(
                said["release"],
                said["stamp"],
                frozenset(said["cards"]),
                frozenset(said["plates"]),
                frozenset(said["zips"]),
                dict(said["badges"]),
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def token(self) -> str:
        """Give a digest of the record, '' if there is none: a place that has it was left so."""
        try:
            return hashlib.blake2b(self._path.read_bytes(), digest_size=16).hexdigest()
        except FileNotFoundError:
            return ""

    def write(self, held: Held) -> None:
        """Remember what the place was left with."""
        said = {
            "place": self._place,
            "release": held.release,
            "stamp": held.stamp,
            "badges": dict(sorted(held.badges.items())),
            "cards": sorted(held.cards),
            "plates": sorted(held.plates),
            "zips": sorted(held.zips),
        }
        replace(self._path, json.dumps(said).encode())

    def forget(self) -> None:
        """Believe nothing of the place until the next write: it is about to change."""
        self._path.unlink(missing_ok=True)


def cards(data: Path) -> frozenset[str]:
    """Give the fingerprints of all cards in our store."""
    return frozenset(Stores.of(Data(data)).cards.all())


def plates(data: Path) -> frozenset[str]:
    """Give the digests of all plates in our store."""
    return frozenset(Stores.of(Data(data)).plates.all())


def zips(data: Path) -> frozenset[str]:
    """Give the names of all kept zips in our store."""
    return frozenset(Stores.of(Data(data)).zips.all())


def badges(data: Path) -> dict[str, int]:
    """Give the badges in our store and their times in nanoseconds."""
    folder = Data(data).badges
    return {
        f"{path.parent.name}/{path.stem}": path.stat().st_mtime_ns
        for path in folder.glob("*/*.svg")
    }
