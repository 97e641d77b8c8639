"""Every question that is put to a site.db. Each takes a connection and answers in plain values."""

import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

MOST_VERSIONS = 300  # shown on a page; the longest histories go on for thousands
_MOST_WORDS = 12
_ORDERS = {
    "installs": "package.installs DESC, package.slug",
    "updated": "package.updated DESC, package.slug",
    "name": "package.name COLLATE NOCASE, package.slug",
}
# bm25 is the more negative the better the match. A hit in the name or slug weighs most; the
# digits of the install figure, its order of magnitude, lift the popular above the forgotten.
_RELEVANCE = """
    (package.slug = :exact OR package.name = :name COLLATE NOCASE) DESC,
    bm25(search, 10, 8, 3, 1) * (4 + length(coalesce(package.installs, 0))), package.slug
"""


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
    homepage: str
    installs: int | None
    updated: int | None
    withdrawn_at: int | None
    card: str
    card_alt: str
    card_width: int
    card_height: int
    card_own: int  # 0: the site's default card


@dataclass(frozen=True, slots=True)
class Version:
    """One version that can be installed, and its zip."""

    version: str
    url: str


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


@dataclass(frozen=True, slots=True)
class Match:
    """A search that SQLite can run: an FTS5 expression, and what counts as an exact hit."""

    expression: str
    exact: str
    name: str


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the schema version of a release."""
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0])


def meta(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what a release says of itself."""
    return dict(connection.execute("SELECT key, value FROM meta LIMIT 1000"))


def listed(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many packages of each type are listed. Reads every row: ask once a release."""
    return dict(
        connection.execute(
            "SELECT type, count(*) FROM package WHERE withdrawn_at IS NULL GROUP BY type"
        )
    )


def package(connection: sqlite3.Connection, type_: str, slug: str) -> Package | None:
    """Return a package, withdrawn or not, or None."""
    row = connection.execute(
        """
        SELECT id, type, slug, name, description, version, author, author_url, homepage,
               installs, updated, withdrawn_at, card, card_alt, card_width, card_height, card_own
        FROM package WHERE type = ? AND slug = ? LIMIT 1
        """,
        (type_, slug),
    ).fetchone()
    return None if row is None else Package(*row)


def versions(connection: sqlite3.Connection, package_id: int) -> list[Version]:
    """Return the newest versions of a package, newest first, at most MOST_VERSIONS."""
    rows = connection.execute(
        "SELECT version, url FROM version WHERE package_id = ? AND why_not = ''"
        " ORDER BY position LIMIT ?",
        (package_id, MOST_VERSIONS),
    )
    return [Version(*row) for row in rows]


def version_count(connection: sqlite3.Connection, package_id: int) -> int:
    """Return how many versions of a package there are."""
    row = connection.execute(
        "SELECT count(*) FROM version WHERE package_id = ? AND why_not = ''", (package_id,)
    ).fetchone()
    return int(row[0])


def browse(
    connection: sqlite3.Connection, type_: str, sort: str, limit: int, offset: int
) -> list[Entry]:
    """Return a page of the listed packages; type_ '' means both."""
    sql = f"""
        SELECT type, slug, name, description, version, author, installs, updated FROM package
        WHERE withdrawn_at IS NULL AND (:type = '' OR type = :type)
        ORDER BY {_ORDERS[sort]} LIMIT :limit OFFSET :offset
    """  # noqa: S608  a choice among our own clauses
    rows = connection.execute(sql, {"type": type_, "limit": limit, "offset": offset})
    return [Entry(*row) for row in rows]


def match(words: str) -> Match | None:
    """Turn what a visitor typed into a search; None when there is no letter or digit in it.

    Every word is quoted, so that no word is an operator, and matches as a beginning. A package
    named as Composer names it (wp-plugin/akismet) is looked for by its slug.
    """
    wanted = re.sub(r"^\s*wp-(plugin|theme)/", "", words)
    terms = [term for term in wanted.split() if any(map(_searchable, term))][:_MOST_WORDS]
    if not terms:
        return None
    quoted = ('"' + term.replace('"', '""') + '"*' for term in terms)
    return Match(" ".join(quoted), "-".join(terms).casefold(), " ".join(terms))


def found(connection: sqlite3.Connection, wanted: Match) -> Mapping[str, int]:
    """Return how many listed packages of each type a search finds."""
    rows = connection.execute(
        """
        SELECT package.type, count(*) FROM search JOIN package ON package.id = search.rowid
        WHERE search MATCH ? AND package.withdrawn_at IS NULL GROUP BY package.type
        """,
        (wanted.expression,),
    )
    return dict(rows)


def search(
    connection: sqlite3.Connection, wanted: Match, type_: str, sort: str, limit: int, offset: int
) -> list[Entry]:
    """Return a page of what a search finds; sort '' puts the best match first."""
    sql = f"""
        SELECT package.type, package.slug, package.name, package.description, package.version,
               package.author, package.installs, package.updated
        FROM search JOIN package ON package.id = search.rowid
        WHERE search MATCH :expression AND package.withdrawn_at IS NULL
          AND (:type = '' OR package.type = :type)
        ORDER BY {_ORDERS.get(sort, _RELEVANCE)} LIMIT :limit OFFSET :offset
    """  # noqa: S608  a choice among our own clauses
    values = {
        "expression": wanted.expression,
        "exact": wanted.exact,
        "name": wanted.name,
        "type": type_,
        "limit": limit,
        "offset": offset,
    }
    return [Entry(*row) for row in connection.execute(sql, values)]


def _searchable(character: str) -> bool:
    # The letters, digits and private characters of FTS5's unicode61 tokenizer: a phrase without
    # one of them is empty, and an empty phrase makes the whole search find nothing.
    return unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "Co"
