"""How a published release is opened: read-only, immutable, and in the newest schema's form.

A release is never changed once it has its name, so SQLite needs neither locks nor a look at the
file. This code writes releases of `SCHEMA` and reads those of the schemas of `older/` as well:
their temporary views give them the newest form, so that a query knows one schema only.
"""

import re
import sqlite3
from pathlib import Path

_FOLDER = Path(__file__).parent
TABLES = _FOLDER / "site.sql"
_OLDER = {int(path.stem): path for path in (_FOLDER / "older").glob("*.sql")}
_KEPT = 16_000  # KB of pages that a connection keeps, as many as the dearest searches read


class UnreadableRelease(Exception):
    """A site.db that cannot be opened, is damaged, or is of a schema that is not read here."""


def tables() -> str:
    """Give the SQL that makes an empty site.db of this code's schema."""
    return TABLES.read_text(encoding="utf-8")


def _schema() -> int:
    found = re.search(r"user_version = (\d+)", tables())
    if found is None:
        raise ValueError(f"{TABLES} does not say which user_version it makes")
    return int(found[1])


SCHEMA = _schema()
READABLE = (*sorted(_OLDER), SCHEMA)


def readable() -> str:
    """Say which schemas are read here: '1, 2 and 3'."""
    *others, newest = map(str, READABLE)
    return f"{', '.join(others)} and {newest}"


def uri(site: Path) -> str:
    """Give the SQLite URI of a site.db.

    mode=ro as well: with immutable=1 alone SQLite creates a file that is missing. as_uri(), since a
    `?` or `#` in the path would otherwise end it and name another file.
    """
    return f"{site.resolve().as_uri()}?mode=ro&immutable=1"


def connect(site: Path) -> sqlite3.Connection:
    """Open a site.db whatever its schema is. Raises sqlite3.DatabaseError."""
    return sqlite3.connect(uri(site), uri=True, isolation_level=None)


def schema_of(db: sqlite3.Connection) -> int:
    """Tell the schema version of an opened site.db."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def open_release(site: Path) -> sqlite3.Connection:
    """Open a site.db that this code can read, in the newest form. Raises UnreadableRelease."""
    name = site.parent.name
    try:
        db = connect(site)
    except sqlite3.OperationalError as error:
        raise UnreadableRelease(f"Release {name} has no site.db that can be opened.") from error
    try:
        _adapt(db, name)
    except sqlite3.DatabaseError as error:
        db.close()
        raise UnreadableRelease(f"Release {name} is damaged: {error}.") from error
    except UnreadableRelease:
        db.close()
        raise
    return db


def _adapt(db: sqlite3.Connection, name: str) -> None:
    # Not mapped (mmap_size), hardly faster: a bad sector would end the process, not one answer.
    db.execute(f"PRAGMA cache_size = -{_KEPT}")
    version = schema_of(db)
    if version not in READABLE:
        raise UnreadableRelease(
            f"Release {name} has schema version {version}; this code reads {readable()}."
        )
    if version != SCHEMA:
        db.execute("PRAGMA temp_store = MEMORY")
        db.executescript(_OLDER[version].read_text(encoding="utf-8"))
