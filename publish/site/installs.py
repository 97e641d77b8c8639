"""What a release says of installs by Composer: totals by day, month and version, of each package.

The rows of package 0 are those of all packages together. Of days the last thirty are published.
"""

import sqlite3
from collections.abc import Sequence

from catalog.database import state

_DAYS = 30
_ALL = 0  # no package has this id
_TABLES = ("install_day", "install_month", "install_version")


def counted_until(db: sqlite3.Connection) -> int:
    """Tell when the newest install counted was, in Unix seconds; 0 if none ever was."""
    return int(state(db, "counted_until"))


def copy(db: sqlite3.Connection, site: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Copy the totals of some packages (at most 500 ids) from the catalogue to a site.db."""
    marks = ", ".join("?" * len(ids))
    for table in _TABLES:
        site.execute(f"DELETE FROM {table} WHERE package_id IN ({marks})", ids)  # noqa: S608
    for table, question in (
        ("install_day", "package_id, day, sum(count) FROM install_day"),
        ("install_month", "package_id, month, sum(count) FROM install_month"),
        ("install_version", "package_id, version, sum(count) FROM install_month"),
    ):
        rows = db.execute(
            f"SELECT {question} WHERE package_id IN ({marks}) GROUP BY 1, 2",
            ids,
        ).fetchall()
        site.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)  # noqa: S608


def sum_up(db: sqlite3.Connection, site: sqlite3.Connection) -> None:
    """Forget the days of a site.db that are too long ago, and add up all packages."""
    until = counted_until(db)
    site.execute("DELETE FROM install_day WHERE day <= ?", (until // 86_400 - _DAYS,))
    for table, column in (("install_day", "day"), ("install_month", "month")):
        site.execute(f"DELETE FROM {table} WHERE package_id = ?", (_ALL,))  # noqa: S608
        site.execute(
            f"INSERT INTO {table} SELECT ?, {column}, sum(count) FROM {table} GROUP BY {column}",  # noqa: S608
            (_ALL,),
        )
    site.execute(
        "INSERT OR REPLACE INTO meta VALUES ('installs_until', ?)", (str(until) if until else "",)
    )
