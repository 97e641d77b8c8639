"""Printers' flowers: one tile for the ground of a plate, cast from a hash.

A printer sets an ornament of a few small types, turned and mirrored. So is this: a handful of
shapes in an eighth of a square, mirrored into a whole (the wallpaper group p4m), set edge to edge.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import cairocffi

from render.plate import CASTS

_DIAGONAL = math.pi / 4
# Px of a tile, for two, three or four in a bed of 236 px; even, so that each half is whole px.
_SIZES = (118, 118, 78, 60)
_LOW = 60  # in a bed that holds no larger one

Shape = Callable[[cairocffi.Context], None]


def tile_size(cast: int) -> int:
    """Return how many px of a card a tile is wide and high, where there is room for it."""
    return _SIZES[cast % len(_SIZES)]


@dataclass(frozen=True, slots=True)
class Bed:
    """Where flowers are set: a rectangle in px, and a byte for each px, 255 where they show."""

    x: int
    y: int
    width: int
    height: int
    mask: bytes  # in rows of `stride` bytes

    @property
    def stride(self) -> int:
        return _stride(self.width)

    def strewn(self, cast: int, steps: int) -> cairocffi.ImageSurface:
        """Return the bed full of the flowers of a cast, in coverage (A8) from 0 to `steps`."""
        field = cairocffi.ImageSurface.create_for_data(
            bytearray(self.mask), cairocffi.FORMAT_A8, self.width, self.height, self.stride
        )
        size = min(tile_size(cast), self.height)
        size = size if size in _SIZES else _LOW
        pattern = cairocffi.SurfacePattern(tile(cast, size, steps))
        pattern.set_extend(cairocffi.EXTEND_REPEAT)
        pattern.set_filter(cairocffi.FILTER_NEAREST)
        # A tile stands in the middle.
        left, top = (self.width - size) // 2, (self.height - size) // 2
        pattern.set_matrix(cairocffi.Matrix(x0=-left, y0=-top))
        context = cairocffi.Context(field)
        context.set_operator(cairocffi.OPERATOR_IN)
        context.set_source(pattern)
        context.paint()
        field.flush()
        return field


@functools.lru_cache(2 * CASTS)
def tile(cast: int, size: int, steps: int) -> cairocffi.ImageSurface:
    """Return the coverage (A8) of one tile, `size` px (even) square, from 0 to `steps`."""
    half = size // 2
    stride = _stride(half)
    corner = bytearray(stride * half)
    surface = cairocffi.ImageSurface.create_for_data(
        corner, cairocffi.FORMAT_A8, half, half, stride
    )
    context = cairocffi.Context(surface)
    shapes = _cast(random.Random(cast))  # noqa: S311 - a pattern, not a secret
    for mirrored in (False, True):
        context.set_matrix(
            cairocffi.Matrix(0, half, half, 0) if mirrored else cairocffi.Matrix(half, 0, 0, half)
        )
        for shape in shapes:
            shape(context)
        context.fill()  # each half by itself: mirrored, a shape turns the other way, and cancels
    surface.flush()
    scaled = bytes(corner.translate(_scale(steps)))
    rows = [scaled[at : at + half] for at in range(0, stride * half, stride)]
    return _mirrored(rows, size)


def trace(cast: int, context: cairocffi.Context) -> None:
    """Add an eighth of a tile, whose half is as wide as 1, to the context's path."""
    for shape in _cast(random.Random(cast)):  # noqa: S311 - a pattern, not a secret
        shape(context)


@functools.cache
def _scale(steps: int) -> bytes:
    return bytes(round(value * steps / 255) for value in range(256))


def _stride(width: int) -> int:
    return int(cairocffi.ImageSurface.format_stride_for_width(cairocffi.FORMAT_A8, width))


def _mirrored(quarter: list[bytes], size: int) -> cairocffi.ImageSurface:
    """Put a whole tile together from the rows of its lower right quarter."""
    unused = bytes(_stride(size) - size)
    lower = [row[::-1] + row + unused for row in quarter]
    whole = bytearray().join([*reversed(lower), *lower])
    return cairocffi.ImageSurface.create_for_data(
        whole, cairocffi.FORMAT_A8, size, size, _stride(size)
    )


def _cast(chance: random.Random) -> list[Shape]:
    """Choose the shapes of an eighth: 0 to 45 degrees, in halves of the tile."""
    return [
        *chance.choice((_dot_heart, _leaf_heart, _star_heart, _ring_heart))(chance),
        *chance.choice((_cross_leaves, _corner_leaves, _horns, _bow, _spears))(chance),
        *chance.choice((_edge_dot, _corner_dot, _corner_bud, _rim))(chance),
    ]


def _dot_heart(chance: random.Random) -> list[Shape]:
    return [_dot(0, 0, chance.uniform(0.16, 0.24))]


def _leaf_heart(chance: random.Random) -> list[Shape]:
    angle = chance.choice((0, _DIAGONAL))
    return [_leaf(angle, 0.05, chance.uniform(0.36, 0.54), chance.uniform(0.12, 0.19))]


def _star_heart(chance: random.Random) -> list[Shape]:
    return [
        _lozenge(0, 0.03, chance.uniform(0.32, 0.48), chance.uniform(0.08, 0.13)),
        _lozenge(_DIAGONAL, 0.03, chance.uniform(0.22, 0.38), chance.uniform(0.06, 0.1)),
    ]


def _ring_heart(chance: random.Random) -> list[Shape]:
    return [_dot(0, 0, 0.12), _arc(0, 0, chance.uniform(0.26, 0.32), 0.1, 0, _DIAGONAL)]


def _cross_leaves(chance: random.Random) -> list[Shape]:
    start, bend = chance.uniform(0.38, 0.48), chance.uniform(-0.1, 0.1)
    return [_leaf(0, start, chance.uniform(0.44, 0.56), chance.uniform(0.16, 0.24), bend)]


def _corner_leaves(chance: random.Random) -> list[Shape]:
    start, bend = chance.uniform(0.42, 0.55), chance.uniform(-0.12, 0.12)
    return [_leaf(_DIAGONAL, start, chance.uniform(0.6, 0.82), chance.uniform(0.16, 0.24), bend)]


def _horns(chance: random.Random) -> list[Shape]:
    angle, away = _DIAGONAL / 2, chance.uniform(0.56, 0.68)
    x, y, radius = away * math.cos(angle), away * math.sin(angle), chance.uniform(0.14, 0.19)
    return [_arc(x, y, radius, 0.09, angle - math.pi * 0.2, angle + math.pi * 1.25)]


def _bow(chance: random.Random) -> list[Shape]:
    begin = chance.uniform(0.05, 0.2)
    width = chance.uniform(0.08, 0.11)
    return [_arc(0, 0, chance.uniform(0.5, 0.62), width, begin, _DIAGONAL - 0.05)]


def _spears(chance: random.Random) -> list[Shape]:
    return [
        _lozenge(0, 0.42, chance.uniform(0.4, 0.5), chance.uniform(0.1, 0.17)),
        _leaf(_DIAGONAL, 0.5, 0.6, 0.12, 0.05),
    ]


def _edge_dot(chance: random.Random) -> list[Shape]:
    return [_dot(chance.uniform(0.86, 1), 0, chance.uniform(0.08, 0.12))]


def _corner_dot(chance: random.Random) -> list[Shape]:
    away = chance.uniform(0.76, 1)
    return [_dot(away, away, chance.uniform(0.11, 0.2))]


def _corner_bud(chance: random.Random) -> list[Shape]:
    return [_leaf(_DIAGONAL, 1, 0.414, chance.uniform(0.12, 0.2))]


def _rim(chance: random.Random) -> list[Shape]:
    return [_arc(0, 0, chance.uniform(0.86, 0.95), 0.08, 0, _DIAGONAL * 0.8)]


def _dot(x: float, y: float, radius: float) -> Shape:
    def trace(context: cairocffi.Context) -> None:
        context.new_sub_path()
        context.arc(x, y, radius, 0, 2 * math.pi)
        context.close_path()

    return trace


def _arc(x: float, y: float, radius: float, width: float, begin: float, end: float) -> Shape:
    """Trace a bent stroke with round ends."""

    def trace(context: cairocffi.Context) -> None:
        inner, outer, cap = radius - width / 2, radius + width / 2, width / 2
        context.new_sub_path()
        context.arc(x, y, outer, begin, end)
        context.arc(x + radius * math.cos(end), y + radius * math.sin(end), cap, end, end + math.pi)
        context.arc_negative(x, y, inner, end, begin)
        context.arc(
            x + radius * math.cos(begin), y + radius * math.sin(begin), cap, begin + math.pi, begin
        )
        context.close_path()

    return trace


def _leaf(angle: float, start: float, length: float, width: float, bend: float = 0) -> Shape:
    """Trace a leaf along a ray, pointed at both ends, its tip bent to a side."""
    turn = _turned(angle, start)

    def trace(context: cairocffi.Context) -> None:
        context.move_to(*turn(0, 0))
        context.curve_to(
            *turn(length * 0.25, -width),
            *turn(length * 0.75, bend - width * 0.8),
            *turn(length, bend),
        )
        context.curve_to(
            *turn(length * 0.7, bend + width * 0.6),
            *turn(length * 0.25, width * 0.8),
            *turn(0, 0),
        )
        context.close_path()

    return trace


def _lozenge(angle: float, start: float, length: float, width: float) -> Shape:
    turn = _turned(angle, start)

    def trace(context: cairocffi.Context) -> None:
        context.move_to(*turn(0, 0))
        for x, y in ((length / 2, -width), (length, 0), (length / 2, width)):
            context.line_to(*turn(x, y))
        context.close_path()

    return trace


def _turned(angle: float, start: float) -> Callable[[float, float], tuple[float, float]]:
    """Return how points on a ray, `start` from the middle, come to stand in the tile."""
    cosine, sine = math.cos(angle), math.sin(angle)

    def turn(x: float, y: float) -> tuple[float, float]:
        x += start
        return x * cosine - y * sine, x * sine + y * cosine

    return turn
