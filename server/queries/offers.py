"""What Composer is offered, and what of it changed lately."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """A package that Composer is offered. newest_zip: its newest version's zip, '' without one.

    installs: by Composer, all that were ever counted.
    """

    name: str
    newest_zip: str
    installs: int


@dataclass(frozen=True, slots=True)
class Change:
    """One of a package's files was written ('update') or removed ('delete').

    stamp: 1/10,000 s since 1970. name: 'wp-plugin/akismet' or 'wp-plugin/akismet~dev'.
    """

    stamp: int
    name: str
    action: str


def every_name(connection: sqlite3.Connection, pattern: str, vendor: str) -> list[str]:
    """Give all packages offered whose whole name fits, without a limit; '' fits all.

    '*' stands for any text.
    """
    globs = (_glob(pattern) or "*", f"{_glob(vendor)}/*" if vendor else "*")
    rows = connection.execute(
        "SELECT name FROM metadata WHERE name GLOB ? AND name GLOB ? ORDER BY name", globs
    )
    return [name for (name,) in rows]


def is_offered(connection: sqlite3.Connection, package_id: int) -> bool:
    """Tell whether Composer can ask for a package."""
    row = connection.execute(
        "SELECT 1 FROM metadata WHERE package_id = ? LIMIT 1", (package_id,)
    ).fetchone()
    return row is not None


def named(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, Offer]:
    """Give those of some packages that are offered, by name."""
    wanted = list(names)
    rows = connection.execute(
        f"""
        SELECT metadata.name, coalesce((
          SELECT url FROM version WHERE version.package_id = package.id AND why_not = ''
          ORDER BY position LIMIT 1
        ), ''), installs FROM metadata JOIN package ON package.id = metadata.package_id
        WHERE metadata.name IN ({", ".join("?" * len(wanted))})
        """,  # noqa: S608  question marks
        wanted,
    )
    return {name: Offer(name, *rest) for name, *rest in rows}


def every_change(connection: sqlite3.Connection, since: int) -> list[Change]:
    """Give the newest change of each file since a stamp, that one included, oldest first.

    Without a limit: the release holds the changes of a few days.
    """
    rows = connection.execute(
        "SELECT max(stamp) AS newest, name, action FROM change WHERE stamp >= ?"
        " GROUP BY name ORDER BY newest, name",
        (since,),
    )
    return [Change(*row) for row in rows]


def _glob(pattern: str) -> str:
    """Let nothing but '*' mean more than itself; names are in small letters."""
    return re.sub(r"[\[?]", r"[\g<0>]", re.sub(r"\*+", "*", pattern.lower()))
