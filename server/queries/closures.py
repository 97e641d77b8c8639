"""The packages that were closed, those closed last first."""

import sqlite3
from dataclasses import dataclass

from release.closure import Closure
from server.queries.lists import ENTRY, Entry


@dataclass(frozen=True, slots=True)
class ClosedEntry:
    """A closed package. closed: Unix seconds. has_page: whether it is still listed."""

    entry: Entry
    closed: int
    why: Closure
    has_page: bool


_CLOSED = f"history.closed, closure, withdrawn_at IS NULL, {ENTRY}"


def count(connection: sqlite3.Connection) -> int:
    """Count the closed packages, those that are gone for good among them."""
    row = connection.execute("SELECT count(*) FROM history WHERE closed IS NOT NULL").fetchone()
    return int(row[0])


def newest(connection: sqlite3.Connection, limit: int, offset: int = 0) -> list[ClosedEntry]:
    """Give the packages closed last."""
    rows = connection.execute(
        f"SELECT {_CLOSED} FROM history CROSS JOIN package ON id = package_id"  # noqa: S608
        " WHERE history.closed IS NOT NULL"
        " ORDER BY history.closed DESC, history.package_id DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return _entries(rows)


def of_author(connection: sqlite3.Connection, key: str, limit: int) -> list[ClosedEntry]:
    """Give an author's packages closed last, those that are gone for good among them."""
    rows = connection.execute(
        f"SELECT {_CLOSED} FROM package CROSS JOIN history ON package_id = id"  # noqa: S608
        " WHERE author_key = ? AND history.closed IS NOT NULL"
        " ORDER BY history.closed DESC, id DESC LIMIT ?",
        (key, limit),
    )
    return _entries(rows)


def of_package(connection: sqlite3.Connection, package_id: int) -> list[ClosedEntry]:
    """Give a package as a closed one, if it is."""
    rows = connection.execute(
        f"SELECT {_CLOSED} FROM history CROSS JOIN package ON id = package_id"  # noqa: S608
        " WHERE package_id = ? AND history.closed IS NOT NULL LIMIT 1",
        (package_id,),
    )
    return _entries(rows)


def _entries(rows: sqlite3.Cursor) -> list[ClosedEntry]:
    return [
        ClosedEntry(Entry(*entry), closed, Closure.parse(why), bool(listed))
        for closed, why, listed, *entry in rows
    ]
