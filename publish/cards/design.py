"""The renderer of the cards, with a digest of its pictures, made anew when its code changed."""

import json
import sqlite3

from render import CardRenderer, drawing_code, pictures

_KEY = "card_drawing"


def renderer(db: sqlite3.Connection) -> CardRenderer:
    """Give the renderer; after a change of its code its probe cards are drawn, and not remembered.

    A run that draws calls `remember` first, so that this happens once.
    """
    known = _known(db)
    drawing = known.get(drawing_code()) or pictures(CardRenderer())
    return CardRenderer(drawing=drawing)


def remember(db: sqlite3.Connection) -> None:
    """See to it that the catalogue knows the pictures of the present code."""
    code = drawing_code()
    if code not in _known(db):
        told = json.dumps({code: pictures(CardRenderer())})
        db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_KEY, told))


def _known(db: sqlite3.Connection) -> dict[str, str]:
    """Give {digest of the code: digest of its pictures}, of the code that drew last."""
    row = db.execute("SELECT value FROM state WHERE key = ?", (_KEY,)).fetchone()
    return json.loads(row[0]) if row else {}
