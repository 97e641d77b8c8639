"""Palette entries in memory, a byte a px: cairo paints on them, and PNG's rows are packed of them.

A row is led by four bytes of zero. cairo asks that rows begin on whole words; PNG, that each begins
with a byte for its filter, and 0 says none (filters do not help palette indices). So the rows of a
PNG lie there ready: from one byte before the px of each at a byte a px, from two at half a byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import cairocffi
from PIL import Image

_LEAD = 4


class Raster:
    """Entries for width x height px. `memory` is laid out as `framed` does it."""

    __slots__ = ("_stride", "height", "memory", "width")

    def __init__(self, width: int, height: int, memory: bytearray) -> None:
        self.width, self.height = width, height
        self._stride = _stride(width)
        self.memory = memory

    @classmethod
    def framed(cls, width: int, rows: Iterable[bytes]) -> Raster:
        """Return the raster of such rows, a byte each px."""
        unused = bytes(_stride(width) - width - _LEAD)
        memory = bytearray(_LEAD).join([b"", *(row + unused for row in rows), b""])
        return cls(width, len(memory) // _stride(width), memory)

    def copy(self) -> Raster:
        """Return one that can be painted on."""
        return Raster(self.width, self.height, self.memory[:])

    def translated(self, table: bytes) -> Raster:
        """Return the same with every entry exchanged; `table` leads 0 to 0, or rows are spoilt."""
        return Raster(self.width, self.height, self.memory.translate(table))

    def put(self, x: int, y: int, entries: bytes) -> None:
        """Write a part of a row, from the px (x, y) on."""
        at = y * self._stride + _LEAD + x
        self.memory[at : at + len(entries)] = entries

    def surface(self) -> cairocffi.ImageSurface:
        """Return the memory of a copy as a surface (A8)."""
        view = memoryview(self.memory)[_LEAD:]
        return cairocffi.ImageSurface(
            cairocffi.FORMAT_A8, self.width, self.height, view, self._stride
        )

    def pixels(self) -> bytes:
        """Return nothing but the px, row by row."""
        return self._packed(_LEAD, "P")

    def png_rows(self, depth: int) -> bytes:
        """Return the rows as PNG has them before they are deflated, of `depth` (8 or 4) bits a px.

        Of four bits only the low ones of an entry count.
        """
        return self._packed(_LEAD - 8 // depth, {8: "P", 4: "P;4"}[depth])

    def _packed(self, start: int, mode: str) -> bytes:
        size = (self.width + _LEAD - start, self.height)
        view: Any = memoryview(self.memory)[start:]  # which Pillow reads, though it says not
        return Image.frombuffer("P", size, view, "raw", "P", self._stride, 1).tobytes("raw", mode)


def _stride(width: int) -> int:
    return int(cairocffi.ImageSurface.format_stride_for_width(cairocffi.FORMAT_A8, width)) + _LEAD
