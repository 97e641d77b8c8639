"""Words brought into their box: sizes tried in turn, long words broken, two lines of one length."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from render.breaks import Span, joined, soften, unbroken, word_end
from render.measure import Measure
from render.template import Fit, Row, Slot
from render.typeset import Setting, Typesetter

# A line box in sizes: what stands above the first and below the last baseline in a Latin text.
_ASCENT, _DESCENT = 0.74, 0.24
_TRIES = 4
_KEPT = 400  # blocks of a template
_WORTH = 8  # px; to gain less, nothing is set anew
# How much wider than their mean the lines of a balanced text may be, tried in turn.
_SLACK = (1.1, 1.25, 1.4)
_APART = 0.04  # of the size, at least, between the inks of two lines
_FIRST_PICTURE = "\u203c"
# The mean width of letters, in sizes, under which no words stay, and over which few come.
_NARROW, _WIDE = 0.4, 0.6
_WIDE = 0.6  # and over which hardly any go

Words = tuple[Slot, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A slot's words, set. `top` and `bottom` are measured from the first baseline, in px."""

    slot: Slot
    text: str
    setting: Setting
    state: int  # which of the slot's fits, and then of its tight ones, this is
    lines: int
    top: float
    bottom: float
    pictured: bool  # may hold emoji

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Fitter:
    """Sets a slot's words as its fits say. `kept` holds the blocks of words that come often."""

    def __init__(
        self, typesetter: Typesetter, language: str, kept: dict[tuple[str, str, str], Block]
    ) -> None:
        self._typesetter = typesetter
        self._language = language
        self._kept = kept

    def kept(self, slot: Slot, text: str) -> Block:
        """Set words that are on many cards, or bring them as set before."""
        key = (slot.id, text, "" if text.isascii() else self._language)
        block = self._kept.get(key) or self.fit(slot, text)
        if slot.literal or len(self._kept) < _KEPT:
            self._kept[key] = block
        return block

    def fit(self, slot: Slot, text: str) -> Block:
        """Set `text` by the first fit that holds all of it; when none does, by the last, cut."""
        joint = joined(text)
        whole = unbroken(joint)
        measure: Measure | None = None
        cut: Setting | None = None
        for state, (size, lines) in enumerate(slot.fits):
            tried, cut = cut, None
            if text.isascii() and len(text) * _NARROW * size > slot.width * lines:
                continue
            if measure is None and (tried or len(text) * _WIDE * size > slot.width):
                measure = self._measure(slot, joint, size, whole)
            if measure and measure.fewest(size, slot.width) > lines:
                continue
            cut = self._set(slot, joint, (size, lines), whole)
            balanced = measure is not None and _balanced(cut, measure)
            if balanced or _fits(slot, cut):
                return _block(slot, text, cut, state, balance=not balanced)
        return self._cramped(slot, text, cut)

    def _measure(self, slot: Slot, text: str, size: float, whole: Sequence[Span]) -> Measure | None:
        """Measure words, so that sizes at which they have no room need not be tried."""
        if slot.centred or slot.style.spacing:  # where it is not their length alone that counts
            return None
        return self._typesetter.measure(
            text, slot.style, size, language=self._language, unbroken=whole
        )

    def tighter(self, block: Block, excess: float, last: Fit) -> Block | None:
        """Set the words smaller, to save `excess` px of height or as much as can be.

        Not beyond the fit `last`. None when there is nothing worth having to give.
        """
        slot, text = block.slot, block.text
        fits = slot.fits + slot.tight
        end = fits.index(last)
        for state in range(block.state + 1, end + 1):
            size, limit = fits[state]
            share = size / block.setting.size * min(limit, block.lines) / block.lines
            saved = block.height * (1 - share)
            if saved >= excess or (state == end and saved >= _WORTH):
                soft = self._softened(slot, joined(text), fits[state])
                setting = self._set(slot, soft, fits[state], unbroken(soft))
                if not setting.fits:
                    setting = self._cut(slot, soft, fits[state], setting)
                return _block(slot, text, setting, state)
        return None

    def row(self, cells: Sequence[Sequence[Words]], row: Row) -> list[list[Block]]:
        """Set cells side by side, all in the first fit that holds them.

        Of slots with fewer fits the last is taken. When none does, words lose their short
        beginnings; in the end the longest are cut.
        """
        room = row.width - 2 * row.space * (len(cells) - 1)
        first = cells[0][0][0]
        for fits, short in ((len(first.fits), False), (len(first.fits + first.tight), True)):
            for state in range(fits):
                blocks = [[self._cell(words, state, short) for words in cell] for cell in cells]
                deepest = max(block.bottom for cell in blocks for block in cell)
                if row_width(blocks) <= room and deepest <= row.depth:
                    return blocks
        excess = row_width(blocks) - room
        if excess <= 0:
            return blocks
        longest = max((block for cell in blocks for block in cell), key=block_width)
        return [
            [self._clipped(block, excess) if block is longest else block for block in cell]
            for cell in blocks
        ]

    def _cell(self, words: Words, state: int, short: bool) -> Block:
        slot, text = words
        if short:
            text = text.removeprefix(slot.short)
        fits = slot.fits + (slot.tight if short else ())
        state = min(state, len(fits) - 1)
        return self._kept_cell(slot, text, state, fits[state])

    def _kept_cell(self, slot: Slot, text: str, state: int, fit: Fit) -> Block:
        key = (slot.id, text, f"{fit}")
        if key in self._kept:
            return self._kept[key]
        block = _block(slot, text, self._set(slot, text, fit, (), align="start"), state)
        if slot.literal or len(self._kept) < _KEPT:
            self._kept[key] = block
        return block

    def _clipped(self, block: Block, excess: float) -> Block:
        """Cut the words of a cell, so that they are `excess` px shorter."""
        setting = block.setting
        setting.narrow(block_width(block) - excess)
        end = word_end(block.text, setting.word_ends(), setting.cut_at() or 0)
        if end:
            fit = (setting.size, 1)
            setting = self._set(block.slot, block.text[:end] + "…", fit, (), align="start")
        return _block(block.slot, block.text, setting, block.state)

    def _cramped(self, slot: Slot, text: str, cut: Setting | None) -> Block:
        """Set what no fit holds; `cut` is what became of it in the last, if that was tried."""
        last = len(slot.fits) - 1
        if slot.short and text.startswith(slot.short):
            return self.fit(slot, text.removeprefix(slot.short))
        joint = joined(text)
        soft = self._softened(slot, joint, slot.fits[last])
        whole = unbroken(soft)
        if soft == joint:
            cut = cut or self._set(slot, joint, slot.fits[last], whole)
            return _block(slot, text, self._cut(slot, joint, slot.fits[last], cut), last)
        for state, fit in enumerate(slot.fits):
            setting = self._set(slot, soft, fit, whole)
            if _fits(slot, setting):
                return _block(slot, text, setting, state)
        return _block(slot, text, self._cut(slot, soft, slot.fits[last], setting), last)

    def _softened(self, slot: Slot, text: str, fit: Fit) -> str:
        return soften(text, int(slot.width / fit[0] / 2 / _NARROW))

    def _cut(self, slot: Slot, text: str, fit: Fit, cut: Setting) -> Setting:
        """Set what there is room for, up to the end of a word; `cut` ends anywhere."""
        whole: Sequence[Span] = unbroken(text)
        if cut.excess > 0:  # a word that is longer than a line
            whole = ()
            cut = self._set(slot, text, fit, whole, break_words=True)
            for _ in range(_TRIES):  # letters whose ink is wider than they say
                if cut.excess <= 0:
                    break
                cut.narrow(cut.width - 2 * cut.excess)
        return self._to_word_end(slot, text, fit, whole, cut)

    def _to_word_end(
        self, slot: Slot, text: str, fit: Fit, whole: Sequence[Span], cut: Setting
    ) -> Setting:
        """Take back a word that was cut in its middle, if it is not all there is on a line."""
        limit, ends = cut.cut_at(), cut.word_ends()
        for _ in range(_TRIES):
            end = word_end(text, ends, limit or 0)
            if not end:
                break
            shorter = text[:end] + "…"
            setting = self._set(
                slot,
                shorter,
                fit,
                [span for span in whole if span[1] <= end],
                break_words=not whole,
            )
            if setting.fits:
                return setting
            limit = end - 1
        return cut

    def _set(
        self,
        slot: Slot,
        text: str,
        fit: Fit,
        whole: Sequence[Span],
        *,
        align: str = "",
        break_words: bool = False,
    ) -> Setting:
        size, lines = fit
        return self._typesetter.set(
            text,
            slot.style,
            size,
            width=slot.width,
            lines=lines,
            align=align or slot.align,
            language=self._language,
            unbroken=whole,
            break_words=break_words,
        )


def _fits(slot: Slot, setting: Setting) -> bool:
    if not setting.fits or not slot.centred:
        return setting.fits
    ink = setting.ink
    return math.hypot(ink.width, ink.height) <= slot.centred


def block_width(block: Block) -> float:
    """Return how long the words of a cell are."""
    return block.setting.logical.width


def row_width(cells: Sequence[Sequence[Block]]) -> float:
    """Return how long cells are without what stands between them."""
    return sum(
        sum(map(block_width, cell)) + sum(block.slot.gap for block in cell[1:]) for cell in cells
    )


def _block(slot: Slot, text: str, setting: Setting, state: int, *, balance: bool = True) -> Block:
    """Give several lines one length, part them where their ink meets, and measure all."""
    if setting.lines > 1:
        if balance and setting.fits:
            _balance(setting, setting.lines)
        _separate(setting, slot.style.pitch * setting.size)
    pitch = slot.style.pitch * setting.size if setting.pitch is None else setting.pitch
    ink, baseline, lines = setting.ink, setting.baseline, setting.lines
    last = (lines - 1) * pitch
    return Block(
        slot,
        text,
        setting,
        state,
        lines,
        top=min(-_ASCENT * setting.size, ink.y - baseline),
        bottom=max(last + _DESCENT * setting.size, ink.y + ink.height - baseline),
        pictured=not text.isascii() and max(text) >= _FIRST_PICTURE,
    )


def _balance(setting: Setting, lines: int) -> None:
    """Make the lines about equally long: a narrower width that needs no more of them."""
    full = setting.width
    for width in _narrower(setting.line_widths()):
        setting.narrow(width)
        if setting.lines == lines and setting.fits:
            return
    setting.narrow(full)


def _balanced(setting: Setting, measure: Measure) -> bool:
    """Do the same to words that are not laid out yet, if it is certain how they are broken.

    They are laid out only once then. Where they come out otherwise, nothing has been done.
    """
    size, full = setting.size, setting.width
    told = lengths = measure.lines(size, full)
    if len(lengths) < 2:
        return False
    for width in _narrower(lengths):
        if measure.fewest(size, width) <= len(lengths):
            told = measure.lines(size, width)
            setting.narrow(width)
            break
    as_many = len(told) == len(lengths)
    if as_many and setting.fits and setting.line_widths() == told:
        return True
    setting.narrow(full)
    return False


def _narrower(lengths: Sequence[float]) -> Iterator[float]:
    """Give widths for lines of these lengths, to be tried in turn."""
    for slack in _SLACK:
        width = sum(lengths) / len(lengths) * slack
        if width >= max(lengths):
            return
        yield width


def _separate(setting: Setting, pitch: float) -> None:
    """Part lines whose ink meets, as tall scripts' do."""
    least = _APART * setting.size
    overlap = max(
        (above[1] - below[0] + least for above, below in pairwise(setting.line_inks())), default=0
    )
    if overlap > 0:
        setting.spread(min(pitch + overlap, setting.size * 3))
