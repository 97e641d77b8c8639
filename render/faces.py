"""The faces of packages on one card: their plates, two by two, as one picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple

from PIL import Image

from render.picture import PAPER, Picture, read_picture, reduced
from render.plate import Plate

MOST = 4
SIDE = 386  # px of the picture
_GAP = 12
_TILE = (SIDE - _GAP) // 2


def told(plates: Sequence[Plate]) -> str:
    """Return plates as a card holds them."""
    return json.dumps([astuple(plate) for plate in plates[:MOST]], separators=(",", ":"))


def read(faces: str) -> list[Plate]:
    """Return the plates that told() wrote."""
    return [Plate(*fields) for fields in json.loads(faces)]


def together(tiles: Sequence[Image.Image]) -> Picture:
    """Return squares of any size as one picture on paper, row by row."""
    sheet = Image.new("RGB", (SIDE, SIDE), PAPER)
    for number, tile in enumerate(tiles[:MOST]):
        place = (number % 2 * (_TILE + _GAP), number // 2 * (_TILE + _GAP))
        sheet.paste(tile.resize((_TILE, _TILE), Image.Resampling.LANCZOS), place)
    return read_picture(reduced(sheet, passes=1))
