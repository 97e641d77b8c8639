"""What happened to packages: closed and opened again, piece of news by piece, the newest first."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from release.closure import Closure
from server.queries.lists import ENTRY, Entry


@dataclass(frozen=True, slots=True)
class Event:
    """A package was closed, or opened again. at: Unix seconds.

    why: of an opening, that of the closure that ended. has_page: whether the package is listed.
    closed: whether it is so now.
    """

    entry: Entry
    kind: str
    at: int
    why: Closure
    has_page: bool

    @property
    def closed(self) -> bool:
        """Whether the package was closed by this."""
        return self.kind == "closed"


@dataclass(frozen=True, slots=True)
class News:
    """Events that belong together: one, or closures of one author. at: Unix seconds of the last.

    events: the newest first, and at most those asked for; count: of them all. first: when it began.
    """

    at: int
    first: int
    count: int
    author_key: str
    events: list[Event]


_EVENT = f"kind, event.at, event.closure, withdrawn_at IS NULL, {ENTRY}"
_OF_EVENT = "FROM event CROSS JOIN package ON package.id = event.package_id"


def count(connection: sqlite3.Connection) -> int:
    """Count the pieces of news."""
    return int(connection.execute("SELECT count(*) FROM news").fetchone()[0])


def newest(
    connection: sqlite3.Connection, limit: int, offset: int = 0, *, shown: int
) -> list[News]:
    """Give the newest pieces; shown: how many events of each."""
    rows = connection.execute(
        "SELECT id FROM news ORDER BY at DESC, id DESC LIMIT ? OFFSET ?", (limit, offset)
    ).fetchall()
    return [_piece(connection, id, shown) for (id,) in rows]


def of_author(connection: sqlite3.Connection, key: str, limit: int, *, shown: int) -> list[News]:
    """Give the newest pieces of an author; shown: how many events of each."""
    rows = connection.execute(
        "SELECT news FROM event WHERE author_key = ? GROUP BY news ORDER BY max(at) DESC LIMIT ?",
        (key, limit),
    ).fetchall()
    return [_piece(connection, id, shown) for (id,) in rows]


def of_package(connection: sqlite3.Connection, package_id: int, limit: int) -> list[Event]:
    """Give what happened to one package, the newest first."""
    rows = connection.execute(
        f"SELECT {_EVENT} {_OF_EVENT} WHERE package_id = ?"
        " ORDER BY event.at DESC, kind DESC LIMIT ?",
        (package_id, limit),
    )
    return [_event(*row) for row in rows]


def every_event(connection: sqlite3.Connection) -> Iterator[Event]:
    """Yield all events, the newest first, without a limit."""
    rows = connection.execute(
        f"SELECT {_EVENT} {_OF_EVENT} ORDER BY event.at DESC, package_id DESC, kind DESC"
    )
    return (_event(*row) for row in rows)


def closed_last(connection: sqlite3.Connection, limit: int) -> list[Event]:
    """Give the packages that are closed, those closed last first."""
    return list(_closed(connection, limit))


def every_closed(connection: sqlite3.Connection) -> Iterator[Event]:
    """Yield the packages that are closed, those closed last first, without a limit."""
    return _closed(connection, -1)


def _closed(connection: sqlite3.Connection, limit: int) -> Iterator[Event]:
    rows = connection.execute(
        f"SELECT 'closed', history.closed, closure, withdrawn_at IS NULL, {ENTRY}"  # noqa: S608
        " FROM history CROSS JOIN package ON id = package_id WHERE history.closed IS NOT NULL"
        " ORDER BY history.closed DESC, history.package_id DESC LIMIT ?",
        (limit,),
    )
    return (_event(*row) for row in rows)


def _piece(connection: sqlite3.Connection, id: str, shown: int) -> News:
    first, last, count, author = connection.execute(
        "SELECT min(at), max(at), count(*), min(author_key) FROM event WHERE news = ?", (id,)
    ).fetchone()
    rows = connection.execute(
        f"SELECT {_EVENT} {_OF_EVENT} WHERE news = ?"
        " ORDER BY event.at DESC, package_id DESC LIMIT ?",
        (id, shown),
    )
    return News(last, first, count, author, [_event(*row) for row in rows])


def _event(kind: str, at: int, why: str, listed: int, *entry: object) -> Event:
    return Event(Entry(*entry), kind, at, Closure.parse(why), bool(listed))  # type: ignore[arg-type]
