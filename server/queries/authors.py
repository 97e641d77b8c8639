"""Authors, and the packages of one."""

import sqlite3
from dataclasses import dataclass

from release import author
from server.queries.lists import ENTRY, Entry

_MOST_NAMESAKES = 50


@dataclass(frozen=True, slots=True)
class Author:
    """An author. name: see release/author.py. url: the author's own page, '' without one.
    packages: how many are listed.
    """

    key: str
    name: str
    url: str
    packages: int


def find(connection: sqlite3.Connection, key: str) -> Author | None:
    """Give the author whose page is /authors/<key>, or None."""
    row = connection.execute(
        "SELECT author, author_url,"  # noqa: S608
        " (SELECT count(*) FROM package WHERE author_key = ?1 AND withdrawn_at IS NULL)"
        " FROM package WHERE author_key = ?1 AND author_key <> '' AND withdrawn_at IS NULL"
        f" AND author = ({author.NAME}) ORDER BY updated DESC, slug LIMIT 1",
        (key,),
    ).fetchone()
    if row is None:
        return None
    name, url, packages = row
    return Author(key, name or key, url, packages)


def named(connection: sqlite3.Connection, alias: str) -> list[Author]:
    """Give the authors whose packages print a name, those with the most such packages first.

    alias: the name as the last part of an address, such as 'team-yoast'.
    """
    rows = connection.execute(
        "SELECT author_key FROM package"
        " WHERE author_alias = ? AND author_alias <> '' AND withdrawn_at IS NULL"
        " GROUP BY author_key ORDER BY count(*) DESC, author_key LIMIT ?",
        (alias, _MOST_NAMESAKES),
    ).fetchall()
    found = (find(connection, key) for (key,) in rows)
    return [one for one in found if one is not None]


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
