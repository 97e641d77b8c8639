"""One package: its facts, its versions, its tags."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Literal, NamedTuple

from release.closure import Closure
from release.extras import Extra, stored

MOST_VERSIONS = 5_000  # that a machine is told of at once


class Package(NamedTuple):
    """A row of `package`: the columns named as these fields are. Texts are '' when unknown.

    active_installs: None when unknown. updated, withdrawn_at: Unix seconds or None.
    closure: as JSON, None for an open package. card: a fingerprint; its size in pixels.
    plate: a digest, '' without one.
    version: the one announced. offer: 'announced', 'tag', 'trunk', 'older' (than announced) or
    'none'. offer_version: what one gets, as printed. offer_command: '' for what nobody can, or
    should, install. offer_why: sentences, '' when there is nothing to explain.
    wordpress_org: 1 for a package that lives there. extras, requires_plugins: as JSON, see `told`
    and `needs`. untagged: 1 for a plugin of whose announced version there is no tag.
    """

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
    active_installs: int | None
    updated: int | None
    requires: str
    tested: str
    requires_php: str
    requires_plugins: str
    withdrawn_at: int | None
    closure: str | None
    card: str
    card_alt: str
    card_width: int
    card_height: int
    plate: str
    offer: Literal["announced", "tag", "trunk", "older", "none"]
    offer_version: str
    offer_command: str
    offer_why: str
    wordpress_org: int
    untagged: int
    extras: str

    @property
    def told(self) -> list[Extra]:
        """The facts that are only printed, in their order."""
        return stored(self.extras)

    @property
    def needs(self) -> list[str]:
        """The slugs of the plugins that it needs, as the announced version says."""
        return list(json.loads(self.requires_plugins))

    @property
    def why_closed(self) -> Closure | None:
        """The closure; None for an open package."""
        return Closure.parse(self.closure) if self.closure else None


class Version(NamedTuple):
    """A version: offered, or with a sentence that says why it cannot be installed.

    version: as Composer is told. raw: the name of its tag. url: of its zip, '' without one.
    sha256: of the zip where that is kept here, else ''. untagged: 1 where it never had a tag.
    released: Unix seconds, None when unknown. published: since when it stands here, likewise.
    revision: Subversion's, that changed it after its release, at `changed`; None when none did.
    advisories: ids of those that affect it, with blanks between. php: '' when unknown. why_not: ''
    when it is offered.
    """

    version: str
    raw: str
    url: str
    sha256: str
    untagged: int
    released: int | None
    published: int | None
    revision: int | None
    changed: int | None
    advisories: str
    php: str
    why_not: str


class Tag(NamedTuple):
    """A tag of a package. key: its address, the last part of /tags/<key>. label: as written."""

    key: str
    label: str


_PACKAGE = ", ".join(Package._fields)
_VERSION = ", ".join(Version._fields)


def find(connection: sqlite3.Connection, type: str, slug: str) -> Package | None:
    """Give a package, withdrawn or not, or None."""
    row = connection.execute(
        f"SELECT {_PACKAGE} FROM package WHERE type = ? AND slug = ? LIMIT 1",  # noqa: S608
        (type, slug),
    ).fetchone()
    return None if row is None else Package(*row)


def listed(connection: sqlite3.Connection, type: str, slugs: Sequence[str]) -> set[str]:
    """Tell which of some packages, at most a hundred, have a page."""
    marks = ", ".join("?" * len(slugs))
    rows = connection.execute(
        f"SELECT slug FROM package WHERE type = ? AND slug IN ({marks})"  # noqa: S608
        " AND withdrawn_at IS NULL",
        (type, *slugs),
    )
    return {slug for (slug,) in rows}


def versions(connection: sqlite3.Connection, package_id: int, limit: int) -> list[Version]:
    """Give the newest versions that can be installed, newest first."""
    return _versions(connection, "AND why_not = ''", package_id, limit)


def held_back(connection: sqlite3.Connection, package_id: int, limit: int) -> list[Version]:
    """Give versions that the source has and nobody can install from here."""
    return _versions(connection, "AND why_not <> ''", package_id, limit)


def all_versions(connection: sqlite3.Connection, package_id: int, limit: int) -> list[Version]:
    """Give versions of both kinds: those offered, newest first, then the others."""
    return _versions(connection, "", package_id, limit)


def _versions(
    connection: sqlite3.Connection, condition: str, package_id: int, limit: int
) -> list[Version]:
    rows = connection.execute(
        f"SELECT {_VERSION} FROM version WHERE package_id = ? {condition}"  # noqa: S608
        " ORDER BY position LIMIT ?",
        (package_id, limit),
    )
    return list(map(Version._make, rows))


def version_count(connection: sqlite3.Connection, package_id: int) -> int:
    """Count the versions of a package that can be installed."""
    row = connection.execute(
        "SELECT count(*) FROM version WHERE package_id = ? AND why_not = ''", (package_id,)
    ).fetchone()
    return int(row[0])


def changed(connection: sqlite3.Connection, package_id: int) -> int:
    """Give the Unix seconds since when a package's page is as it is."""
    row = connection.execute(
        "SELECT changed FROM history WHERE package_id = ?", (package_id,)
    ).fetchone()
    return int(row[0])


def tags(connection: sqlite3.Connection, package_id: int) -> list[Tag]:
    """Give a package's tags, at most thirty."""
    rows = connection.execute(
        "SELECT tag, label FROM tag WHERE package_id = ? ORDER BY tag LIMIT 30", (package_id,)
    )
    return list(map(Tag._make, rows))


def closed_at(connection: sqlite3.Connection, package_id: int) -> int | None:
    """Give the Unix seconds when a package was closed; None for an open one."""
    row = connection.execute(
        "SELECT closed FROM history WHERE package_id = ?", (package_id,)
    ).fetchone()
    return None if row is None else row[0]
