"""The step `prune`: what is old is removed: releases, cards, plates, packages' own pictures."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog import database, pictures
from catalog.journal import Journal
from publish.cards import memory
from publish.pictures.store import PictureStore
from publish.releases import Releases
from publish.site import published
from publish.stores import Stores
from release.data import SITE, Data


@dataclass(frozen=True, slots=True)
class Gone:
    """How many releases and cards were removed."""

    releases: int
    cards: int


def prune(data: Path, keep: int, grace_days: int, journal: Journal) -> int:
    """Remove what is old; give the exit code."""
    with database.writing(data) as db:
        gone = remove_old(db, data, keep, grace_days, journal)
    journal.note(pruned=gone.releases + gone.cards)
    print(f"prune: removed {gone.releases:,} old releases and {gone.cards:,} old cards")
    return 0


def remove_old(
    db: sqlite3.Connection, data: Path, keep: int, grace_days: int, journal: Journal
) -> Gone:
    """Keep the newest releases, and cards for some days after they were replaced.

    Nothing that a kept release names ever goes, and no kept zip.
    """
    releases, stores = Releases(data), Stores.of(Data(data))
    removed = releases.old(keep)
    for id in removed:
        releases.remove(id)
        journal.reached("prune: release removed")
    sites = [releases.path(id) / SITE for id in releases.ids()]
    before = int(time.time()) - grace_days * 86_400
    stores.zips.remove_abandoned()
    _remove_pictures(db, PictureStore(Data(data).pictures), before)
    old = _unnamed(memory.CARDS.before(db, before), sites, published.named)
    for fingerprint in old:
        stores.cards.remove(fingerprint)
    plates = _unnamed(memory.PLATES.before(db, before), sites, published.named_plates)
    for digest in plates:
        stores.plates.remove(digest)
    journal.reached("prune: cards removed")
    if old or plates:
        with database.transaction(db):
            memory.CARDS.drop(db, old)
            memory.PLATES.drop(db, plates)
    return Gone(len(removed), len(old))


def _remove_pictures(db: sqlite3.Connection, store: PictureStore, before: int) -> None:
    """Remove prepared pictures that were replaced before a moment, and that no card shows."""
    old = pictures.retired(db, before)
    for name in old:
        store.remove(name)
    if old:
        with database.transaction(db):
            pictures.RETIRED.drop(db, old)


def _unnamed(
    retired: Sequence[str],
    sites: Sequence[Path],
    named: Callable[[Path, Sequence[str]], set[str]],
) -> list[str]:
    """Give those that no release names."""
    kept = {name for site in sites for name in named(site, retired)} if retired else set()
    return [name for name in retired if name not in kept]
