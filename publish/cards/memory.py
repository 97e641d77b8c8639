"""Which card each package has, which could not be drawn, and which are kept for old shares."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from catalog.database import next_generation, transaction
from catalog.retired import Retired
from publish.cards.store import size_of
from publish.cards.wanted import Wanted
from publish.stores import Stores
from render import Card

CARDS = Retired(
    *("retired_card", "fingerprint"),
    used="SELECT fingerprint FROM card UNION ALL SELECT fingerprint FROM page_card",
)
PLATES = Retired("retired_plate", "digest", used="SELECT plate FROM card")


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
        _replace(db, PLATES, drawn.wanted.had_plate, drawn.plate, now)
        db.execute("UPDATE package SET changed_in = ? WHERE id = ?", (generation, owner))
        db.execute("DELETE FROM card_failure WHERE package_id = ?", (owner,))
    _replace(db, CARDS, drawn.wanted.had or "", drawn.fingerprint, now)


def _replace(db: sqlite3.Connection, kind: Retired, before: str, after: str, now: int) -> None:
    # A name seen before may come back (a rollback of the facts): then it is no longer old.
    kind.drop(db, [after])
    if before and before != after:
        kind.add(db, [before], now)


def _facts(card: Card) -> str:
    return json.dumps(
        {one.name: getattr(card, one.name) for one in fields(card)}, ensure_ascii=False
    )


def plates_in_use(db: sqlite3.Connection) -> list[tuple[int, str]]:
    """Give (id, digest) of the plate that each package has."""
    return db.execute("SELECT package_id, plate FROM card WHERE plate <> ''").fetchall()


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
