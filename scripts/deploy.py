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

from catalog import database
from catalog.journal import Journal
from publish import badges
from publish.badges import Badges
from publish.cards.store import CardStore
from publish.composer import p2
from publish.releases import Releases
from publish.site import lists, published, write
from publish.site.write import Settings
from scripts import arguments
from scripts.check import faults_of
from scripts.prune import prune


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Deploy, and give the exit code."""
    parser = arguments.parser(__doc__, "deploy")
    arguments.add_site(parser)
    arguments.add_keep(parser)
    args = parser.parse_args(argv)
    journal = journal or Journal()
    press = _Press(args.data, arguments.site(args), journal)
    for done in press.mend():
        print(f"deploy: {done}")
        journal.note(mended=done)
    with database.writing(args.data) as db:
        try:
            id = press.publish(db)
        except write.NotPublishable as reason:
            print(f"deploy: refused to publish: {reason}", file=sys.stderr)
            return 3
        if id is None:
            print(f"deploy: nothing to do, {press.state()}")
            return 0
        gone = prune(db, press.releases, press.store, args.keep, args.grace_days, journal)
    journal.note(release=id)
    print(f"deploy: published {id}; removed {gone.releases:,} old releases, {gone.cards:,} cards")
    return 0


class _Press:
    """Makes releases, and shows the public one of them."""

    def __init__(self, data: Path, settings: Settings, journal: Journal) -> None:
        self.releases = Releases(data)
        self.store = CardStore(data / "store" / "og")
        self._folder = p2.Folder(data)
        self._badges = Badges(data / "store" / "badges")
        self._settings = settings
        self._journal = journal

    def mend(self) -> list[str]:
        """Finish or remove what a killed run left; say what was done, a sentence each."""
        done = self.releases.mend()
        self._folder.mend()
        self._badges.mend()
        live = self.releases.current()
        if live and self._folder.equals() != live:
            self._show(live, None)
            done.append(f"showed the Composer metadata of {live} again")
        return done

    def state(self) -> str:
        """Say in words what is live."""
        live = self.releases.current()
        if taken_back := self.releases.rolled_back_from():
            return f"{live} stays live (rolled back from {taken_back})"
        return f"{live} is up to date"

    def publish(self, db: sqlite3.Connection) -> str | None:
        """Publish a new release and give its id, or None if nothing changed."""
        newest = self.releases.newest()
        base = self.releases.path(newest) / "site.db" if newest else None
        wanted = (database.generation(db), write.inputs(db, self._settings))
        if base and published.made_of(base) == wanted:
            return None
        now = datetime.now(UTC)
        folder = self.releases.begin(now)
        self._journal.reached("deploy: release begun")
        made = write.write(
            db, base, folder / "site.db", self._settings, now.timestamp(), self._journal.steps
        )
        lists.begin(folder / "static", self._settings.site_url)
        self._journal.reached("deploy: release written")
        before = None if base is None or made.metadata is None else base.parent / "static"
        answers = lists.wanted(folder / "static", before, folder / "site.db", made.touched)
        faults = faults_of(folder, self.store, made.touched, answers)
        if faults:
            raise write.NotPublishable("; ".join(faults[:10]))
        self._journal.reached("deploy: release checked")
        badges.write(db, self._badges, made.touched)
        self._journal.reached("deploy: badges written")
        os.sync()  # the cards it names, in one go: thousands of single fsyncs take far longer
        id = self.releases.finish(folder)
        self._journal.reached("deploy: release finished")
        self._show(id, made.metadata if self._folder.equals() == newest else None)
        self._journal.reached("deploy: metadata shown")
        self.releases.switch(id)
        self._journal.reached("deploy: current switched")
        self._journal.note(packages=made.packages, touched=len(made.touched))
        return id

    def _show(self, id: str, changed: Sequence[str] | None) -> None:
        """Let Composer see a release's metadata; `changed` is what may differ from what it sees."""
        self._folder.show_release(self.releases, id, self._journal.reached, changed)
