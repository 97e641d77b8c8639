"""Which card each package and each page of the site should have, and which of them are due."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog import code, pictures
from catalog.composer import decided
from catalog.composer.offer import stored
from catalog.database import generation, keep_state, state
from release.closure import Closure
from release.pages import OWN_PAGES
from render import Card, Plate, package_card, site_card

DEFAULT = "default"  # the page whose card stands in for a card that failed
PAGES = {
    DEFAULT: site_card(),
    **{page.name: Card("site", page.title, page.line) for page in OWN_PAGES},
    "author": Card("site", "By author", "All that one author offers, ready for Composer."),
    "tag": Card("site", "By purpose", "All packages that bear a tag, ready for Composer."),
}

_ADVISED = "EXISTS (SELECT 1 FROM advisory WHERE advisory.package_id = id)"
_FACTS = (
    "type, slug, package.name, description, version, author, active_installs, installs,"  # noqa: S608
    " closure, offer, picture.digest,"
    " (SELECT json_group_object(advisory, advisory.facts ->> '$.cve') FROM advisory"
    " WHERE advisory.package_id = id) AS cves,"
    f" CASE WHEN {_ADVISED} THEN metadata.versions END"
)
_BATCH = 500
_COMPARED = "cards_compared"  # in which generation, and of which design
_WARNED = "cards_vulnerable"  # the generation up to which they warn of what they should
_NEVER = -1  # before every generation

Fingerprint = Callable[[Card], str]
PlateDigest = Callable[[Plate], str]


def no_plate(_plate: Plate) -> str:
    """Be the digest of every plate, where none are drawn."""
    return ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A card to be drawn for a package (by id) or for a page (by name)."""

    owner: int | str
    label: str  # 'plugin/akismet', or the page's name: for people
    card: Card
    had: str | None  # fingerprint of the card it replaces
    had_plate: str = ""  # digest of the plate that was drawn with that
    shown: Card | None = None  # what is on the card it replaces


@dataclass(frozen=True, slots=True)
class Stale:
    """The cards that are out of date: of packages by id, and of pages; and how many are not."""

    ids: list[int]
    pages: list[Wanted]
    kept: int

    @property
    def count(self) -> int:
        """How many cards are out of date."""
        return len(self.ids) + len(self.pages)


def never_drawn(db: sqlite3.Connection) -> list[int]:
    """Give the ids of listed packages that have never had a card, most installed first."""
    rows = db.execute(
        "SELECT id FROM package WHERE withdrawn_at IS NULL"
        " AND id NOT IN (SELECT package_id FROM card)"
        " ORDER BY active_installs DESC, id"
    ).fetchall()
    return [id for (id,) in rows]


def newly_closed(db: sqlite3.Connection) -> list[int]:
    """Give the ids of closed packages whose card does not say so yet.

    They do not wait for the daily job: to say install after a security closure is a harm.
    """
    rows = db.execute(
        "SELECT id FROM package JOIN card ON package_id = id"
        " WHERE closure IS NOT NULL AND withdrawn_at IS NULL"
        " AND json_extract(facts, '$.template') <> 'closed' ORDER BY id"
    ).fetchall()
    return [id for (id,) in rows]


def due(db: sqlite3.Connection) -> list[int]:
    """Give the ids of packages whose card does not wait for the daily job.

    They have none, or it is silent of a closure or an advisory, or tells of one that is over.
    """
    return list(dict.fromkeys((*never_drawn(db), *newly_closed(db), *warning_otherwise(db))))


def warning_otherwise(db: sqlite3.Connection) -> list[int]:
    """Give the ids of open packages whose card warns of something else than it should.

    It does not say yet that they are vulnerable, or says so still, or still that they are closed.
    Looked at is what changed since `warned`.
    """
    changed = db.execute(
        "SELECT id FROM package JOIN card ON card.package_id = id"  # noqa: S608
        " WHERE changed_in > ? AND withdrawn_at IS NULL AND closure IS NULL"
        f" AND ({_ADVISED} OR card.facts ->> '$.note' <> '')",
        (int(state(db, _WARNED) or _NEVER),),
    ).fetchall()
    told = for_packages(db, sorted(id for (id,) in changed))
    return [int(one.owner) for one in told if one.shown and one.shown.note != one.card.note]


def printing_differently(db: sqlite3.Connection, named: Iterable[tuple[str, str]]) -> list[int]:
    """Give the ids of those of some packages, by (type, slug), whose card prints other facts."""
    ids = [
        id
        for one in named
        for (id,) in db.execute("SELECT id FROM package WHERE (type, slug) = (?, ?)", one)
    ]
    return [int(one.owner) for one in for_packages(db, ids) if one.shown not in (None, one.card)]


def warned(db: sqlite3.Connection) -> None:
    """Remember that, as of now, every card of an open package warns of what it should."""
    now = str(generation(db))
    if state(db, _WARNED) != now:
        keep_state(db, _WARNED, now)


def with_card(db: sqlite3.Connection) -> list[int]:
    """Give the ids of listed packages that have a card."""
    return _changed_after(db, _NEVER)


def for_packages(db: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Wanted]:
    """Yield what the cards of some packages should print now, read a few hundred at a time."""
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        marks = ", ".join("?" * len(some))
        rows = db.execute(
            f"SELECT id, {_FACTS}, fingerprint, facts, plate FROM package"  # noqa: S608
            " LEFT JOIN metadata ON metadata.package_id = id"
            " LEFT JOIN picture ON picture.package_id = id"
            f" LEFT JOIN card ON card.package_id = id WHERE id IN ({marks}) ORDER BY id",
            some,
        ).fetchall()
        yield from (_wanted(row) for row in rows)


def for_pages(db: sqlite3.Connection) -> list[Wanted]:
    """Say what the cards of pages that are no package should print: first the default one."""
    had = dict(db.execute("SELECT page, fingerprint FROM page_card").fetchall())
    return [Wanted(page, f"the page {page!r}", card, had.get(page)) for page, card in PAGES.items()]


def stale(db: sqlite3.Connection, fingerprint: Fingerprint, plate_digest: PlateDigest) -> Stale:
    """Find the packages and pages whose card, or plate, is not the one that they should have.

    Looked at are packages that changed since all cards were found to be up to date, and those
    whose card failed: the cost follows what changed.
    """
    known = json.loads(state(db, _COMPARED) or "{}")
    same = known.get("design") == _design(db, fingerprint, plate_digest)
    changed = _changed_after(db, known["generation"] if same else _NEVER)
    old = [
        int(one.owner)
        for one in for_packages(db, changed)
        if fingerprint(one.card) != one.had
        or digest_of_plate(one.card, plate_digest) != one.had_plate
    ]
    pages = [one for one in for_pages(db) if one.had and fingerprint(one.card) != one.had]
    return Stale(old, pages, count_of_packages(db) - len(old))


def digest_of_plate(card: Card, plate_digest: PlateDigest) -> str:
    """Give the digest of the plate that goes with a card; '' for one that has none."""
    plate = Plate.of(card)
    return plate_digest(plate) if plate else ""


def compared(
    db: sqlite3.Connection, generation: int, fingerprint: Fingerprint, plate_digest: PlateDigest
) -> None:
    """Remember that every card, save those that failed, fits the facts of a generation."""
    design = _design(db, fingerprint, plate_digest)
    known = json.dumps({"generation": generation, "design": design})
    pictures.compared(db)
    keep_state(db, _COMPARED, known)


def changed_since_compared(db: sqlite3.Connection) -> tuple[int, tuple[str, int] | None]:
    """Count the cards that a changed fact may have put out of date, be it printed or not.

    With the package that changed first ('plugin/akismet'), and when (Unix seconds).
    """
    known = json.loads(state(db, _COMPARED) or "{}")
    # The label is of the row that has the least: https://sqlite.org/lang_select.html#bareagg
    stale, changed, label = db.execute(
        "SELECT count(*), min(changed_at), type || '/' || slug"
        " FROM package JOIN card ON package_id = id WHERE withdrawn_at IS NULL"
        " AND changed_in > ? AND changed_at > drawn_at"
        # Told by the index alone, of most packages that nobody compared yet.
        " AND changed_at > (SELECT min(drawn_at) FROM card)",
        (known.get("generation", _NEVER),),
    ).fetchone()
    return stale, (label, changed) if stale else None


def changed_first(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[str, int] | None:
    """Of some packages, give the one whose facts changed first: its label and Unix seconds."""
    rows = (
        db.execute("SELECT type || '/' || slug, changed_at FROM package WHERE id = ?", (id,))
        for id in ids
    )
    found = [row.fetchone() for row in rows]
    return min(found, key=lambda row: row[1]) if found else None


def count_of_packages(db: sqlite3.Connection) -> int:
    """Tell how many listed packages have a card."""
    row = db.execute(
        "SELECT (SELECT count(*) FROM card) - (SELECT count(*) FROM package"
        " JOIN card ON package_id = id WHERE withdrawn_at IS NOT NULL)"
    ).fetchone()
    return int(row[0])


def count(db: sqlite3.Connection) -> int:
    """Tell how many cards there are: of listed packages, and of pages."""
    pages = db.execute("SELECT count(*) FROM page_card").fetchone()[0]
    return count_of_packages(db) + int(pages)


def _changed_after(db: sqlite3.Connection, generation: int) -> list[int]:
    """Give those with a card that changed after a generation, or whose picture or card is due."""
    rows = db.execute(
        "SELECT id FROM package JOIN card ON package_id = id WHERE withdrawn_at IS NULL"
        " AND id IN (SELECT id FROM package WHERE changed_in > ?"
        " UNION ALL SELECT package_id FROM card_failure"
        " UNION ALL SELECT package_id FROM picture WHERE redraw) ORDER BY id",
        (generation,),
    ).fetchall()
    return [id for (id,) in rows]


def _design(db: sqlite3.Connection, fingerprint: Fingerprint, plate_digest: PlateDigest) -> str:
    """Digest what all cards rest on besides the packages' facts: the picture's, and the words'."""
    plate = plate_digest(Plate("plugin", "ring", 0))
    return code.known(db).of([__name__], (), fingerprint(site_card()), plate)


def _wanted(row: tuple[object, ...]) -> Wanted:
    id, type, slug, name, description, version, author = row[:7]
    active_installs, installs, closure, offered, picture, cves, versions = row[7:14]
    had, facts, plate = row[14:]
    shown = Card(**json.loads(str(facts))) if facts else None
    closed = Closure.parse(str(closure)) if closure else None
    offer = stored(None if offered is None else str(offered), str(version))
    card = package_card(
        type=str(type),
        slug=str(slug),
        name=str(name),
        description=str(description),
        version=offer.version,
        author=str(author),
        active_installs=int(str(active_installs)) if active_installs is not None else None,
        downloads=int(str(installs)),
        closed=closed is not None,
        closed_on=closed.date if closed else "",
        closed_for=closed.why if closed else "",
        command=offer.command,
        advisories=_affecting(cves, versions, offer.version),
        picture=str(picture or ""),
        shown=shown,
    )
    label = f"{type}/{slug}"
    return Wanted(int(str(id)), label, card, str(had) if had else None, str(plate or ""), shown)


def _affecting(cves: object, versions: object, offered: str) -> list[str]:
    """Give the CVE ids ('' for none) of the advisories that affect the version that one gets.

    cves: {advisory: CVE id or null} as JSON. versions: as they are remembered, or None.
    """
    if versions is None or not offered:
        return []
    known: dict[str, str | None] = json.loads(str(cves))
    ids = (one.advisories for one in decided.read(str(versions)) if one.version == offered)
    return [known.get(id) or "" for id in next(ids, ())]
