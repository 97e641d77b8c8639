"""The code of this version, with what an earlier run read of it: so a run reads what changed."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from catalog.database import keep_state, state
from release.digest import Code

_KEY = "code"


def known(db: sqlite3.Connection) -> Code:
    """Give the code, as far as the catalogue knows it."""
    read = json.loads(state(db, _KEY) or "{}")
    return Code({name: (marked, digest, tuple(of)) for name, (marked, digest, of) in read.items()})


def keep(db: sqlite3.Connection, ours: Code) -> None:
    """Remember what was read, if any of it is new."""
    keep_state(db, _KEY, json.dumps(ours.known))


def digest(
    db: sqlite3.Connection,
    modules: Iterable[str],
    files: Iterable[Path] = (),
    *settings: object,
    within: tuple[str, ...] = ("",),
) -> str:
    """Digest as Code.of does, and remember what was read for it."""
    ours = known(db)
    made_by = ours.of(modules, files, *settings, within=within)
    keep(db, ours)
    return made_by
