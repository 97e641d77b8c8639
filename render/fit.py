"""Words brought into their box: sizes tried in turn, long words broken, two lines of one length."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from render.template import Fit, Slot
from render.text import soften
from render.typeset import Setting, Typesetter

# A line box in sizes: what stands above the first and below the last baseline in a Latin text.
_ASCENT, _DESCENT = 0.74, 0.24
_EXACT = 0.99  # widths at two sizes differ by the rounding of each letter
_TRIES = 4
_WORTH = 8  # px; to gain less, nothing is set anew
# How much wider than their mean the lines of a balanced text may be, tried in turn.
_SLACK = (1.1, 1.25)
_FIRST_PICTURE = "\u203c"
_NARROW = 0.4  # the mean width of letters, in sizes, under which no words stay


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
    """Sets a slot's words as its fits say. `kept` holds the blocks of literals, set but once."""

    def __init__(self, typesetter: Typesetter, language: str, kept: dict[str, Block]) -> None:
        self._typesetter = typesetter
        self._language = language
        self._kept = kept

    def literal(self, slot: Slot) -> Block:
        """Set the words of a literal slot, or bring them as set before."""
        if slot.id not in self._kept:
            self._kept[slot.id] = self.fit(slot, slot.literal)
        return self._kept[slot.id]

    def fit(self, slot: Slot, text: str) -> Block:
        """Set `text` by the first fit that holds all of it; when none does, by the last, cut."""
        length = len(text) * _NARROW if text.isascii() else 0.0  # at a size of 1
        for state, (size, lines) in enumerate(slot.fits):
            if length * size > slot.width * lines:
                continue
            setting = self._set(slot, text, (size, lines))
            if setting.fits:
                return _block(slot, text, setting, state)
            length = max(length, setting.natural / size * _EXACT)
        return self._cramped(slot, text)

    def tighter(self, block: Block, excess: float) -> Block | None:
        """Set the words smaller, to save `excess` px of height or as much as can be.

        None when the slot has nothing worth having to give.
        """
        slot, text = block.slot, block.text
        fits = slot.fits + slot.tight
        for state in range(block.state + 1, len(fits)):
            size, limit = fits[state]
            lines = min(limit, block.lines)
            height = size * (_ASCENT + _DESCENT + (lines - 1) * slot.style.pitch)
            saved = block.height - height
            if saved >= excess or (state == len(fits) - 1 and saved >= _WORTH):
                setting = self._set(slot, text, fits[state])
                if not setting.fits:
                    setting = self._cut(slot, text, fits[state])
                return _block(slot, text, setting, state)
        return None

    def _cramped(self, slot: Slot, text: str) -> Block:
        last = len(slot.fits) - 1
        if slot.short and text.startswith(slot.short):
            return self.fit(slot, text.removeprefix(slot.short))
        size, _ = slot.fits[last]
        soft = soften(text, int(slot.width / size / 2 / _NARROW))
        if soft != text:
            for state, fit in enumerate(slot.fits):
                setting = self._set(slot, soft, fit)
                if setting.fits:
                    return _block(slot, text, setting, state)
        return _block(slot, soft, self._cut(slot, soft, slot.fits[last]), last)

    def _set(self, slot: Slot, text: str, fit: Fit) -> Setting:
        size, lines = fit
        return self._typesetter.set(
            text,
            slot.style,
            size,
            width=slot.width,
            lines=lines,
            align=slot.align,
            language=self._language,
        )

    def _cut(self, slot: Slot, text: str, fit: Fit) -> Setting:
        size, lines = fit
        setting = self._typesetter.set(
            text,
            slot.style,
            size,
            width=slot.width,
            lines=lines,
            align=slot.align,
            language=self._language,
            break_words=True,
        )
        for _ in range(_TRIES):  # letters whose ink is wider than they say
            if setting.excess <= 0:
                break
            setting.narrow(setting.width - 2 * setting.excess)
        return setting


def _block(slot: Slot, text: str, setting: Setting, state: int) -> Block:
    """Measure what has been set."""
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


def settle(block: Block) -> Block:
    """Give several lines one length, and part them where their ink meets."""
    if block.lines == 1:
        return block
    if block.setting.fits:
        _balance(block.setting, block.lines)
    _separate(block.setting, block.slot.style.pitch * block.setting.size)
    return _block(block.slot, block.text, block.setting, block.state)


def _balance(setting: Setting, lines: int) -> None:
    """Make the lines about equally long: a narrower width that needs no more of them."""
    full, lengths = setting.width, setting.line_widths()
    for slack in _SLACK:
        width = sum(lengths) / lines * slack
        if width >= max(lengths):
            break
        setting.narrow(width)
        if setting.lines == lines and setting.fits:
            return
    setting.narrow(full)


def _separate(setting: Setting, pitch: float) -> None:
    """Part lines whose ink meets, as tall scripts' do."""
    overlap = max(
        (above[1] - below[0] for above, below in pairwise(setting.line_inks())), default=0
    )
    if overlap > 0:
        setting.spread(min(pitch + overlap + 2, setting.size * 2.2))
