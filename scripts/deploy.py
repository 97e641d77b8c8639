"""Publish the catalogue as a new release, or do nothing if nothing changed.

The release is built beside the live one, the real app is asked for real pages on it, every card
that it names is looked for, all is made durable, and then `current` is switched by one rename.
Killed at any instant, the site serves the old release or the new one, whole; the next run mends
what was left behind. Exits 3, publishing nothing, if the new release has a fault.
"""

import os
import sqlite3
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog import database, snapshot
from catalog.journal import Journal
from catalog.releases import Releases
from catalog.store import CardStore
from scripts import arguments
from scripts.check import faults_of
from scripts.prune import prune


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Deploy, and give the exit code."""
    parser = arguments.parser(__doc__, "deploy")
    arguments.add_site_url(parser)
    arguments.add_keep(parser)
    args = parser.parse_args(argv)
    journal = journal or Journal()
    releases = Releases(args.data)
    store = CardStore(args.data / "store" / "og")
    for done in releases.mend():
        print(f"deploy: {done}")
        journal.note(mended=done)
    with database.writing(args.data) as db:
        newest = releases.newest()
        base = releases.path(newest) / "site.db" if newest else None
        if base and snapshot.published(base) == _wanted(db, args.site_url):
            print(f"deploy: nothing to do, {_state(releases)}")
            return 0
        try:
            id = _publish(db, base, args.site_url, releases, store, journal)
        except snapshot.NotPublishable as reason:
            print(f"deploy: refused to publish: {reason}", file=sys.stderr)
            return 3
        gone = prune(db, releases, store, args.keep, args.grace_days, journal)
    journal.note(release=id)
    print(f"deploy: published {id}; removed {gone.releases:,} old releases, {gone.cards:,} cards")
    return 0


def _wanted(db: sqlite3.Connection, site_url: str) -> tuple[int, str]:
    return database.generation(db), snapshot.inputs(db, site_url)


def _state(releases: Releases) -> str:
    if taken_back := releases.rolled_back_from():
        return f"{releases.current()} stays live (rolled back from {taken_back})"
    return f"{releases.current()} is up to date"


def _publish(
    db: sqlite3.Connection,
    base: Path | None,
    site_url: str,
    releases: Releases,
    store: CardStore,
    journal: Journal,
) -> str:
    folder = releases.begin(datetime.now(UTC))
    journal.reached("deploy: release begun")
    made = snapshot.write(db, base, folder / "site.db", site_url)
    _write_statics(folder / "static", site_url)
    journal.reached("deploy: release written")
    faults = faults_of(folder, store, made.touched)
    if faults:
        raise snapshot.NotPublishable("; ".join(faults[:10]))
    journal.reached("deploy: release checked")
    os.sync()  # the cards it names, in one go: thousands of single fsyncs take far longer
    id = releases.finish(folder)
    journal.reached("deploy: release finished")
    releases.switch(id)
    journal.reached("deploy: current switched")
    journal.note(packages=made.packages, touched=len(made.touched))
    return id


def _write_statics(folder: Path, site_url: str) -> None:
    folder.mkdir()
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {site_url}/sitemap.xml\n"
    (folder / "robots.txt").write_text(robots)
