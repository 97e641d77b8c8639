"""What happened to a package: that it was closed, and that it opened again."""

import sqlite3


def note(
    db: sqlite3.Connection, package_id: int, before: str | None, after: str | None, now: int
) -> None:
    """Note that a package's closure was `before` and is `after`: JSON, None while it is open.

    Another reason or date for a closure that stays is no event: the one noted says it from then on.
    """
    if before == after:
        return
    if before is not None and after is not None:
        db.execute(
            "UPDATE event SET closure = ? WHERE id ="
            " (SELECT max(id) FROM event WHERE package_id = ? AND kind = 'closed')",
            (after, package_id),
        )
        return
    db.execute(
        "INSERT INTO event (package_id, kind, noticed, closure) VALUES (?, ?, ?, ?)",
        (package_id, "reopened" if after is None else "closed", now, after or before),
    )
