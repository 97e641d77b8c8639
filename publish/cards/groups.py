"""Which authors and tags should have a card of their own, and which of these are due.

Who belongs to whom is read off the newest release, so a card follows its page by one run at most.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.database import keep_state, state
from publish.cards import memory
from publish.cards.wanted import Fingerprint, Wanted
from publish.site import published
from publish.site.published import Group
from render import Card, Plate, group_card, site_card, told

_LEAST = 10  # packages; a page with fewer has the card of its kind
_KEY = "groups_compared"


@dataclass(frozen=True, slots=True)
class Stale:
    """What differs from what should be: cards that are due, and pages that have none any more.

    origin: what that was read off, for `compared`.
    """

    due: list[Wanted]
    gone: list[str]
    origin: str


def stale(db: sqlite3.Connection, site: Path | None, fingerprint: Fingerprint) -> Stale:
    """Compare all with a release's site.db, or nothing, if that was done with the same one."""
    origin = _origin(site, fingerprint)
    if site is None or origin == state(db, _KEY):
        return Stale([], [], origin)
    had = {
        page: (name, Card(**json.loads(facts)))
        for page, name, facts in db.execute(
            "SELECT page, fingerprint, facts FROM page_card WHERE instr(page, '/')"
        ).fetchall()
    }
    wanted = {one.owner: one for one in _wanted(db, site, had)}
    return Stale(
        due=[one for one in wanted.values() if fingerprint(one.card) != one.had],
        gone=[page for page in had if page not in wanted],
        origin=origin,
    )


def compared(db: sqlite3.Connection, origin: str) -> None:
    """Remember that every card of a group is as it should be after what `origin` names."""
    keep_state(db, _KEY, origin)


def _origin(site: Path | None, fingerprint: Fingerprint) -> str:
    made = published.origin(site) if site else None
    return f"{made.generation} {made.inputs} {fingerprint(site_card())}" if made else ""


def _wanted(
    db: sqlite3.Connection, site: Path, had: dict[str, tuple[str, Card]]
) -> Iterator[Wanted]:
    faces = _Faces(db)
    for group in published.groups(site, _LEAST):
        if card := faces.card(group, had.get(group.page, ("", None))[1]):
            name = had[group.page][0] if group.page in had else None
            yield Wanted(group.page, f"the page '/{group.page}'", card, name)


class _Faces:
    """What is to be seen of packages, each looked up once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[int, Card | None] = {}

    def card(self, group: Group, shown: Card | None) -> Card | None:
        """Give a group's card; None while no package of it has one."""
        cards = [card for id in group.first if (card := self._of(id))]
        plates = [plate for card in cards if (plate := Plate.of(card))]
        if not plates:
            return None
        return group_card(
            kind=group.kind,
            name=group.name,
            packages=group.packages,
            first=[card.name for card in cards],
            faces=told(plates),
            shown=shown,
        )

    def _of(self, id: int) -> Card | None:
        if id not in self._known:
            self._known[id] = memory.as_drawn(self._db, id)
        return self._known[id]
