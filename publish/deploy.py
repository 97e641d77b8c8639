"""The step `deploy`: the catalogue becomes a release, checked, and published by one rename."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog import code, database
from catalog.composer.remembered import Sharing
from catalog.journal import Journal
from publish import badges, check
from publish.badges import Badges
from publish.check import Page
from publish.composer import p2
from publish.prune import remove_old
from publish.releases import Releases
from publish.site import app, lists, published, rows, shared, write
from publish.site.app import Asked
from publish.site.published import Origin
from publish.site.rows import Maker
from publish.site.write import NotPublishable, Settings
from publish.stores import Stores
from release.data import SITE, STATIC, Data

_NAMED = 10  # faults named on standard error


def deploy(
    data: Path,
    settings: Settings,
    keep: int,
    grace_days: int,
    journal: Journal,
    sharing: Sharing | None = None,
) -> int:
    """Publish a release, or nothing if nothing changed; give the exit code.

    Then keep the newest `keep` releases, and replaced cards for `grace_days`. sharing: the
    processes that make the rows of many packages.
    """
    make = shared.maker(data, sharing) if sharing else rows.in_turn
    publisher = _Publisher(data, settings, journal, make)
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

    def __init__(self, data: Path, settings: Settings, journal: Journal, make: Maker) -> None:
        where = Data(data)
        self._releases = Releases(data)
        self._stores = Stores.of(where)
        self._composer = p2.Folder(data)
        self._badges = Badges(where.badges)
        self._settings = settings
        self._journal = journal
        self._make = make

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
        with app.started(folder) as asked:
            made = write.write(
                *(db, base, folder / SITE, self._settings, now.timestamp(), self._journal.steps),
                ours=ours,
                make=self._make,
            )
            lists.begin(folder / STATIC, self._settings.site_url)
            self._journal.reached("deploy: release written")
            linked = base and made.metadata is not None and before.lists == origin.lists
            lists_before = base.parent / STATIC if base and linked else None
            self._write_lists(folder, lists_before, made.touched, asked)
        self._journal.reached("deploy: release checked")
        badges.write(db, self._badges, made.touched if before.badges == origin.badges else None)
        self._journal.reached("deploy: badges written")
        stores = (self._stores.cards.folder, self._stores.plates.folder, self._badges.folder)
        # They may lie on file systems of their own.
        id = self._releases.finish(folder, [store for store in stores if store.is_dir()])
        self._journal.reached("deploy: release finished")
        self._show(id, made.metadata if self._composer.equals() == newest else None)
        self._journal.reached("deploy: metadata shown")
        self._releases.switch(id)
        self._journal.reached("deploy: current switched")
        self._journal.note(packages=made.packages, touched=len(made.touched))
        return id

    def _write_lists(
        self, folder: Path, before: Path | None, touched: Sequence[int], asked: Asked
    ) -> None:
        """Ask the app for the lists and for the pages of the check. Raises NotPublishable.

        before: the lists of the release before, of which those stay in which nothing was touched.
        """
        files = lists.wanted(folder / STATIC, before, folder / SITE, touched)
        pages = [*check.pages(folder / SITE), *(Page(path, 200, "\n") for path in files)]
        try:
            answers = asked([page.path for page in pages])
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
