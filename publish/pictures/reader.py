"""A picture from elsewhere read, by Pillow or CairoSVG, and prepared for its place on a card.

What a picture is, its own first bytes tell, and no name or header of an answer. Nothing here is
fetched, whatever a picture names.
"""

import base64
import codecs
import io
import warnings
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from cairosvg.parser import Tree
from cairosvg.surface import PNGSurface
from PIL import Image, ImageOps

from publish.pictures.judge import MOST_BYTES, Unfit
from render import prepare_icon, prepare_screenshot
from render.picture import ICON, SCREENSHOT

MOST_SIDE = 8_000  # px
_LEAST_SIDE = 16  # px; below, it is a dot that counts visits, and no picture
_ENOUGH = (SCREENSHOT[0] * 2, SCREENSHOT[1] * 2)  # px
_FINER = 2  # an SVG is drawn so much larger than it is shown

_FORMATS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
_SVG_WITHIN = 4_096  # bytes, in which an SVG begins
_PREPARE: dict[str, tuple[Callable[[Image.Image], bytes], tuple[int, int]]] = {
    "plugin": (prepare_icon, ICON),
    "theme": (prepare_screenshot, SCREENSHOT),
}


def prepared(type_: str, content: bytes) -> bytes:
    """Prepare a picture, here. Raises Unfit, and whatever Pillow and CairoSVG raise."""
    if not content:
        raise Unfit("it is empty")
    if len(content) > MOST_BYTES:
        raise Unfit(f"it is larger than {MOST_BYTES:,} bytes")
    prepare, size = _PREPARE[type_]
    kind = kind_of(content)
    image = _drawn(content, max(size) * _FINER) if kind == "SVG" else _decoded(content, kind)
    if not image.getchannel("A").getbbox():
        raise Unfit("nothing is on it")
    return prepare(image)


def kind_of(content: bytes) -> str:
    """Tell by the first bytes of a picture what it is. Raises Unfit for anything else."""
    for magic, kind in _FORMATS.items():
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    start = _text(content[:_SVG_WITHIN])
    if start.startswith(b"<") and b"<svg" in start:
        return "SVG"
    raise Unfit("it is neither PNG, JPEG, GIF, WebP nor SVG")


def _text(content: bytes) -> bytes:
    """Leave out what may not stand before an XML declaration, and often does."""
    return content.removeprefix(codecs.BOM_UTF8).lstrip()


def _decoded(content: bytes, kind: str) -> Image.Image:
    """Decode the first frame of a picture, as RGBA."""
    with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=[kind]) as image:
        warnings.simplefilter("ignore")
        _refuse_size(image)
        image.draft("RGB", _ENOUGH)  # a JPEG need not be decoded in full
        return _in_eight_bits(ImageOps.exif_transpose(image)).convert("RGBA")


def _refuse_size(image: Image.Image) -> None:
    """Raise Unfit for a picture whose header tells of too many px, or too few."""
    told = f"{image.width:,}x{image.height:,} px"
    if max(image.size) > MOST_SIDE:
        raise Unfit(f"it is {told} large, and {MOST_SIDE:,} a side are looked at")
    if min(image.size) < _LEAST_SIDE:
        raise Unfit(f"it is only {told} large")


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Scale the grey of 16 bits down, which Pillow would cut off at white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")


def _drawn(content: bytes, size: int) -> Image.Image:
    """Draw an SVG, its longer side `size` px."""
    tree = Tree(bytestring=_text(content), url_fetcher=_fetched)
    surface = PNGSurface(tree, None, 96, output_width=size)
    if surface.height > surface.width:
        surface = PNGSurface(tree, None, 96, output_height=size)
    width, height = surface.width, surface.height
    if min(width, height) < _LEAST_SIDE:
        raise Unfit(f"it is as narrow as {width}x{height}")
    surface.cairo.flush()
    pixels, stride = bytes(surface.cairo.get_data()), surface.cairo.get_stride()
    # cairo's ARGB32 on a little-endian machine: BGRA, the colours multiplied by the opacity.
    drawn = Image.frombuffer("RGBa", (width, height), pixels, "raw", "BGRa", stride, 1)
    return drawn.convert("RGBA")


def _fetched(url: str, resource_type: str) -> bytes:
    """Give what an SVG names: a picture inside of it, as PNG. Nothing from elsewhere is fetched."""
    if resource_type == "text/css":
        return b""  # most often of a font, which nobody would miss
    if not url.startswith("data:"):
        raise Unfit(f"it wants something from elsewhere: {url[:80]!r}")
    head, _, written = url.partition(",")
    content = unquote_to_bytes(written)
    if head.lower().endswith(";base64"):
        content = base64.b64decode(content)
    kind = kind_of(content)
    if kind == "SVG":
        raise Unfit("it holds another SVG")
    made = io.BytesIO()
    _decoded(content, kind).save(made, "PNG", compress_level=1)
    return made.getvalue()
