"""What Composer and mirrors ask of a site.db: a connection in, plain values out."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Package:
    """What becomes of a package's versions; `name` is '' when Composer is offered none of them.

    closure: JSON [date, reason, words, permanent], None while it is open.
    """

    id: int
    name: str
    withdrawn_at: int | None
    closure: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A package that Composer is offered. newest: its newest version's zip, '' without one.

    downloads: installs by Composer.
    """

    name: str
    newest: str
    downloads: int


@dataclass(frozen=True, slots=True)
class Version:
    """A version: offered, or with a sentence that says why not.

    raw: the name of its tag. released: Unix seconds, None when unknown. php, url: '' when unknown.
    """

    version: str
    raw: str
    url: str
    released: int | None
    php: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Change:
    """One of a package's files was written ('update') or removed ('delete').

    stamp: 1/10,000 s since 1970. name: 'wp-plugin/akismet' or 'wp-plugin/akismet~dev'.
    """

    stamp: int
    name: str
    action: str


def names(connection: sqlite3.Connection, pattern: str, vendor: str) -> list[str]:
    """Return the packages offered whose whole name fits; '*' is any text, '' fits all."""
    globs = (_glob(pattern) or "*", f"{_glob(vendor)}/*" if vendor else "*")
    rows = connection.execute(
        "SELECT name FROM metadata WHERE name GLOB ? AND name GLOB ? ORDER BY name", globs
    )
    return [name for (name,) in rows]


def offers(connection: sqlite3.Connection, wanted: Iterable[str]) -> dict[str, Offer]:
    """Return those of some packages that are offered, by name."""
    some = list(wanted)
    rows = connection.execute(
        f"""
        SELECT metadata.name, coalesce((
          SELECT url FROM version WHERE version.package_id = package.id AND why_not = ''
          ORDER BY position LIMIT 1
        ), ''), downloads FROM metadata JOIN package ON package.id = metadata.package_id
        WHERE metadata.name IN ({", ".join("?" * len(some))})
        """,  # noqa: S608  question marks
        some,
    )
    return {name: Offer(name, *rest) for name, *rest in rows}


def package(connection: sqlite3.Connection, type_: str, slug: str) -> Package | None:
    """Return a package, withdrawn or not, or None."""
    row = connection.execute(
        """
        SELECT id, coalesce(metadata.name, ''), withdrawn_at, closure
        FROM package LEFT JOIN metadata ON package_id = id WHERE type = ? AND slug = ? LIMIT 1
        """,
        (type_, slug),
    ).fetchone()
    return None if row is None else Package(*row)


def versions(connection: sqlite3.Connection, package_id: int) -> list[Version]:
    """Return all versions of a package: those offered, newest first, then the others."""
    rows = connection.execute(
        "SELECT version, raw, url, released, php, why_not FROM version"
        " WHERE package_id = ? ORDER BY position",
        (package_id,),
    )
    return [Version(*row) for row in rows]


def changes(connection: sqlite3.Connection, since: int) -> list[Change]:
    """Return the newest change of each file since a stamp, that one included, oldest first."""
    rows = connection.execute(
        "SELECT max(stamp) AS newest, name, action FROM change WHERE stamp >= ?"
        " GROUP BY name ORDER BY newest, name",
        (since,),
    )
    return [Change(*row) for row in rows]


def _glob(pattern: str) -> str:
    """Let nothing but '*' mean more than itself; names are in small letters."""
    return re.sub(r"[\[?]", r"[\g<0>]", re.sub(r"\*+", "*", pattern.lower()))
