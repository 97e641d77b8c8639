"""The step `deploy`: the catalogue becomes a release, checked, and published by one rename."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog import code, database
from catalog.durable import sync
from catalog.journal import Journal
from publish import badges, check
from publish.badges import Badges
from publish.check import Page
from publish.composer import p2
from publish.prune import remove_old
from publish.releases import Releases
from publish.site import app, lists, published, write
from publish.site.published import Origin
from publish.site.write import NotPublishable, Settings
from publish.stores import Stores
from release.data import SITE, STATIC, Data

_NAMED = 10  # faults named on standard error


def deploy(data: Path, settings: Settings, keep: int, grace_days: int, journal: Journal) -> int:
    """Publish a release, or nothing if nothing changed; give the exit code.

    Then keep the newest `keep` releases, and replaced cards for `grace_days`.
    """
    publisher = _Publisher(data, settings, journal)
    for done in publisher.mend():
        print(f"deploy: {done}")
        journal.note(mended=done)
    with database.writing(data) as db:
        try:
            id = publisher.publish(db)
        except NotPublishable as reason:
            journal.complain(f"deploy: refused to publish: {reason}")
            return 3
        if id is None:
            print(f"deploy: nothing to do, {publisher.state()}")
            return 0
        gone = remove_old(db, data, keep, grace_days, journal)
    journal.note(release=id)
    print(f"deploy: published {id}; removed {gone.releases:,} old releases, {gone.cards:,} cards")
    return 0


class _Publisher:
    """Makes releases, and lets the public see one of them."""

    def __init__(self, data: Path, settings: Settings, journal: Journal) -> None:
        where = Data(data)
        self._releases = Releases(data)
        self._stores = Stores.of(where)
        self._composer = p2.Folder(data)
        self._badges = Badges(where.badges)
        self._settings = settings
        self._journal = journal

    def mend(self) -> list[str]:
        """Finish or remove what a killed run left; say what was done, a sentence each."""
        done = self._releases.mend()
        self._composer.mend()
        self._badges.mend()
        live = self._releases.current()
        if live and self._composer.equals() != live:
            self._show(live, None)
            done.append(f"showed the Composer metadata of {live} again")
        return done

    def state(self) -> str:
        """Say in words what is live."""
        live = self._releases.current()
        if taken_back := self._releases.rolled_back_from():
            return f"{live} stays live (rolled back from {taken_back})"
        return f"{live} is up to date"

    def publish(self, db: sqlite3.Connection) -> str | None:
        """Publish a new release and give its id, or None if nothing changed."""
        newest = self._releases.newest()
        base = self._releases.path(newest) / SITE if newest else None
        before = published.origin(base) if base else Origin()
        ours = code.known(db)
        origin = write.origin(db, self._settings, ours)
        code.keep(db, ours)
        if before == origin:
            return None
        now = datetime.now(UTC)
        folder = self._releases.begin(now)
        self._journal.reached("deploy: release begun")
        made = write.write(
            *(db, base, folder / SITE, self._settings, now.timestamp(), self._journal.steps),
            ours=ours,
        )
        lists.begin(folder / STATIC, self._settings.site_url)
        self._journal.reached("deploy: release written")
        linked = base is not None and made.metadata is not None and before.lists == origin.lists
        self._write_lists(folder, base.parent / STATIC if base and linked else None, made.touched)
        self._journal.reached("deploy: release checked")
        badges.write(db, self._badges, made.touched if before.badges == origin.badges else None)
        self._journal.reached("deploy: badges written")
        for store in (self._stores.cards.folder, self._stores.plates.folder, self._badges.folder):
            if store.is_dir():  # they may lie on file systems of their own
                sync(store)
        id = self._releases.finish(folder)
        self._journal.reached("deploy: release finished")
        self._show(id, made.metadata if self._composer.equals() == newest else None)
        self._journal.reached("deploy: metadata shown")
        self._releases.switch(id)
        self._journal.reached("deploy: current switched")
        self._journal.note(packages=made.packages, touched=len(made.touched))
        return id

    def _write_lists(self, folder: Path, before: Path | None, touched: Sequence[int]) -> None:
        """Ask the app for the lists and for the pages of the check. Raises NotPublishable.

        before: the lists of the release before, of which those stay in which nothing was touched.
        """
        files = lists.wanted(folder / STATIC, before, folder / SITE, touched)
        pages = [*check.pages(folder / SITE), *(Page(path, 200, "\n") for path in files)]
        try:
            answers = app.ask(folder, [page.path for page in pages])
        except app.NoAnswer as error:
            raise NotPublishable(str(error)) from error
        faults = [
            *check.lost_cards(folder / SITE, self._stores.cards, touched),
            *check.lost_plates(folder / SITE, self._stores.plates, touched),
            *check.lost_zips(folder / SITE, self._stores.zips, touched),
            *check.wrong_answers(pages, answers, self._stores),
        ]
        if faults:
            raise NotPublishable("; ".join(faults[:_NAMED]))
        for answer in answers:
            if answer.path in files:
                lists.write(files[answer.path], answer.body)

    def _show(self, id: str, changed: Sequence[str] | None) -> None:
        """Let Composer see a release's metadata; `changed` is what may differ from what it sees."""
        self._composer.show_release(self._releases, id, self._journal.reached, changed)
