"""Remove old releases, and cards that no kept release names, after a time of grace.

The live release always stays. A card that a newer one has replaced stays --grace-days, so that
shares made before keep their picture, and longer if a kept release still names it.
"""

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass

from catalog import database
from catalog.journal import Journal
from publish.cards import memory
from publish.cards.store import CardStore
from publish.releases import Releases
from publish.site import published
from scripts import arguments


@dataclass(frozen=True, slots=True)
class Gone:
    """How many releases and cards were removed."""

    releases: int
    cards: int


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Prune, and give the exit code."""
    parser = arguments.parser(__doc__, "prune")
    arguments.add_keep(parser)
    args = parser.parse_args(argv)
    journal = journal or Journal()
    releases = Releases(args.data)
    store = CardStore(args.data / "store" / "og")
    with database.writing(args.data) as db:
        gone = prune(db, releases, store, args.keep, args.grace_days, journal)
    journal.note(pruned=gone.releases + gone.cards)
    print(f"prune: removed {gone.releases:,} old releases and {gone.cards:,} old cards")
    return 0


def prune(
    db: sqlite3.Connection,
    releases: Releases,
    store: CardStore,
    keep: int,
    grace_days: int,
    journal: Journal,
) -> Gone:
    """Remove what is old; nothing that a kept release names ever goes."""
    removed = releases.old(keep)
    for id in removed:
        releases.remove(id)
        journal.reached("prune: release removed")
    retired = memory.retired(db, int(time.time()) - grace_days * 86_400)
    sites = [releases.path(id) / "site.db" for id in releases.ids()] if retired else []
    named = {card for site in sites for card in published.named(site, retired)}
    old = [fingerprint for fingerprint in retired if fingerprint not in named]
    for fingerprint in old:
        store.remove(fingerprint)
    journal.reached("prune: cards removed")
    if old:
        memory.forget(db, old)
    return Gone(len(removed), len(old))
