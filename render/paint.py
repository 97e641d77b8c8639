"""A card's layout painted on its art: straight into palette indices, or in true colour."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Protocol

import cairocffi

from render.art import Art
from render.layout import Box, Flourish, Line, Placed, Words
from render.palette import Colour, Ramp
from render.picture import Picture, PictureError
from render.raster import Raster
from render.template import HEIGHT, WIDTH
from render.typeset import OVERHANG

_CLAMP = bytes(min(value, 127) for value in range(256))


class _Painter(Protocol):
    def flowers(self, cast: int) -> None: ...
    def picture(self, picture: Picture) -> None: ...
    def line(self, line: Line) -> None: ...
    def flourish(self, flourish: Flourish) -> None: ...
    def words(self, words: Words) -> None: ...


def paint(painter: _Painter, placed: Placed) -> None:
    """Paint everything that was placed."""
    for line in placed.lines:
        painter.line(line)
    for flourish in placed.flourishes:
        painter.flourish(flourish)
    for words in placed.words:
        painter.words(words)


class IndexPainter:
    """Paints indices: on the first entry of a ramp, coverage x (length - 1) is added."""

    def __init__(self, art: Art) -> None:
        self._art = art
        self._raster = art.raster.copy()
        self._surface = self._raster.surface()
        self._context = cairocffi.Context(self._surface)
        self._context.set_operator(cairocffi.OPERATOR_ADD)

    def flowers(self, cast: int) -> None:
        bed, flowers = self._art.bed, self._art.flowers
        if bed is None or flowers is None:
            return
        pair, _ = flowers
        field = bed.strewn(cast, self._art.palette.tints[pair])
        self._context.set_source_surface(field, bed.x, bed.y)
        self._context.rectangle(bed.x, bed.y, bed.width, bed.height)
        self._context.fill()

    def picture(self, picture: Picture) -> None:
        """Lay the entries of a picture down as they are: under the base of the art's own."""
        self._surface.flush()
        for line, x, y in _rows(self._art, picture):
            self._raster.put(x, y, line)
        self._surface.mark_dirty()

    def line(self, line: Line) -> None:
        ramp = self._ground(line.row.id, line.row.fill, line.box)
        self._add(ramp, line.row.opacity)
        self._context.rectangle(*line.box)
        self._context.fill()

    def flourish(self, flourish: Flourish) -> None:
        ornament = flourish.ornament
        mask = self._art.ornaments[ornament.id]
        ramp = self._ground(ornament.id, ornament.fill, flourish.box)
        self._context.save()
        _clip(self._context, flourish.box)
        self._add(ramp, 1)  # the ornament's own opacity is in its picture
        self._context.mask_surface(mask, flourish.box.x, flourish.box.y)
        self._context.restore()

    def words(self, words: Words) -> None:
        context = self._context
        block = words.block
        box = ink_box(words)
        ramp = self._ground(block.slot.id, block.slot.style.fill, box)
        context.save()
        _clip(context, box)
        if self._art.palette.ends(ramp):
            self._add(ramp, block.slot.style.opacity)
            block.setting.show(context, words.x, words.y)
        else:  # in a group of its own: where letters overlap, coverage must stop at full
            context.push_group_with_content(cairocffi.CONTENT_ALPHA)
            context.set_source_rgba(0, 0, 0, 1)
            block.setting.show(context, words.x, words.y)
            context.pop_group_to_source()
            context.paint_with_alpha(block.slot.style.opacity * (ramp.length - 1) / 255)
        context.restore()

    def finish(self) -> Raster:
        """Return the picture's palette entries, on the palette's base."""
        self._surface.flush()
        if self._art.palette.base and not self._raster.memory.isascii():
            return self._raster.translated(_CLAMP)
        return self._raster

    def _ground(self, name: str, ink: Colour, box: Box) -> Ramp:
        """Return the ramp for `ink` where `name` stands; lay its first entry there if it is not."""
        palette, ground = self._art.palette, self._art.grounds[name]
        ramp = palette.ramps[ground, ink]
        if ramp.first != palette.indices[ground]:
            self._context.save()
            self._context.set_operator(cairocffi.OPERATOR_SOURCE)
            self._context.set_source_rgba(0, 0, 0, (palette.base + ramp.first) / 255)
            self._context.rectangle(*box)
            self._context.fill()
            self._context.restore()
        return ramp

    def _add(self, ramp: Ramp, share: float) -> None:
        self._context.set_source_rgba(0, 0, 0, share * (ramp.length - 1) / 255)


class ColourPainter:
    """Paints the same in true colour; only inside `boxes` when they are given."""

    def __init__(self, art: Art, boxes: Iterable[Box] = ()) -> None:
        self._art = art
        self.pixels = bytearray(art.pixels)
        self._surface = cairocffi.ImageSurface(
            cairocffi.FORMAT_RGB24, WIDTH, HEIGHT, memoryview(self.pixels), WIDTH * 4
        )
        self._context = cairocffi.Context(self._surface)
        for box in boxes:
            self._context.rectangle(*box)
        if boxes:
            self._context.clip()

    def flowers(self, cast: int) -> None:
        bed, flowers = self._art.bed, self._art.flowers
        if bed is None or flowers is None:
            return
        (_, ink), tint = flowers
        self._ink(ink, tint)
        self._context.mask_surface(bed.strewn(cast, 255), bed.x, bed.y)

    def picture(self, picture: Picture) -> None:
        self._surface.flush()
        entries = [bytes((blue, green, red, 255)) for red, green, blue in picture.colours]
        for line, x, y in _rows(self._art, picture):
            at = 4 * (y * WIDTH + x)
            self.pixels[at : at + 4 * len(line)] = b"".join(entries[entry] for entry in line)
        self._surface.mark_dirty()

    def line(self, line: Line) -> None:
        self._ink(line.row.fill, line.row.opacity)
        self._context.rectangle(*line.box)
        self._context.fill()

    def flourish(self, flourish: Flourish) -> None:
        mask = self._art.ornaments[flourish.ornament.id]
        self._context.save()
        _clip(self._context, flourish.box)
        self._ink(flourish.ornament.fill, 1)
        self._context.mask_surface(mask, flourish.box.x, flourish.box.y)
        self._context.restore()

    def words(self, words: Words) -> None:
        style = words.block.slot.style
        self._context.save()
        _clip(self._context, ink_box(words))
        self._ink(style.fill, style.opacity)
        words.block.setting.show(self._context, words.x, words.y)
        self._context.restore()

    def finish(self) -> bytearray:
        self._surface.flush()
        return self.pixels

    def _ink(self, colour: Colour, opacity: float) -> None:
        self._context.set_source_rgba(*(value / 255 for value in colour), opacity)


def _rows(art: Art, picture: Picture) -> Iterator[tuple[bytes, int, int]]:
    """Give each row of a picture, and the px of the card where it begins."""
    x, y, width, height = map(int, art.template.picture or (0, 0, 0, 0))
    if (picture.width, picture.height) != (width, height):
        raise PictureError(
            f"a picture of {picture.width}x{picture.height} px for a place of {width}x{height}"
        )
    for row in range(height):
        yield picture.indices[row * width : (row + 1) * width], x, y + row


def ink_box(words: Words) -> Box:
    """Return where the words may paint, in whole px."""
    box = words.box
    left = max(math.floor(box.x) - OVERHANG, 0)
    right = min(math.ceil(box.x + box.width) + OVERHANG, WIDTH)
    top, bottom = math.floor(box.y) - 1, math.ceil(box.y + box.height) + 1
    return Box(left, top, right - left, bottom - top)


def _clip(context: cairocffi.Context, box: Box) -> None:
    context.rectangle(*box)
    context.clip()
