"""The kept releases and the link to the live one."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from catalog import progress
from publish.releases import Releases
from publish.site import lists
from publish.upkeep.examination.finding import Finding
from release import database
from release.data import SITE, Data

_FEW = 3  # faults told of one database


class KeptReleases:
    """The releases. `faults` asks the real app for pages of one and says what was wrong."""

    name = "releases"

    def __init__(self, data: Path, faults: Callable[[Path], list[str]]) -> None:
        self._data = data
        self._releases = Releases(data)
        self._faults = faults
        self._writable: list[Path] = []
        self._astray = False

    def look(self) -> Iterator[Finding]:
        """Tell what is wrong with each release, and with `current`."""
        self._writable, self._astray = [], False
        yield from self._current()
        for id in progress.shown(self._releases.ids(), "releases"):
            folder = self._releases.path(id)
            how = (
                "`make rollback` to another, then `make prune KEEP=1`"
                if id == self._releases.current()
                else "`make prune KEEP=1` removes all but the live one"
            )
            for fault in self._of(folder):
                yield Finding(f"release {id}: {fault}", how)
            for path in (folder / SITE, *folder.glob("static/**/*")):
                if path.is_file() and path.stat().st_mode & 0o222:
                    self._writable.append(path)
                    yield Finding(f"{path} can be written to", "makes it read-only", safe=True)

    def mend(self) -> None:
        """Let `current` lead to the release that it should, and take the right to write."""
        for path in self._writable:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)
        if self._astray:
            live = self._releases.current()
            self._releases.mend()
            if live and live == self._releases.current():
                self._releases.switch(live)

    def _current(self) -> Iterator[Finding]:
        link, live = Data(self._data).current, self._releases.current()
        newest = self._releases.newest()
        if newest is None:
            yield Finding(f"no release is published in {self._data}", "`make pipeline` makes one")
            return
        self._astray = True
        leads = os.readlink(link) if link.is_symlink() else None  # noqa: PTH115
        if live is None:
            what = f"leads to {leads}, which is not there" if leads else "is not there"
            yield Finding(f"{link} {what}", f"publishes {newest}", safe=True)
        elif leads != f"releases/{live}":
            what = f"{link} leads to {leads}, and would not if the folder were moved"
            yield Finding(what, f"makes it lead to releases/{live}", safe=True)
        elif newest not in (live, self._releases.rolled_back_from()):
            what = f"release {newest} is finished, and {live} is live"
            yield Finding(what, "publishes it, as the next run would", safe=True)
        else:
            self._astray = False

    def _of(self, folder: Path) -> Iterator[str]:
        for path in folder.glob("site.db-*"):
            yield f"{path} shows that something wrote to it"
        if not (folder / SITE).is_file():
            yield f"there is no {folder / SITE}"
            return
        try:
            broken = list(_broken(folder / SITE))
        except sqlite3.DatabaseError as error:
            broken = [str(error)]
        yield from (f"site.db: {fault}" for fault in broken)
        if not broken:
            yield from _missing(folder)
            yield from self._faults(folder)


def _missing(folder: Path) -> Iterator[str]:
    static = folder / "static"
    files = lists.wanted(static, None, folder / SITE, ())
    for path in (static / "robots.txt", *files.values()):
        if not path.is_file():
            yield f"{path} is missing"


def _broken(site: Path) -> Iterator[str]:
    uri = f"{site.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as db:
        lines = db.execute(f"PRAGMA integrity_check({_FEW})").fetchall()
        yield from (str(line) for (line,) in lines if line != "ok")
        loose = db.execute("PRAGMA foreign_key_check").fetchmany(_FEW)
        yield from (f"row {row[1]} of {row[0]} belongs to no {row[2]}" for row in loose)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != database.SCHEMA:
            yield f"its schema is {version}, and this version serves {database.SCHEMA}"
