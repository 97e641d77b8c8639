"""The kept releases and the link to the live one."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
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
        ids = self._releases.ids()
        faults = {
            id: list(self._of(self._releases.path(id))) for id in progress.shown(ids, "releases")
        }
        for id in ids:
            folder, how = self._releases.path(id), _way_out(id, self._releases.current(), faults)
            yield from (Finding(f"release {id}: {fault}", how) for fault in faults[id])
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


def _way_out(id: str, live: str | None, faults: Mapping[str, Sequence[str]]) -> str:
    """Say what to do about a faulty release; `faults` has those of all, oldest first."""
    if id != live:
        return "`make prune KEEP=1` removes all but the live one"
    sound = [other for other, found in faults.items() if not found]
    if not sound:
        return (
            "no kept one is sound: `make pipeline` makes another, or, if it says that there is "
            f"nothing to do, once the folder {id} is moved out of releases/"
        )
    return f"`make rollback RELEASE={sound[-1]}`, then `make prune KEEP=1`"


def _missing(folder: Path) -> Iterator[str]:
    static = folder / "static"
    files = lists.wanted(static, None, folder / SITE, ())
    for path in (static / "robots.txt", *files.values()):
        if not path.is_file():
            yield f"{path} is missing"


def _broken(site: Path) -> Iterator[str]:
    with closing(database.connect(site)) as db:
        lines = db.execute(f"PRAGMA integrity_check({_FEW})").fetchall()
        yield from (str(line) for (line,) in lines if line != "ok")
        loose = db.execute("PRAGMA foreign_key_check").fetchmany(_FEW)
        yield from (f"row {row[1]} of {row[0]} belongs to no {row[2]}" for row in loose)
        version = database.schema_of(db)
        if version not in database.READABLE:
            yield f"its schema is {version}, and this version serves {database.readable()}"
