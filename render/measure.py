"""How a text is broken into lines at any size, by arithmetic: it was shaped only once.

Pango rounds the advance of each glyph to whole px, so the length of words does not grow evenly with
their size; but their unrounded advances do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

UNIT = 1024  # Pango's units in a px

_HALF = UNIT // 2
_NEAR = 2  # units: an advance that is nearer to a half px may be rounded either way
# At the end of a line letters may be shaped otherwise than inside of it: by so much of the size at
# the very most, and hardly ever by so many px.
_MOST, _USUAL = 0.1, 2

Piece = tuple[int, int]  # the glyph behind its words, and the one behind the blank after them


class Measure:
    """A text's glyphs, in its own order, and the pieces of it inside which no line may end."""

    __slots__ = ("_advances", "_different", "_pieces", "_reached", "_size")

    def __init__(self, size: float, advances: Sequence[int], pieces: Sequence[Piece]) -> None:
        """advances: unrounded, in Pango's units, at this size."""
        self._size = size
        self._advances, self._different = advances, set(advances)
        self._pieces = pieces
        self._reached: dict[float, tuple[list[int], bool]] = {}

    def fewest(self, size: float, width: float) -> float:
        """Return how many lines the text has in a width at least; infinity: not even its words."""
        reached, _ = self._at(size)
        lengths = self._broken(reached, width + _MOST * size)
        return len(lengths) or float("inf")

    def lines(self, size: float, width: float) -> list[int]:
        """Return the lengths of the lines in a width, in px; none where they are not certain.

        They are not where a line ends in no blank: without their neighbour, letters change there.
        """
        reached, certain = self._at(size)
        lengths = self._broken(reached, width - _USUAL, blanks=True) if certain else []
        return lengths if lengths == self._broken(reached, width + _USUAL) else []

    def _broken(self, reached: Sequence[int], width: float, *, blanks: bool = False) -> list[int]:
        """Fill lines one by one; return their lengths, none when a piece is wider than `width`.

        Nor any, if that is asked for, when a line ends in no blank.
        """
        lengths = []
        begin = words = blank = 0
        for next_words, next_blank in self._pieces:
            if reached[next_words] - reached[begin] > width:
                if begin < blank:
                    lengths.append(reached[words] - reached[begin])
                    begin = blank
                if reached[next_words] - reached[begin] > width or (blanks and words == blank):
                    return []
            words, blank = next_words, next_blank
        lengths.append(reached[words] - reached[begin])
        return lengths

    def _at(self, size: float) -> tuple[list[int], bool]:
        """Return the px before each glyph and behind the last, and whether they are certain."""
        if size not in self._reached:
            scale = size / self._size
            near = _NEAR if scale != 1 else 0
            low, high = _HALF - near, _HALF + near
            rounded = {one: int(one * scale + low) // UNIT for one in self._different}
            certain = all(int(one * scale + high) // UNIT == px for one, px in rounded.items())
            reached = [0, *accumulate(map(rounded.__getitem__, self._advances))]
            self._reached[size] = reached, certain
        return self._reached[size]
