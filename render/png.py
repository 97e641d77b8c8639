"""A palette image written as PNG, chunk by chunk: nothing is copied or guessed on the way."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from PIL import Image
from zlib_ng import zlib_ng

LIMIT = 300_000  # bytes; messengers drop larger previews
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class TooLargeError(ValueError):
    """The picture is larger than any card may be."""


def encode(
    pixels: bytes | bytearray,
    width: int,
    height: int,
    palette: Sequence[tuple[int, int, int]],
    *,
    level: int = 3,
) -> bytes:
    """Return the PNG of `pixels`, one palette entry each, row by row. Raises TooLargeError.

    Of up to sixteen colours only the low four bits of a pixel count.
    """
    depth, row, data = (8, width, pixels)
    if len(palette) <= 16:  # two pixels a byte: half as much to compress
        image = Image.frombuffer("P", (width, height), pixels, "raw", "P", 0, 1)
        depth, row, data = 4, (width + 1) // 2, image.tobytes("raw", "P;4")
    view = memoryview(data)
    # Every row begins with its filter, 0 for none: filters do not help palette indices.
    rows = b"\0".join([b"", *(view[at : at + row] for at in range(0, row * height, row))])
    png = b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)),
            _chunk(b"sRGB", b"\0"),
            _chunk(b"PLTE", bytes(value for colour in palette for value in colour)),
            _chunk(b"IDAT", zlib_ng.compress(rows, level)),
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
