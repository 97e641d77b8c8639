"""The step `fetch-pictures`: which packages' own pictures are to be looked at, here and elsewhere.

What asks and what judges is loaded when there is anything to look at: most runs have nothing.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog import database, pictures
from catalog.journal import Journal
from catalog.pictures import Picture
from publish.pictures import preparing
from publish.pictures.beside import Beside
from publish.pictures.store import PictureStore
from release.data import Data


@dataclass(frozen=True, slots=True)
class Asking:
    """Which hosts are asked for pictures, for how many in one run, and how.

    through: a mirror that is asked in their place, or ''. contact: for the User-Agent.
    """

    hosts: tuple[str, ...]
    per_run: int
    contact: str = ""
    through: str = ""
    concurrency: int = 10


@dataclass(frozen=True, slots=True)
class Todo:
    """The pictures to look at: those beside source files, and those that hosts are asked for."""

    beside: Beside
    here: Sequence[Picture]
    asking: Asking | None
    there: Sequence[Picture]


def fetch_pictures(
    data: Path, files: Collection[str], asking: Asking | None, jobs: int, journal: Journal
) -> int:
    """Bring the prepared pictures up to date; give the exit code.

    files: the sources that are files, for pictures that lie beside them. asking: None, to ask
    nobody. jobs: processes that prepare pictures.
    """
    store, beside = PictureStore(Data(data).pictures), Beside(files)
    store.mend()
    with database.writing(data) as db:
        preparing.made_anew(db)
        here = [one for one in pictures.local(db) if beside.seal(one) != one.etag]
        there = pictures.due(db, int(time.time()), asking.per_run) if asking else []
        if not here and not there:
            print("fetch-pictures: none is due")
            return 0
        from publish.pictures.fetch import fetch

        return fetch(db, store, Todo(beside, here, asking, there), jobs, journal)
