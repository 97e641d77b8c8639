"""Cards drawn: one engine a process, its art and fonts loaded when the first card asks for them."""

from __future__ import annotations

import functools
import threading
from dataclasses import replace
from pathlib import Path

from release.text import REPLACEMENT
from render import fonts
from render.art import Art, read_art
from render.card import Card
from render.colour import add_colours
from render.document import TemplateError
from render.fit import Block, Fitter
from render.layout import Placed, lay_out, lay_out_fixed
from render.paint import ColourPainter, IndexPainter, paint
from render.png import encode
from render.template import HEIGHT, WIDTH, Template, read_template
from render.text import language
from render.typeset import Typesetter


class Engine:
    """Draws the cards of one folder of templates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arts: dict[str, Art] = {}
        self._kept: dict[str, dict[str, Block]] = {}
        self._typesetter = Typesetter()
        # Pango's fonts and cairo's caches are not for two threads at once.
        self._lock = threading.Lock()

    def draw(self, card: Card) -> bytes:
        """Return the card as PNG."""
        with self._lock:
            art = self._art(card.template)
            placed = self._place(art, card)
            painter = IndexPainter(art)
            paint(painter, placed)
            indices, colours = painter.finish(), art.palette.colours
            pictured = [words for words in placed.words if words.block.pictured]
            if pictured:
                indices, colours = add_colours(indices, art.palette, pictured, art.grounds)
        return encode(indices, WIDTH, HEIGHT, colours)

    def true_colour(self, card: Card) -> bytes:
        """Return the card's pixels as RGB bytes, without a palette: the measure of draw()."""
        with self._lock:
            art = self._art(card.template)
            pixels = self._paint_true(art, self._place(art, card))
        rgb = bytearray(WIDTH * HEIGHT * 3)
        for channel in range(3):
            rgb[channel::3] = pixels[2 - channel :: 4]
        return bytes(rgb)

    def place(self, card: Card) -> Placed:
        """Return where everything stands, for those who check or outline it."""
        with self._lock:
            art = self._art(card.template)
            placed, fixed = self._place(art, card), self._place_fixed(art.template)
        return replace(placed, words=fixed.words + placed.words)

    def art(self, name: str) -> Art:
        """Return the art of template `name`. Raises TemplateError, OSError."""
        with self._lock:
            return self._art(name)

    def _place(self, art: Art, card: Card) -> Placed:
        fitter = self._fitter(art.template, language(card.name + card.description))
        return lay_out(art.template, card, fitter, _printable)

    def _place_fixed(self, template: Template) -> Placed:
        return lay_out_fixed(template, self._fitter(template, "en"))

    def _fitter(self, template: Template, spoken: str) -> Fitter:
        kept = self._kept.setdefault(template.path.name, {})
        return Fitter(self._typesetter, spoken, kept)

    def _paint_true(self, art: Art, placed: Placed) -> bytearray:
        painter = ColourPainter(art)
        paint(painter, placed)
        return painter.finish()

    def _art(self, name: str) -> Art:
        if name not in self._arts:
            template = read_template(self._folder / f"{name}.svg")
            for slot in template.slots():
                wanted = slot.style.family.partition(",")[0]
                if self._typesetter.family(slot.style) != wanted:
                    raise TemplateError(
                        f"{template.path}:{slot.line}: the font {wanted!r} is not there; "
                        "see fonts.conf and debian-packages.txt"
                    )
            self._arts[name] = self._printed(read_art(template))
        return self._arts[name]

    def _printed(self, art: Art) -> Art:
        """Return the art with the words that are on every card."""
        fixed = self._place_fixed(art.template)
        index, colour = IndexPainter(art), ColourPainter(art)
        paint(index, fixed)
        paint(colour, fixed)
        return replace(art, indices=bytes(index.finish()), pixels=bytes(colour.finish()))


@functools.cache
def engine(folder: Path) -> Engine:
    """Return this process's engine for `folder`: a renderer may arrive anew with every card."""
    return Engine(folder)


def _printable(text: str) -> str:
    """Replace what no font has by the sign for that."""
    if text.isascii():
        return text
    return "".join(char if char.isascii() or fonts.drawn(char) else REPLACEMENT for char in text)
