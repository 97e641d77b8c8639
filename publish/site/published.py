"""A published database, `site.db`, as the write side looks at it: one question a call."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from release import author
from release.address import SITEMAP_PART, zip_name
from release.database import UnreadableRelease, connect, open_release, uri

_BATCH = 500
_NAMES_CARD = "(key = 'default_card' OR key GLOB 'card_*' AND key NOT GLOB 'card_*_*')"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a site.db was made of; of one that cannot say, what no site.db is made of.

    generation: the catalogue's. inputs: digest of the code and settings that made its rows.
    lists: digest of the code that made the lists of its release. badges: likewise.
    """

    generation: int = -1
    inputs: str = ""
    lists: str = ""
    badges: str = ""


def origin(site: Path) -> Origin:
    """Tell what a site.db was made of."""
    try:
        meta = _meta(site)
        return Origin(int(meta["generation"]), meta["inputs"], meta["lists"], meta["badges"])
    except (sqlite3.DatabaseError, KeyError, ValueError):
        return Origin()


def stamp(site: Path) -> int:
    """Tell when a site.db was made, in 1/10,000 s since 1970."""
    return int(_meta(site)["stamp"])


def packages_since(site: Path, stamp: int) -> list[str] | None:
    """Name the packages whose Composer files changed between `stamp` and a site.db.

    None if that is not known: the stamp is of a later release, or of one too long ago.
    """
    meta = _meta(site)
    if not int(meta["changes_since"]) <= stamp <= int(meta["stamp"]):
        return None
    with closing(connect(site)) as db:
        rows = db.execute("SELECT name FROM change WHERE stamp > ?", (stamp,)).fetchall()
    return sorted({name.removesuffix("~dev") for (name,) in rows})


def announced(site: Path) -> list[str]:
    """Name the Composer files, 'wp-plugin/akismet~dev', that a site.db tells mirrors to read anew.

    Those of its own entries in the log of changes, whose time is the site.db's stamp.
    """
    with closing(connect(site)) as db:
        rows = db.execute(
            "SELECT name FROM change WHERE action = 'update' AND stamp ="
            " (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'stamp')"
        ).fetchall()
    return [name for (name,) in rows]


def site_url(site: Path) -> str:
    """Tell the absolute base of every link of a site.db."""
    return _meta(site)["site_url"]


def metadata(site: Path, names: Sequence[str] | None) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield (name, main, dev) of packages by these names, or of all: their files, compressed."""
    with closing(connect(site)) as db:
        if names is None:
            yield from db.execute("SELECT name, main, dev FROM metadata ORDER BY name")
            return
        for name in names:
            yield from db.execute("SELECT name, main, dev FROM metadata WHERE name = ?", (name,))


def offered(site: Path, names: Sequence[str]) -> set[str]:
    """Give those of some packages that Composer can have."""
    found: set[str] = set()
    with closing(open_release(site)) as db:
        for start in range(0, len(names), _BATCH):
            some = names[start : start + _BATCH]
            rows = db.execute(
                "SELECT metadata.name FROM metadata JOIN package ON package.id = package_id"  # noqa: S608
                f" WHERE metadata.name IN ({', '.join('?' * len(some))}) AND offer <> 'none'",
                some,
            )
            found.update(name for (name,) in rows.fetchall())
    return found


def metadata_names(site: Path) -> set[str]:
    """Give the names of all packages that Composer can have, 'wp-plugin/akismet'."""
    with closing(open_release(site)) as db:
        rows = db.execute(
            # All of it is in two indexes: no row is read.
            "SELECT name FROM metadata"
            " WHERE package_id NOT IN (SELECT id FROM package WHERE offer = 'none')"
        )
        return {name for (name,) in rows.fetchall()}


def closed_names(site: Path) -> set[str]:
    """Give the names of the closed packages that have Composer files."""
    with closing(open_release(site)) as db:
        rows = db.execute(
            "SELECT metadata.name FROM package JOIN metadata ON package_id = package.id"
            " WHERE closure IS NOT NULL"
        )
        return {name for (name,) in rows.fetchall()}


def differing(one: Path, other: Path) -> list[str] | None:
    """Name the packages whose metadata differs between two releases' site.db.

    None if one of them is damaged: then everything is to be compared.
    """
    return _beside(
        one,
        other,
        "SELECT name FROM (SELECT name, main, dev FROM main.metadata"
        " EXCEPT SELECT name, main, dev FROM other.metadata)"
        " UNION SELECT name FROM (SELECT name, main, dev FROM other.metadata"
        " EXCEPT SELECT name, main, dev FROM main.metadata) ORDER BY name",
    )


def pictured_otherwise(site: Path, other: Path) -> list[int] | None:
    """Give the ids of packages that another site.db lacks, or shows with another card or plate.

    None if one of them is damaged, or older than plates are: then it may be any.
    """
    return _beside(
        site,
        other,
        "SELECT id FROM main.package AS one WHERE NOT EXISTS (SELECT 1 FROM other.package"
        " WHERE id = one.id AND card = one.card AND plate = one.plate)",
    )


def _beside(site: Path, other: Path, query: str) -> list[Any] | None:
    """Ask for one column with another site.db attached as `other`; None if one is damaged."""
    try:
        with closing(connect(site)) as db:
            db.execute("ATTACH ? AS other", (uri(other),))
            return [value for (value,) in db.execute(query).fetchall()]
    except sqlite3.DatabaseError:
        return None


def cards_of(site: Path, ids: Sequence[int] | None = None) -> list[tuple[str, str]]:
    """Give (package, fingerprint) of some rows of a site.db, or of all."""
    with closing(connect(site)) as db:
        return _pictures(db, "card", ids)


def plates_of(site: Path, ids: Sequence[int] | None = None) -> list[tuple[str, str]]:
    """Give (package, digest) of the rows of a site.db that have a plate, of some or of all.

    An older release has none.
    """
    with closing(open_release(site)) as db:
        return [row for row in _pictures(db, "plate", ids) if row[1]]


def _pictures(
    db: sqlite3.Connection, column: str, ids: Sequence[int] | None
) -> list[tuple[str, str]]:
    select = f"SELECT type || '/' || slug, {column} FROM package"  # noqa: S608
    if ids is None:
        return db.execute(select).fetchall()
    return _of_some(db, f"{select} WHERE id", ids)


def zips_of(site: Path, ids: Sequence[int] | None = None) -> list[tuple[str, str]]:
    """Give (package, name) of the kept zips that a site.db offers, of some packages or of all."""
    select = (
        "SELECT type || '/' || slug, sha256 FROM version JOIN package ON package.id = package_id"
        " WHERE sha256 <> ''"
    )
    with closing(open_release(site)) as db:
        rows = (
            db.execute(select).fetchall()
            if ids is None
            else _of_some(db, f"{select} AND package_id", ids)
        )
    return [(package, zip_name(sha256)) for package, sha256 in rows]


def _of_some(db: sqlite3.Connection, select: str, ids: Sequence[int]) -> list[tuple[str, str]]:
    """Select rows by ids that are in a list, some hundred of them at a time."""
    found: list[tuple[str, str]] = []
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        found += db.execute(f"{select} IN ({', '.join('?' * len(some))})", some).fetchall()
    return found


def page_cards_of(site: Path) -> list[tuple[str, str]]:
    """Give (page, fingerprint) of the cards of a site.db's own pages, the default one among them.

    Of authors and tags, too, which an older release does not have.
    """
    with closing(connect(site)) as db:
        return _page_cards(db)


def _page_cards(db: sqlite3.Connection) -> list[tuple[str, str]]:
    found = db.execute(f"SELECT key, value FROM meta WHERE {_NAMES_CARD}").fetchall()  # noqa: S608
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'page_card'").fetchone():
        found += db.execute("SELECT page, card FROM page_card").fetchall()
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """An author or a tag. kind: 'author' or 'tag'. first: ids of the most installed packages."""

    kind: str
    key: str
    name: str
    packages: int
    first: list[int]

    @property
    def page(self) -> str:
        """The address of its page, without the base and the first stroke."""
        return f"{self.kind}s/{self.key}"


def groups(site: Path, least: int) -> Iterator[Group]:
    """Yield the authors and the tags of a site.db that have so many packages and more."""
    with closing(open_release(site)) as db:
        for kind, counts, members in _GROUPS:
            for key, packages in db.execute(counts, (least,)).fetchall():
                rows = db.execute(members, (key,)).fetchall()
                yield Group(kind, key, rows[0][1] or key, packages, [id for id, _ in rows])


# Who has how many, and who the first four are, as the pages have them.
_GROUPS = (
    (
        "author",
        "SELECT author_key, count(*) FROM package WHERE author_key <> '' AND withdrawn_at IS NULL"
        " GROUP BY author_key HAVING count(*) >= ?",
        f"SELECT id, ({author.NAME}) FROM package WHERE author_key = ?1 AND withdrawn_at IS NULL"  # noqa: S608
        " ORDER BY active_installs DESC, slug LIMIT 4",
    ),
    (
        "tag",
        "SELECT tag, count(*) FROM tag GROUP BY tag HAVING count(*) >= ?",
        "SELECT package_id, label FROM tag WHERE tag = ? ORDER BY rank, package_id LIMIT 4",
    ),
)


def named(site: Path, fingerprints: Sequence[str]) -> set[str]:
    """Give those of some cards that any page of a site.db names; a damaged one may name any."""
    try:
        with closing(connect(site)) as db:
            pages = {card for _, card in _page_cards(db)}
            return _named(db, "card", fingerprints) | pages.intersection(fingerprints)
    except sqlite3.DatabaseError:
        return set(fingerprints)


def named_plates(site: Path, digests: Sequence[str]) -> set[str]:
    """Give those of some plates that any page of a site.db names; a damaged one may name any."""
    try:
        with closing(open_release(site)) as db:
            return _named(db, "plate", digests)
    except (sqlite3.DatabaseError, UnreadableRelease):
        return set(digests)


def _named(db: sqlite3.Connection, column: str, names: Sequence[str]) -> set[str]:
    """Give those of some names that a column of the packages holds."""
    found: set[str] = set()
    for start in range(0, len(names), _BATCH):
        some = names[start : start + _BATCH]
        marks = ", ".join("?" * len(some))
        rows = db.execute(f"SELECT {column} FROM package WHERE {column} IN ({marks})", some)  # noqa: S608
        found.update(name for (name,) in rows)
    return found


@dataclass(frozen=True, slots=True)
class Example:
    """A package whose page tells something of a release."""

    type: str
    slug: str
    withdrawn: bool


def examples(site: Path) -> list[Example]:
    """Give a few telling packages of a site.db, always the same."""
    # Each is found in an index alone; then a few rows are read.
    installed = "withdrawn_at IS NULL AND closure IS NULL ORDER BY active_installs DESC, slug LIMIT"
    most = f"id IN (SELECT id FROM package WHERE {installed} {_BATCH})"  # noqa: S608
    picks = (
        f"{installed} 3",
        f"{most} ORDER BY length(name) DESC, slug LIMIT 2",
        "withdrawn_at IS NULL AND NOT card_own ORDER BY slug LIMIT 2",
        "withdrawn_at IS NOT NULL ORDER BY withdrawn_at, slug LIMIT 2",
        "withdrawn_at IS NULL ORDER BY id DESC LIMIT 3",
    )
    with closing(open_release(site)) as db:
        rows = [
            row
            for pick in picks
            for row in db.execute(
                "SELECT type, slug, withdrawn_at IS NOT NULL FROM package"  # noqa: S608
                f" JOIN (SELECT id AS picked FROM package WHERE {pick}) ON id = picked"
            )
        ]
    return [Example(type, slug, bool(gone)) for type, slug, gone in dict.fromkeys(rows)]


def listed(site: Path) -> int:
    """Tell how many packages a site.db lists."""
    with closing(connect(site)) as db:
        return int(db.execute("SELECT value FROM meta WHERE key = 'packages'").fetchone()[0])


def sitemap_part_of(id: int) -> int:
    """Tell which part of the sitemap a package stands in."""
    return id // SITEMAP_PART


def sitemap_parts(site: Path) -> list[int]:
    """Give the parts of a site.db's sitemap that hold anything."""
    with closing(connect(site)) as db:
        rows = db.execute(
            "SELECT DISTINCT id / ? FROM package WHERE withdrawn_at IS NULL AND closure IS NULL",
            (SITEMAP_PART,),
        ).fetchall()
    return sorted(number for (number,) in rows)


def _meta(site: Path) -> dict[str, str]:
    with closing(connect(site)) as db:
        return dict(db.execute("SELECT key, value FROM meta").fetchall())
