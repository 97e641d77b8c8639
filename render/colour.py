"""Colour glyphs brought into the palette: what a picture needs, in the entries that are left."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import cairocffi
from PIL import Image

from render.layout import Box, Words
from render.palette import Colour
from render.raster import Raster
from render.template import HEIGHT, WIDTH

_ENTRIES = 256


def add_colours(
    raster: Raster,
    colours: tuple[Colour, ...],
    pictured: Sequence[Words],
    grounds: Mapping[str, Colour],
) -> tuple[Colour, ...]:
    """Bring into the raster the colour glyphs of `pictured`; return `colours` and those they need.

    Only their own rectangles go through a quantiser; everything else keeps its exact colours.
    """
    found = [
        (area, words) for words in pictured for box in words.coloured() if (area := _whole(box))
    ]
    if not found:
        return colours
    areas = [area for area, _ in found]
    images = [_true_colour(area, words, grounds[words.block.slot.id]) for area, words in found]
    sheet = Image.new("RGB", (max(i.width for i in images), sum(i.height for i in images)))
    y = 0
    for image in images:
        sheet.paste(image, (0, y))
        y += image.height
    reduced = sheet.quantize(_ENTRIES - len(colours), method=Image.Quantize.FASTOCTREE)
    first = len(colours)
    shifted = reduced.tobytes().translate(bytes(min(at + first, 255) for at in range(256)))
    y = 0
    for left, top, right, bottom in areas:
        for row in range(top, bottom):
            start = (y + row - top) * sheet.width
            raster.put(left, row, shifted[start : start + right - left])
        y += bottom - top
    flat = reduced.getpalette() or []
    return (*colours, *zip(flat[::3], flat[1::3], flat[2::3], strict=True))


def _true_colour(area: tuple[int, int, int, int], words: Words, ground: Colour) -> Image.Image:
    """Return what of `words` is in `area`, on its ground."""
    left, top, right, bottom = area
    surface = cairocffi.ImageSurface(cairocffi.FORMAT_RGB24, right - left, bottom - top)
    context = cairocffi.Context(surface)
    context.set_source_rgb(*(value / 255 for value in ground))
    context.paint()
    style = words.block.slot.style
    context.set_source_rgba(*(value / 255 for value in style.fill), style.opacity)
    words.block.setting.show(context, words.x - left, words.y - top)
    surface.flush()
    size = (surface.get_width(), surface.get_height())
    pixels = bytes(surface.get_data())
    return Image.frombuffer("RGB", size, pixels, "raw", "BGRX", surface.get_stride(), 1)


def _whole(box: Box) -> tuple[int, int, int, int] | None:
    """Return the px that `box` touches: left, top, right, bottom; None when there are none."""
    left, top = max(math.floor(box.x), 0), max(math.floor(box.y), 0)
    right = min(math.ceil(box.x + box.width), WIDTH)
    bottom = min(math.ceil(box.y + box.height), HEIGHT)
    return (left, top, right, bottom) if left < right and top < bottom else None
