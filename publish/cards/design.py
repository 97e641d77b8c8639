"""The renderer of the cards, with a digest of its pictures, made anew when its code changed."""

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import BrokenExecutor

from publish.cards.draw import Unable
from publish.cards.workers import Workers
from render import CardRenderer, drawing_code, picture_of, pictures

_KEY = "card_drawing"


def renderer(
    db: sqlite3.Connection, pictures_of: Callable[[str], bytes] | None = None
) -> CardRenderer:
    """Give the renderer; `pictures_of` gives the prepared picture that a card names.

    After a change of its code its probe cards are drawn, and not remembered. A run that draws calls
    `remember` first, so that this happens once. Where they cannot be drawn, no pictures are named,
    and every card counts as out of date.
    """
    drawing = _known(db).get(drawing_code())
    if drawing is None:
        try:
            drawing = _pictures()
        except Unable:
            drawing = ""
    return CardRenderer(pictures=pictures_of, drawing=drawing)


def remember(db: sqlite3.Connection) -> None:
    """See to it that the catalogue knows the pictures of the present code. Raises Unable."""
    code = drawing_code()
    if code not in _known(db):
        told = json.dumps({code: _pictures()})
        db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_KEY, told))


def _pictures() -> str:
    """Digest the pictures of the probe cards, drawn in a process that draws. Raises Unable."""
    with Workers(1) as workers:
        try:
            digest, error = workers.submit(_drawn).result()
        except BrokenExecutor:
            digest, error = "", "they killed the process that drew them"
    if error:
        raise Unable("the probe cards", error)
    return digest


def _drawn() -> tuple[str, str]:
    """Give the digest, or '' and what was wrong."""
    try:
        return pictures(CardRenderer(pictures=picture_of)), ""
    except Exception as error:  # noqa: BLE001  (of libraries, fonts or templates: it is told)
        return "", f"{type(error).__name__}: {error}"


def _known(db: sqlite3.Connection) -> dict[str, str]:
    """Give {digest of the code: digest of its pictures}, of the code that drew last."""
    row = db.execute("SELECT value FROM state WHERE key = ?", (_KEY,)).fetchone()
    return json.loads(row[0]) if row else {}
