"""The kept zips: each is on disk as it was stored.

A file that belongs to no version stays: a lock file may name it.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from catalog import database, progress, zips
from publish.upkeep.examination.finding import Finding
from publish.zips.store import ZipStore
from release.data import Data


class Zips:
    """The store of the zips that are kept."""

    name = "zips"

    def __init__(self, data: Path) -> None:
        self._data = data
        self._store = ZipStore(Data(data).zips)
        self._lost: list[str] = []

    def look(self) -> Iterator[Finding]:
        """Tell the zips that are not whole."""
        self._lost = []
        try:
            with database.reading(self._data) as db:
                kept = zips.all_kept(db)
        except database.DatabaseError:  # told of the catalogue
            return
        for name in progress.shown(kept, "zips", len(kept)):
            if not self._store.whole(name):
                self._lost.append(name)
                what = f"{self._store.path(name)} of {kept[name]} is not there, or damaged"
                how = "has it asked for again, if no copy of it can be put there before"
                yield Finding(what, how, safe=True)

    def mend(self) -> None:
        """Forget what is lost, so that it is asked for again."""
        if not self._lost:
            return
        with database.writing(self._data) as db, database.transaction(db):
            for name in self._lost:
                self._store.remove(name)
            zips.lose(db, self._lost, int(time.time()))
