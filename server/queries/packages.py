"""Every question that is put to a site.db. Each takes a connection and answers in plain values."""

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace

MOST_VERSIONS = 300  # shown on a page; the longest histories go on for thousands
SHARD = 1_000  # package ids in a part of the sitemap: deploy keeps the parts that nothing touched
_MOST_RELATED = 60
ORDERS = {
    "installs": "package.installs DESC, package.slug",
    "updated": "package.updated DESC, package.slug",
    "name": "package.name COLLATE NOCASE, package.slug",
}
# What a list shows of a package: the fields of Entry.
ENTRY = (
    "package.type, package.slug, package.name, package.description, package.version,"
    " package.author, package.installs, package.updated, package.closure IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which packages a list holds; what is not said lets everything through.

    php: a PHP version that they must run on, 704 for 7.4. since: Unix seconds of their last update.
    closed: the closed ones, instead of the open.
    """

    type: str = ""
    php: int = 0
    since: int = 0
    closed: bool = False

    @property
    def of_both_types(self) -> "Sieve":
        """The same, whatever the type."""
        return replace(self, type="")

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the type is asked for."""
        return not (self.php or self.since or self.closed)

    @property
    def sql(self) -> str:
        """The conditions on `package`, with named values."""
        conditions = {
            "package.withdrawn_at IS NULL": True,
            f"package.closure IS {'NOT ' if self.closed else ''}NULL": True,
            "package.type = :type": self.type,
            "package.php <= :php": self.php,
            "package.updated >= :since": self.since,
        }
        return " AND ".join(condition for condition, said in conditions.items() if said)

    @property
    def values(self) -> dict[str, str | int]:
        """The values that the conditions name."""
        return {"type": self.type, "php": self.php, "since": self.since}


@dataclass(frozen=True, slots=True)
class Package:
    """A row of `package`, field for field."""

    id: int
    type: str
    slug: str
    name: str
    description: str
    version: str
    author: str
    author_url: str
    author_key: str
    homepage: str
    installs: int | None
    updated: int | None
    requires: str
    tested: str
    requires_php: str
    withdrawn_at: int | None
    closure: str | None  # JSON [date, reason, words, permanent]
    card: str
    card_alt: str
    card_width: int
    card_height: int
    card_own: int  # 0: the site's default card


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its zip, and why it cannot be installed ('' for one that can)."""

    version: str
    url: str
    released: int | None  # Unix seconds
    php: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list shows of a package."""

    type: str
    slug: str
    name: str
    description: str
    version: str
    author: str
    installs: int | None
    updated: int | None
    closed: int  # 1: it can no longer be installed


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the schema version of a release."""
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0])


def meta(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what a release says of itself."""
    return dict(connection.execute("SELECT key, value FROM meta LIMIT 1000"))


def listed(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many open packages of each type there are. Reads every row: ask once a release."""
    return count(connection, Sieve())


def count(connection: sqlite3.Connection, sieve: Sieve) -> dict[str, int]:
    """Return how many packages of each type pass a sieve, whatever type it names."""
    both = sieve.of_both_types
    sql = f"SELECT type, count(*) FROM package WHERE {both.sql} GROUP BY type"  # noqa: S608
    return dict(connection.execute(sql, both.values))


def package(connection: sqlite3.Connection, type_: str, slug: str) -> Package | None:
    """Return a package, withdrawn or not, or None."""
    row = connection.execute(
        """
        SELECT id, type, slug, name, description, version, author, author_url, author_key,
               homepage, installs, updated, requires, tested, requires_php, withdrawn_at, closure,
               card, card_alt, card_width, card_height, card_own
        FROM package WHERE type = ? AND slug = ? LIMIT 1
        """,
        (type_, slug),
    ).fetchone()
    return None if row is None else Package(*row)


def versions(connection: sqlite3.Connection, package_id: int, most: int) -> list[Version]:
    """Return the newest versions that can be installed, newest first."""
    rows = connection.execute(
        "SELECT version, url, released, php, why_not FROM version"
        " WHERE package_id = ? AND why_not = '' ORDER BY position LIMIT ?",
        (package_id, most),
    )
    return [Version(*row) for row in rows]


def missing_versions(connection: sqlite3.Connection, package_id: int, most: int) -> list[Version]:
    """Return versions that the source has and nobody can install from here."""
    rows = connection.execute(
        "SELECT version, url, released, php, why_not FROM version"
        " WHERE package_id = ? AND why_not <> '' ORDER BY position LIMIT ?",
        (package_id, most),
    )
    return [Version(*row) for row in rows]


def version_count(connection: sqlite3.Connection, package_id: int) -> int:
    """Return how many versions of a package can be installed."""
    row = connection.execute(
        "SELECT count(*) FROM version WHERE package_id = ? AND why_not = ''", (package_id,)
    ).fetchone()
    return int(row[0])


def tags(connection: sqlite3.Connection, package_id: int) -> list[tuple[str, str]]:
    """Return a package's tags as (address, label)."""
    return connection.execute(
        "SELECT tag, label FROM tag WHERE package_id = ? ORDER BY tag LIMIT 30", (package_id,)
    ).fetchall()


def tag_label(connection: sqlite3.Connection, tag: str) -> str:
    """Return how a tag is written; '' when no open package bears it."""
    row = connection.execute(
        "SELECT label FROM tag WHERE tag = ? ORDER BY rank LIMIT 1", (tag,)
    ).fetchone()
    return "" if row is None else str(row[0])


def tag_count(connection: sqlite3.Connection, tag: str) -> int:
    """Return how many open packages bear a tag."""
    row = connection.execute("SELECT count(*) FROM tag WHERE tag = ?", (tag,)).fetchone()
    return int(row[0])


def tagged(connection: sqlite3.Connection, tag: str, limit: int, offset: int) -> list[Entry]:
    """Return the packages that bear a tag, the most installed first."""
    rows = connection.execute(
        f"SELECT {ENTRY} FROM tag JOIN package ON package.id = tag.package_id"  # noqa: S608
        " WHERE tag = ? ORDER BY tag.rank, tag.package_id LIMIT ? OFFSET ?",
        (tag, limit, offset),
    )
    return [Entry(*row) for row in rows]


def author(connection: sqlite3.Connection, key: str) -> tuple[str, str, int] | None:
    """Return an author's name, own page and number of packages; None when there is none."""
    row = connection.execute(
        "SELECT author, author_url, count(*) OVER () FROM package"
        " WHERE author_key = ? AND withdrawn_at IS NULL ORDER BY installs DESC, slug LIMIT 1",
        (key,),
    ).fetchone()
    return None if row is None else (row[0], row[1], row[2])


def by_author(
    connection: sqlite3.Connection, key: str, limit: int, offset: int, besides: int = 0
) -> list[Entry]:
    """Return an author's packages, the most installed first; `besides` is the id of one left out.

    Closed ones are among them, and say so.
    """
    rows = connection.execute(
        f"SELECT {ENTRY} FROM package"  # noqa: S608
        " WHERE author_key = ? AND withdrawn_at IS NULL AND id <> ?"
        " ORDER BY installs DESC, slug LIMIT ? OFFSET ?",
        (key, besides, limit, offset),
    )
    return [Entry(*row) for row in rows]


def related(connection: sqlite3.Connection, package_id: int, limit: int) -> list[Entry]:
    """Return packages that share tags with one: those that share most, then the most installed.

    Only the most installed of each tag are looked at, so that a common tag costs no more.
    """
    scores: Counter[int] = Counter()
    for tag, _ in tags(connection, package_id):
        bearers = connection.execute(
            "SELECT package_id FROM tag WHERE tag = ? ORDER BY rank LIMIT ?", (tag, _MOST_RELATED)
        ).fetchall()
        # A tag that everyone bears says little.
        weight = 2 if len(bearers) < _MOST_RELATED else 1
        scores.update({id_: weight for (id_,) in bearers if id_ != package_id})
    best = [id_ for id_, _ in scores.most_common(limit)]
    marks = ", ".join("?" * len(best))
    rows = connection.execute(
        f"SELECT package.id, {ENTRY} FROM package WHERE id IN ({marks})",  # noqa: S608
        best,
    ).fetchall()
    found = {row[0]: Entry(*row[1:]) for row in rows}
    return [found[id_] for id_ in best]


def newest(connection: sqlite3.Connection, limit: int) -> list[tuple[Entry, int]]:
    """Return the open packages that came last, and the Unix seconds when."""
    rows = connection.execute(
        f"SELECT history.added, {ENTRY} FROM history CROSS JOIN package ON id = package_id"  # noqa: S608
        " WHERE withdrawn_at IS NULL AND closure IS NULL"
        " ORDER BY history.added DESC, history.package_id DESC LIMIT ?",
        (limit,),
    )
    return [(Entry(*row[1:]), row[0]) for row in rows]


def closure_count(connection: sqlite3.Connection) -> int:
    """Return how many packages are closed, those that are gone for good among them."""
    row = connection.execute("SELECT count(*) FROM history WHERE closed IS NOT NULL").fetchone()
    return int(row[0])


def closures(
    connection: sqlite3.Connection, limit: int, offset: int
) -> list[tuple[Entry, int, str, bool]]:
    """Return the packages closed last.

    Each with the Unix seconds, the closure as JSON, and whether it still has a page.
    """
    rows = connection.execute(
        f"SELECT history.closed, closure, withdrawn_at IS NULL, {ENTRY}"  # noqa: S608
        " FROM history CROSS JOIN package ON id = package_id"
        " WHERE history.closed IS NOT NULL"
        " ORDER BY history.closed DESC, history.package_id DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return [(Entry(*row[3:]), row[0], row[1], bool(row[2])) for row in rows]


def closed_at(connection: sqlite3.Connection, package_id: int) -> int | None:
    """Return the Unix seconds when a package was closed; None for an open one."""
    row = connection.execute(
        "SELECT closed FROM history WHERE package_id = ?", (package_id,)
    ).fetchone()
    return None if row is None else row[0]


def shards(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Return the parts of the sitemap, and the Unix seconds of each one's last change."""
    return connection.execute(
        "SELECT package_id / ?, max(changed) FROM history GROUP BY 1 ORDER BY 1", (SHARD,)
    ).fetchall()


def shard(connection: sqlite3.Connection, number: int) -> list[tuple[str, str, int]]:
    """Return the open packages of one part: type, slug, Unix seconds of the page's last change."""
    return connection.execute(
        "SELECT type, slug, changed FROM history JOIN package ON id = package_id"
        " WHERE package_id BETWEEN ? AND ? AND withdrawn_at IS NULL AND closure IS NULL"
        " ORDER BY package_id",
        (number * SHARD, (number + 1) * SHARD - 1),
    ).fetchall()


def browse(
    connection: sqlite3.Connection, sieve: Sieve, sort: str, limit: int, offset: int
) -> list[Entry]:
    """Return a page of the packages that pass a sieve."""
    sql = f"""
        SELECT {ENTRY} FROM package WHERE {sieve.sql}
        ORDER BY {ORDERS[sort]} LIMIT :limit OFFSET :offset
    """  # noqa: S608  a choice among our own clauses
    rows = connection.execute(sql, sieve.values | {"limit": limit, "offset": offset})
    return [Entry(*row) for row in rows]
