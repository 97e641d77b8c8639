"""Tags, and the open packages that bear one."""

import sqlite3
from dataclasses import dataclass

from server.queries.lists import ENTRY, Entry


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag as most of its packages write it, and how many open packages bear it."""

    key: str
    label: str
    packages: int


def find(connection: sqlite3.Connection, key: str) -> TagCount | None:
    """Give the tag whose page is /tags/<key>; None when no open package bears it."""
    row = connection.execute(
        "SELECT tag, label, (SELECT count(*) FROM tag WHERE tag = ?1)"
        " FROM tag WHERE tag = ?1 ORDER BY rank LIMIT 1",
        (key,),
    ).fetchone()
    return None if row is None else TagCount(*row)


def packages(connection: sqlite3.Connection, key: str, limit: int, offset: int = 0) -> list[Entry]:
    """Give the packages that bear a tag, the most installed first."""
    rows = connection.execute(
        f"SELECT {ENTRY} FROM ("  # noqa: S608
        "  SELECT rank, package_id FROM tag WHERE tag = ?"
        "  ORDER BY rank, package_id LIMIT ? OFFSET ?"
        ") AS shown CROSS JOIN package ON package.id = package_id"
        " ORDER BY shown.rank, package_id",
        (key, limit, offset),
    )
    return [Entry(*row) for row in rows]
