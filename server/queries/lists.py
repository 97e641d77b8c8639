"""Lists of packages: which they hold, in which order, page by page."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from server.queries.packages import Tag

_MOST_RELATED = 60  # packages of a tag that are looked at
ORDERS = {
    "installs": "package.active_installs DESC, package.slug, package.type",
    "updated": "package.updated DESC, package.slug, package.type",
    "name": "package.name COLLATE NOCASE, package.slug, package.type",
    "composer": "package.installs DESC, package.slug, package.type",
}


class Entry(NamedTuple):
    """What a list shows of a package.

    version: what one gets, as printed. active_installs: None when unknown. installs: by Composer,
    all that were counted. updated: Unix seconds, None when unknown. closed: 1 for a package that
    can no longer be installed, else 0. released: 1 if it was that version that was updated then,
    and Composer can have it. plate: a digest, '' without one. requires_php, tested: '' when
    unknown, and of another version unless it is released. command: installs it; ''.
    """

    type: str
    slug: str
    name: str
    description: str
    version: str
    author: str
    active_installs: int | None
    installs: int
    updated: int | None
    closed: int
    released: int
    plate: str
    requires_php: str
    tested: str
    command: str


_RELEASED = "package.offer IN ('announced', 'tag', 'trunk')"
_TAKEN = {
    "closed": "package.closure IS NOT NULL",
    "version": "package.offer_version",
    "released": _RELEASED,
    "command": "package.offer_command",
}
# The columns that make an Entry, in the order of its fields.
ENTRY = ", ".join(_TAKEN.get(name, f"package.{name}") for name in Entry._fields)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A package that came lately. added: Unix seconds when it was first seen."""

    entry: Entry
    added: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which packages a list holds; a field with its default lets everything through.

    php: a PHP version that they must run on, 704 for 7.4. since: Unix seconds of their last update.
    closed: the closed ones, instead of the open. offered: those that Composer can have.
    """

    type: str = ""
    php: int = 0
    since: int = 0
    closed: bool = False
    offered: bool = False

    @property
    def of_both_types(self) -> "Filter":
        """The same, whatever the type."""
        return replace(self, type="")

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the type is asked for."""
        return self == Filter(type=self.type)

    @property
    def sql(self) -> str:
        """The conditions on `package`, with named values."""
        conditions = {
            "package.withdrawn_at IS NULL": True,
            f"package.closure IS {'NOT ' if self.closed else ''}NULL": True,
            # With "+", an index in the list's order is gone through, instead of sorting a type.
            "+package.type = :type": self.type,
            "package.php <= :php": self.php,
            "package.updated >= :since": self.since,
            "package.offer <> 'none'": self.offered,
        }
        return " AND ".join(condition for condition, wanted in conditions.items() if wanted)

    @property
    def values(self) -> dict[str, str | int]:
        """The values that the conditions name."""
        return {"type": self.type, "php": self.php, "since": self.since}


def count(connection: sqlite3.Connection, wanted: Filter) -> dict[str, int]:
    """Count the packages of each type that pass a filter, whatever type it names."""
    both = wanted.of_both_types
    sql = f"SELECT type, count(*) FROM package WHERE {both.sql} GROUP BY type"  # noqa: S608
    return dict(connection.execute(sql, both.values))


def page(
    connection: sqlite3.Connection, wanted: Filter, sort: str, limit: int, offset: int
) -> list[Entry]:
    """Give a page of the packages that pass a filter. sort: a key of ORDERS."""
    sql = f"""
        SELECT {ENTRY} FROM (
          SELECT id FROM package WHERE {wanted.sql}
          ORDER BY {ORDERS[sort]} LIMIT :limit OFFSET :offset
        ) AS shown CROSS JOIN package ON package.id = shown.id
        ORDER BY {ORDERS[sort]}
    """  # noqa: S608  a choice among our own clauses
    rows = connection.execute(sql, wanted.values | {"limit": limit, "offset": offset})
    return [Entry(*row) for row in rows]


def newest_update(connection: sqlite3.Connection, until: int) -> int | None:
    """Give the Unix seconds of the last update of an open package, of those until a moment."""
    row = connection.execute(
        "SELECT updated FROM package WHERE withdrawn_at IS NULL AND closure IS NULL"
        " AND updated <= ? ORDER BY updated DESC LIMIT 1",
        (until,),
    ).fetchone()
    return None if row is None else int(row[0])


def newest(connection: sqlite3.Connection, limit: int) -> list[NewEntry]:
    """Give the open packages that came last."""
    rows = connection.execute(
        f"SELECT history.added, {ENTRY} FROM history CROSS JOIN package ON id = package_id"  # noqa: S608
        " WHERE withdrawn_at IS NULL AND closure IS NULL"
        " ORDER BY history.added DESC, history.package_id DESC LIMIT ?",
        (limit,),
    )
    return [NewEntry(Entry(*entry), added) for added, *entry in rows]


def related(
    connection: sqlite3.Connection,
    package_id: int,
    its: Iterable[Tag],
    limit: int,
    besides: Collection[Entry] = (),
) -> list[Entry]:
    """Give packages that share its tags with one: those that share most, then the most installed.

    Only the most installed of each tag are looked at, so that a common tag costs no more.
    """
    scores: Counter[int] = Counter()
    for tag in its:
        rows = connection.execute(
            "SELECT package_id FROM tag WHERE tag = ? ORDER BY rank LIMIT ?",
            (tag.key, _MOST_RELATED),
        )
        bearers = [id for (id,) in rows]
        scores.update(bearers)
        if len(bearers) < _MOST_RELATED:  # a tag that everyone bears tells little
            scores.update(bearers)
    del scores[package_id]
    best = [id for id, _ in scores.most_common(limit + len(besides))]
    marks = ", ".join("?" * len(best))
    rows = connection.execute(
        f"SELECT package.id, {ENTRY} FROM package WHERE id IN ({marks})",  # noqa: S608
        best,
    )
    found = {id: Entry(*entry) for id, *entry in rows}
    return [found[id] for id in best if found[id] not in besides][:limit]
