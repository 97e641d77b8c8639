"""Authors, and the packages of one."""

import sqlite3
from dataclasses import dataclass

from server.queries.lists import ENTRY, Entry


@dataclass(frozen=True, slots=True)
class Author:
    """An author. url: the author's own page, '' without one. packages: how many are listed."""

    name: str
    url: str
    packages: int


def find(connection: sqlite3.Connection, key: str) -> Author | None:
    """Give the author whose page is /authors/<key>, or None."""
    row = connection.execute(
        "SELECT author, author_url, (SELECT count(*) FROM package"
        "  WHERE author_key = ?1 AND withdrawn_at IS NULL) FROM package"
        " WHERE author_key = ?1 AND author_key <> '' AND withdrawn_at IS NULL"
        " ORDER BY active_installs DESC, slug LIMIT 1",
        (key,),
    ).fetchone()
    return None if row is None else Author(*row)


def changed(connection: sqlite3.Connection, key: str) -> int:
    """Give the Unix seconds when one of an author's packages changed last."""
    row = connection.execute(
        "SELECT max(coalesce(updated, changed)) FROM package JOIN history ON package_id = id"
        " WHERE author_key = ? AND withdrawn_at IS NULL",
        (key,),
    ).fetchone()
    return int(row[0])


def packages(
    connection: sqlite3.Connection, key: str, limit: int, offset: int = 0, besides: int = 0
) -> list[Entry]:
    """Give an author's packages, the most installed first, closed ones among them.

    besides: the id of a package that is left out.
    """
    rows = connection.execute(
        f"SELECT {ENTRY} FROM ("  # noqa: S608
        "  SELECT id FROM package"
        "  WHERE author_key = ? AND author_key <> '' AND withdrawn_at IS NULL AND id <> ?"
        "  ORDER BY active_installs DESC, slug LIMIT ? OFFSET ?"
        ") AS shown CROSS JOIN package ON package.id = shown.id"
        " ORDER BY active_installs DESC, slug",
        (key, besides, limit, offset),
    )
    return [Entry(*row) for row in rows]
