"""A template's art, rasterised once: in true colour, and in the indices of its palette."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from typing import Any

import cairocffi

from render.document import TemplateError, refuse
from render.palette import Colour, Pair, Palette, build
from render.template import HEIGHT, WIDTH, Column, Ornament, Row, Template


@dataclass(frozen=True)
class Art:
    """What stands still on every card of a template."""

    template: Template
    pixels: bytes  # cairo RGB24, WIDTH x HEIGHT
    indices: bytes  # the same in palette entries, a byte each, on the palette's base
    palette: Palette
    grounds: dict[str, Colour]  # what each slot, ornament and row stands on, by id
    ornaments: cairocffi.ImageSurface


def read_art(template: Template) -> Art:
    """Rasterise and index the template's art. Raises TemplateError when it lies under a text."""
    flattened = cairocffi.ImageSurface(cairocffi.FORMAT_RGB24, WIDTH, HEIGHT)
    context = cairocffi.Context(flattened)
    context.set_source_surface(_rasterise(template.art))
    context.paint()
    flattened.flush()
    pixels = bytes(flattened.get_data())
    grounds = _grounds(template, pixels)
    values = array("I", pixels)
    counts = Counter(values)
    try:
        palette = build(
            _pairs(template, grounds),
            Counter({_colour(value): count for value, count in counts.items()}),
        )
    except ValueError as error:
        raise TemplateError(f"{template.path}:1: {error}") from error
    table = {value: palette.base + palette.indices[_colour(value)] for value in counts}
    indices = bytes(map(table.__getitem__, values))
    return Art(template, pixels, indices, palette, grounds, _rasterise(template.ornaments))


def _rasterise(svg: bytes) -> cairocffi.ImageSurface:
    """Draw an SVG of the card's size with CairoSVG; nothing is fetched."""
    from cairosvg.parser import Tree
    from cairosvg.surface import PNGSurface

    drawn: Any = PNGSurface(Tree(bytestring=svg, url_fetcher=refuse), None, 96).cairo
    if (drawn.get_width(), drawn.get_height()) != (WIDTH, HEIGHT):
        raise ValueError(
            f"a card is {WIDTH}x{HEIGHT}, not {drawn.get_width()}x{drawn.get_height()}"
        )
    return drawn


def _colour(value: int) -> Colour:
    """Read a cairo RGB24 pixel."""
    return value >> 16 & 255, value >> 8 & 255, value & 255


def _grounds(template: Template, pixels: bytes) -> dict[str, Colour]:
    """Return what everything stands on, and refuse art under a column or a text."""
    found: dict[str, Colour] = {}
    for column in template.columns:
        left, right = _sides(column)
        under = _flat(pixels, left, column.top, right, column.bottom)
        if under is None:
            raise TemplateError(
                f"{template.path}:{column.line}: there is art under column {column.id!r}"
            )
        found |= dict.fromkeys(_ids(column), under)
    for slot in template.fixed:
        size = slot.fits[0][0]
        right, bottom = slot.left + slot.width, slot.baseline + size / 3
        under = _flat(pixels, slot.left, slot.baseline - size, right, bottom)
        if under is None:
            raise TemplateError(f"{template.path}:{slot.line}: there is art under slot {slot.id!r}")
        found[slot.id] = under
    return found


def _sides(column: Column) -> tuple[float, float]:
    slots = column.slots()
    return min(slot.left for slot in slots), max(slot.left + slot.width for slot in slots)


def _ids(column: Column) -> list[str]:
    return [slot.id for slot in column.slots()] + [
        member.id for member in column.members if isinstance(member, Ornament | Row)
    ]


def _flat(pixels: bytes, left: float, top: float, right: float, bottom: float) -> Colour | None:
    """Return the one colour of a rectangle of the art, None when there are several."""
    first, last = int(left) * 4, int(right) * 4
    stride = WIDTH * 4
    rows = {pixels[y * stride + first : y * stride + last] for y in range(int(top), int(bottom))}
    row = rows.pop()
    if rows or row != row[:4] * (len(row) // 4):
        return None
    return _colour(int.from_bytes(row[:4], "little"))


def _pairs(template: Template, grounds: dict[str, Colour]) -> list[Pair]:
    """Return every ground with every ink on it, the most frequent first."""
    inks = [(slot.id, slot.style.fill) for slot in template.slots()]
    for column in template.columns:
        inks += [
            (member.id, member.fill)
            for member in column.members
            if isinstance(member, Ornament | Row)
        ]
    counted = Counter((grounds[name], ink) for name, ink in inks)
    return [pair for pair, _ in counted.most_common()]
