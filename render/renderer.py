"""The renderer that scripts are given: a card in, PNG bytes out, and a name for both."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Protocol, runtime_checkable

from release import digest
from render import fonts
from render.card import Card
from render.picture import PictureError, read_picture

TEMPLATES = Path(__file__).with_name("templates")

ImageRenderer = Callable[[Card], bytes]


@runtime_checkable
class _Pictured(Protocol):
    def handed(self, cards: Sequence[Card]) -> ImageRenderer: ...


def handed(renderer: ImageRenderer, cards: Sequence[Card]) -> ImageRenderer:
    """Return a renderer that can be sent anywhere to draw some cards: their pictures go along."""
    return renderer.handed(cards) if isinstance(renderer, _Pictured) else renderer


class CardRenderer:
    """Draws cards with the templates of `folder`.

    `pictures` gives the prepared picture (see render.picture) that a card names. It may be pickled,
    when that may be, and sent to any concurrent.futures.Executor: art and fonts are loaded where it
    is called, lazily and once a process. `handed` takes the pictures along.
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

        if not card.picture:
            return engine(self._folder).draw(card)
        if self._pictures is None:
            raise PictureError(f"the card has the picture {card.picture}, and no pictures are here")
        return engine(self._folder).draw(card, read_picture(self._pictures(card.picture)))

    def handed(self, cards: Sequence[Card]) -> CardRenderer:
        """Return a renderer that has the pictures of these cards in its hands, wherever it is sent.

        One that cannot be had is left out: its card fails where it is drawn.
        """
        names = {card.picture for card in cards if card.picture}
        if not names or self._pictures is None:
            return self
        kept = {}
        for name in names:
            with contextlib.suppress(PictureError):
                kept[name] = self._pictures(name)
        return CardRenderer(self._folder, _Hands(kept), self._drawing)

    def fingerprint(self, card: Card) -> str:
        """Return 32 hex digits for everything that the picture depends on."""
        printed = json.dumps(
            [self._drawing, _setting(self._folder), asdict(card)], ensure_ascii=True
        )
        return hashlib.blake2b(printed.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class _Hands:
    """Prepared pictures by their names."""

    kept: Mapping[str, bytes]

    def __call__(self, name: str) -> bytes:
        if name not in self.kept:
            raise PictureError(f"the prepared picture {name} is not there, or is damaged")
        return self.kept[name]


@functools.cache
def _setting(folder: Path) -> str:
    """Digest what all cards share: the templates and the fonts."""
    hashed = hashlib.blake2b(fonts.digest().encode(), digest_size=16)
    for path in sorted(folder.iterdir()):
        if path.suffix in (".svg", ".css"):
            hashed.update(f"\n{path.name}\n".encode() + path.read_bytes())
    return hashed.hexdigest()


@functools.cache
def drawing_code() -> str:
    """Digest the code that draws, with the versions of the packages that it draws with.

    Where it differs, the pictures may: see render/probes.py.
    """
    libraries = ("cairocffi", "cairosvg", "pillow")
    versions = [f"{name} {metadata.version(name)}" for name in libraries]
    return digest.of(["render.engine", "render.probes"], (), versions)
