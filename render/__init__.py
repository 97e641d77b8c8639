"""A card's facts in, PNG bytes out: pure, with no database, no store and no network."""

from render.card import Card, group_card, package_card, site_card
from render.document import TemplateError
from render.faces import told
from render.fonts import FontsError, coverage
from render.picture import PictureError, prepare_icon, prepare_screenshot
from render.plate import Plate
from render.png import TooLargeError
from render.probes import picture_of, pictures, plates
from render.renderer import (
    TEMPLATES,
    CardRenderer,
    ImageRenderer,
    PlateRenderer,
    SvgRenderer,
    drawing_code,
    handed,
    pictures_on,
)

__all__ = [
    "TEMPLATES",
    "Card",
    "CardRenderer",
    "FontsError",
    "ImageRenderer",
    "PictureError",
    "Plate",
    "PlateRenderer",
    "SvgRenderer",
    "TemplateError",
    "TooLargeError",
    "coverage",
    "drawing_code",
    "group_card",
    "handed",
    "package_card",
    "picture_of",
    "pictures",
    "pictures_on",
    "plates",
    "prepare_icon",
    "prepare_screenshot",
    "site_card",
    "told",
]
