"""The packages' own pictures as remembered: where they are, when they are due, what came of them.

A picture is prepared elsewhere and goes by the digest of its bytes. What changes here changes no
published fact: a package whose picture changed is marked, and its card is drawn anew by the daily
job, as with any other fact that is printed.
"""

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.retired import Retired

_DIGEST = re.compile(r"[0-9a-f]{32}")
_MONTH = 30 * 86_400
RETIRED = Retired("picture_retired", "digest")
_FIRST_RETRY = 3_600  # seconds; doubled with every failure on end, up to a month


@dataclass(frozen=True, slots=True)
class Picture:
    """A package's picture: `addresses` the best first, and what is known of the prepared one.

    `source` names the one that its record is taken from. `address` is the one of the addresses that
    it was prepared from, `etag` and `modified` are as they were answered there; all are '' while
    there is no prepared one.
    """

    package: int
    label: str  # 'plugin/akismet'
    type: str
    addresses: tuple[str, ...]
    source: str = ""
    digest: str = ""
    address: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of looking at a picture: prepared, as it was (`digest` as before), or unfit.

    Without a `digest` there is no picture, for `reason`; the one from before goes, too.
    """

    of: Picture
    digest: str = ""
    address: str = ""
    etag: str = ""
    modified: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody answered: what was known of the picture stays, and it is tried again."""

    of: Picture
    reason: str


def want(db: sqlite3.Connection, package: int, addresses: tuple[str, ...], now: int) -> None:
    """Note where a package's picture is, in the transaction that takes its record."""
    told = json.dumps(addresses)
    row = db.execute(
        "SELECT addresses, digest FROM picture WHERE package_id = ?", (package,)
    ).fetchone()
    if (row[0] if row else "[]") == told:
        return
    local = not any(one.startswith("https:") for one in addresses)
    due_at = 0 if addresses else None
    db.execute(
        "INSERT INTO picture (package_id, addresses, local, due_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (package_id) DO UPDATE SET addresses = excluded.addresses,"
        " local = excluded.local, due_at = excluded.due_at, failures = 0, reason = ''",
        (package, told, local, due_at),
    )
    if row and row[1] and not addresses:
        _show(db, package, row[1], "", now)


def local(db: sqlite3.Connection) -> list[Picture]:
    """Give the pictures that lie beside the source file: to look at them costs little."""
    return _rows(db, "local = 1 AND due_at IS NOT NULL", "package.id", ())


def due(db: sqlite3.Connection, now: int, most: int) -> list[Picture]:
    """Give the pictures to ask for, those of the most installed packages first.

    First those that were never asked for since their address is known.
    """
    order = "picture.due_at > 0, package.active_installs DESC, package.id LIMIT ?"
    return _rows(db, "local = 0 AND due_at <= ?", order, (now, most))


def waiting(db: sqlite3.Connection, now: int) -> int:
    """Tell how many pictures are due."""
    return int(
        db.execute(
            "SELECT count(*) FROM picture JOIN package ON id = package_id"
            " WHERE local = 0 AND due_at <= ? AND withdrawn_at IS NULL AND closure IS NULL",
            (now,),
        ).fetchone()[0]
    )


def _rows(
    db: sqlite3.Connection, condition: str, order: str, values: tuple[int, ...]
) -> list[Picture]:
    rows = db.execute(
        "SELECT package.id, type, slug, addresses, ifnull((SELECT name FROM offered"  # noqa: S608
        " JOIN source ON source.id = source_id WHERE offered.package_id = package.id"
        " AND shadowed IS NULL LIMIT 1), ''), digest, address, etag, modified"
        " FROM picture JOIN package ON package.id = package_id"
        f" WHERE {condition} AND withdrawn_at IS NULL AND closure IS NULL ORDER BY {order}",
        values,
    ).fetchall()
    return [
        Picture(id, f"{type}/{slug}", type, tuple(json.loads(addresses)), *known)
        for id, type, slug, addresses, *known in rows
    ]


def remember(db: sqlite3.Connection, outcomes: Iterable[Seen | Unanswered], now: int) -> None:
    """Remember what came of some pictures whose files are stored, inside a transaction."""
    for outcome in outcomes:
        if isinstance(outcome, Seen):
            _seen(db, outcome, now)
        else:
            db.execute(
                "UPDATE picture SET failures = failures + 1, reason = ?,"
                " due_at = ? + min(? << min(failures, 20), ?) WHERE package_id = ?",
                (outcome.reason, now, _FIRST_RETRY, _MONTH, outcome.of.package),
            )


def _seen(db: sqlite3.Connection, seen: Seen, now: int) -> None:
    package = seen.of.package
    db.execute(
        "UPDATE picture SET address = ?, etag = ?, modified = ?, reason = ?, asked_at = ?,"
        " due_at = ?, failures = 0 WHERE package_id = ?",
        (seen.address, seen.etag, seen.modified, seen.reason, now, now + _MONTH, package),
    )
    if seen.digest != seen.of.digest:
        _show(db, package, seen.of.digest, seen.digest, now)


def _show(db: sqlite3.Connection, package: int, old: str, new: str, now: int) -> None:
    """Give a package another prepared picture, or none."""
    db.execute("UPDATE picture SET digest = ?, redraw = 1 WHERE package_id = ?", (new, package))
    RETIRED.drop(db, [new])
    if old:
        RETIRED.add(db, [old], now)


def compared(db: sqlite3.Connection) -> None:
    """Note that every card shows the picture that it should, or failed and is remembered so."""
    db.execute("UPDATE picture SET redraw = 0 WHERE redraw")


def prepared(db: sqlite3.Connection) -> list[str]:
    """Give the digests of the prepared pictures that packages have."""
    rows = db.execute("SELECT DISTINCT digest FROM picture WHERE digest <> ''").fetchall()
    return [digest for (digest,) in rows]


def in_use(db: sqlite3.Connection) -> set[str]:
    """Give the digests of all prepared pictures that packages have, or that cards show."""
    rows = db.execute(
        "SELECT digest FROM picture WHERE digest <> ''"
        " UNION SELECT json_extract(facts, '$.picture') FROM card"
    ).fetchall()
    pages = db.execute("SELECT facts FROM page_card WHERE facts LIKE '%faces%'").fetchall()
    of_faces = {digest for (facts,) in pages for digest in _DIGEST.findall(facts)}
    return {digest for (digest,) in rows if digest} | of_faces


def retired(db: sqlite3.Connection, before: int) -> list[str]:
    """Give the prepared pictures that were replaced before a moment, and that nothing shows."""
    old = RETIRED.before(db, before)
    used = in_use(db) if old else set()
    return [digest for digest in old if digest not in used]


def named(db: sqlite3.Connection) -> bool:
    """Tell whether any package names a picture."""
    return db.execute("SELECT 1 FROM picture LIMIT 1").fetchone() is not None


def all_due(db: sqlite3.Connection) -> None:
    """Have every picture asked for again, inside a transaction, as if it had never been."""
    db.execute("UPDATE picture SET due_at = 0, etag = '', modified = '' WHERE due_at IS NOT NULL")


def lose(db: sqlite3.Connection, digests: Iterable[str]) -> None:
    """Forget prepared pictures that are not whole on disk, inside a transaction: they are due."""
    db.executemany(
        "UPDATE picture SET digest = '', address = '', etag = '', modified = '', due_at = 0,"
        " redraw = 1 WHERE digest = ?",
        [(one,) for one in digests],
    )
