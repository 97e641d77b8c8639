"""Badges: small SVG files that say how often a package was installed, for other people's pages.

One a package, made when the package's page changes, replaced by a rename. A plugin whose announced
version has no tag gets another, which says that, and when it has one: it stays where it is shown.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from catalog.durable import replace
from publish.begun import Begun
from release.address import badge_file, tag_badge
from release.digest import Code
from render import badge
from render.labels import at_least

_BATCH = 500


class Badges:
    """SVG files under `folder`/<type>/<slug>.svg."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / "unfinished.tmp"  # one writer, one name

    def path(self, label: str) -> Path:
        """Name the file of a package, 'plugin/akismet'."""
        return self.folder / badge_file(label)

    def there(self, label: str) -> bool:
        """Tell whether a package has this badge."""
        return self.path(label).is_file()

    def put(self, label: str, content: str) -> bool:
        """Store a badge, unless the same is there; tell whether it was another."""
        path, content_now = self.path(label), content.encode()
        try:
            if path.read_bytes() == content_now:
                return False
        except FileNotFoundError:
            pass
        replace(path, content_now, unfinished=self._unfinished)
        return True

    def mend(self) -> None:
        """Remove what a killed run left half written."""
        self._unfinished.unlink(missing_ok=True)
        Begun(self.folder).mend()


class _New(Badges):
    """Those of a folder that is being made: none is there yet."""

    def __init__(self, begun: Begun) -> None:
        super().__init__(begun.folder)
        self._begun = begun

    def there(self, label: str) -> bool:
        return False

    def put(self, label: str, content: str) -> bool:
        self._begun.write(badge_file(label), content.encode())
        return True


def made_by(ours: Code) -> str:
    """Digest the code that makes badges: where it differs, so may each of them."""
    within = (__name__, "render.badge", "render.labels")
    return ours.of(within, within=within)


def write(db: sqlite3.Connection, badges: Badges, touched: Sequence[int] | None) -> int:
    """Bring the badges of some packages up to date, or of all; give the number that changed."""
    begun = None if badges.folder.is_dir() else Begun(badges.folder)
    ids = list(touched or ())
    if touched is None or begun:
        ids = [id for (id,) in db.execute("SELECT id FROM package ORDER BY id").fetchall()]
    changed = _write(db, _New(begun) if begun else badges, ids)
    if begun:
        begun.finish()
    return changed


def _write(db: sqlite3.Connection, badges: Badges, ids: Sequence[int]) -> int:
    changed = 0
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        for type, slug, value in _values(db, some):
            changed += badges.put(f"{type}/{slug}", badge.svg(type, value))
        changed += _write_tags(db, badges, some)
    return changed


def _write_tags(db: sqlite3.Connection, badges: Badges, ids: Sequence[int]) -> int:
    """Say of plugins whether what they announce is tagged, of those where it was not."""
    rows = db.execute(
        "SELECT type || '/' || slug, version, withdrawn_at IS NOT NULL, closure IS NOT NULL,"  # noqa: S608
        " offer ->> '$.untagged', offer ->> '$.case'"
        " FROM package JOIN metadata ON package_id = id"
        f" WHERE type = 'plugin' AND id IN ({', '.join('?' * len(ids))})",
        ids,
    ).fetchall()
    changed = 0
    for label, version, gone, closed, untagged, case in rows:
        value = badge.TAGGED if case == "announced" else badge.UNKNOWN
        if untagged:
            value = badge.UNTAGGED
        if closed:
            value = badge.CLOSED
        if gone:
            value = badge.GONE
        name = tag_badge(label)
        if value == badge.UNTAGGED or badges.there(name):
            changed += badges.put(name, badge.tag_svg(version, value))
    return changed


def _values(db: sqlite3.Connection, ids: Sequence[int]) -> Iterator[tuple[str, str, str]]:
    """Yield type, slug and what the badge says: of installs, the same as the card."""
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        "SELECT type, slug, withdrawn_at IS NOT NULL, closure IS NOT NULL, installs,"  # noqa: S608
        " ifnull(facts ->> 'downloads', '')"
        f" FROM package LEFT JOIN card ON package_id = id WHERE id IN ({marks}) ORDER BY id",
        ids,
    ).fetchall()
    for type, slug, gone, closed, installs, shown in rows:
        if gone or closed:
            yield type, slug, badge.GONE if gone else badge.CLOSED
        else:
            yield type, slug, at_least(installs, shown) or badge.NONE
