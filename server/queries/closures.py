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


def count(connection: sqlite3.Connection) -> int:
    """Count the closed packages, those that are gone for good among them."""
    row = connection.execute("SELECT count(*) FROM history WHERE closed IS NOT NULL").fetchone()
    return int(row[0])


def newest(connection: sqlite3.Connection, limit: int, offset: int = 0) -> list[ClosedEntry]:
    """Give the packages closed last."""
    rows = connection.execute(
        f"SELECT history.closed, closure, withdrawn_at IS NULL, {ENTRY}"  # noqa: S608
        " FROM history CROSS JOIN package ON id = package_id"
        " WHERE history.closed IS NOT NULL"
        " ORDER BY history.closed DESC, history.package_id DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return [
        ClosedEntry(Entry(*entry), closed, Closure.parse(why), bool(listed))
        for closed, why, listed, *entry in rows
    ]
