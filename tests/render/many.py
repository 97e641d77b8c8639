"""Many cards drawn in one process, whose memory is watched; nothing of a test is loaded for it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from render import Card
from tests.render import cases, pictures

_PAGE = 4096 / 1e6  # MB
_ICONS = [pictures.named(name) for name in ("flat", "photo", "soft", "wide")]
_SCREENSHOTS = [pictures.named(name) for name in ("light", "dark")]


def draw(cards: Sequence[Card]) -> list[float]:
    """Draw ten thousand cards; give the megabytes that this process held after each thousand.

    Two of three show a picture of their package.
    """
    renderer, sizes = cases.renderer(), []
    for number in range(10_000):
        card = _pictured(cards[number % len(cards)], number)
        renderer(replace(card, name=f"{card.name} {number}"))
        if number % 1_000 == 999:
            sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE)
    return sizes


def _pictured(card: Card, number: int) -> Card:
    named = {"plugin": _ICONS, "theme": _SCREENSHOTS}.get(card.template)
    if named is None or number % 3 == 0:
        return card
    return replace(card, picture=named[number % len(named)])
