"""Words brought into their box: sizes tried in turn, long words broken, two lines of one length."""

from __future__ import annotations

from dataclasses import dataclass

from render.template import Fit, Slot
from render.text import soften
from render.typeset import Setting, Typesetter

# A line box in sizes: what stands above the first and below the last baseline in a Latin text.
_ASCENT, _DESCENT = 0.74, 0.24
_BALANCE_STEPS = 4
_FIRST_PICTURE = "\u203c"
_NARROW = 0.45  # the width of a letter in sizes, in words that may be too long for a line


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
    """Sets a slot's words as its fits say."""

    def __init__(self, typesetter: Typesetter, language: str) -> None:
        self._typesetter = typesetter
        self._language = language

    def fit(self, slot: Slot, text: str) -> Block:
        """Set `text` by the first fit that holds all of it; by the last one, cut, when none does."""
        for state, fit in enumerate(slot.fits):
            setting = self._set(slot, text, fit)
            if setting.fits:
                return _block(slot, text, setting, state)
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
        soft = soften(text, int(slot.width / size / _NARROW))
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
    """Make the lines about equally long: the narrowest width that needs no more of them."""
    full = setting.width
    low, high = setting.logical.width / 2, setting.logical.width
    for _ in range(_BALANCE_STEPS):
        width = (low + high) / 2
        setting.narrow(width)
        if setting.lines == lines and setting.fits:
            high = width
        else:
            low = width
    setting.narrow(min(high + 1, full))


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
