"""A card's facts in, PNG bytes out: pure, with no database, no store and no network."""

from render.card import Card, package_card, site_card
from render.document import TemplateError
from render.fonts import FontsError, coverage
from render.picture import PictureError, prepare_icon, prepare_screenshot
from render.png import TooLargeError
from render.probes import picture_of, pictures
from render.renderer import TEMPLATES, CardRenderer, ImageRenderer, drawing_code, handed

__all__ = [
    "TEMPLATES",
    "Card",
    "CardRenderer",
    "FontsError",
    "ImageRenderer",
    "PictureError",
    "TemplateError",
    "TooLargeError",
    "coverage",
    "drawing_code",
    "handed",
    "package_card",
    "picture_of",
    "pictures",
    "prepare_icon",
    "prepare_screenshot",
    "site_card",
]
