"""The renderers of cards and plates, with digests of what they draw, made anew with the code."""

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field
from functools import cache

from catalog import code
from catalog.database import keep_state, state
from publish.cards.draw import Unable
from publish.cards.workers import Workers
from render import CardRenderer, PlateRenderer, drawing_code, picture_of, pictures, plates

_KEY = "card_drawing"


Digests = tuple[str, str]  # of the pictures of the probe cards, and of their plates


def renderers(
    db: sqlite3.Connection, pictures_of: Callable[[str], bytes] | None = None
) -> tuple[CardRenderer, PlateRenderer]:
    """Give both; `pictures_of` gives the prepared picture that a card or plate names.

    For who only looks: after a change of its code the probe cards are drawn, and not remembered.
    Where they cannot be drawn, no pictures are named, and every card counts as out of date.
    """
    digests = _known(db).get(drawing_code(code.known(db)))
    if digests is None:
        try:
            with Workers(1) as workers:
                digests = _pictures(_By(workers))
        except Unable:
            digests = ("", "")
    return _with(digests, pictures_of)


def remembered_renderers(
    db: sqlite3.Connection, pictures_of: Callable[[str], bytes], workers: Workers
) -> tuple[CardRenderer, PlateRenderer]:
    """Give both to who draws: the catalogue knows then what the code draws. Raises Unable.

    One of the workers may draw the probe cards: it has loaded then what the others' cards need.
    """
    ours = code.known(db)
    draws = drawing_code(ours)
    code.keep(db, ours)
    digests = _known(db).get(draws)
    if digests is None:
        digests = _pictures(_By(workers))
        keep_state(db, _KEY, json.dumps({draws: digests}))
    return _with(digests, pictures_of)


def _with(
    digests: Digests, pictures_of: Callable[[str], bytes] | None
) -> tuple[CardRenderer, PlateRenderer]:
    cards = CardRenderer(pictures=pictures_of, drawing=digests[0])
    return cards, PlateRenderer(pictures=pictures_of, drawing=digests[1])


@dataclass(frozen=True, slots=True)
class _By:
    """Who draws the probe cards, which makes no difference to what is drawn."""

    workers: Workers = field(compare=False)


@cache
def _pictures(by: _By) -> Digests:
    """Digest what this process's code draws of the probe cards. Raises Unable."""
    try:
        digests, error = by.workers.submit(_drawn).result()
    except BrokenExecutor:
        digests, error = ("", ""), "they killed the process that drew them"
    if error:
        raise Unable("the probe cards", error)
    return digests


def _drawn() -> tuple[Digests, str]:
    """Give the digests, or what was wrong."""
    try:
        cards = CardRenderer(pictures=picture_of)
        return (pictures(cards), plates(PlateRenderer(pictures=picture_of))), ""
    except Exception as error:  # noqa: BLE001  (of libraries, fonts or templates: it is told)
        return ("", ""), f"{type(error).__name__}: {error}"


def _known(db: sqlite3.Connection) -> dict[str, Digests]:
    """Give {digest of the code: its digests}, of the code that drew last."""
    known: dict[str, Digests] = json.loads(state(db, _KEY) or "{}")
    return known
