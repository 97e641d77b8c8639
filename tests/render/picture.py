"""Pictures measured: differences, contrast, noise."""

import io
import math

from PIL import Image, ImageChops, ImageStat

from render.palette import Colour


def opened(png: bytes) -> Image.Image:
    """Give the RGB picture of a PNG."""
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("RGB")


def psnr(one: Image.Image, other: Image.Image) -> float:
    """Give the peak signal-to-noise ratio of two pictures, in dB."""
    squares = ImageStat.Stat(ImageChops.difference(one, other)).sum2
    mean = sum(squares) / (3 * one.width * one.height)
    return 10 * math.log10(255**2 / mean) if mean else math.inf


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast ratio of two colours as WCAG 2 reckons it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
