"""Plugins whose announced release has no tag in Subversion, so that no Composer can pin it."""

import sqlite3
from dataclasses import dataclass

from server.queries.lists import ENTRY, Entry

_LISTED = "untagged AND withdrawn_at IS NULL AND closure IS NULL"


@dataclass(frozen=True, slots=True)
class Untagged:
    """A plugin. announced: the version without a tag. newest: the newest tag; '' without any."""

    entry: Entry
    announced: str
    newest: str


@dataclass(frozen=True, slots=True)
class Author:
    """Whose plugins they are. active_installs: of all of them together, a lower bound."""

    key: str
    name: str
    packages: int
    active_installs: int


_NEWEST = (
    "SELECT one.version FROM version AS one WHERE one.package_id = package.id AND why_not = ''"
    " ORDER BY position LIMIT 1"
)
_UNTAGGED = f"package.version, ifnull(({_NEWEST}), ''), {ENTRY}"


def count(connection: sqlite3.Connection) -> int:
    """Count them."""
    row = connection.execute(f"SELECT count(*) FROM package WHERE {_LISTED}").fetchone()  # noqa: S608
    return int(row[0])


def packages(connection: sqlite3.Connection, limit: int, offset: int) -> list[Untagged]:
    """Give them, the most installed first."""
    return _untagged(connection, "", limit, offset)


def author_count(connection: sqlite3.Connection) -> int:
    """Count their authors."""
    row = connection.execute(
        f"SELECT count(DISTINCT author_key) FROM package WHERE {_LISTED} AND author_key <> ''"  # noqa: S608
    ).fetchone()
    return int(row[0])


def authors(connection: sqlite3.Connection, limit: int, offset: int) -> list[Author]:
    """Give their authors, those first whose plugins are installed most."""
    rows = connection.execute(
        # The name is of the row that has the most: https://sqlite.org/lang_select.html#bareagg
        f"""
        SELECT author_key, author, count(*), sum(active_installs), max(active_installs)
        FROM package WHERE {_LISTED} AND author_key <> ''
        GROUP BY author_key ORDER BY 4 DESC, author_key LIMIT ? OFFSET ?
        """,  # noqa: S608
        (limit, offset),
    )
    return [Author(key, name, packages, total or 0) for key, name, packages, total, _ in rows]


def of_author(connection: sqlite3.Connection, key: str, limit: int) -> list[Untagged]:
    """Give those of an author, the most installed first."""
    return _untagged(connection, "AND author_key = ?", key, limit, 0)


def _untagged(connection: sqlite3.Connection, condition: str, *values: str | int) -> list[Untagged]:
    rows = connection.execute(
        f"SELECT {_UNTAGGED} FROM package WHERE {_LISTED} {condition}"  # noqa: S608
        " ORDER BY active_installs DESC, slug LIMIT ? OFFSET ?",
        values,
    )
    return [Untagged(Entry(*entry), announced, newest) for announced, newest, *entry in rows]
