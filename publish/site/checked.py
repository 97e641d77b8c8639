"""Which site.db is known to be sound: remembered by its bytes, so that a copy of it is known, too.

SQLite's own check takes as long as the catalogue is large, and longest of all that a deploy does;
a checksum of the same bytes takes a tenth of that and misses less.
"""

import sqlite3
from pathlib import Path

from zlib_ng.zlib_ng import crc32

from catalog.database import keep_state, state

_KEY = "site_checked"
_READ = 1 << 18  # bytes at once: as much as stays in a processor's cache


def mark(site: Path) -> str:
    """Give a file's size and CRC-32, by which it is told from one that rotted or lacks its end."""
    block = bytearray(_READ)
    seen, size, digest = memoryview(block), 0, 0
    with site.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            size, digest = size + count, crc32(seen[:count], digest)
    return f"{size} {digest:08x}"


def is_known(db: sqlite3.Connection, site: Path) -> bool:
    """Tell whether these are the bytes of the site.db that was made last, which was sound."""
    known = state(db, _KEY)
    return known != "" and known == mark(site)


def remember(db: sqlite3.Connection, site: Path) -> None:
    """Remember a site.db as sound, instead of the one before."""
    keep_state(db, _KEY, mark(site))
