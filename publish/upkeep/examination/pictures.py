"""The prepared pictures: those that are named are whole, and none is there that nobody knows."""

import time
from collections.abc import Iterator
from pathlib import Path

from catalog import database, pictures
from publish.pictures.store import PictureStore
from publish.upkeep.examination.finding import Finding
from release.data import Data


class Pictures:
    """The store of the packages' own pictures."""

    name = "pictures"

    def __init__(self, data: Path) -> None:
        self._data = data
        self._store = PictureStore(Data(data).pictures)
        self._lost: list[str] = []
        self._orphans: list[str] = []

    def look(self) -> Iterator[Finding]:
        """Tell the pictures that are not whole, and the files that nothing names."""
        self._lost, self._orphans = [], []
        try:
            with database.reading(self._data) as db:
                has, shown = pictures.prepared(db), pictures.in_use(db)
                retired = pictures.RETIRED.all(db)
        except database.DatabaseError:  # told of the catalogue
            return
        for name in has:
            if not self._store.whole(name):
                self._lost.append(name)
                what = f"{self._store.path(name)} is not there, or damaged"
                yield Finding(what, "has the picture asked for again", safe=True)
        for name in sorted(set(self._store.all()) - shown - retired):
            self._orphans.append(name)
            what = f"{self._store.path(name)} is shown by no card"
            yield Finding(what, "has it removed after the days of grace", safe=True)

    def mend(self) -> None:
        """Forget what is lost, so that it is asked for again, and retire the orphans."""
        if not self._lost and not self._orphans:
            return
        with database.writing(self._data) as db, database.transaction(db):
            for name in self._lost:
                self._store.remove(name)
            pictures.lose(db, self._lost)
            pictures.RETIRED.add(db, self._orphans, int(time.time()))
