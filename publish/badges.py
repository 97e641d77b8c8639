"""Badges: small SVG files that say how often a package was installed, for other people's pages.

One a package, made when the package's page changes, replaced by a rename. A plugin whose announced
version has no tag gets another, which says that, and when it has one: it stays where it is shown.
"""

import sqlite3
from collections.abc import Container, Sequence
from pathlib import Path

from catalog.durable import replace
from publish.cards import wanted
from release.address import badge_file, tag_badge
from release.digest import Code
from render import badge

_BATCH = 500


class Badges:
    """SVG files under `folder`/<type>/<slug>.svg."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / "unfinished.tmp"  # one writer, one name

    def path(self, label: str) -> Path:
        """Name the file of a package, 'plugin/akismet'."""
        return self.folder / badge_file(label)

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


def made_by(ours: Code) -> str:
    """Digest the code that makes badges: where it differs, so may each of them."""
    return ours.of([__name__, "render.badge"], within=(__name__, "render.badge"))


def write(db: sqlite3.Connection, badges: Badges, touched: Sequence[int] | None) -> int:
    """Bring the badges of some packages up to date, or of all; give the number that changed."""
    ids = list(touched or ())
    if touched is None or not badges.folder.is_dir():
        ids = [id for (id,) in db.execute("SELECT id FROM package ORDER BY id").fetchall()]
    changed = 0
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        gone = _withdrawn(db, some)
        for one in wanted.for_packages(db, some):
            value = one.installed or badge.NONE
            if one.card.template == "closed":
                value = badge.CLOSED
            if one.owner in gone:
                value = badge.GONE
            changed += badges.put(one.label, badge.svg(one.label.partition("/")[0], value))
        changed += _write_tags(db, badges, some, gone)
    return changed


def _write_tags(
    db: sqlite3.Connection, badges: Badges, ids: Sequence[int], gone: Container[int]
) -> int:
    """Say of plugins whether what they announce is tagged, of those where it was not."""
    rows = db.execute(
        "SELECT id, type || '/' || slug, version, closure IS NOT NULL, offer ->> '$.untagged',"  # noqa: S608
        " offer ->> '$.case'"
        " FROM package JOIN metadata ON package_id = id"
        f" WHERE type = 'plugin' AND id IN ({', '.join('?' * len(ids))})",
        ids,
    ).fetchall()
    changed = 0
    for id, label, version, closed, untagged, case in rows:
        value = badge.TAGGED if case == "announced" else badge.UNKNOWN
        if untagged:
            value = badge.UNTAGGED
        if closed:
            value = badge.CLOSED
        if id in gone:
            value = badge.GONE
        name = tag_badge(label)
        if value == badge.UNTAGGED or badges.path(name).is_file():
            changed += badges.put(name, badge.tag_svg(version, value))
    return changed


def _withdrawn(db: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        f"SELECT id FROM package WHERE withdrawn_at IS NOT NULL AND id IN ({marks})",  # noqa: S608
        ids,
    ).fetchall()
    return {id for (id,) in rows}
