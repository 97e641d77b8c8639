"""Closures and reopenings as a release tells them: what belongs together is one piece of news.

Several packages of one author that are closed within days are one piece of news: more often than
not that is one decision.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from publish.site.rows import closed_at
from release import author
from release.closure import Closure

_WITHIN = 3 * 86_400  # seconds from one closure to the next of the same piece


@dataclass(frozen=True, slots=True)
class _Event:
    package_id: int
    kind: str
    at: int

    @property
    def news(self) -> str:
        """Name the piece of news that begins with this."""
        return f"{self.package_id}-{self.at}-{self.kind}"


def copy(db: sqlite3.Connection, site: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Write what happened to some packages (at most 500 ids), and tell it with what belongs to it.

    The cost follows the events of these packages, and of their authors.
    """
    marks = ", ".join("?" * len(ids))
    old = site.execute(
        f"SELECT author_key, news FROM event WHERE package_id IN ({marks})",  # noqa: S608
        ids,
    ).fetchall()
    new = db.execute(
        "SELECT package_id, kind, noticed, event.closure, account, author FROM event"  # noqa: S608
        f" JOIN package ON package.id = package_id WHERE package_id IN ({marks}) ORDER BY event.id",
        ids,
    ).fetchall()
    if not old and not new:
        return
    rows = [_row(*one) for one in new]
    site.execute(f"DELETE FROM event WHERE package_id IN ({marks})", ids)  # noqa: S608
    site.executemany(
        "INSERT OR REPLACE INTO event (package_id, kind, at, closure, author_key, news)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        rows,
    )
    told = {news for _, news in old} | {str(row[5]) for row in rows}
    for key in {str(key) for key, _ in old} | {str(row[4]) for row in rows}:
        told |= _join(site, key) if key else set()
    _tell(site, told)


def _row(
    package_id: int, kind: str, noticed: int, closure: str, account: str, printed: str
) -> tuple[object, ...]:
    closed = kind == "closed"
    at = closed_at(Closure.parse(closure).date, noticed) if closed else noticed
    key = author.key(account, printed)
    return package_id, kind, at, closure, key, _Event(package_id, kind, at).news


def _join(site: sqlite3.Connection, key: str) -> set[str]:
    """Bring an author's closures together anew; give the pieces that were and that are."""
    rows = site.execute(
        "SELECT package_id, kind, at, news FROM event WHERE author_key = ?"
        " ORDER BY at, package_id, kind",
        (key,),
    ).fetchall()
    before = {_Event(*event): news for *event, news in rows}
    after = {event: piece[0].news for piece in _pieces(before) for event in piece}
    site.executemany(
        "UPDATE event SET news = ? WHERE package_id = ? AND at = ? AND kind = ?",
        [
            (news, one.package_id, one.at, one.kind)
            for one, news in after.items()
            if news != before[one]
        ],
    )
    return {*before.values(), *after.values()}


def _pieces(events: Iterable[_Event]) -> Iterator[list[_Event]]:
    """Cut events, the oldest first, into pieces of news: closures by their distance in time."""
    closures: list[_Event] = []
    for one in events:
        if one.kind != "closed":
            yield [one]
        elif closures and one.at - closures[-1].at > _WITHIN:
            yield closures
            closures = [one]
        else:
            closures.append(one)
    if closures:
        yield closures


def _tell(site: sqlite3.Connection, news: Iterable[str]) -> None:
    """Say of some pieces when the last event of each was; those without any are gone."""
    site.executemany("DELETE FROM news WHERE id = ?", [(one,) for one in news])
    site.executemany(
        "INSERT INTO news (id, at) SELECT news, max(at) FROM event WHERE news = ? GROUP BY news",
        [(one,) for one in news],
    )
