"""Advisories about a package, of the operator's feed."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advisory:
    """An advisory. affected: a range of versions. reported: RFC 3339. Other texts may be ''."""

    id: str
    title: str
    link: str
    cve: str
    severity: str
    affected: str
    reported: str


def of_package(connection: sqlite3.Connection, package_id: int, limit: int) -> list[Advisory]:
    """Give those about a package, reported last first."""
    rows = connection.execute(
        "SELECT id, title, link, cve, severity, affected, reported FROM advisory"
        " WHERE package_id = ? ORDER BY reported DESC, id LIMIT ?",
        (package_id, limit),
    )
    return [Advisory(*row) for row in rows]
