"""Releases: what Composer is offered, as far as it is known when it was released."""

import sqlite3
from dataclasses import dataclass

from server.queries.lists import ENTRY, Entry

_OPEN = "withdrawn_at IS NULL AND closure IS NULL"
_CHOSEN = 4  # packages looked at for each release wanted: some have none with a time
# What is offered of trunk is of the package's last change.
_TRUNK = "package.offer = 'trunk' AND package.closure IS NULL AND package.updated IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a package. version: as printed. released: Unix seconds.

    told: the version that a part of the package's changelog tells of; '' where there is none.
    """

    entry: Entry
    version: str
    released: int
    told: str


def _told(version: str) -> str:
    """Give the SQL for a version, where the changelog has a part of it, else for ''."""
    return (
        "iif(EXISTS (SELECT 1 FROM changelog WHERE changelog.package_id = package.id"  # noqa: S608
        f" AND instr(' ' || changelog.versions || ' ', ' ' || {version} || ' ')), {version}, '')"
    )


def latest(connection: sqlite3.Connection, limit: int) -> list[Release]:
    """Give the newest release of each open package, those released last first."""
    return _newest(connection, _OPEN, "", limit)


def of_author(connection: sqlite3.Connection, key: str, limit: int) -> list[Release]:
    """Give the newest release of each open package of an author, those released last first."""
    return _newest(connection, f"author_key = :key AND {_OPEN}", key, limit)


def of_package(connection: sqlite3.Connection, package_id: int, limit: int) -> list[Release]:
    """Give a package's newest releases, those released last first."""
    rows = connection.execute(
        f"""
        SELECT offer_version, updated AS at, {_told("package.version")}, {ENTRY}
        FROM package WHERE id = :id AND {_TRUNK}
        UNION ALL SELECT * FROM (
          SELECT version.version, version.released, {_told("version.version")}, {ENTRY}
          FROM version JOIN package ON package.id = version.package_id
          JOIN metadata ON metadata.package_id = package.id
          WHERE version.package_id = :id AND why_not = '' AND version.released IS NOT NULL
          ORDER BY position LIMIT :limit
        )
        ORDER BY at DESC
        """,  # noqa: S608  columns of ours
        {"id": package_id, "limit": limit},
    )
    return _releases(rows)


def _newest(connection: sqlite3.Connection, condition: str, key: str, limit: int) -> list[Release]:
    """Look at the packages that changed last: none is changed before it is released."""
    rows = connection.execute(
        f"""
        SELECT
          iif({_TRUNK}, package.offer_version, version.version),
          iif({_TRUNK}, package.updated, version.released) AS at,
          iif({_TRUNK}, {_told("package.version")}, {_told("version.version")}),
          {ENTRY}
        FROM (
          SELECT id FROM package WHERE {condition} AND updated IS NOT NULL
          ORDER BY updated DESC, slug LIMIT :chosen
        ) AS chosen
        CROSS JOIN package ON package.id = chosen.id
        JOIN metadata ON metadata.package_id = package.id
        LEFT JOIN version ON version.package_id = package.id AND version.position = (
          SELECT position FROM version AS one
          WHERE one.package_id = package.id AND why_not = '' AND one.released IS NOT NULL
          ORDER BY position LIMIT 1
        )
        WHERE at IS NOT NULL
        ORDER BY at DESC, package.slug LIMIT :limit
        """,  # noqa: S608  a choice among our own conditions
        {"key": key, "chosen": limit * _CHOSEN, "limit": limit},
    )
    return _releases(rows)


def _releases(rows: sqlite3.Cursor) -> list[Release]:
    return [
        Release(Entry(*entry), version, released, told) for version, released, told, *entry in rows
    ]
