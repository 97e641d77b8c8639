"""A palette image written as PNG, chunk by chunk: nothing is copied or guessed on the way.

Deflate is the largest single part of drawing a card. What it takes, and what it leaves, in the mean
of 192 cards with flowers (four bits a px) and of 150 with a picture (eight):

    ms, KB       flowers        picture
    zlib-ng 2    .58   28.0     .80   35.7
    zlib-ng 3    .76   26.6    1.09   34.0
    isal 0       .24   33.9     .33   46.2
    isal 1       .24   29.4     .34   39.5
    isal 2       .25   29.3     .35   39.5
    isal 3       .90   29.6    1.68   43.5

Cards with flowers may have 30 KB in the mean, all of them 34. So flowers go the fast way, but for
those that come out large, a fifth of them; these, and pictures, which few cards have, go the small
one. More memory or a smaller window gain nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from isal import isal_zlib
from zlib_ng import zlib_ng

if TYPE_CHECKING:  # it loads cairo: who draws nothing has no use for it
    from render.raster import Raster

LIMIT = 300_000  # bytes; messengers drop larger previews
_LARGE = 33_000  # bytes from which on the small way is worth its time
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class TooLargeError(ValueError):
    """The picture is larger than any card may be."""


def encode(raster: Raster, palette: Sequence[tuple[int, int, int]]) -> bytes:
    """Return the PNG of palette entries. Raises TooLargeError.

    Of up to sixteen colours only the low four bits of an entry count.
    """
    depth = 4 if len(palette) <= 16 else 8  # two px a byte: half as much to compress
    rows = raster.png_rows(depth)
    packed = isal_zlib.compress(rows, 1) if depth == 4 else b""
    if not packed or len(packed) > _LARGE:
        packed = zlib_ng.compress(rows, 3)
    header = struct.pack(">IIBBBBB", raster.width, raster.height, depth, 3, 0, 0, 0)
    png = b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"sRGB", b"\0"),
            _chunk(b"PLTE", bytes(chain.from_iterable(palette))),
            _chunk(b"IDAT", packed),
            _chunk(b"IEND", b""),
        )
    )
    if len(png) > LIMIT:
        raise TooLargeError(f"the card came out at {len(png):,} bytes; the limit is {LIMIT:,}")
    return png


def _chunk(name: bytes, data: bytes) -> bytes:
    return (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", isal_zlib.crc32(name + data))
    )
