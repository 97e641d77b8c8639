"""Releases: versions that Composer is offered, of those whose time is known."""

import sqlite3
from dataclasses import dataclass

from server.queries.lists import ENTRY, Entry

_CHOSEN = 4  # packages looked at for each release wanted: some have none with a time


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a package. version: as Composer is told. released: Unix seconds."""

    entry: Entry
    version: str
    released: int


def latest(connection: sqlite3.Connection, limit: int) -> list[Release]:
    """Give the newest release of each open package, those released last first."""
    return _newest(connection, "withdrawn_at IS NULL AND closure IS NULL", "", limit)


def of_author(connection: sqlite3.Connection, key: str, limit: int) -> list[Release]:
    """Give the newest release of each package of an author, those released last first."""
    return _newest(connection, "author_key = :key AND withdrawn_at IS NULL", key, limit)


def of_package(connection: sqlite3.Connection, package_id: int, limit: int) -> list[Release]:
    """Give a package's newest releases, those released last first."""
    rows = connection.execute(
        f"SELECT version.version, version.released, {ENTRY}"  # noqa: S608
        " FROM version JOIN package ON package.id = version.package_id"
        " JOIN metadata ON metadata.package_id = package.id"
        " WHERE version.package_id = ? AND why_not = '' AND released IS NOT NULL"
        " ORDER BY position LIMIT ?",
        (package_id, limit),
    )
    return sorted(_releases(rows), key=lambda one: one.released, reverse=True)


def _newest(connection: sqlite3.Connection, condition: str, key: str, limit: int) -> list[Release]:
    """Look at the packages that changed last: none is changed before it is released."""
    rows = connection.execute(
        f"""
        SELECT version.version, version.released, {ENTRY}
        FROM (
          SELECT id FROM package WHERE {condition} AND updated IS NOT NULL
          ORDER BY updated DESC, slug LIMIT :chosen
        ) AS chosen
        CROSS JOIN package ON package.id = chosen.id
        JOIN metadata ON metadata.package_id = package.id
        JOIN version ON version.package_id = package.id AND version.position = (
          SELECT position FROM version AS one
          WHERE one.package_id = package.id AND why_not = '' AND released IS NOT NULL
          ORDER BY position LIMIT 1
        )
        ORDER BY version.released DESC, package.slug LIMIT :limit
        """,  # noqa: S608  a choice among our own conditions
        {"key": key, "chosen": limit * _CHOSEN, "limit": limit},
    )
    return _releases(rows)


def _releases(rows: sqlite3.Cursor) -> list[Release]:
    return [Release(Entry(*entry), version, released) for version, released, *entry in rows]
