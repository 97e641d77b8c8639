"""The code of this version, with what an earlier run read of it: so a run reads what changed."""

import json
import sqlite3

from release.digest import Code

_KEY = "code"


def known(db: sqlite3.Connection) -> Code:
    """Give the code, as far as the catalogue knows it."""
    row = db.execute("SELECT value FROM state WHERE key = ?", (_KEY,)).fetchone()
    read = json.loads(row[0]) if row else {}
    return Code({name: (marked, digest, tuple(of)) for name, (marked, digest, of) in read.items()})


def keep(db: sqlite3.Connection, code: Code) -> None:
    """Remember what was read, if any of it is new."""
    if code.known != known(db).known:
        told = json.dumps(code.known)
        db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_KEY, told))
