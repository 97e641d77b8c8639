"""A template's art, rasterised once: in true colour, and in the indices of its palette."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import Any

import cairocffi

from render.document import TemplateError, refuse
from render.flowers import Bed
from render.palette import Colour, Pair, Palette, build
from render.raster import Raster
from render.template import HEIGHT, WIDTH, Edges, Ornament, Row, Slot, Template

FLOWERS = "flowers"  # among the grounds
_STRIDE = WIDTH * 4  # bytes of a row


@dataclass(frozen=True)
class Art:
    """What stands still on every card of a template."""

    template: Template
    pixels: bytes  # cairo RGB24, WIDTH x HEIGHT
    raster: Raster  # the same in palette entries, on the palette's base
    palette: Palette
    grounds: dict[str, Colour]  # what each slot, ornament and row stands on, by id
    ornaments: dict[str, cairocffi.ImageSurface]  # the coverage (A8) of each, in its box
    bed: Bed | None

    @property
    def flowers(self) -> tuple[Pair, float] | None:
        """Give the ground and the ink of the flowers, and their tint."""
        bed = self.template.bed
        return ((self.grounds[FLOWERS], bed.fill), bed.tint) if bed else None


def read_art(template: Template) -> Art:
    """Rasterise and index the template's art. Raises TemplateError when it lies under a text."""
    flattened = cairocffi.ImageSurface(cairocffi.FORMAT_RGB24, WIDTH, HEIGHT)
    context = cairocffi.Context(flattened)
    context.set_source_surface(_rasterise(template.art))
    context.paint()
    flattened.flush()
    pixels = bytes(flattened.get_data())
    grounds = _grounds(template, pixels)
    rows = [pixels[at : at + _STRIDE] for at in range(0, len(pixels), _STRIDE)]
    alike = Counter(rows)  # most are: what is found of one holds for all
    counts: Counter[int] = Counter()
    for row, times in alike.items():
        for value, count in Counter(array("I", row)).items():
            counts[value] += count * times
    try:
        palette = build(
            _pairs(template, grounds),
            Counter({_colour(value): count for value, count in counts.items()}),
            _tints(template, grounds),
        )
    except ValueError as error:
        raise TemplateError(f"{template.path}:1: {error}") from error
    table = {value: palette.base + palette.indices[_colour(value)] for value in counts}
    indexed = {row: bytes(map(table.__getitem__, array("I", row))) for row in alike}
    raster = Raster.framed(WIDTH, map(indexed.__getitem__, rows))
    if template.picture and not palette.base:
        raise TemplateError(f"{template.path}:1: beside a picture there is room for two inks")
    drawn = _rasterise(template.ornaments)
    ornaments = {
        member.id: _coverage(drawn, member.box)
        for member in (*template.column.members, *template.standing)
        if isinstance(member, Ornament)
    }
    return Art(template, pixels, raster, palette, grounds, ornaments, _bed(template))


def _coverage(drawn: cairocffi.ImageSurface, box: Edges) -> cairocffi.ImageSurface:
    """Return the coverage (A8) of a part of what was drawn."""
    x, y, width, height = map(int, box)
    made = cairocffi.ImageSurface(cairocffi.FORMAT_A8, width, height)
    context = cairocffi.Context(made)
    context.set_source_surface(drawn, -x, -y)
    context.paint()
    made.flush()
    return made


def _bed(template: Template) -> Bed | None:
    """Rasterise the bed of the flowers: how much of them each px shows."""
    if template.bed is None:
        return None
    x, y, width, height = map(int, template.bed.box)
    mask = _coverage(_rasterise(template.flowers), template.bed.box)
    # The tint is in the drawn shape, too; only its coverage is wanted.
    full = bytes(min(round(value / template.bed.tint), 255) for value in range(256))
    return Bed(x, y, width, height, bytes(mask.get_data()).translate(full))


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
    """Return what everything stands on, and refuse art under the column or a text."""
    found: dict[str, Colour] = {}
    column = template.column
    left = min(slot.left for slot in column.slots())
    right = max(slot.left + slot.width for slot in column.slots())
    under = _flat(pixels, left, column.top, right, column.bottom)
    if under is None:
        raise TemplateError(
            f"{template.path}:{column.line}: there is art under column {column.id!r}"
        )
    found |= dict.fromkeys((member.id for member in column.members), under)
    for slot in template.slots():
        if slot.id not in found:
            found[slot.id] = _under(template, slot, pixels)
    for member in template.standing:
        if isinstance(member, Row):
            found[member.id] = found[member.cells[0][0].id]
        elif isinstance(member, Ornament):
            found[member.id] = _at(pixels, member.box[0] + member.box[2] / 2, member.box[1])
    if template.bed:
        found[FLOWERS] = _at(pixels, template.bed.box[0], template.bed.box[1])
    return found


def _under(template: Template, slot: Slot, pixels: bytes) -> Colour:
    size = slot.fits[0][0]
    half = slot.centred / math.sqrt(8)  # of a square with that diagonal
    above, below = (half, half) if slot.centred else (size, size / 3)
    right, baseline = slot.left + slot.width, slot.baseline
    under = _flat(pixels, slot.left, baseline - above, right, baseline + below)
    if under is None:
        raise TemplateError(f"{template.path}:{slot.line}: there is art under slot {slot.id!r}")
    return under


def _at(pixels: bytes, x: float, y: float) -> Colour:
    start = (int(y) * WIDTH + int(x)) * 4
    return _colour(int.from_bytes(pixels[start : start + 4], "little"))


def _flat(pixels: bytes, left: float, top: float, right: float, bottom: float) -> Colour | None:
    """Return the one colour of a rectangle of the art, None when there are several."""
    first, last = int(left) * 4, int(right) * 4
    rows = {pixels[y * _STRIDE + first : y * _STRIDE + last] for y in range(int(top), int(bottom))}
    row = rows.pop()
    if rows or row != row[:4] * (len(row) // 4):
        return None
    return _colour(int.from_bytes(row[:4], "little"))


def _pairs(template: Template, grounds: dict[str, Colour]) -> list[Pair]:
    """Return every ground with every ink on it, the most frequent first."""
    inks = [(slot.id, slot.style.fill) for slot in template.slots()]
    inks += [
        (member.id, member.fill)
        for member in (*template.column.members, *template.standing)
        if isinstance(member, Ornament | Row)
    ]
    if template.bed:
        inks.append((FLOWERS, template.bed.fill))
    counted = Counter((grounds[name], ink) for name, ink in inks)
    return [pair for pair, _ in counted.most_common()]


def _tints(template: Template, grounds: dict[str, Colour]) -> dict[Pair, float]:
    bed = template.bed
    return {(grounds[FLOWERS], bed.fill): bed.tint} if bed else {}
