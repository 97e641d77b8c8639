"""A template's art, rasterised once, as true colour and as palette indices.

Every text stands on a flat ground, and its anti-aliased edges are mixtures of that ground and its ink. So the
palette is built, not guessed: for each (ground, ink) of the template a ramp of STEPS entries from one to the
other, for each colour of the art an entry. Painting ink with coverage c on the first entry of a ramp is adding
c x (STEPS - 1) to the index.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from typing import Any

import cairocffi

from render.document import TemplateError, refuse
from render.template import HEIGHT, WIDTH, Colour, Ornament, Slot, Template

STEPS = 16
_RESERVED = 1  # indices kept free of art and ramps, so that a palette can always grow by one

Pair = tuple[Colour, Colour]  # ground, ink


@dataclass(frozen=True)
class Art:
    """What stands still on every card of a template."""

    template: Template
    pixels: bytes  # cairo RGB24, WIDTH x HEIGHT
    indices: bytes  # the same in palette indices
    palette: tuple[Colour, ...]
    ramps: dict[Pair, int]  # first entry of each ramp
    flat: dict[Colour, int]  # entries of the art's own colours and of the strips
    grounds: dict[str, Colour]  # what each slot and ornament stands on, by id
    ornaments: cairocffi.ImageSurface


def read_art(template: Template) -> Art:
    """Rasterise and index the template's art. Raises TemplateError when it lies under a text."""
    surface = rasterise(template.art)
    flattened = cairocffi.ImageSurface(cairocffi.FORMAT_RGB24, WIDTH, HEIGHT)
    context = cairocffi.Context(flattened)
    context.set_source_surface(surface)
    context.paint()
    flattened.flush()
    pixels = bytes(flattened.get_data())
    grounds = _grounds(template, pixels)
    pairs = _pairs(template, grounds)
    ramps, palette, flat = _palette(template, pairs)
    indices = _index(pixels, palette, flat)
    return Art(
        template,
        pixels,
        indices,
        tuple(palette),
        ramps,
        flat,
        grounds,
        rasterise(template.ornaments),
    )


def rasterise(svg: bytes) -> cairocffi.ImageSurface:
    """Draw an SVG of the card's size with CairoSVG; nothing is fetched."""
    from cairosvg.parser import Tree
    from cairosvg.surface import PNGSurface

    tree = Tree(bytestring=svg, url_fetcher=refuse)
    drawn: Any = PNGSurface(tree, None, 96).cairo
    if (drawn.get_width(), drawn.get_height()) != (WIDTH, HEIGHT):
        raise ValueError(
            f"a card is {WIDTH}x{HEIGHT}, not {drawn.get_width()}x{drawn.get_height()}"
        )
    return drawn  # type: ignore[no-any-return]


def mix(ground: Colour, ink: Colour, share: float) -> Colour:
    """Return the colour of `share` ink (0 to 1) over the ground."""
    red, green, blue = (round(g + (i - g) * share) for g, i in zip(ground, ink, strict=True))
    return red, green, blue


def _grounds(template: Template, pixels: bytes) -> dict[str, Colour]:
    """Return what every slot and ornament stands on, and refuse art under a column or a text."""
    found: dict[str, Colour] = {}
    for column in template.columns:
        edges = [(slot.left, slot.left + slot.width) for slot in _column_slots(column.members)]
        left, right = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
        under = _flat(pixels, left, column.top, right, column.bottom)
        if under is None:
            raise TemplateError(
                f"{template.path}:{column.line}: there is art under column {column.id!r}"
            )
        for slot in _column_slots(column.members):
            found[slot.id] = slot.band.colour if slot.band else under
        found |= {item.id: under for item in column.members if isinstance(item, Ornament)}
    for slot in template.fixed:
        size = slot.fits[0][0]
        under = _flat(
            pixels,
            slot.left,
            slot.baseline - size,
            slot.left + slot.width,
            slot.baseline + size / 3,
        )
        if under is None:
            raise TemplateError(f"{template.path}:{slot.line}: there is art under slot {slot.id!r}")
        found[slot.id] = under
    return found


def _column_slots(members: tuple[Any, ...]) -> list[Slot]:
    slots: list[Slot] = []
    for member in members:
        if isinstance(member, Slot):
            slots.append(member)
        elif not isinstance(member, Ornament):
            slots += [slot for cell in member.cells for slot in cell]
    return slots


def _flat(pixels: bytes, left: float, top: float, right: float, bottom: float) -> Colour | None:
    """Return the one colour of a rectangle of the art, None when there are several."""
    first, last = int(left) * 4, int(right) * 4
    rows = {
        pixels[y * WIDTH * 4 + first : y * WIDTH * 4 + last] for y in range(int(top), int(bottom))
    }
    if len(rows) != 1:
        return None
    row = rows.pop()
    return _colour(row[:4]) if row == row[:4] * (len(row) // 4) else None


def _colour(pixel: bytes) -> Colour:
    """Read a cairo RGB24 pixel (blue first, on the machines that this runs on)."""
    return pixel[2], pixel[1], pixel[0]


def _pairs(template: Template, grounds: dict[str, Colour]) -> list[Pair]:
    inks = [(slot.id, slot.style.fill) for slot in template.slots()]
    for column in template.columns:
        inks += [(item.id, item.fill) for item in column.members if isinstance(item, Ornament)]
    return list(dict.fromkeys((grounds[name], ink) for name, ink in inks))


def _palette(
    template: Template, pairs: list[Pair]
) -> tuple[dict[Pair, int], list[Colour], dict[Colour, int]]:
    """Return the ramps, the palette that holds them, and the entries of single colours."""
    ramps: dict[Pair, int] = {}
    palette: list[Colour] = []
    flat: dict[Colour, int] = {}
    for ground, ink in pairs:
        ramps[ground, ink] = len(palette)
        flat.setdefault(ground, len(palette))
        palette += [mix(ground, ink, step / (STEPS - 1)) for step in range(STEPS)]
    for column in template.columns:
        for member in column.members:
            if not isinstance(member, Slot | Ornament) and member.rule not in flat:
                flat[member.rule] = len(palette)
                palette.append(member.rule)
    if len(palette) > 256 - _RESERVED - 24:
        raise TemplateError(
            f"{template.path}:1: {len(pairs)} pairs of ground and ink are more than a palette holds"
        )
    return ramps, palette, flat


def _index(pixels: bytes, palette: list[Colour], flat: dict[Colour, int]) -> bytes:
    """Return the art in palette indices, adding its colours to `palette` and `flat`.

    When they are more than there is room for, the rare ones (mixtures at edges) take the nearest entry.
    """
    values = array("I", pixels)
    counts = Counter(values)
    table: dict[int, int] = {}
    for value, _ in counts.most_common():
        colour = (value >> 16 & 255, value >> 8 & 255, value & 255)
        if colour in flat:
            table[value] = flat[colour]
        elif len(palette) < 256 - _RESERVED:
            table[value] = flat[colour] = len(palette)
            palette.append(colour)
        else:
            table[value] = min(range(len(palette)), key=lambda at: _distance(palette[at], colour))
    return bytes(map(table.__getitem__, values))


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
