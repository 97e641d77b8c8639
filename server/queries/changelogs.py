"""The changelog of a package."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changelog:
    """A changelog. html: cleaned when the release was made. versions: those that have an id in it
    (v1-2 for 1.2), with blanks between.
    """

    html: str
    versions: str


def of_package(connection: sqlite3.Connection, package_id: int) -> Changelog | None:
    """Give a package's changelog, or None."""
    row = connection.execute(
        "SELECT html, versions FROM changelog WHERE package_id = ? LIMIT 1", (package_id,)
    ).fetchone()
    return None if row is None else Changelog(*row)


def versions(connection: sqlite3.Connection, package_id: int) -> frozenset[str] | None:
    """Give the versions that a package's changelog has a part of; None without a changelog."""
    row = connection.execute(
        "SELECT versions FROM changelog WHERE package_id = ? LIMIT 1", (package_id,)
    ).fetchone()
    return None if row is None else frozenset(row[0].split())
