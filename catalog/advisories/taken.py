"""What became of the operator's file of advisories, and whether there ever was one."""

import sqlite3
from dataclasses import dataclass, field

from catalog.database import state

STATE = "advisories_taken"  # by what, from which file, beside which packages


@dataclass(slots=True)
class Taken:
    """What became of a file: packages whose advisories changed; what was refused, by line."""

    changed: int = 0
    advisories: int = 0
    unread: bool = True
    refused: list[tuple[int, str]] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)


def sealed(db: sqlite3.Connection) -> str:
    """Give the mark of the file that was taken last; '' where there is none."""
    return state(db, STATE)
