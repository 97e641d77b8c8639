"""A palette image written as PNG, chunk by chunk: nothing is copied or guessed on the way."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from zlib_ng import zlib_ng

from render.raster import Raster

LIMIT = 300_000  # bytes; messengers drop larger previews
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class TooLargeError(ValueError):
    """The picture is larger than any card may be."""


def encode(raster: Raster, palette: Sequence[tuple[int, int, int]], *, level: int = 3) -> bytes:
    """Return the PNG of palette entries. Raises TooLargeError.

    Of up to sixteen colours only the low four bits of an entry count.
    """
    depth = 4 if len(palette) <= 16 else 8  # two px a byte: half as much to compress
    header = struct.pack(">IIBBBBB", raster.width, raster.height, depth, 3, 0, 0, 0)
    png = b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"sRGB", b"\0"),
            _chunk(b"PLTE", bytes(value for colour in palette for value in colour)),
            _chunk(b"IDAT", zlib_ng.compress(raster.png_rows(depth), level)),
            _chunk(b"IEND", b""),
        )
    )
    if len(png) > LIMIT:
        raise TooLargeError(f"the card came out at {len(png):,} bytes; the limit is {LIMIT:,}")
    return png


def _chunk(name: bytes, data: bytes) -> bytes:
    return (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib_ng.crc32(name + data))
    )
