"""What Composer is offered, and what of it changed lately."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """A package that Composer is offered.

    installs: by Composer, all that were ever counted. wordpress_org: 1 if it lives there.
    """

    name: str
    installs: int
    wordpress_org: int


@dataclass(frozen=True, slots=True)
class Change:
    """One of a package's files was written ('update') or removed ('delete').

    stamp: 1/10,000 s since 1970. name: 'wp-plugin/akismet' or 'wp-plugin/akismet~dev'.
    """

    stamp: int
    name: str
    action: str


def names(connection: sqlite3.Connection, pattern: str, vendor: str, limit: int) -> list[str]:
    """Give the first of the packages offered whose whole name fits; '' fits all.

    '*' stands for any text.
    """
    globs = (_glob(pattern) or "*", f"{_glob(vendor)}/*" if vendor else "*")
    rows = connection.execute(
        "SELECT name FROM metadata WHERE name GLOB ? AND name GLOB ?"
        " AND package_id NOT IN (SELECT id FROM package WHERE offer = 'none')"
        " ORDER BY name LIMIT ?",
        (*globs, limit),
    )
    return [name for (name,) in rows]


@dataclass(frozen=True, slots=True)
class Examples:
    """Slugs of packages that show how things are asked for; '' where there is none.

    plugin, theme: installed by name alone. trunk: a plugin whose dev-trunk can be had. kept: one
    whose untagged version is kept here.
    """

    plugin: str
    theme: str
    trunk: str
    kept: str


_KEPT = "SELECT package_id FROM version WHERE untagged"


def examples(connection: sqlite3.Connection) -> Examples:
    """Give examples that Composer can really have, the most installed ones."""
    # With "+", the index by installs is gone through until one fits, instead of sorting all.
    plain = "+type = ? AND offer_command = 'composer require wp-' || type || '/' || slug"
    return Examples(
        _example(connection, plain, "plugin"),
        _example(connection, plain, "theme"),
        _example(connection, "+type = ? AND offer_trunk", "plugin"),
        _example(connection, f"+type = ? AND id IN ({_KEPT})", "plugin"),
    )


def _example(connection: sqlite3.Connection, condition: str, type: str) -> str:
    row = connection.execute(
        f"SELECT slug FROM package WHERE {condition}"  # noqa: S608  one of ours
        " AND withdrawn_at IS NULL AND closure IS NULL ORDER BY active_installs DESC, slug LIMIT 1",
        (type,),
    ).fetchone()
    return "" if row is None else str(row[0])


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
        SELECT metadata.name, installs, wordpress_org
        FROM metadata JOIN package ON package.id = metadata.package_id
        WHERE metadata.name IN ({", ".join("?" * len(wanted))})
        """,  # noqa: S608  question marks
        wanted,
    )
    return {name: Offer(name, *rest) for name, *rest in rows}


def changes(connection: sqlite3.Connection, since: int, limit: int) -> list[Change] | None:
    """Give the newest change of each file since a stamp, that one included, oldest first.

    None where there are more than the limit, those that another one followed counted, too.
    """
    question = "SELECT count(*) FROM (SELECT 1 FROM change WHERE stamp >= ? LIMIT ?)"
    if connection.execute(question, (since, limit + 1)).fetchone()[0] > limit:
        return None
    rows = connection.execute(
        "SELECT max(stamp) AS newest, name, action FROM change WHERE stamp >= ?"
        " GROUP BY name ORDER BY newest, name",
        (since,),
    )
    return [Change(*row) for row in rows]


def _glob(pattern: str) -> str:
    """Let nothing but '*' mean more than itself; names are in small letters."""
    return re.sub(r"[\[?]", r"[\g<0>]", re.sub(r"\*+", "*", pattern.lower()))
