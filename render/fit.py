"""Words brought into their box: sizes tried in turn, long words broken, two lines of one length."""

from __future__ import annotations

from dataclasses import dataclass

from render.template import Fit, Slot
from render.text import soften
from render.typeset import Setting, Typesetter

# A line box in sizes: what stands above the first and below the last baseline in a Latin text.
_ASCENT, _DESCENT = 0.74, 0.24
_EXACT = 0.99  # widths at two sizes differ by the rounding of each letter
# How much wider than their mean the lines of a balanced text may be, tried in turn.
_SLACK = (1.05, 1.14, 1.28)
_FIRST_PICTURE = "\u203c"
_NARROW = 0.4  # the mean width of letters, in sizes, under which no words stay


@dataclass(frozen=True, slots=True)
class Block:
    """A slot's words, set. `top` and `bottom` are measured from the first baseline, in px."""

    slot: Slot
    text: str
    setting: Setting
    state: int  # which of the slot's fits, and then of its tight ones, this is
    top: float
    bottom: float
    pictured: bool  # may hold emoji

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Fitter:
    """Sets a slot's words as its fits say. `kept` are the blocks of literals, set once for all cards."""

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
        """Set `text` by the first fit that holds all of it; by the last one, cut, when none does."""
        length = len(text) * _NARROW if text.isascii() else 0.0  # at a size of 1
        for state, (size, lines) in enumerate(slot.fits):
            if length * size > slot.width * lines:
                continue
            setting = self._set(slot, text, (size, lines))
            if setting.fits:
                return _block(slot, text, setting, state)
            length = max(length, setting.natural / size * _EXACT)
        return self._cramped(slot, text)

    def tighter(self, slot: Slot, text: str, state: int) -> Block | None:
        """Set `text` by the fit after number `state`; None when there is no more."""
        fits = slot.fits + slot.tight
        if state + 1 >= len(fits):
            return None
        setting = self._set(slot, text, fits[state + 1])
        if not setting.fits:
            setting = self._cut(slot, text, fits[state + 1])
        return _block(slot, text, setting, state + 1)

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
        return self._typesetter.set(
            text,
            slot.style,
            size,
            width=slot.width,
            lines=lines,
            align=slot.align,
            language=self._language,
            break_words=True,
        )


def _block(slot: Slot, text: str, setting: Setting, state: int) -> Block:
    lines = setting.lines
    pitch = slot.style.pitch * setting.size
    if lines > 1:
        if setting.fits:
            _balance(setting, lines)
        pitch = _separate(setting, pitch)
    ink, baseline = setting.ink, setting.baseline
    last = (lines - 1) * pitch
    return Block(
        slot,
        text,
        setting,
        state,
        top=min(-_ASCENT * setting.size, ink.y - baseline),
        bottom=max(last + _DESCENT * setting.size, ink.y + ink.height - baseline),
        pictured=not text.isascii() and max(text) >= _FIRST_PICTURE,
    )


def _balance(setting: Setting, lines: int) -> None:
    """Make the lines about equally long: a narrower width that needs no more of them."""
    full = setting.width
    mean = sum(setting.line_widths()) / lines
    for slack in _SLACK:
        width = mean * slack
        if width >= setting.logical.width:
            break
        setting.narrow(width)
        if setting.lines == lines and setting.fits:
            return
    setting.narrow(full)


def _separate(setting: Setting, pitch: float) -> float:
    """Part lines whose ink meets, as tall scripts' do; return the distance of the baselines."""
    inks = setting.line_inks()
    overlap = max(
        (above[1] - below[0] for above, below in zip(inks, inks[1:], strict=False)), default=0
    )
    if overlap > 0:
        pitch = min(pitch + overlap + 2, setting.size * 2.2)
        setting.pitch(pitch)
    return pitch
