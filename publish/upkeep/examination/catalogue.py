"""catalog.db: sound, of this schema, and with metadata that can be read."""

import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

from catalog import database, progress
from catalog.composer.name import InvalidName, package_name
from publish.upkeep import backup
from publish.upkeep.examination.finding import Finding
from release.data import Data

_RESTORE = "`make restore BACKUP=path`, or move it away and `make pipeline` builds it anew"


class Catalogue:
    """The write side's memory."""

    name = "catalogue"

    def __init__(self, data: Path) -> None:
        self._data = data
        self._unreadable: list[int] = []

    def look(self) -> Iterator[Finding]:
        """Tell what SQLite finds, and the packages whose metadata is not what Composer reads."""
        self._unreadable = []
        path = Data(self._data).catalog
        if not path.exists():
            yield Finding(f"there is no {path}", _RESTORE)
            return
        try:
            with database.reading(self._data) as db:
                for fault in backup.faults(db):
                    yield Finding(f"{path}: {fault}", _RESTORE)
                yield from self._metadata(db)
        except database.DatabaseError as error:
            yield Finding(str(error), "see there")

    def mend(self) -> None:
        """Have the unreadable metadata made again by the next build; what it had learnt stays."""
        if not self._unreadable:
            return
        with database.writing(self._data) as db, database.transaction(db):
            db.executemany(
                "UPDATE metadata SET facts_in = -1 WHERE package_id = ?",
                [(id,) for id in self._unreadable],
            )

    def _metadata(self, db: sqlite3.Connection) -> Iterator[Finding]:
        total = db.execute("SELECT count(*) FROM metadata").fetchone()[0]
        # Those that the next build makes again are not looked at: they may be half made.
        rows = db.execute(
            "SELECT id, type, slug, metadata.name, main, dev"
            " FROM package JOIN metadata ON package_id = id"
            " WHERE metadata.facts_in = package.facts_in ORDER BY id"
        )
        for id, type, slug, name, main, dev in progress.shown(rows, "metadata remembered", total):
            if fault := name_fault(type, slug, name) or (name and files_fault(name, main, dev)):
                self._unreadable.append(id)
                what = f"catalog.db: the metadata of {type}/{slug}: {fault}"
                yield Finding(what, "has the next pipeline make it again", safe=True)


def name_fault(type: str, slug: str, name: str) -> str:
    """Say what is wrong with a package's name by Composer's rule; '' if nothing is."""
    try:
        rightly = package_name("theme" if type == "theme" else "plugin", slug)
    except InvalidName:
        rightly = ""
    return "" if name == rightly else f"it is named {name!r}, which should be {rightly!r}"


def files_fault(name: str, main: bytes, dev: bytes) -> str:
    """Say what is wrong with a package's two packed files; '' if nothing is."""
    for packed in (main, dev):
        try:
            read = json.loads(gzip.decompress(packed))
        except (OSError, EOFError, zlib.error, ValueError) as error:
            return f"it cannot be read ({error})"
        if not isinstance(read, dict) or list(read.get("packages", ())) != [name]:
            return "it is not of this package"
    return ""
