"""The parts that the sitemap is cut into, each a range of package ids."""

import sqlite3
from dataclasses import dataclass

from release.address import SITEMAP_PART


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sitemap. changed: Unix seconds of the last change of any of its pages."""

    number: int
    changed: int


@dataclass(frozen=True, slots=True)
class MappedPackage:
    """An open package in the sitemap. changed: Unix seconds of its page's last change."""

    type: str
    slug: str
    changed: int


def every_part(connection: sqlite3.Connection) -> list[Part]:
    """Give the parts that hold anything, without a limit: at most one for a thousand package ids.

    A package that is not open any more changed its part as well.
    """
    rows = connection.execute(
        "SELECT part, changed FROM ("
        "  SELECT package_id / ?1 AS part, max(changed) AS changed FROM history GROUP BY 1"
        ") WHERE EXISTS ("
        "  SELECT 1 FROM package WHERE id BETWEEN part * ?1 AND part * ?1 + ?1 - 1"
        "  AND withdrawn_at IS NULL AND closure IS NULL"
        ") ORDER BY part",
        (SITEMAP_PART,),
    )
    return [Part(*row) for row in rows]


def packages(connection: sqlite3.Connection, number: int) -> list[MappedPackage]:
    """Give the open packages of one part."""
    rows = connection.execute(
        "SELECT type, slug, changed FROM history JOIN package ON id = package_id"
        " WHERE package_id BETWEEN ? AND ? AND withdrawn_at IS NULL AND closure IS NULL"
        " ORDER BY package_id LIMIT ?",
        (number * SITEMAP_PART, (number + 1) * SITEMAP_PART - 1, SITEMAP_PART),
    )
    return [MappedPackage(*row) for row in rows]
