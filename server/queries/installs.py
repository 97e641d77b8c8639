"""What pages ask a site.db of installs by Composer: a connection in, plain values out."""

import sqlite3

ALL = 0  # the id under which all packages are added up


def months(connection: sqlite3.Connection, package_id: int) -> dict[int, int]:
    """Return the installs of each month that had any: {202611: 120}."""
    return dict(
        connection.execute(
            "SELECT month, count FROM install_month WHERE package_id = ? ORDER BY month",
            (package_id,),
        )
    )


def days(connection: sqlite3.Connection, package_id: int, after: int) -> dict[int, int]:
    """Return the installs of each day (since 1970-01-01) after one, of those that had any."""
    return dict(
        connection.execute(
            "SELECT day, count FROM install_day WHERE package_id = ? AND day > ? ORDER BY day",
            (package_id, after),
        )
    )


def versions(connection: sqlite3.Connection, package_id: int) -> dict[str, int]:
    """Return the installs of each version, the most installed first; '' for those now gone."""
    return dict(
        connection.execute(
            "SELECT version, count FROM install_version WHERE package_id = ?"
            " ORDER BY count DESC, version",
            (package_id,),
        )
    )
