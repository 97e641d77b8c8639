"""A card's layout painted on its art: straight into palette indices, or in true colour."""

from __future__ import annotations

import math
from typing import Protocol

import cairocffi

from render.art import STEPS, Art
from render.layout import Box, Flourish, Placed, Strip, Words
from render.template import HEIGHT, WIDTH, Colour

_BLEED = 8  # px beside a box that slanted letters may reach into


class _Painter(Protocol):
    def strip(self, strip: Strip) -> None: ...
    def ground(self, words: Words) -> None: ...
    def flourish(self, flourish: Flourish) -> None: ...
    def words(self, words: Words) -> None: ...


def paint(painter: _Painter, placed: Placed) -> None:
    """Paint everything, what lies below first."""
    for strip in placed.strips:
        painter.strip(strip)
    for words in placed.words:
        painter.ground(words)
    for flourish in placed.flourishes:
        painter.flourish(flourish)
    for words in placed.words:
        painter.words(words)


class IndexPainter:
    """Paints indices: on the first entry of a ramp, coverage x (STEPS - 1) is added."""

    def __init__(self, art: Art) -> None:
        self._art = art
        self.indices = bytearray(art.indices)
        self._surface = cairocffi.ImageSurface(
            cairocffi.FORMAT_A8, WIDTH, HEIGHT, memoryview(self.indices), WIDTH
        )
        self._context = cairocffi.Context(self._surface)

    def strip(self, strip: Strip) -> None:
        self._fill(strip.box, self._art.flat[strip.colour])

    def ground(self, words: Words) -> None:
        base = self._base(words)
        if base != self._art.flat[self._art.grounds[words.block.slot.id]]:
            self._fill(ink_box(words), base)

    def flourish(self, flourish: Flourish) -> None:
        ornament = flourish.ornament
        base = self._art.ramps[self._art.grounds[ornament.id], ornament.fill]
        x, y, width, height = ornament.box
        box = Box(flourish.x, flourish.y, width, height)
        self._fill(box, base)
        context = self._context
        context.save()
        _clip(context, box)
        context.set_operator(cairocffi.OPERATOR_ADD)
        context.set_source_rgba(0, 0, 0, (STEPS - 1) / 255)
        context.mask_surface(self._art.ornaments, flourish.x - x, flourish.y - y)
        context.restore()

    def words(self, words: Words) -> None:
        context = self._context
        context.save()
        _clip(context, ink_box(words))
        # Painted in a group of its own: where glyphs overlap, coverage must stop at full.
        context.push_group_with_content(cairocffi.CONTENT_ALPHA)
        context.set_source_rgba(0, 0, 0, 1)
        words.block.setting.show(context, words.x, words.y)
        context.pop_group_to_source()
        context.set_operator(cairocffi.OPERATOR_ADD)
        context.paint_with_alpha((STEPS - 1) / 255)
        context.restore()

    def finish(self) -> bytearray:
        self._surface.flush()
        return self.indices

    def _base(self, words: Words) -> int:
        slot = words.block.slot
        return self._art.ramps[self._art.grounds[slot.id], slot.style.fill]

    def _fill(self, box: Box, index: int) -> None:
        context = self._context
        context.set_operator(cairocffi.OPERATOR_SOURCE)
        context.set_source_rgba(0, 0, 0, index / 255)
        context.rectangle(box.x, box.y, box.width, box.height)
        context.fill()


class ColourPainter:
    """Paints the same in true colour."""

    def __init__(self, art: Art) -> None:
        self._art = art
        self.pixels = bytearray(art.pixels)
        self._surface = cairocffi.ImageSurface(
            cairocffi.FORMAT_RGB24, WIDTH, HEIGHT, memoryview(self.pixels), WIDTH * 4
        )
        self._context = cairocffi.Context(self._surface)

    def strip(self, strip: Strip) -> None:
        self._ink(strip.colour)
        box = strip.box
        self._context.rectangle(box.x, box.y, box.width, box.height)
        self._context.fill()

    def ground(self, words: Words) -> None:
        """Nothing to prepare: true colour blends with whatever is there."""

    def flourish(self, flourish: Flourish) -> None:
        x, y, width, height = flourish.ornament.box
        self._context.save()
        _clip(self._context, Box(flourish.x, flourish.y, width, height))
        self._ink(flourish.ornament.fill)
        self._context.mask_surface(self._art.ornaments, flourish.x - x, flourish.y - y)
        self._context.restore()

    def words(self, words: Words) -> None:
        self._context.save()
        _clip(self._context, ink_box(words))
        self._ink(words.block.slot.style.fill)
        words.block.setting.show(self._context, words.x, words.y)
        self._context.restore()

    def finish(self) -> bytearray:
        self._surface.flush()
        return self.pixels

    def _ink(self, colour: Colour) -> None:
        self._context.set_source_rgb(*(value / 255 for value in colour))


def ink_box(words: Words) -> Box:
    """Return where the words may paint, in whole px."""
    box = words.box
    left = max(math.floor(box.x) - _BLEED, 0)
    right = min(math.ceil(box.x + box.width) + _BLEED, WIDTH)
    top, bottom = math.floor(box.y) - 1, math.ceil(box.y + box.height) + 1
    return Box(left, top, right - left, bottom - top)


def _clip(context: cairocffi.Context, box: Box) -> None:
    context.rectangle(box.x, box.y, box.width, box.height)
    context.clip()
