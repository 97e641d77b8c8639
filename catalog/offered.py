"""What each source of the last run offers, and which of its lines were refused, as remembered."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Offers = dict[int, bytes | None]
"""package id -> None, or the digest of the line where a source listed before has it, too."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A refused line: its number, the reason, its bytes, its beginning and the slug it names."""

    line: int
    reason: str
    size: int
    excerpt: str
    slug: str


Rejects = dict[bytes, Reject]
"""digest of a line -> why it was refused."""


def seals(db: sqlite3.Connection) -> dict[str, str]:
    """Give the sources of the last run in their order: name -> seal of what was taken."""
    return dict(db.execute("SELECT name, seal FROM source ORDER BY place").fetchall())


def offers(db: sqlite3.Connection) -> dict[str, Offers]:
    """Give what each source offered, by its name."""
    found: dict[int, Offers] = {}
    names = db.execute("SELECT id, name FROM source").fetchall()
    by_name = {name: found.setdefault(id, {}) for id, name in names}
    for package, source, shadowed in db.execute("SELECT * FROM offered").fetchall():
        found[source][package] = shadowed
    return by_name


def rejects(db: sqlite3.Connection) -> dict[str, Rejects]:
    """Give the refused lines of each source, by its name."""
    found: dict[str, Rejects] = {}
    rows = db.execute("SELECT source, digest, line, reason, size, excerpt, slug FROM reject")
    for source, digest, *rest in rows.fetchall():
        found.setdefault(source, {})[digest] = Reject(*rest)
    return found


def keep_sources(db: sqlite3.Connection, names: Sequence[str]) -> None:
    """Remember the sources of this run, in their order, and forget all others."""
    if list(seals(db)) == list(names):
        return
    marks = ", ".join("?" * len(names))
    others = f"SELECT id FROM source WHERE name NOT IN ({marks})"  # noqa: S608
    db.execute(f"DELETE FROM offered WHERE source_id IN ({others})", names)  # noqa: S608
    db.execute(f"DELETE FROM source WHERE name NOT IN ({marks})", names)  # noqa: S608
    db.executemany(
        "INSERT INTO source (name, place, seal) VALUES (?, ?, '')"
        " ON CONFLICT (name) DO UPDATE SET place = excluded.place",
        [(name, place) for place, name in enumerate(names)],
    )


def keep_seals(db: sqlite3.Connection, seals: Mapping[str, str]) -> None:
    """Remember what was taken of each source."""
    db.executemany("UPDATE source SET seal = ? WHERE name = ?", [(s, n) for n, s in seals.items()])


def keep_offers(db: sqlite3.Connection, source: str, before: Offers, now: Offers) -> None:
    """Remember what a source offers; what it did `before` stands there."""
    if now == before:
        return
    id = db.execute("SELECT id FROM source WHERE name = ?", (source,)).fetchone()[0]
    db.executemany(
        "DELETE FROM offered WHERE package_id = ? AND source_id = ?",
        [(package, id) for package in before.keys() - now.keys()],
    )
    db.executemany(
        "INSERT OR REPLACE INTO offered VALUES (?, ?, ?)",
        [
            (package, id, shadowed)
            for package, shadowed in now.items()
            if package not in before or before[package] != shadowed
        ],
    )


def keep_rejects(
    db: sqlite3.Connection, before: dict[str, Rejects], now: dict[str, Rejects]
) -> None:
    """Remember the refused lines of this run instead of those of the one before."""
    if now == before:
        return
    db.execute("DELETE FROM reject")
    db.executemany(
        "INSERT INTO reject (source, digest, line, reason, size, excerpt, slug)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (source, digest, one.line, one.reason, one.size, one.excerpt, one.slug)
            for source, refused in now.items()
            for digest, one in refused.items()
        ],
    )
