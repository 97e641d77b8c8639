"""Composer's files in a release, and the log by which mirrors learn of their changes."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from release.address import dev_name
from release.closure import Closure

_LOG_SECONDS = 3 * 86_400  # a mirror that stayed away longer reads everything


def stamp(site: sqlite3.Connection, now: float) -> int:
    """Give the release's moment in 1/10,000 s, after every one before it, and forget old changes.

    The first release of a log, and the oldest entry kept, say since when it can be asked.
    """
    meta = dict(site.execute("SELECT key, value FROM meta").fetchall())
    stamp = max(int(now * 10_000), int(meta.get("stamp", 0)) + 1)
    oldest = max(int(meta.get("changes_since", stamp)), stamp - _LOG_SECONDS * 10_000)
    site.execute("DELETE FROM change WHERE stamp < ?", (oldest,))
    site.execute("INSERT OR REPLACE INTO meta VALUES ('changes_since', ?)", (str(oldest),))
    return stamp


def copy(
    db: sqlite3.Connection,
    site: sqlite3.Connection,
    ids: Sequence[int],
    closed: str,
    stamp: int,
    *,
    logged: bool,
) -> list[str]:
    """Write what Composer reads of some packages; give the names whose files differ from before."""
    marks = ", ".join("?" * len(ids))
    before = {
        row[0]: row
        for row in site.execute(
            f"SELECT name, main, dev, package_id FROM metadata WHERE package_id IN ({marks})",  # noqa: S608
            ids,
        ).fetchall()
    }
    rows = db.execute(
        "SELECT metadata.name, main, dev, id, closure FROM package"  # noqa: S608
        " JOIN metadata ON package_id = id"
        f" WHERE id IN ({marks}) AND withdrawn_at IS NULL AND metadata.name <> ''",
        ids,
    ).fetchall()
    after = {row[0]: row[:4] for row in rows if not _taken_away(row[4], closed)}
    changed = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    site.executemany("DELETE FROM metadata WHERE name = ?", [(name,) for name in changed])
    site.executemany(
        "INSERT INTO metadata (name, main, dev, package_id) VALUES (?, ?, ?, ?)",
        [after[name] for name in changed if name in after],
    )
    if logged:
        site.executemany(
            "INSERT OR REPLACE INTO change VALUES (?, ?, ?)",
            [(stamp, *one) for name in changed for one in _log(name, before, after)],
        )
    return changed


def _taken_away(closure: str | None, closed: str) -> bool:
    if closure is None:
        return False
    permanent = Closure.parse(closure).permanent
    return permanent or closed == "remove"


def _log(
    name: str, before: Mapping[str, Sequence[object]], after: Mapping[str, Sequence[object]]
) -> Iterator[tuple[str, str]]:
    if name not in after:
        yield name, "delete"
        yield dev_name(name), "delete"
        return
    old = before.get(name, ("", None, None))
    if old[1] != after[name][1]:
        yield name, "update"
    if old[2] != after[name][2]:
        yield dev_name(name), "update"
