"""The step `prune`: old releases, cards that none of them names, pictures that no card shows."""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from catalog import database, pictures
from catalog.journal import Journal
from publish.cards import memory
from publish.cards.store import CardStore
from publish.pictures.store import PictureStore
from publish.releases import Releases
from publish.site import published
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

    Nothing that a kept release names ever goes.
    """
    releases, store = Releases(data), CardStore(Data(data).cards)
    removed = releases.old(keep)
    for id in removed:
        releases.remove(id)
        journal.reached("prune: release removed")
    before = int(time.time()) - grace_days * 86_400
    _remove_pictures(db, PictureStore(Data(data).pictures), before)
    retired = memory.retired(db, before)
    sites = [releases.path(id) / SITE for id in releases.ids()] if retired else []
    named = {card for site in sites for card in published.named(site, retired)}
    old = [fingerprint for fingerprint in retired if fingerprint not in named]
    for fingerprint in old:
        store.remove(fingerprint)
    journal.reached("prune: cards removed")
    if old:
        memory.forget(db, old)
    return Gone(len(removed), len(old))


def _remove_pictures(db: sqlite3.Connection, store: PictureStore, before: int) -> None:
    """Remove prepared pictures that were replaced before a moment, and that no card shows."""
    old = pictures.retired(db, before)
    for name in old:
        store.remove(name)
    if old:
        with database.transaction(db):
            pictures.forget(db, old)
