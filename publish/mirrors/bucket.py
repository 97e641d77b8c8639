"""The step `bucket`: images, kept zips and Composer files are sent to an S3-compatible bucket."""

import hashlib
import importlib.util
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from catalog.journal import Journal
from publish.mirrors import held as places
from publish.mirrors.held import Held, NotReady, Record
from publish.releases import Releases
from publish.site import published
from release.address import badge_file, card_file, composer_files, plate_file, zip_file
from release.data import SITE, Data

if TYPE_CHECKING:
    from publish.mirrors.objects import Bucket

_LISTS = ("list.json", "filter-summary.json", "packages.json")  # in this order
# What is ours in the bucket. Other objects are left alone; so are kept zips, which are for ever.
_OURS = re.compile(
    r"og/[0-9a-f]{2}/[0-9a-f]{32}\.png|plates/[0-9a-f]{2}/[0-9a-f]{32}\.svg|badges/(plugin|theme)/[^/]+\.svg"
    r"|p2/wp-(plugin|theme)/[^/]+\.json|list\.json|filter-summary\.json|packages\.json"
)


# Type and Cache-Control: the same to caches as nginx says.
_CARD = ("image/png", "public, max-age=31536000, immutable")
_PLATE = ("image/svg+xml", "public, max-age=31536000, immutable")
_ZIP = ("application/zip", "public, max-age=31536000, immutable")
_BADGE = ("image/svg+xml", "public, max-age=3600")
_METADATA = ("application/json", "public, max-age=0, must-revalidate")


@dataclass(frozen=True, slots=True)
class Target:
    """A bucket and the beginning of the names in it; endpoint: of a store that is not Amazon's."""

    name: str
    prefix: str = ""
    endpoint: str | None = None

    @classmethod
    def parse(cls, text: str, endpoint: str | None = None) -> Self:
        """Read 's3://name/prefix'. Raises ValueError."""
        found = re.fullmatch(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", text)
        if not found:
            raise ValueError(f"{text!r} is not like s3://name")
        return cls(found[1], found[2] or "", endpoint)


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent, and how.

    cards: cards, plates and zips, and nothing else. full: believe the listing, not the record.
    plain: metadata not compressed, for clients that cannot read it. at_once: requests under way.
    """

    cards: bool = False
    full: bool = False
    plain: bool = False
    at_once: int = 16


def bucket(data: Path, target: Target, sending: Sending, journal: Journal) -> int:
    """Make a bucket equal to what is live; give the exit code."""
    if importlib.util.find_spec("boto3") is None:
        journal.complain("bucket: boto3 is missing: `make bucket` installs it")
        return 2
    from publish.mirrors.objects import Broken, Bucket, NoCredentials

    form = " plain" if sending.plain else ""
    record = Record(data, f"{target.endpoint or ''} {target.name}/{target.prefix}{form}")
    try:
        objects = Bucket(target.name, target.prefix, target.endpoint, sending.at_once)
        sender = _Sender(data, objects, record, journal, plain=sending.plain)
        send = sender.cards_only if sending.cards else sender.everything
        outcome = send(full=sending.full)
    except (NotReady, NoCredentials) as error:
        journal.complain(f"bucket: {error}")
        return 2
    except Broken as error:
        journal.complain(f"bucket: failed: {error}; the next run goes on from here")
        return 1
    journal.note(sent=objects.sent, deleted=objects.deleted)
    print(f"bucket: {outcome}")
    return 0


class _Sender:
    """Makes a bucket equal to what is live here."""

    def __init__(
        self, data: Path, bucket: "Bucket", record: Record, journal: Journal, *, plain: bool
    ) -> None:
        self._data = data
        self._store = Data(data).store
        self._bucket = bucket
        self._record = record
        self._reached = journal.reached
        self._twin, self._encoding = ("", "") if plain else (".gz", "gzip")

    def cards_only(self, *, full: bool) -> str:
        """Send the cards, plates and zips that are in the store and not in the bucket."""
        held = None if full else self._record.read()
        cards, plates = places.cards(self._data), places.plates(self._data)
        zips = places.zips(self._data)
        there = _lasting(held) if held else self._listed_lasting()
        self._put_lasting(cards, plates, zips, there)
        if held:
            cards, plates, zips = held.cards | cards, held.plates | plates, held.zips | zips
            self._record.write(replace(held, cards=cards, plates=plates, zips=zips))
        return self._told()

    def everything(self, *, full: bool) -> str:
        """Send what changed, in order, and delete what is gone."""
        here = Held.here(self._data)
        held = None if full else self._record.read()
        if held == here:
            return f"has {here.release} already"
        self._record.forget()
        self._reached("bucket: record forgotten")
        gone = self._by_record(here, held) if held else self._by_listing(here)
        self._reached("bucket: metadata sent")
        for name in _LISTS:  # one after the other, and nothing before is missing
            if _differs(name, self._metadata(name), self._bucket.listed(name)):
                self._bucket.put([(name, self._metadata(name))], *_METADATA, self._encoding)
        self._reached("bucket: lists sent")
        self._bucket.delete(gone)
        self._reached("bucket: gone deleted")
        self._record.write(here)
        return self._told()

    def _by_record(self, here: Held, held: Held) -> list[str]:
        """Send what differs from what the bucket was left with; give what is gone."""
        changed = published.packages_since(
            Releases(self._data).path(here.release) / SITE, held.stamp
        )
        if changed is None:  # after a rollback, or after days
            return self._by_listing(here)
        self._put_lasting(here.cards, here.plates, here.zips, _lasting(held))
        badges = sorted(name for name, _ in here.badges.items() - held.badges.items())
        self._bucket.put([self._badge(name) for name in badges], *_BADGE)
        files = [file for name in changed for file in composer_files(name)]
        there = [file for file in files if self._metadata(f"p2/{file}").exists()]
        self._put_metadata(there)
        return [
            *(_card(name) for name in sorted(held.cards - here.cards)),
            *(_plate(name) for name in sorted(held.plates - here.plates)),
            *(_badge(name) for name in sorted(held.badges.keys() - here.badges.keys())),
            *(f"p2/{file}" for file in files if file not in set(there)),
        ]

    def _by_listing(self, here: Held) -> list[str]:
        """Send what differs from what the bucket says that it has; give what is gone."""
        listed = self._bucket.listed("")
        self._put_lasting(here.cards, here.plates, here.zips, listed)
        badges = [self._badge(name) for name in sorted(here.badges)]
        self._bucket.put([one for one in badges if _differs(*one, listed)], *_BADGE)
        folder = self._store / "p2"
        ending = f".json{self._twin}"
        files = sorted(
            str(path.relative_to(folder)).removesuffix(self._twin)
            for path in folder.glob(f"wp-*/*{ending}")
        )
        self._put_metadata(
            [one for one in files if _differs(f"p2/{one}", self._metadata(f"p2/{one}"), listed)]
        )
        wanted = {
            *_lasting(here),
            *(_badge(name) for name in here.badges),
            *(f"p2/{file}" for file in files),
            *_LISTS,
        }
        return sorted(key for key in listed if key not in wanted and _OURS.fullmatch(key))

    def _listed_lasting(self) -> dict[str, str]:
        under = ("og/", "plates/", "zips/")
        return {key: tag for one in under for key, tag in self._bucket.listed(one).items()}

    def _put_lasting(
        self,
        cards: Iterable[str],
        plates: Iterable[str],
        zips: Iterable[str],
        there: Mapping[str, str],
    ) -> None:
        """Send what never changes under its name, as far as it is not there."""
        kinds = ((_card, cards, _CARD), (_plate, plates, _PLATE), (_zip, zips, _ZIP))
        for key_of, names, said in kinds:
            keys = map(key_of, names)
            new = sorted(key for key in keys if key not in there)
            self._bucket.put([(key, self._store / key) for key in new], *said)
        self._reached("bucket: cards sent")

    def _put_metadata(self, files: Iterable[str]) -> None:
        found = [(f"p2/{file}", self._metadata(f"p2/{file}")) for file in files]
        self._bucket.put(found, *_METADATA, self._encoding)

    def _badge(self, name: str) -> tuple[str, Path]:
        return _badge(name), self._store / _badge(name)

    def _metadata(self, key: str) -> Path:
        folder = self._store if key.startswith("p2/") else self._store / "p2"
        return folder / f"{key}{self._twin}"

    def _told(self) -> str:
        return f"{self._bucket.sent:,} objects sent, {self._bucket.deleted:,} deleted"


def _differs(key: str, path: Path, listed: Mapping[str, str]) -> bool:
    digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    return listed.get(key) != digest


def _card(fingerprint: str) -> str:
    return f"og/{card_file(fingerprint)}"


def _plate(digest: str) -> str:
    return f"plates/{plate_file(digest)}"


def _zip(name: str) -> str:
    return f"zips/{zip_file(name)}"


def _lasting(held: Held) -> dict[str, str]:
    """Give the keys of cards, plates and zips that a place holds."""
    keys = [*map(_card, held.cards), *map(_plate, held.plates), *map(_zip, held.zips)]
    return dict.fromkeys(keys, "")


def _badge(name: str) -> str:
    return f"badges/{badge_file(name)}"
