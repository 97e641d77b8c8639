"""What a release says of itself."""

import sqlite3


def read(connection: sqlite3.Connection) -> dict[str, str]:
    """Give the keys and values of `meta`, at most a thousand."""
    return dict(connection.execute("SELECT key, value FROM meta LIMIT 1000"))
