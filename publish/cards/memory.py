"""Which card each package has, which could not be drawn, and which are kept for old shares."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from catalog.database import next_generation, transaction
from publish.cards.store import Stores, size_of
from publish.cards.wanted import Wanted
from render import Card


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card as drawn: its bytes and the name they go by; and its plate likewise.

    plate: '' for a card without one. svg: empty where that plate had been drawn before.
    """

    wanted: Wanted
    fingerprint: str
    png: bytes
    plate: str = ""
    svg: bytes = b""


@dataclass(frozen=True, slots=True)
class Failed:
    """A card that would not be drawn, and why, in a line."""

    wanted: Wanted
    error: str


def keep(stores: Stores, drawn: Iterable[Drawn]) -> None:
    """Store the files of a batch, before anything says that they are there."""
    for card in drawn:
        stores.cards.put(card.fingerprint, card.png)
        if card.svg:
            stores.plates.put(card.plate, card.svg)


def remember(
    db: sqlite3.Connection, drawn: Sequence[Drawn], failed: Iterable[Failed], now: int
) -> None:
    """Remember a batch whose files are stored, in one transaction."""
    with transaction(db):
        generation = next_generation(db) if drawn else 0
        for card in drawn:
            _remember(db, card, generation, now)
        for failure in failed:
            if isinstance(failure.wanted.owner, int):
                db.execute(
                    "INSERT OR REPLACE INTO card_failure VALUES (?, ?, ?)",
                    (failure.wanted.owner, failure.error, now),
                )


def _remember(db: sqlite3.Connection, drawn: Drawn, generation: int, now: int) -> None:
    owner, card = drawn.wanted.owner, drawn.wanted.card
    row = (owner, drawn.fingerprint, _facts(card), card.alt, *size_of(drawn.png), now)
    if isinstance(owner, str):
        db.execute("INSERT OR REPLACE INTO page_card VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    else:
        db.execute(
            "INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, drawn.plate)
        )
        _replace_plate(db, drawn.wanted.had_plate, drawn.plate, now)
        db.execute("UPDATE package SET changed_in = ? WHERE id = ?", (generation, owner))
        db.execute("DELETE FROM card_failure WHERE package_id = ?", (owner,))
    # An address seen before may come back (a rollback of the facts): then it is no longer old.
    db.execute("DELETE FROM retired_card WHERE fingerprint = ?", (drawn.fingerprint,))
    if drawn.wanted.had and drawn.wanted.had != drawn.fingerprint:
        db.execute("INSERT OR IGNORE INTO retired_card VALUES (?, ?)", (drawn.wanted.had, now))


def _replace_plate(db: sqlite3.Connection, before: str, after: str, now: int) -> None:
    db.execute("DELETE FROM retired_plate WHERE digest = ?", (after,))
    if before and before != after:
        db.execute("INSERT OR IGNORE INTO retired_plate VALUES (?, ?)", (before, now))


def _facts(card: Card) -> str:
    return json.dumps(asdict(card), ensure_ascii=False)


def retired(db: sqlite3.Connection, before: int) -> list[str]:
    """Give the cards that no package has had since `before` (Unix seconds)."""
    rows = db.execute(
        "SELECT fingerprint FROM retired_card WHERE retired_at <= ?"
        " AND fingerprint NOT IN (SELECT fingerprint FROM card)"
        " AND fingerprint NOT IN (SELECT fingerprint FROM page_card)",
        (before,),
    ).fetchall()
    return [fingerprint for (fingerprint,) in rows]


def retired_plates(db: sqlite3.Connection, before: int) -> list[str]:
    """Give the plates that no package has had since `before` (Unix seconds)."""
    rows = db.execute(
        "SELECT digest FROM retired_plate WHERE retired_at <= ?"
        " AND digest NOT IN (SELECT plate FROM card)",
        (before,),
    ).fetchall()
    return [digest for (digest,) in rows]


def all_retired_plates(db: sqlite3.Connection) -> set[str]:
    """Give every plate that some package has had and that is still remembered."""
    return {name for (name,) in db.execute("SELECT digest FROM retired_plate").fetchall()}


def retire_plates(db: sqlite3.Connection, digests: Iterable[str], now: int) -> None:
    """Take some plates for replaced `now` (Unix seconds): they go when their grace is over."""
    with transaction(db):
        db.executemany(
            "INSERT OR IGNORE INTO retired_plate VALUES (?, ?)", [(name, now) for name in digests]
        )


def forget_plates(db: sqlite3.Connection, digests: Iterable[str]) -> None:
    """Forget retired plates whose files are gone."""
    with transaction(db):
        db.executemany("DELETE FROM retired_plate WHERE digest = ?", [(name,) for name in digests])


def plates_in_use(db: sqlite3.Connection) -> list[tuple[int, str]]:
    """Give (id, digest) of the plate that each package has."""
    return db.execute("SELECT package_id, plate FROM card WHERE plate <> ''").fetchall()


def all_retired(db: sqlite3.Connection) -> set[str]:
    """Give every card that a newer one has replaced and that is still remembered."""
    return {name for (name,) in db.execute("SELECT fingerprint FROM retired_card").fetchall()}


def retire(db: sqlite3.Connection, fingerprints: Iterable[str], now: int) -> None:
    """Take some cards for replaced `now` (Unix seconds): they go when their grace is over."""
    with transaction(db):
        db.executemany(
            "INSERT OR IGNORE INTO retired_card VALUES (?, ?)",
            [(name, now) for name in fingerprints],
        )


def forget(db: sqlite3.Connection, fingerprints: Iterable[str]) -> None:
    """Forget retired cards whose files are gone."""
    with transaction(db):
        db.executemany(
            "DELETE FROM retired_card WHERE fingerprint = ?", [(name,) for name in fingerprints]
        )


def in_use(db: sqlite3.Connection) -> list[tuple[int | str, str]]:
    """Give (owner, fingerprint) of the card that each package and page has."""
    return db.execute(
        "SELECT package_id, fingerprint FROM card UNION ALL SELECT page, fingerprint FROM page_card"
    ).fetchall()


def lost(db: sqlite3.Connection, stores: Stores) -> list[int | str]:
    """Give the owners of the cards and plates in use whose files are not whole on disk."""
    owners = [owner for owner, name in in_use(db) if not stores.cards.whole(name)]
    owners += [id for id, name in plates_in_use(db) if not stores.plates.whole(name)]
    return list(dict.fromkeys(owners))


def lose(db: sqlite3.Connection, owners: Iterable[int | str]) -> None:
    """Forget that some packages and pages have a card, so that the next run draws it."""
    with transaction(db):
        generation = next_generation(db)
        for owner in owners:
            if isinstance(owner, int):
                db.execute("DELETE FROM card WHERE package_id = ?", (owner,))
                db.execute("UPDATE package SET changed_in = ? WHERE id = ?", (generation, owner))
            else:
                db.execute("DELETE FROM page_card WHERE page = ?", (owner,))


def drop_pages(db: sqlite3.Connection, pages: Iterable[str], now: int) -> None:
    """Forget that some pages have a card of their own; their files go after the days of grace."""
    with transaction(db):
        next_generation(db)
        for page in pages:
            db.execute(
                "INSERT OR IGNORE INTO retired_card"
                " SELECT fingerprint, ? FROM page_card WHERE page = ?",
                (now, page),
            )
            db.execute("DELETE FROM page_card WHERE page = ?", (page,))


def as_drawn(db: sqlite3.Connection, owner: int | str) -> Card | None:
    """Give what is printed on the card that a package or page has."""
    table, key = ("card", "package_id") if isinstance(owner, int) else ("page_card", "page")
    row = db.execute(f"SELECT facts FROM {table} WHERE {key} = ?", (owner,)).fetchone()  # noqa: S608
    return Card(**json.loads(row[0])) if row else None
