"""A plate as an SVG file: sharp at any size, and of any shape.

Its middle, a square (of a screenshot, all of it), is what the viewBox shows. The flowers go on
beyond: an <img> that is taller or wider shows more of them, and cuts or stretches nothing.
"""

from __future__ import annotations

import base64
import bisect
import functools
import io
from collections.abc import Callable

import cairocffi
from PIL import Image

from render import flowers
from render.art import Art
from render.document import Node
from render.fit import Block
from render.palette import Colour, mix
from render.picture import Picture, PictureError
from render.plate import CASTS, Plate
from render.template import Edges, Slot

LIMIT = 6_000  # bytes of a plate

_BEYOND = 4_000  # px of a card that flowers are there, far more than any page shows
_FINE = 10  # paths are in tenths of a card's px
_SEAM = 0.5  # px by which mirrored quarters overlap, or a hairline parts them
_GEOMETRY = ("d", "cx", "cy", "r", "stroke-width")
_WIDEST = 336  # px of a picture; a screenshot is shown no wider
_FEW = 16  # colours that a flat drawing has at most
_QUALITIES = (85, 70, 55, 42, 32, 24, 16, 9, 3)  # of WebP, from the best on


def svg(
    plate: Plate, art: Art, initial: Callable[[Slot], Block | None], picture: Picture | None
) -> bytes:
    """Return the file. `initial` sets the plate's letter as a slot asks; `picture` is its picture.

    Raises PictureError for a picture of another size than the plate has room for.
    """
    box = middle(art)
    begin = (
        '<svg xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="{" ".join(f"{edge:g}" for edge in box)}">{_ground(plate, art, box)}'
    )
    parts = [_shape(node, art) for node in art.template.plate_art]
    slot = next((one for one in art.template.standing if one.id == "initial"), None)
    if isinstance(slot, Slot) and (block := initial(slot)):
        parts.append(_letter(slot, block))
    end = "</svg>\n"
    if picture:
        taken = len(begin) + sum(map(len, parts)) + len(end)
        parts.append(_image(picture, art.template.picture, LIMIT - taken))
    return (begin + "".join(parts) + end).encode()


def middle(art: Art) -> Edges:
    """Return which part of a card is the middle of its plate."""
    template = art.template
    if template.picture and template.plate == "screenshot":
        return template.picture
    if template.bed is None:
        raise PictureError(f"{template.path} has no plate")
    x, _, width, _ = template.bed.box
    return x, _centre(art)[1] - width / 2, width, width


def _centre(art: Art) -> tuple[float, float]:
    template = art.template
    if template.picture:
        x, y, width, height = template.picture
        return x + width / 2, y + height / 2
    slot = next(one for one in template.standing if isinstance(one, Slot) and one.centred)
    return slot.left + slot.width / 2, slot.baseline


def _ground(plate: Plate, art: Art, box: Edges) -> str:
    """Return the tincture, and the flowers on it."""
    told = art.flowers
    if told is None:
        raise PictureError(f"{art.template.path} has no flowers")
    (ground, ink), tint = told
    size = flowers.tile_size(plate.cast)
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    all_over = (
        f'<path d="M{x - _BEYOND:g} {y - _BEYOND:g}h{2 * _BEYOND}v{2 * _BEYOND}h-{2 * _BEYOND}z"'
    )
    return (
        f'<pattern id="f" fill="{_hex(mix(ground, ink, tint))}" width="{size}" height="{size}"'
        f' patternUnits="userSpaceOnUse" x="{x - size / 2:g}" y="{y - size / 2:g}">'
        f"{_tile(plate.cast)}</pattern>"
        f'{all_over} fill="{_hex(ground)}"/>{all_over} fill="url(#f)"/>'
    )


@functools.lru_cache(CASTS)
def _tile(cast: int) -> str:
    """Return a tile: an eighth, mirrored three times over."""
    half = flowers.tile_size(cast) // 2
    context = _context()
    context.scale(half, half)
    flowers.trace(cast, context)
    reach = half + _SEAM
    return (
        f'<clipPath id="k"><path d="M-{_SEAM:g}-{_SEAM:g}h{reach:g}v{reach:g}h-{reach:g}z"/>'
        f'</clipPath><g transform="translate({half} {half})"><g id="h">'
        f'<g id="q" clip-path="url(#k)"><path id="e" transform="scale({1 / _FINE:g})"'
        f' d="{_path(context)}"/><use href="#e" transform="matrix(0 1 1 0 0 0)"/></g>'
        '<use href="#q" transform="scale(-1 1)"/></g><use href="#h" transform="scale(1-1)"/></g>'
    )


def _context() -> cairocffi.Context:
    """Return a context that is only traced on, in tenths of a card's px."""
    context = cairocffi.Context(cairocffi.ImageSurface(cairocffi.FORMAT_A8, 1, 1))
    context.scale(_FINE, _FINE)
    return context


def _path(context: cairocffi.Context) -> str:
    """Return what was traced as the data of an SVG path, relative, in whole tenths."""
    context.identity_matrix()
    words: list[str] = []
    at = begun = (0, 0)
    for kind, values in context.copy_path():
        points = [(round(x), round(y)) for x, y in zip(values[::2], values[1::2], strict=True)]
        words.append("mlcz"[kind])
        words += [_number(x - at[0]) + _number(y - at[1]) for x, y in points]
        at = points[-1] if points else begun
        begun = at if kind == cairocffi.PATH_MOVE_TO else begun
    return "".join(words)


def _number(value: int) -> str:
    return f"{value}" if value < 0 else f" {value}"


def _shape(node: Node, art: Art) -> str:
    """Return an element of the template's plate: of the flowers' bed, what is left free in it."""
    if node.tag == "text":
        return ""
    if "data-flowers" in node.attributes:
        ground = art.grounds["flowers"]
        free = node.attributes["d"].partition("z")[2]
        return f'<path fill="{_hex(ground)}" d="{free}"/>' if free else ""
    given = {name: node.style.get(name, "") for name in ("fill", "stroke")}
    given |= {name: node.attributes.get(name, "") for name in _GEOMETRY}
    told = "".join(f' {name}="{value}"' for name, value in given.items() if value)
    return f"<{node.tag}{told}/>"


@functools.lru_cache(CASTS)
def _letter(slot: Slot, block: Block) -> str:
    """Return the outlines of the letter, its ink in the middle of the slot's place."""
    ink = block.setting.ink
    context = _context()
    x = slot.left + slot.width / 2 - ink.width / 2 - ink.x
    y = slot.baseline - ink.height / 2 - ink.y
    block.setting.trace(context, round(x), round(y))
    ink_colour = _hex(slot.style.fill)
    return f'<path fill="{ink_colour}" transform="scale({1 / _FINE:g})" d="{_path(context)}"/>'


def _image(picture: Picture, place: Edges | None, room: int) -> str:
    """Return the picture in `room` bytes at most."""
    if place is None or (picture.width, picture.height) != place[2:]:
        raise PictureError(f"no plate has a picture of {picture.width}x{picture.height} px")
    x, y, width, height = place
    begin = f'<image x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    begin += ' href="data:image/webp;base64,'
    end = '"/>'
    packed = _webp(picture, (room - len(begin) - len(end)) // 4 * 3)
    return begin + base64.b64encode(packed).decode() + end


def _webp(picture: Picture, room: int) -> bytes:
    """Return a picture as WebP, as good as `room` bytes hold."""
    image = Image.frombytes("P", (picture.width, picture.height), picture.indices)
    image.putpalette([value for colour in picture.colours for value in colour])
    image = image.convert("RGB")
    flat = len(picture.colours) <= _FEW
    for width in (min(image.width, _WIDEST), image.width // 2, image.width // 4):
        size = width, round(image.height * width / image.width)
        one = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
        if flat and len(lossless := _encoded(one, lossless=True)) <= room:
            return lossless
        tried = functools.cache(functools.partial(_encoded, one))
        # An encoding costs some 20 ms: by halves, four tell which of nine is the best that fits.
        best = bisect.bisect_left(_QUALITIES, True, key=lambda quality: len(tried(quality)) <= room)
        if best < len(_QUALITIES):
            return tried(_QUALITIES[best])
    raise PictureError(f"a plate has no room for its picture in {room:,} bytes")


def _encoded(image: Image.Image, quality: int = 100, *, lossless: bool = False) -> bytes:
    file = io.BytesIO()
    image.save(file, "webp", lossless=lossless, quality=quality, method=4)
    return file.getvalue()


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
