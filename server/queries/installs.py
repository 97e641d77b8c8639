"""Installs by Composer, of a package or of all."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

ALL = 0  # the id under which all packages are added up
_DAY = 86_400
_RECENT = 30  # days
_YEAR = 12  # months
_MOST_MONTHS = 1_200


@dataclass(frozen=True, slots=True)
class InstallCounts:
    """What was counted until a moment.

    until: Unix seconds of the newest install. months: {202611: 120}, those without one left out.
    days: by the day since 1970-01-01; the last thirty, those without one left out.
    """

    until: int
    months: dict[int, int]
    days: dict[int, int]

    @property
    def total(self) -> int:
        """All that were ever counted."""
        return sum(self.months.values())

    @property
    def recent(self) -> int:
        """Those of the last thirty days."""
        return sum(self.days.values())

    @property
    def year(self) -> dict[int, int]:
        """The last twelve months, oldest first, those without an install included."""
        when = datetime.fromtimestamp(self.until, UTC)
        last = when.year * 12 + when.month - 1
        months = (n // 12 * 100 + n % 12 + 1 for n in range(last - _YEAR + 1, last + 1))
        return {month: self.months.get(month, 0) for month in months}


def counts(connection: sqlite3.Connection, package_id: int, until: int) -> InstallCounts | None:
    """Give a package's installs, or those of ALL; None if there are none.

    until: Unix seconds of the newest install of any package, 0 if none was counted.
    """
    months = connection.execute(
        "SELECT month, count FROM install_month WHERE package_id = ? ORDER BY month LIMIT ?",
        (package_id, _MOST_MONTHS),
    ).fetchall()
    if not until or not months:
        return None
    days = connection.execute(
        "SELECT day, count FROM install_day WHERE package_id = ? AND day > ? ORDER BY day LIMIT ?",
        (package_id, until // _DAY - _RECENT, _RECENT + 1),
    ).fetchall()
    return InstallCounts(until, dict(months), dict(days))


def of_versions(connection: sqlite3.Connection, package_id: int, limit: int) -> dict[str, int]:
    """Give the installs of the most installed versions; '' for those now gone."""
    return dict(
        connection.execute(
            "SELECT version, count FROM install_version WHERE package_id = ?"
            " ORDER BY count DESC, version LIMIT ?",
            (package_id, limit),
        )
    )
