"""Which card each package has, which it should have, and what became of the old ones."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import render
from catalog.database import next_generation, transaction
from catalog.store import CardStore, size_of
from render import Card, package_card, site_card

DEFAULT = "default"  # the page_card that stands in for a card that failed
PAGES = {
    DEFAULT: site_card(),
    "docs": Card("site", "Documentation", "Install, configure, move from elsewhere, count."),
    "status": Card("site", "Status", "The release, its cards, and how the last runs went."),
    "closed": Card("site", "Closed packages", "Which, when, and for what reason."),
    "author": Card("site", "By author", "All that one author offers, ready for Composer."),
    "tag": Card("site", "By purpose", "All packages that bear a tag, ready for Composer."),
}

_FACTS = "type, slug, name, description, version, author, installs, downloads, closure"
# What makes the words on a card of a package's facts.
_CODE = (*sorted(Path(render.__file__).parent.glob("*.py")), Path(__file__))
_NEVER = -1  # before every generation


@dataclass(frozen=True, slots=True)
class Wanted:
    """A card to be drawn for a package (by id) or for a page (by name)."""

    owner: int | str
    label: str  # 'plugin/akismet', or the page's name: for people
    card: Card
    had: str | None  # fingerprint of the card it replaces


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card as drawn: its bytes and the name they go by."""

    wanted: Wanted
    fingerprint: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """A card that would not be drawn, and why, in a line."""

    wanted: Wanted
    error: str


def never_drawn(db: sqlite3.Connection) -> list[int]:
    """Give the ids of listed packages that have never had a card, busiest first."""
    rows = db.execute(
        "SELECT id FROM package WHERE withdrawn_at IS NULL"
        " AND id NOT IN (SELECT package_id FROM card)"
        " ORDER BY installs DESC, id"
    ).fetchall()
    return [id for (id,) in rows]


def with_card(db: sqlite3.Connection) -> list[int]:
    """Give the ids of listed packages that have a card."""
    return _with_card(db, _NEVER)


def _with_card(db: sqlite3.Connection, since: int) -> list[int]:
    """Give those that changed after a generation, and those whose last card failed."""
    rows = db.execute(
        "SELECT id FROM package JOIN card ON package_id = id WHERE withdrawn_at IS NULL"
        " AND id IN (SELECT id FROM package WHERE changed_in > ?"
        " UNION ALL SELECT package_id FROM card_failure) ORDER BY id",
        (since,),
    ).fetchall()
    return [id for (id,) in rows]


def design(fingerprint: Callable[[Card], str]) -> str:
    """Digest what all cards rest on besides the packages' facts: the picture's, and the words'."""
    code = "".join(path.read_text() for path in _CODE)
    return hashlib.blake2b(f"{fingerprint(site_card())} {code}".encode()).hexdigest()[:32]


def to_compare(db: sqlite3.Connection, design: str) -> list[int]:
    """Give the ids of listed packages whose card may have gone out of date.

    Those that have changed since all were found to be up to date in this design, and those whose
    card failed: the cost follows what changed.
    """
    known = json.loads(_compared(db) or "{}")
    since = known["generation"] if known.get("design") == design else _NEVER
    return _with_card(db, since)


def changed_since_compared(db: sqlite3.Connection) -> tuple[int, tuple[str, int] | None]:
    """Count the cards that a changed fact may have put out of date, be it printed or not.

    With the package that changed first ('plugin/akismet'), and when (Unix seconds).
    """
    known = json.loads(_compared(db) or "{}")
    # The label is of the row that has the least: https://sqlite.org/lang_select.html#bareagg
    stale, changed, label = db.execute(
        "SELECT count(*), min(changed_at), type || '/' || slug"
        " FROM package JOIN card ON package_id = id WHERE withdrawn_at IS NULL"
        " AND changed_in > ? AND changed_at > drawn_at",
        (known.get("generation", _NEVER),),
    ).fetchone()
    return stale, (label, changed) if stale else None


def compared(db: sqlite3.Connection, generation: int, design: str) -> None:
    """Remember that every card, save those that failed, fits the facts of a generation."""
    known = json.dumps({"generation": generation, "design": design})
    if known != _compared(db):
        db.execute("INSERT OR REPLACE INTO state VALUES ('cards_compared', ?)", (known,))


def _compared(db: sqlite3.Connection) -> str | None:
    row = db.execute("SELECT value FROM state WHERE key = 'cards_compared'").fetchone()
    return row and str(row[0])


def of_packages(db: sqlite3.Connection) -> int:
    """Tell how many listed packages have a card."""
    row = db.execute(
        "SELECT (SELECT count(*) FROM card) - (SELECT count(*) FROM package"
        " JOIN card ON package_id = id WHERE withdrawn_at IS NOT NULL)"
    ).fetchone()
    return int(row[0])


def count(db: sqlite3.Connection) -> int:
    """Tell how many cards there are: of listed packages, and of pages."""
    return of_packages(db) + int(db.execute("SELECT count(*) FROM page_card").fetchone()[0])


def wanted(db: sqlite3.Connection, ids: Sequence[int]) -> list[Wanted]:
    """Say what the cards of some packages (at most 500 ids) should print now."""
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        f"SELECT id, {_FACTS}, fingerprint, facts FROM package"  # noqa: S608
        f" LEFT JOIN card ON package_id = id WHERE id IN ({marks}) ORDER BY id",
        ids,
    ).fetchall()
    return [_wanted(row) for row in rows]


def _wanted(row: tuple[object, ...]) -> Wanted:
    id, type, slug, name, description, version, author = row[:7]
    installs, downloads, closure, had, facts = row[7:]
    shown = Card(**json.loads(str(facts))) if facts else None
    closed_on, _, closed_for, _ = json.loads(str(closure)) if closure else ("", "", "", False)
    card = package_card(
        type=str(type),
        slug=str(slug),
        name=str(name),
        description=str(description),
        version=str(version),
        author=str(author),
        active_installs=int(str(installs)) if installs is not None else None,
        downloads=int(str(downloads)),
        closed=closure is not None,
        closed_on=closed_on,
        closed_for=closed_for,
        shown=shown,
    )
    return Wanted(int(str(id)), f"{type}/{slug}", card, str(had) if had else None)


def pages_wanted(db: sqlite3.Connection) -> list[Wanted]:
    """Say what the cards of pages that are no package should print: first the default one."""
    had = dict(db.execute("SELECT page, fingerprint FROM page_card").fetchall())
    return [Wanted(page, f"the page {page!r}", card, had.get(page)) for page, card in PAGES.items()]


def keep(store: CardStore, drawn: Iterable[Drawn]) -> None:
    """Store the files of a batch, before anything says that they are there."""
    for card in drawn:
        store.put(card.fingerprint, card.png)


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
    width, height = size_of(drawn.png)
    table = "card" if isinstance(owner, int) else "page_card"
    db.execute(
        f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (owner, drawn.fingerprint, _facts(card), card.alt, width, height, now),
    )
    if isinstance(owner, int):
        db.execute("UPDATE package SET changed_in = ? WHERE id = ?", (generation, owner))
        db.execute("DELETE FROM card_failure WHERE package_id = ?", (owner,))
    # An address seen before may come back (a rollback of the facts): then it is no longer old.
    db.execute("DELETE FROM retired_card WHERE fingerprint = ?", (drawn.fingerprint,))
    if drawn.wanted.had and drawn.wanted.had != drawn.fingerprint:
        db.execute("INSERT OR IGNORE INTO retired_card VALUES (?, ?)", (drawn.wanted.had, now))


def _facts(card: Card) -> str:
    return json.dumps(asdict(card), ensure_ascii=False)


def retired(db: sqlite3.Connection, before: int) -> list[str]:
    """Give the cards that no package has had since `before` (Unix seconds)."""
    rows = db.execute(
        "SELECT fingerprint FROM retired_card WHERE retired_at < ?"
        " AND fingerprint NOT IN (SELECT fingerprint FROM card)"
        " AND fingerprint NOT IN (SELECT fingerprint FROM page_card)",
        (before,),
    ).fetchall()
    return [fingerprint for (fingerprint,) in rows]


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


def lost(db: sqlite3.Connection, store: CardStore) -> list[tuple[int | str, str]]:
    """Give (owner, fingerprint) of the cards in use whose files are not whole on disk."""
    return [(owner, name) for owner, name in in_use(db) if not store.whole(name)]


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


def as_drawn(db: sqlite3.Connection, owner: int | str) -> Card | None:
    """Give what is printed on the card that a package or page has."""
    table, key = ("card", "package_id") if isinstance(owner, int) else ("page_card", "page")
    row = db.execute(f"SELECT facts FROM {table} WHERE {key} = ?", (owner,)).fetchone()  # noqa: S608
    return Card(**json.loads(row[0])) if row else None


def changed_first(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[str, int] | None:
    """Of some packages, give the one whose facts changed first: its label and Unix seconds."""
    rows = (
        db.execute("SELECT type || '/' || slug, changed_at FROM package WHERE id = ?", (id,))
        for id in ids
    )
    found = [row.fetchone() for row in rows]
    return min(found, key=lambda row: row[1]) if found else None
