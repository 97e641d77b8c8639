"""Colour glyphs brought into the palette: what a picture needs, in the entries that are left."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image

from render.layout import Box
from render.template import HEIGHT, WIDTH, Colour


def add_colours(
    indices: bytearray, palette: tuple[Colour, ...], pixels: bytearray, boxes: Sequence[Box]
) -> tuple[Colour, ...]:
    """Write the `boxes` of the true-colour `pixels` (cairo RGB24) into `indices`; return the larger palette.

    Only these boxes go through a quantiser; everything else keeps its exact colours.
    """
    image = Image.frombuffer("RGB", (WIDTH, HEIGHT), bytes(pixels), "raw", "BGRX", 0, 1)
    areas = [_whole(box) for box in boxes]
    sheet = Image.new("RGB", (max(a[2] - a[0] for a in areas), sum(a[3] - a[1] for a in areas)))
    y = 0
    for area in areas:
        sheet.paste(image.crop(area), (0, y))
        y += area[3] - area[1]
    reduced = sheet.quantize(256 - len(palette), method=Image.Quantize.MEDIANCUT, kmeans=1)
    shifted = reduced.tobytes().translate(bytes(min(at + len(palette), 255) for at in range(256)))
    y = 0
    for left, top, right, bottom in areas:
        for row in range(top, bottom):
            start = (y + row - top) * sheet.width
            indices[row * WIDTH + left : row * WIDTH + right] = shifted[
                start : start + right - left
            ]
        y += bottom - top
    flat = reduced.getpalette() or []
    more = [(flat[at], flat[at + 1], flat[at + 2]) for at in range(0, len(flat), 3)]
    return palette + tuple(more[: 256 - len(palette)])


def _whole(box: Box) -> tuple[int, int, int, int]:
    return (
        max(math.floor(box.x), 0),
        max(math.floor(box.y), 0),
        min(math.ceil(box.x + box.width), WIDTH),
        min(math.ceil(box.y + box.height), HEIGHT),
    )
