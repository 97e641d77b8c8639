"""Badges: small SVG files that say how often a package was installed, for other people's pages.

One a package, made when the package's page changes, replaced by a rename.
"""

import sqlite3
from collections.abc import Sequence
from html import escape
from pathlib import Path

from publish.cards import memory

_BATCH = 500
_LABEL = "composer installs"
_NONE, _GONE, _CLOSED = "none yet", "withdrawn", "closed"
_COLOURS = {"plugin": "#245a8d", "theme": "#9b3122"}
_QUIET = "#574c40"
_HEIGHT, _PAD = 20, 6
# Widths of Verdana's signs at 11 pixels, nearly.
_WIDTHS = {
    **dict.fromkeys(" ,.:;'!|ijl", 3.5),
    **dict.fromkeys("-frt", 4.5),
    **dict.fromkeys("+mwMW", 9.5),
}
_USUAL = 6.8


class Badges:
    """SVG files under `folder`/<type>/<slug>.svg."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / "unfinished.tmp"  # one writer, one name

    def path(self, label: str) -> Path:
        """Name the file of a package, 'plugin/akismet'."""
        return self.folder / f"{label}.svg"

    def put(self, label: str, content: str) -> bool:
        """Store a badge, unless the same is there; tell whether it was another."""
        path, wanted = self.path(label), content.encode()
        try:
            if path.read_bytes() == wanted:
                return False
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._unfinished.write_bytes(wanted)
        self._unfinished.replace(path)
        return True

    def mend(self) -> None:
        """Remove what a killed run left half written."""
        self._unfinished.unlink(missing_ok=True)


def write(db: sqlite3.Connection, badges: Badges, touched: Sequence[int]) -> int:
    """Bring the badges of some packages up to date (of all, if there are none); give the number."""
    ids = list(touched)
    if not badges.folder.is_dir():
        ids = [id for (id,) in db.execute("SELECT id FROM package ORDER BY id").fetchall()]
    changed = 0
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        gone = _withdrawn(db, some)
        for one in memory.wanted(db, some):
            value = one.card.downloads or _NONE
            if one.card.template == "closed":
                value = _CLOSED
            if one.owner in gone:
                value = _GONE
            changed += badges.put(one.label, svg(one.label.partition("/")[0], value))
    return changed


def _withdrawn(db: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        f"SELECT id FROM package WHERE withdrawn_at IS NOT NULL AND id IN ({marks})",  # noqa: S608
        ids,
    ).fetchall()
    return {id for (id,) in rows}


def svg(type: str, value: str) -> str:
    """Draw a badge for a plugin or theme: '1,200+' beside what is counted."""
    left, right = _width(_LABEL), _width(value)
    colour = _QUIET if value in (_NONE, _GONE, _CLOSED) else _COLOURS[type]
    words = escape(f"{_LABEL}: {value}")
    # textLength: as wide as was reckoned, whatever font there is. White on each of the three
    # colours can be read (above 6:1), on a light page and on a dark one.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'role="img" aria-label="{words}"><title>{words}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><path fill="#211c18" d="M0 0h{left}v{_HEIGHT}H0z"/>'
        f'<path fill="{colour}" d="M{left} 0h{right}v{_HEIGHT}H{left}z"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
        f'<text x="{_PAD}" y="14" textLength="{left - 2 * _PAD}">{escape(_LABEL)}</text>'
        f'<text x="{left + _PAD}" y="14" textLength="{right - 2 * _PAD}">{escape(value)}</text>'
        "</g></svg>\n"
    )


def _width(text: str) -> int:
    """Reckon how wide a text is, in pixels, with the space around it."""
    return round(sum(_WIDTHS.get(sign, _USUAL) for sign in text)) + 2 * _PAD
