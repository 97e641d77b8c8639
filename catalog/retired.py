"""Files that newer ones have replaced: kept for days of grace, so that old shares show them."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retired:
    """What is remembered of one kind. Changes are made inside a transaction.

    table, name: where, and the column of the names. used: asks for the names that are in use.
    """

    table: str
    name: str
    used: str = "SELECT NULL LIMIT 0"

    def all(self, db: sqlite3.Connection) -> set[str]:
        """Give every name that is remembered."""
        rows = db.execute(f"SELECT {self.name} FROM {self.table}").fetchall()  # noqa: S608
        return {name for (name,) in rows}

    def before(self, db: sqlite3.Connection, moment: int) -> list[str]:
        """Give those that were replaced until a moment (Unix seconds) and are not in use."""
        rows = db.execute(
            f"SELECT {self.name} FROM {self.table} WHERE retired_at <= ?"  # noqa: S608
            f" AND {self.name} NOT IN ({self.used})",
            (moment,),
        ).fetchall()
        return [name for (name,) in rows]

    def add(self, db: sqlite3.Connection, names: Iterable[str], now: int) -> None:
        """Take some for replaced `now` (Unix seconds): they go when their grace is over."""
        db.executemany(
            f"INSERT OR IGNORE INTO {self.table} VALUES (?, ?)",  # noqa: S608
            [(name, now) for name in names],
        )

    def drop(self, db: sqlite3.Connection, names: Iterable[str]) -> None:
        """Forget some: their files are gone, or in use again."""
        db.executemany(
            f"DELETE FROM {self.table} WHERE {self.name} = ?",  # noqa: S608
            [(name,) for name in names],
        )
