"""What is on a package's plate: the small picture of it for lists and pages."""

from __future__ import annotations

from dataclasses import dataclass

from render.card import Card
from render.flowers import cast_of


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
