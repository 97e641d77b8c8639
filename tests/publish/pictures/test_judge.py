"""Hostile pictures: each gives the right picture or none, and a sentence; the next has its turn."""

import base64
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image

from publish.cards.workers import Workers
from publish.pictures.judge import Unfit
from publish.pictures.look import judge
from render.picture import read_picture

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
_RED, _PAPER = (255, 0, 0), (0xF9, 0xF5, 0xEA)

Judge = Callable[..., Image.Image]


@pytest.fixture(scope="module", name="workers")
def _workers() -> Iterator[Workers]:
    with Workers(1) as workers:
        yield workers


@pytest.fixture(name="look")
def _look(workers: Workers) -> Judge:
    """Judge a picture as the step does, and give what the card would show."""

    def look(content: bytes, type_: str = "plugin") -> Image.Image:
        picture = read_picture(judge(workers, type_, content))
        image = Image.frombytes("P", (picture.width, picture.height), picture.indices)
        image.putpalette([value for colour in picture.colours for value in colour])
        return image.convert("RGB")

    return look


def saved(image: Image.Image, form: str = "PNG", **how: Any) -> bytes:
    """Write an image down."""
    made = io.BytesIO()
    image.save(made, form, **how)
    return made.getvalue()


def red(size: tuple[int, int] = (64, 64), mode: str = "RGB") -> Image.Image:
    """Make a red image."""
    return Image.new("RGB", size, _RED).convert(mode)


def svg(inside: bytes, head: bytes = b'viewBox="0 0 100 100"') -> bytes:
    """Make an SVG."""
    return _SVG + head + b">" + inside + b"</svg>"


_RECT = b'<rect width="100" height="100" fill="#f00"/>'


def _png(width: int, height: int, data: bytes = b"", depth: int = 8, colour: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = chunk(b"IHDR", head), chunk(b"IDAT", data), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    "content",
    [
        saved(red()),
        saved(red(), "GIF"),
        saved(red(), "WEBP", lossless=True),
        saved(red(mode="RGBA")),
        saved(red(mode="P")),
        saved(red((200, 16))),
        svg(_RECT),
        svg(_RECT, b'width="100" height="100"'),
        svg(_RECT, b'width="100%" height="100%" viewBox="0 0 100 100"'),
        b"\xef\xbb\xbf  <?xml version='1.0'?><!-- by hand -->" + svg(_RECT),
        b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://127.0.0.1:1/svg.dtd'>"
        + svg(_RECT),
    ],
)
def test_every_form_is_read(look: Judge, content: bytes) -> None:
    """By its first bytes, whatever it is called: PNG, GIF, WebP and SVG exactly."""
    assert look(content).getpixel((102, 102)) == _RED


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_is_read(look: Judge, mode: str) -> None:
    """In print's four colours, too, as the colour that was meant."""
    colour = look(saved(red(mode=mode), "JPEG", quality=95)).getpixel((102, 102))

    wanted = (76, 76, 76) if mode == "L" else _RED
    assert all(abs(one - other) < 8 for one, other in zip(colour, wanted, strict=True))


def test_sixteen_bits_are_scaled_down(look: Judge) -> None:
    """A grey in the middle of 16 bits is one in the middle, and not white."""
    grey = Image.new("I;16", (64, 64), 128 * 257)

    assert look(saved(grey)).getpixel((102, 102)) == (128, 128, 128)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_shown(look: Judge, form: str) -> None:
    """In all three forms that have them."""
    how = {"lossless": True} if form == "WEBP" else {}
    others = [Image.new("RGB", (64, 64), "blue"), Image.new("RGB", (64, 64), "lime")]

    assert (
        look(saved(red(), form, save_all=True, append_images=others, **how)).getpixel((102, 102))
        == _RED
    )


def test_what_is_transparent_lies_on_paper(look: Judge) -> None:
    """By an alpha channel, and by a colour of a palette that stands for nothing."""
    alpha = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    alpha.paste((255, 0, 0, 255), (0, 0, 32, 64))
    palette = Image.new("P", (64, 64), 0)
    palette.putpalette([0, 0, 255, 255, 0, 0])
    palette.paste(1, (0, 0, 32, 64))

    for content in (saved(alpha), saved(palette, transparency=0)):
        shown = look(content)
        assert (shown.getpixel((50, 102)), shown.getpixel((150, 102))) == (_RED, _PAPER)


def test_a_photograph_lies_upright(look: Judge) -> None:
    """As the camera says that it was held."""
    image = red((64, 64))
    image.paste("blue", (0, 0, 32, 64))
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: to be turned by 90 degrees
    shown = look(saved(image, "JPEG", quality=95, exif=exif))

    assert shown.getpixel((102, 20))[2] > 200
    assert shown.getpixel((102, 180))[0] > 200


def test_an_svg_that_holds_a_picture_shows_it(look: Judge) -> None:
    """Icons are at times a bitmap in an SVG's clothes."""
    within = base64.b64encode(saved(red(), "JPEG", quality=95))
    image = b'<image width="100" height="100" xlink:href="data:image/png;base64,' + within + b'"/>'

    assert look(svg(image)).getpixel((102, 102))[0] > 240


def test_a_tall_svg_is_whole(look: Judge) -> None:
    """As an icon of px is."""
    shown = look(svg(b'<rect width="100" height="300" fill="#f00"/>', b'viewBox="0 0 100 300"'))

    assert shown.getpixel((102, 2)) == shown.getpixel((102, 201)) == _RED
    assert shown.getpixel((20, 102)) == _PAPER


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (saved(red()) + bytes(2_000_000), "it is larger than 2,000,000 bytes"),
        (b"<html><svg></html>"[:8], "it is neither PNG"),
        (b"PK\x03\x04" + bytes(200), "it is neither PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is neither PNG"),
        (saved(red(), "BMP"), "it is neither PNG"),
        (b"\x1f\x8b" + bytes(200), "it is neither PNG"),
        (b"\x89PNG\r\n\x1a\n" + saved(red(), "JPEG"), "it cannot be read"),
        (b"GIF89a" + bytes(5), "it cannot be read"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "it cannot be read"),
        (saved(Image.effect_noise((64, 64), 50))[:-900], "it cannot be read"),
        (saved(Image.effect_noise((64, 64), 50), "JPEG")[:-900], "it cannot be read"),
        (saved(Image.effect_noise((64, 64), 50), "WEBP")[:-900], "it cannot be read"),
        (saved(Image.effect_noise((64, 64), 50), "GIF")[:-900], "it cannot be read"),
        (saved(red((1, 1))), "it is only 1x1 px large"),
        (saved(red((2_000, 2))), "it is only 2,000x2 px large"),
        (saved(Image.new("RGBA", (64, 64))), "nothing is on it"),
        (_png(8_001, 20), "it is 8,001x20 px large, and 8,000 a side are looked at"),
        (_png(60_000, 60_000), "it cannot be read: DecompressionBombError"),
        (_png(8_000, 8_000, zlib.compress(bytes(100))), "it cannot be read"),
        (svg(b"", b'viewBox="0 0 1 1000000"'), "it cannot be read"),
        (svg(b"", b'viewBox="0 0 1000000 1"'), "it cannot be read"),
        (svg(b"", b'width="1e9" height="nan"'), "it cannot be read"),
        (svg(_RECT, b""), "it cannot be read"),
        (svg(_RECT)[:-20], "it cannot be read"),
        (svg(b"<g>" * 9_000 + b"</g>" * 9_000), "it is nested too deeply"),
        (svg(b'<g id="a"><use xlink:href="#a"/></g>'), "it is nested too deeply"),
        (svg(b'<image width="9" height="9" xlink:href="/etc/passwd"/>'), "it wants something from"),
        (svg(b'<image width="9" height="9" xlink:href="http://127.0.0.1:1/"/>'), "it wants"),
        (svg(b'<use xlink:href="file:///etc/passwd#a"/>'), "it wants something from elsewhere"),
        (
            svg(b'<image width="9" height="9" xlink:href="data:image/svg+xml,%3Csvg/%3E"/>'),
            "it holds",
        ),
        (svg(b'<image width="9" height="9" xlink:href="data:,GIF89a"/>'), "it cannot be read"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(b"<text>&a;</text>"), "it cannot be read"),
        (
            b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg(b"<text>&a;</text>"),
            "it cannot be read",
        ),
    ],
)
def test_a_bad_picture_is_none(look: Judge, content: bytes, told: str) -> None:
    """And it says why."""
    with pytest.raises(Unfit, match="^" + told):
        look(content)


def test_a_style_sheet_from_elsewhere_is_left_out(look: Judge) -> None:
    """Most often it is a font's; the picture is drawn without it, and nobody is asked."""
    style = b"<style>@import url(http://127.0.0.1:1/font.css); rect { fill: #f00 }</style>"

    assert look(svg(style + b'<rect width="100" height="100"/>')).getpixel((102, 102)) == _RED


@pytest.mark.parametrize("mode", ["RGB", "P", "L"])
def test_the_largest_that_is_looked_at_is_read(look: Judge, mode: str) -> None:
    """8,000 px a side, of a few kilobytes, in the memory that there is for it."""
    wanted = (76, 76, 76) if mode == "L" else _RED

    assert look(saved(red((8_000, 8_000), mode))).getpixel((102, 102)) == wanted


def test_what_takes_too_long_is_ended(look: Judge) -> None:
    """Ten to the ninth rectangles in two kilobytes; then the next picture has its turn."""
    levels = b"".join(
        b'<g id="a%d">' % level + b'<use xlink:href="#a%d"/>' % (level - 1) * 10 + b"</g>"
        for level in range(1, 10)
    )
    with pytest.raises(Unfit, match="it takes too much time or memory"):
        look(svg(b'<g id="a0"><rect width="9" height="9"/></g>' + levels))

    assert look(saved(red())).getpixel((102, 102)) == _RED


def test_what_takes_too_much_memory_is_none(look: Judge) -> None:
    """An SVG of groups in groups, each a sheet of its own; then the next picture has its turn."""
    depth = 450
    groups = b'<g opacity="0.9">' * depth + _RECT + b"</g>" * depth
    with pytest.raises(Unfit, match=r"memory|MEMORY"):
        look(svg(groups), "theme")

    assert look(saved(red())).getpixel((102, 102)) == _RED
