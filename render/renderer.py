"""The renderer that scripts are given: a card in, PNG bytes out, and a name for both."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self, TypeVar

from release.digest import Code
from render import fonts
from render.card import Card
from render.faces import read
from render.picture import Picture, PictureError, read_picture
from render.plate import Plate

TEMPLATES = Path(__file__).with_name("templates")

ImageRenderer = Callable[[Card], bytes]
SvgRenderer = Callable[[Plate], bytes]


_Renderer = TypeVar("_Renderer")


class _Pictured:
    """What draws with the templates of `folder`.

    `pictures` gives the prepared picture (see render.picture) that a card or plate names. It may be
    pickled, when that may be, and sent to any concurrent.futures.Executor: art and fonts are loaded
    where it is called, lazily and once a process. `handed` takes the pictures along.
    """

    def __init__(
        self,
        folder: Path = TEMPLATES,
        pictures: Callable[[str], bytes] | None = None,
        drawing: str = "",
    ) -> None:
        """drawing: what render/probes.py told of this code; '' where nothing is named by it."""
        self._folder = folder
        self._pictures = pictures
        self._drawing = drawing

    def handed(self, names: Collection[str]) -> Self:
        """Return a renderer that has these pictures in its hands, wherever it is sent."""
        if not names or self._pictures is None:
            return self
        return type(self)(self._folder, _in_hand(self._pictures, names), self._drawing)

    def _name(self, shown: Card | Plate) -> str:
        """Return 32 hex digits for everything that the drawing of it depends on."""
        said = {one.name: getattr(shown, one.name) for one in fields(shown)}  # asdict copies deeply
        told = json.dumps([self._drawing, _setting(self._folder), said])
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()

    def _picture(self, name: str) -> Picture | None:
        """Read a prepared picture; None where none is named."""
        if not name:
            return None
        if self._pictures is None:
            raise PictureError(f"there is the picture {name} to be shown, and no pictures are here")
        return read_picture(self._pictures(name))


def handed(renderer: _Renderer, names: Collection[str]) -> _Renderer:
    """Return a renderer that can be sent anywhere: it has the pictures of these names with it."""
    return renderer.handed(names) if isinstance(renderer, _Pictured) else renderer


def pictures_on(card: Card) -> set[str]:
    """Return the names of the prepared pictures that a card shows."""
    shown = read(card.faces) if card.faces else []
    return {name for name in (card.picture, *(plate.picture for plate in shown)) if name}


class CardRenderer(_Pictured):
    """Draws cards."""

    def __call__(self, card: Card) -> bytes:
        """Return the card as a PNG of 1200x630.

        Raises TemplateError, FontsError, PictureError, TooLargeError, and what `pictures` raises.
        """
        # Pango, cairo and CairoSVG: not before there is a card to draw.
        from render.engine import engine

        drawing = engine(self._folder)
        if not card.faces:
            return drawing.draw(card, self._picture(card.picture))
        plates = [(plate, self._picture(plate.picture)) for plate in read(card.faces)]
        return drawing.draw(card, drawing.faces(plates))

    def fingerprint(self, card: Card) -> str:
        """Return 32 hex digits for everything that the picture depends on."""
        return self._name(card)


class PlateRenderer(_Pictured):
    """Draws plates, with the templates of the cards."""

    def __call__(self, plate: Plate) -> bytes:
        """Return the plate as an SVG file. Raises what CardRenderer does."""
        from render.engine import engine

        return engine(self._folder).plate(plate, self._picture(plate.picture))

    def digest(self, plate: Plate) -> str:
        """Return 32 hex digits for everything that the plate depends on."""
        return self._name(plate)


@dataclass(frozen=True, slots=True)
class _Hands:
    """Prepared pictures by their names."""

    kept: Mapping[str, bytes]

    def __call__(self, name: str) -> bytes:
        if name not in self.kept:
            raise PictureError(f"the prepared picture {name} is not there, or is damaged")
        return self.kept[name]


def _in_hand(pictures: Callable[[str], bytes], names: Collection[str]) -> _Hands:
    """Take pictures in hand; one that cannot be had is left out, and fails where it is drawn."""
    kept = {}
    for name in names:
        with contextlib.suppress(PictureError):
            kept[name] = pictures(name)
    return _Hands(kept)


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
