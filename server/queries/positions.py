"""Lists of packages from a position on.

A position is what the order goes by: so it means the same in the next release, and a package that
did not change is neither passed over nor given twice when the release is another one meanwhile.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from server.queries.lists import ENTRY, ORDERS, Entry, Filter

# What each order of ORDERS goes by before the slug.
_COLUMNS = {
    "installs": "active_installs",
    "updated": "updated",
    "name": "name",
    "composer": "installs",
}
_UNKNOWN = ("installs", "updated")  # orders by what may be unknown, which comes last


@dataclass(frozen=True, slots=True)
class Position:
    """Right behind a package. value: its installs, its last update (None: unknown) or its name."""

    value: int | str | None
    slug: str
    type: str


def behind(entry: Entry, sort: str) -> Position:
    """Give the position behind an entry of a list in an order."""
    return Position(getattr(entry, _COLUMNS[sort]), entry.slug, entry.type)


def page(
    connection: sqlite3.Connection, wanted: Filter, sort: str, after: Position, limit: int
) -> list[Entry]:
    """Give the packages behind a position that pass a filter. sort: a key of ORDERS.

    Each range is looked for by itself, so that the index leads to where it begins.
    """
    found: list[Entry] = []
    for condition in _ranges(sort, after):
        rows = connection.execute(
            f"SELECT {ENTRY} FROM package WHERE {wanted.sql} AND {condition}"  # noqa: S608
            f" ORDER BY {ORDERS[sort]} LIMIT :limit",
            wanted.values
            | {"value": after.value, "slug": after.slug, "of": after.type}
            | {"limit": limit - len(found)},
        )
        found += [Entry(*row) for row in rows]
    return found


def _ranges(sort: str, after: Position) -> Iterator[str]:
    """Give the conditions for what comes behind: the same value, those after it, the unknown."""
    column = f"package.{_COLUMNS[sort]}"
    rest = "(package.slug, package.type) > (:slug, :of)"
    if sort == "name":
        yield f"{column} = :value COLLATE NOCASE AND {rest}"
        yield f"{column} > :value COLLATE NOCASE"
        return
    yield f"{column} IS :value AND {rest}"
    if after.value is not None:
        yield f"{column} < :value"
        if sort in _UNKNOWN:
            yield f"{column} IS NULL"
