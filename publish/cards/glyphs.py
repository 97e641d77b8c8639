"""Which characters of the catalogue no font has: they are left out of the cards."""

import sqlite3
import unicodedata

from render import coverage


def missing(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Give each such character with the packages ('plugin/akismet') that it stands in."""
    rows = db.execute(
        "SELECT name || ' ' || description || ' ' || author || ' ' || version,"
        " type || '/' || slug FROM package WHERE withdrawn_at IS NULL ORDER BY id"
    ).fetchall()
    # Plain ASCII has its fonts; most texts are that, and need no look.
    labels = {text: label for text, label in rows if not text.isascii()}
    return {
        char: [labels[text] for text in texts] for char, texts in coverage(labels.keys()).items()
    }


def in_words(found: dict[str, list[str]]) -> list[str]:
    """Say it, a line a character; one line if there is nothing to say."""
    if not found:
        return ["every character of the catalogue has a font"]
    return [
        f"no font has U+{ord(char):04X} ({unicodedata.name(char, 'unnamed')}): "
        + ", ".join(labels[:3])
        + (f" and {len(labels) - 3:,} more" if len(labels) > 3 else "")
        for char, labels in sorted(found.items())
    ]
