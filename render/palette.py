"""A palette built from a template's own colours, so that nothing has to be guessed afterwards.

Every text stands on a flat ground, and its anti-aliased edges are mixtures of that ground and its
ink. Each (ground, ink) gets a ramp: consecutive entries from one to the other. Painting ink with
coverage c on the first entry of a ramp is then adding c x (length - 1) to the index.

A card printed in two colours on paper (plate, paper, ink) needs one chain of sixteen entries: plate
to paper, paper to ink. That fits four bits a pixel, half of what there is to compress. The flowers
on a plate have a tint of their own; the ramp from plate to paper bends to pass through it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Colour = tuple[int, int, int]
Pair = tuple[Colour, Colour]  # ground, ink

_SMALL = 16
_SHORT_RAMP = 6
_TO_TINT = 2  # steps of the short ramp from the ground to a tint
_LONG_RAMP = 16
_ART_LIMIT = 160  # the rest of 256 is kept for the colours of emoji
_NEAR = 3  # levels a channel may be off before a colour wants an entry of its own
_FREQUENT = 400  # px from which on a colour is an area, not an edge


@dataclass(frozen=True)
class Ramp:
    first: int
    length: int

    def at(self, share: float) -> int:
        """Return the entry of `share` ink, 0 to 1."""
        return self.first + round(share * (self.length - 1))


@dataclass(frozen=True)
class Palette:
    """Colours by entry. While a card is painted, an entry is held as itself plus `base`.

    The chain's base puts its last entry, full ink, at 127: where the coverages of two letters add
    up to more, the byte is no longer ASCII, which Python can tell in no time.
    """

    colours: tuple[Colour, ...]
    ramps: dict[Pair, Ramp]
    indices: dict[Colour, int]  # of every colour of the art
    tints: dict[Pair, int]  # steps from the ground to the tint of a pair
    base: int = 0

    def ends(self, ramp: Ramp) -> bool:
        """Say whether `ramp` is the end of a chain: what is too much there can still be told."""
        return bool(self.base) and ramp.first + ramp.length == len(self.colours)


def build(
    pairs: Sequence[Pair], art: Counter[Colour], tints: Mapping[Pair, float] | None = None
) -> Palette:
    """Return the palette for texts in `pairs`, the most frequent first, over art of these colours.

    `tints` are the shares of ink in which whole areas are painted. Raises ValueError when there are
    more pairs than a palette holds.
    """
    return _small(pairs, art, tints or {}) or _large(pairs, art, tints or {})


def mix(ground: Colour, ink: Colour, share: float) -> Colour:
    """Return the colour of `share` ink (0 to 1) over the ground."""
    red, green, blue = (round(g + (i - g) * share) for g, i in zip(ground, ink, strict=True))
    return red, green, blue


def _small(
    pairs: Sequence[Pair], art: Counter[Colour], tints: Mapping[Pair, float]
) -> Palette | None:
    """Return the chain of sixteen, or None where the template has more colours than that."""
    if len(pairs) != 2:
        return None
    main, other = pairs
    if other[1] == main[0]:
        lengths = ((other, _SHORT_RAMP), (main, _SMALL - _SHORT_RAMP + 1))
    elif main[1] == other[0]:
        lengths = ((main, _SMALL - _SHORT_RAMP + 1), (other, _SHORT_RAMP))
    else:
        return None
    colours: list[Colour] = []
    ramps: dict[Pair, Ramp] = {}
    for pair, length in lengths:
        first = max(len(colours) - 1, 0)
        ramps[pair] = Ramp(first, length)
        bent = pair in tints and length == _SHORT_RAMP
        colours[first:] = _bent_ramp(pair, tints[pair]) if bent else _ramp(pair, length)
    indices = {}
    for colour, count in art.items():
        at = _nearest(colours, colour)
        if count >= _FREQUENT:
            if _furthest(colours[at], colour) > _NEAR:
                return None
            colours[at] = colour
        indices[colour] = at
    steps = dict.fromkeys(tints, _TO_TINT)
    return Palette(tuple(colours), ramps, indices, steps, base=128 - _SMALL)


def _large(pairs: Sequence[Pair], art: Counter[Colour], tints: Mapping[Pair, float]) -> Palette:
    colours: list[Colour] = []
    ramps: dict[Pair, Ramp] = {}
    indices: dict[Colour, int] = {}
    for pair in pairs:
        ramps[pair] = Ramp(len(colours), _LONG_RAMP)
        indices.setdefault(pair[0], len(colours))
        colours += _ramp(pair, _LONG_RAMP)
    if len(colours) > _ART_LIMIT:
        raise ValueError(f"{len(pairs)} pairs of ground and ink are more than a palette holds")
    for colour, _ in art.most_common():
        if colour in indices:
            continue
        if len(colours) < _ART_LIMIT:
            indices[colour] = len(colours)
            colours.append(colour)
        else:  # the rarest are mixtures at edges
            indices[colour] = _nearest(colours, colour)
    steps = {pair: round(share * (_LONG_RAMP - 1)) for pair, share in tints.items()}
    return Palette(tuple(colours), ramps, indices, steps)


def _ramp(pair: Pair, length: int) -> list[Colour]:
    return [mix(*pair, step / (length - 1)) for step in range(length)]


def _bent_ramp(pair: Pair, tint: float) -> list[Colour]:
    """Return a short ramp that comes to `tint` in a few steps, and to full ink in the rest."""
    rest = _SHORT_RAMP - 1 - _TO_TINT
    shares = [tint * step / _TO_TINT for step in range(_TO_TINT)]
    shares += [tint + (1 - tint) * step / rest for step in range(rest + 1)]
    return [mix(*pair, share) for share in shares]


def _nearest(colours: Sequence[Colour], wanted: Colour) -> int:
    def distance(at: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colours[at], wanted, strict=True))

    return min(range(len(colours)), key=distance)


def _furthest(one: Colour, other: Colour) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
