"""A package's own picture, prepared once for the plate of its card.

The prepared form, written when a picture is fetched, and read whenever its card is drawn:

    3 bytes    b"FP1"
    2, 2       width and height in px, big-endian
    1          n, the number of colours, 1 to COLOURS
    3 x n      the colours, red, green and blue
    the rest   raw deflate (RFC 1951) of width x height bytes, row by row: an entry of the colours

Its pixels go onto a card as they are: nothing is scaled, blended or matched while drawing.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass

from PIL import Image
from zlib_ng import zlib_ng

from render.palette import Colour

COLOURS = 112  # with the template's sixteen a card has 128, and the rest is left for emoji
ICON = (204, 204)  # of a plugin, whole, on paper
SCREENSHOT = (424, 318)  # of a theme, from its top

PAPER = (0xF9, 0xF5, 0xEA)
_MAGIC = b"FP1"
_HEAD = struct.Struct(">3sHHB")
_RAW = -15  # zlib's word for deflate without header and checksum


class PictureError(ValueError):
    """A prepared picture that cannot be had, or is not one."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Palette entries, a byte each, row by row, and the colours that they stand for."""

    width: int
    height: int
    colours: tuple[Colour, ...]
    indices: bytes


def digest(prepared: bytes) -> str:
    """Return the name of a prepared picture: 32 hex digits for its bytes."""
    return hashlib.blake2b(prepared, digest_size=16).hexdigest()


def read_picture(prepared: bytes) -> Picture:
    """Read a prepared picture. Raises PictureError."""
    try:
        magic, width, height, count = _HEAD.unpack_from(prepared)
        start = _HEAD.size + 3 * count
        flat = prepared[_HEAD.size : start]
        indices = zlib_ng.decompress(prepared[start:], _RAW, width * height)
    except (struct.error, zlib_ng.error) as error:  # type: ignore[misc]
        raise PictureError(f"not a prepared picture: {error}") from error
    if magic != _MAGIC or not 0 < count <= COLOURS or len(indices) != width * height:
        raise PictureError("not a prepared picture")
    if max(indices) >= count:
        raise PictureError("a prepared picture uses a colour that it does not have")
    colours = tuple(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
    return Picture(width, height, colours, indices)


def prepare_icon(image: Image.Image) -> bytes:
    """Return the prepared picture of an icon, a Pillow RGBA image of any size.

    All of it, as large as the plate holds it, on paper where it is transparent.
    """
    width, height = ICON
    scale = min(width / image.width, height / image.height)
    size = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    on_paper = Image.new("RGBA", ICON, (*PAPER, 255))
    scaled = _scaled(image, size, (0, 0, *image.size))
    on_paper.alpha_composite(scaled, ((width - size[0]) // 2, (height - size[1]) // 2))
    return reduced(on_paper)


def prepare_screenshot(image: Image.Image) -> bytes:
    """Return the prepared picture of a screenshot, a Pillow RGBA image of any size.

    As wide as the plate holds it; of a taller one the top, of a wider one the middle.
    """
    width, height = SCREENSHOT
    scale = max(width / image.width, height / image.height)
    wide, high = width / scale, height / scale
    left = (image.width - wide) / 2
    on_paper = Image.new("RGBA", SCREENSHOT, (*PAPER, 255))
    on_paper.alpha_composite(_scaled(image, SCREENSHOT, (left, 0, left + wide, high)))
    return reduced(on_paper)


def _scaled(
    image: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float]
) -> Image.Image:
    """Scale a part of an image. Pillow weighs colours by their opacity."""
    return image.convert("RGBA").resize(size, Image.Resampling.LANCZOS, box, reducing_gap=3.0)


def reduced(image: Image.Image, passes: int = 3) -> bytes:
    """Return the prepared picture of an opaque image: in its own colours, without dithering.

    passes: how often the colours are bettered.
    """
    few = _of_few_colours(image.convert("RGB"), passes)
    used = sorted(set(few.tobytes()))
    flat = few.getpalette() or []
    colours = bytes(value for at in used for value in flat[3 * at : 3 * at + 3])
    table = bytes(used.index(at) if at in used else 0 for at in range(256))
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    packed = packer.compress(few.tobytes().translate(table)) + packer.flush()
    return _HEAD.pack(_MAGIC, *image.size, len(used)) + colours + packed


def _of_few_colours(image: Image.Image, passes: int) -> Image.Image:
    if image.getcolors(COLOURS) is not None:  # few enough: each stays exactly as it is
        return image.convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS)
    # The median cut, and then every pixel to the nearest of its means, a few times over.
    return image.quantize(
        COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=passes, dither=Image.Dither.NONE
    )
