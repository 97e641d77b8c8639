"""What is on a package's plate: the small picture of it for lists and pages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from render.card import Card

CASTS = 1024  # so many sets of flowers are there; a process keeps those that it has met


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate: everything that shows on it, and nothing else, so that equals share one file.

    template, frame: as render.card.Card.face names them. cast: of its flowers. initial: '' where a
    picture stands instead, of which `picture` is the digest.
    """

    template: str
    frame: str
    cast: int
    initial: str = ""
    picture: str = ""

    @classmethod
    def of(cls, card: Card) -> Plate | None:
        """Return the plate of a package's card; None for a card of the site's own pages."""
        template, frame = card.face
        if frame in ("", "faces"):
            return None
        initial = "" if card.picture else card.initial
        return cls(template, frame, cast_of(card.seed), initial, card.picture)


def cast_of(seed: str) -> int:
    """Return the number of the flowers that go with `seed` ('plugin/akismet')."""
    hashed = hashlib.blake2b(seed.encode(), digest_size=4).digest()
    return int.from_bytes(hashed, "big") % CASTS
