"""The renderer that scripts are given: a card in, PNG bytes out, and a name for both."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from release.digest import Code
from render import fonts
from render.card import Card
from render.faces import read
from render.picture import Picture, PictureError, read_picture
from render.plate import Plate

TEMPLATES = Path(__file__).with_name("templates")

ImageRenderer = Callable[[Card], bytes]
SvgRenderer = Callable[[Plate], bytes]


class CardRenderer:
    """Draws cards with the templates of `folder`.

    `pictures` gives the prepared picture (see render.picture) that a card names. It may be pickled,
    when that may be, and sent to any concurrent.futures.Executor: art and fonts are loaded where it
    is called, lazily and once a process.
    """

    def __init__(
        self,
        folder: Path = TEMPLATES,
        pictures: Callable[[str], bytes] | None = None,
        drawing: str = "",
    ) -> None:
        """drawing: what probes.pictures() told of this code's pictures; '' where none are named."""
        self._folder = folder
        self._pictures = pictures
        self._drawing = drawing

    def __call__(self, card: Card) -> bytes:
        """Return the card as a PNG of 1200x630.

        Raises TemplateError, FontsError, PictureError, TooLargeError, and what `pictures` raises.
        """
        # Pango, cairo and CairoSVG: not before there is a card to draw.
        from render.engine import engine

        drawing = engine(self._folder)
        if not card.faces:
            return drawing.draw(card, _picture(card.picture, self._pictures))
        plates = [(plate, _picture(plate.picture, self._pictures)) for plate in read(card.faces)]
        return drawing.draw(card, drawing.faces(plates))

    def fingerprint(self, card: Card) -> str:
        """Return 32 hex digits for everything that the picture depends on."""
        printed = json.dumps(
            [self._drawing, _setting(self._folder), asdict(card)], ensure_ascii=True
        )
        return hashlib.blake2b(printed.encode(), digest_size=16).hexdigest()


class PlateRenderer:
    """Draws plates with the same templates, as CardRenderer does cards: see there."""

    def __init__(
        self,
        folder: Path = TEMPLATES,
        pictures: Callable[[str], bytes] | None = None,
        drawing: str = "",
    ) -> None:
        """drawing: what probes.plates() told of this code's plates; '' where none are named."""
        self._folder = folder
        self._pictures = pictures
        self._drawing = drawing

    def __call__(self, plate: Plate) -> bytes:
        """Return the plate as an SVG file. Raises what CardRenderer does."""
        from render.engine import engine

        return engine(self._folder).plate(plate, _picture(plate.picture, self._pictures))

    def digest(self, plate: Plate) -> str:
        """Return 32 hex digits for everything that the plate depends on."""
        shown = json.dumps([self._drawing, _setting(self._folder), asdict(plate)])
        return hashlib.blake2b(shown.encode(), digest_size=16).hexdigest()


def _picture(name: str, pictures: Callable[[str], bytes] | None) -> Picture | None:
    """Read a prepared picture; None where none is named."""
    if not name:
        return None
    if pictures is None:
        raise PictureError(f"there is the picture {name} to be shown, and no pictures are here")
    return read_picture(pictures(name))


@functools.cache
def _setting(folder: Path) -> str:
    """Digest what all cards share: the templates and the fonts."""
    hashed = hashlib.blake2b(fonts.digest().encode(), digest_size=16)
    for path in sorted(folder.iterdir()):
        if path.suffix in (".svg", ".css"):
            hashed.update(f"\n{path.name}\n".encode() + path.read_bytes())
    return hashed.hexdigest()


def drawing_code(ours: Code) -> str:
    """Digest our code that draws, with the versions of the packages that it draws with.

    Where it differs, the pictures may: see render/probes.py.
    """
    from importlib import metadata  # only a run that draws asks for it

    libraries = ("cairocffi", "cairosvg", "pillow")
    versions = [f"{name} {metadata.version(name)}" for name in libraries]
    return ours.of(["render.engine", "render.probes"], (), versions)
