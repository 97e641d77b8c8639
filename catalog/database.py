"""The working database, `catalog.db`: its schema, its migrations, its one writer."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from catalog.owner import make_private
from release.data import Data

_SCHEMA = Path(__file__).with_name("schema")


class DatabaseError(Exception):
    """A catalog.db that cannot be used, with what to do about it."""


@contextmanager
def writing(data: Path) -> Iterator[sqlite3.Connection]:
    """Open `data`/catalog.db for the holder of the lock; make it or bring it up to date first."""
    data.mkdir(parents=True, exist_ok=True)
    make_private(Data(data).catalog)  # SQLite gives its log the same mode
    with _named(data), closing(sqlite3.connect(Data(data).catalog, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        _migrate(db)
        yield db


@contextmanager
def adopted(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy of a catalog.db that is to become this one: brought up to date, a new lineage."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        _migrate(db)
        db.execute("UPDATE state SET value = lower(hex(randomblob(16))) WHERE key = 'lineage'")
        yield db


@contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection]:
    """Open `data`/catalog.db read-only, for reports; a missing one reads as an empty one."""
    path = Data(data).catalog
    if not path.exists():
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
            _migrate(db)
            yield db
        return
    # Without a -wal nobody has it open: immutable then leaves no file behind.
    mode = "mode=ro" if Path(f"{path}-wal").exists() else "mode=ro&immutable=1"
    uri = f"{path.resolve().as_uri()}?{mode}"
    with _named(data), closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as db:
        _refuse_other_schema(db, "reports read")
        yield db


@contextmanager
def scratch(data: Path) -> Iterator[sqlite3.Connection]:
    """Open a throw-away copy of `data`/catalog.db, to try on it what a run would do."""
    with reading(data) as db, closing(sqlite3.connect("", isolation_level=None)) as copy:
        db.backup(copy)
        yield copy


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commit what is done inside, all of it or, on any exception, none."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def generation(db: sqlite3.Connection) -> int:
    """Tell the number of the last published change."""
    return int(state(db, "generation"))


def lineage(db: sqlite3.Connection) -> str:
    """Name the catalogue that the generations are counted in."""
    return state(db, "lineage")


def state(db: sqlite3.Connection, key: str) -> str:
    """Give what is remembered under a key; '' for nothing."""
    row = db.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def keep_state(db: sqlite3.Connection, key: str, value: str) -> None:
    """Remember a text under a key, if it is not the one that is there."""
    if state(db, key) != value:
        db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))


def next_generation(db: sqlite3.Connection) -> int:
    """Begin the next generation, inside the transaction that makes the change."""
    db.execute("UPDATE state SET value = value + 1 WHERE key = 'generation'")
    return generation(db)


def newest_schema() -> int:
    """Give the version of the schema that this code works with."""
    return _migrations()[-1][0]


def _migrations() -> list[tuple[int, Path]]:
    return sorted((int(path.stem), path) for path in _SCHEMA.glob("*.sql"))


def _migrate(db: sqlite3.Connection) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    for number, path in _migrations():
        if number > version:
            # One script, one transaction: killed in between, it has not happened.
            steps = path.read_text(encoding="utf-8")
            db.executescript(f"BEGIN IMMEDIATE;\n{steps}\nPRAGMA user_version = {number};\nCOMMIT;")
    _refuse_other_schema(db, "this version knows")


def _refuse_other_schema(db: sqlite3.Connection, who: str) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    newest = newest_schema()
    if version != newest:
        raise DatabaseError(
            f"catalog.db has schema {version}, {who} {newest}: "
            + ("run `make pipeline` once" if version < newest else "use the newer Frontispiece")
        )


@contextmanager
def _named(data: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise DatabaseError(f"{Data(data).catalog}: {error}{_way_out(error)}") from error


def _way_out(error: sqlite3.DatabaseError) -> str:
    if type(error) is not sqlite3.DatabaseError:  # a full disk, a missing right
        return (
            ". The published site goes on as it is: see that the disk has room and that the file "
            "can be read and written, then run this again"
        )
    return (
        ". The published site does not need it: restore a backup, or move it away and run "
        "`make pipeline` to build it anew"
    )
