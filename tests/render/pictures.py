"""Icons and screenshots drawn by ourselves, prepared as a package's picture is."""

import functools
import math
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from render import prepare_icon, prepare_screenshot
from render.picture import digest

_CLEAR = (0, 0, 0, 0)


def flat_icon() -> Image.Image:
    """Draw a shield in two greens on nothing: a transparent icon of few colours."""
    image = Image.new("RGBA", (256, 256), _CLEAR)
    pen = ImageDraw.Draw(image)
    pen.polygon([(128, 12), (236, 48), (228, 150), (128, 246), (28, 150), (20, 48)], "#1a9f78")
    pen.polygon([(128, 12), (236, 48), (228, 150), (128, 246)], "#12785c")
    pen.line([(80, 120), (118, 164), (184, 88)], "white", 22, joint="curve")
    return image


def photo_icon() -> Image.Image:
    """Draw a landscape with as many colours as a photograph, opaque to its edges."""
    image = Image.new("RGBA", (256, 256))
    for x in range(256):
        for y in range(256):
            hill = 150 + 30 * math.sin(x / 40) + 12 * math.sin(x / 11)
            grain = (x * 37 + y * 101) % 13
            near = (40 + y // 4 + grain, 70 + x // 4, 40 + grain, 255)
            far = (250 - y // 3, 150 + y // 3, 90 + y // 2 + grain, 255)
            image.putpixel((x, y), near if y > hill else far)
    return image


def soft_icon() -> Image.Image:
    """Draw a ball with a soft shadow: half transparent px."""
    image = Image.new("RGBA", (128, 128), _CLEAR)
    pen = ImageDraw.Draw(image)
    pen.ellipse((24, 34, 112, 122), (0, 0, 0, 120))
    image = image.filter(ImageFilter.GaussianBlur(6))
    ImageDraw.Draw(image).ellipse((16, 14, 104, 102), "#d9467a")
    return image


def tall_icon() -> Image.Image:
    """Draw a bookmark, three times as tall as wide."""
    image = Image.new("RGBA", (80, 240), _CLEAR)
    ImageDraw.Draw(image).polygon([(0, 0), (80, 0), (80, 240), (40, 200), (0, 240)], "#8a2be2")
    return image


def wide_icon() -> Image.Image:
    """Draw a ruler, four times as wide as tall."""
    image = Image.new("RGBA", (320, 80), "#f2b632")
    pen = ImageDraw.Draw(image)
    for x in range(10, 320, 20):
        pen.line([(x, 0), (x, 40 if x % 40 else 26)], "#3a2c05", 4)
    return image


def light_screenshot() -> Image.Image:
    """Draw a page of a shop: white, with cards."""
    image = _page("#ffffff", "#1c1f3a", "#44397d")
    pen = ImageDraw.Draw(image)
    for column in range(3):
        left = 60 + column * 370
        pen.rounded_rectangle((left, 600, left + 330, 840), 16, "#f1f1f6")
        pen.ellipse((left + 24, 624, left + 72, 672), ("#6a3fa0", "#ffb45a", "#5bc8c8")[column])
        for line in range(3):
            pen.rectangle((left + 24, 700 + line * 36, left + 280, 710 + line * 36), "#c6c6d4")
    return image


def dark_screenshot() -> Image.Image:
    """Draw a page of a photographer: dark, with a slope of colours."""
    image = _page("#101114", "#f4f4f4", "#1f2a44")
    pen = ImageDraw.Draw(image)
    for x in range(1200):
        pen.line([(x, 560), (x, 880)], (20 + x // 10, 30 + x // 16, 60 + x // 8))
    pen.ellipse((900, 180, 1120, 400), "#f2a65a")
    return image


def _page(ground: str, ink: str, band: str) -> Image.Image:
    image = Image.new("RGBA", (1200, 900), ground)
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 36, 260, 56), ink)
    for item in range(4):
        pen.rectangle((720 + item * 110, 40, 780 + item * 110, 50), ink)
    pen.rectangle((0, 90, 1200, 540), band)
    for line, width in enumerate((620, 480)):
        pen.rectangle((70, 190 + line * 80, 70 + width, 236 + line * 80), "#f4f4f4")
    pen.rounded_rectangle((70, 400, 290, 460), 30, "#ffb45a")
    return image


DRAWN: dict[str, tuple[Callable[[], Image.Image], Callable[[Image.Image], bytes]]] = {
    "flat": (flat_icon, prepare_icon),
    "photo": (photo_icon, prepare_icon),
    "soft": (soft_icon, prepare_icon),
    "tall": (tall_icon, prepare_icon),
    "wide": (wide_icon, prepare_icon),
    "light": (light_screenshot, prepare_screenshot),
    "dark": (dark_screenshot, prepare_screenshot),
}


@functools.cache
def prepared(name: str) -> bytes:
    """Give the prepared picture of a name above."""
    draw, prepare = DRAWN[name]
    return prepare(draw())


def named(name: str) -> str:
    """Give the digest that a card has of it."""
    return digest(prepared(name))


def by_digest(wanted: str) -> bytes:
    """Give the prepared picture of a digest, as a store does."""
    return next(prepared(name) for name in DRAWN if named(name) == wanted)
