"""Copies of catalog.db, each one file that stands by itself, named by its moment, checked whole."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from catalog import database
from catalog.durable import fsync
from catalog.owner import make_private

_NAME = re.compile(r"catalog-(\d{8}T\d{6}Z)\.db")
_FORM = "%Y%m%dT%H%M%SZ"
_SHOWN = 3  # faults told of one file


class Unusable(Exception):
    """A catalogue or a backup that cannot be taken for one, with the reason."""


class Backups:
    """The backups in `folder`, oldest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Path]:
        """Give the finished backups, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if _NAME.fullmatch(path.name))

    def make(self, catalogue: Path, now: datetime) -> Path:
        """Copy a catalog.db as it is at one moment, even while a run writes to it.

        The copy gets its name when it has been checked and is on disk; Unusable if it is not sound.
        """
        self.folder.mkdir(0o700, parents=True, exist_ok=True)
        for leftover in self.folder.glob("catalog-*.db.tmp*"):
            leftover.unlink()
        path = self.folder / f"catalog-{self._moment(now)}.db"
        unfinished = path.with_name(f"{path.name}.tmp")
        try:
            make_private(unfinished)
            copy(catalogue, unfinished)
            refuse_unsound(unfinished)
        except Unusable:
            unfinished.unlink(missing_ok=True)
            raise
        fsync(unfinished)
        unfinished.rename(path)
        fsync(self.folder)
        return path

    def old(self, keep: int) -> list[Path]:
        """Give the backups beyond the newest `keep`."""
        return self.all()[:-keep]

    def _moment(self, now: datetime) -> str:
        """Name a moment after every other backup's, though the clock may have gone backwards."""
        moment = now.astimezone(UTC).replace(microsecond=0)
        if others := self.all():
            newest = datetime.strptime(others[-1].name[8:-3], _FORM).replace(tzinfo=UTC)
            moment = max(moment, newest + timedelta(seconds=1))
        return moment.strftime(_FORM)


def copy(source: Path, target: Path) -> None:
    """Copy a database by SQLite's own means into a new file without a log beside it."""
    if not source.exists():
        raise Unusable(f"there is no {source}")
    try:
        # Open as a writer would, so that SQLite's locks hold; nothing is written to it.
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True)) as db,
            closing(sqlite3.connect(target)) as made,
        ):
            db.backup(made)
            made.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        raise Unusable(f"{source}: {error}") from error


def refuse_unsound(path: Path) -> None:
    """Raise Unusable unless a file, which nobody writes, is a whole catalogue that we know."""
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as db:
            found = faults(db)
            if not found:
                database.generation(db)
    except (sqlite3.DatabaseError, TypeError) as error:
        raise Unusable(f"{path} is no catalogue: {error}") from error
    if found:
        raise Unusable(f"{path} is damaged: {'; '.join(found)}")


def faults(db: sqlite3.Connection) -> list[str]:
    """Say what SQLite finds wrong with a database, and with its schema; a few of each."""
    found = [
        str(line)
        for (line,) in db.execute(f"PRAGMA integrity_check({_SHOWN})").fetchall()
        if line != "ok"
    ]
    loose = db.execute("PRAGMA foreign_key_check").fetchmany(_SHOWN)
    found += [f"row {rowid} of {table} belongs to no {parent}" for table, rowid, parent, _ in loose]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if not 1 <= version <= database.newest_schema():
        found.append(f"its schema is {version}, and none above {database.newest_schema()} is known")
    return found
