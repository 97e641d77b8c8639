"""Cards drawn: one engine a process, its art and fonts loaded when the first card asks for them."""

from __future__ import annotations

import functools
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from render import fonts
from render.art import Art, read_art
from render.card import Card
from render.colour import add_colours
from render.document import TemplateError
from render.faces import together
from render.fit import Block, Fitter
from render.layout import Placed, lay_out, lay_out_fixed
from render.paint import ColourPainter, IndexPainter, paint
from render.palette import Colour
from render.picture import Picture
from render.plate import Plate, cast_of
from render.plate_file import middle, svg
from render.png import encode
from render.template import HEIGHT, WIDTH, Template, read_template
from render.text import language
from render.typeset import Typesetter


class Engine:
    """Draws the cards of one folder of templates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arts: dict[tuple[str, str], Art] = {}
        self._true_arts: dict[tuple[str, str], Art] = {}
        self._kept: dict[tuple[Path, str], dict[tuple[str, str, str], Block]] = {}
        self._typesetter = Typesetter()
        # Pango's fonts and cairo's caches are not for two threads at once.
        self._lock = threading.Lock()

    def draw(self, card: Card, picture: Picture | None = None) -> bytes:
        """Return the card as PNG; `picture` is the one that it names."""
        with self._lock:
            art = self._art(card.face)
            placed = self._place(art, card)
            painter = IndexPainter(art)
            _paint_all(painter, card, placed, picture)
            raster, colours = painter.finish(), art.palette.colours
            pictured = [words for words in placed.words if words.block.pictured]
            if picture:
                colours = _beside(picture, art)
            elif pictured:
                raster = raster.translated(_shifted(art.palette.base))
            if pictured:
                colours = add_colours(raster, colours, pictured, art.grounds)
        return encode(raster, colours)

    def true_colour(self, card: Card, picture: Picture | None = None) -> bytes:
        """Return the card's pixels as RGB bytes, without a palette: the measure of draw()."""
        with self._lock:
            art = self._true_art(card.face)
            painter = ColourPainter(art)
            _paint_all(painter, card, self._place(art, card), picture)
            pixels = painter.finish()
        rgb = bytearray(WIDTH * HEIGHT * 3)
        for channel in range(3):
            rgb[channel::3] = pixels[2 - channel :: 4]
        return bytes(rgb)

    def place(self, card: Card) -> Placed:
        """Return where everything stands, for those who check or outline it."""
        with self._lock:
            art = self._art(card.face)
            placed, fixed = self._place(art, card), self._place_fixed(art.template)
        return replace(placed, words=fixed.words + placed.words)

    def art(self, card: Card) -> Art:
        """Return the art that a card is drawn on. Raises TemplateError, OSError."""
        with self._lock:
            return self._art(card.face)

    def plate(self, plate: Plate, picture: Picture | None = None) -> bytes:
        """Return the plate as SVG; `picture` is the one that it names."""
        with self._lock:
            art = self._art((plate.template, plate.frame))
            letter = _printable(plate.initial)
            fitter = self._fitter(art.template, language(letter))
            return svg(
                plate, art, lambda slot: fitter.kept(slot, letter) if letter else None, picture
            )

    def faces(self, plates: Sequence[tuple[Plate, Picture | None]]) -> Picture:
        """Return the middles of plates, with their pictures, as one picture."""
        with self._lock:
            return together([self._middle(*one) for one in plates])

    def _middle(self, plate: Plate, picture: Picture | None) -> Image.Image:
        """Draw the middle of a plate, a square, as a card has it."""
        art = self._art((plate.template, plate.frame))
        painter = IndexPainter(art)
        painter.flowers(plate.cast)
        if picture:
            painter.picture(picture)
        paint(painter, self._place(art, Card("plugin", "", initial=plate.initial)))
        raster, colours = painter.finish(), art.palette.colours
        if picture:
            colours = _beside(picture, art)
        else:
            raster = raster.translated(_shifted(art.palette.base))
        image = Image.frombytes("P", (WIDTH, HEIGHT), raster.pixels())
        image.putpalette([value for colour in colours for value in colour])
        x, y, width, height = map(int, middle(art))
        side = min(width, height)
        return image.crop((x, y, x + side, y + side)).convert("RGB")

    def _place(self, art: Art, card: Card) -> Placed:
        words = card.name + card.subtitle + card.description
        return lay_out(art.template, card, self._fitter(art.template, language(words)), _printable)

    def _place_fixed(self, template: Template) -> Placed:
        return lay_out_fixed(template, self._fitter(template, "en"))

    def _fitter(self, template: Template, language: str) -> Fitter:
        kept = self._kept.setdefault((template.path, template.plate), {})
        return Fitter(self._typesetter, language, kept)

    def _art(self, face: tuple[str, str]) -> Art:
        if face not in self._arts:
            # Without its true colours: 3 MB that only true_colour() asks for.
            self._arts[face] = replace(self._read(face), pixels=b"")
        return self._arts[face]

    def _true_art(self, face: tuple[str, str]) -> Art:
        if face not in self._true_arts:
            self._true_arts[face] = self._read(face)
        return self._true_arts[face]

    def _read(self, face: tuple[str, str]) -> Art:
        name, plate = face
        template = read_template(self._folder / f"{name}.svg", plate)
        for slot in template.slots():
            wanted = slot.style.family.partition(",")[0]
            if self._typesetter.family(slot.style) != wanted:
                raise TemplateError(
                    f"{template.path}:{slot.line}: the font {wanted!r} is not there; "
                    "see fonts.conf and debian-packages.txt"
                )
        return self._printed(read_art(template))

    def _printed(self, art: Art) -> Art:
        """Return the art with the words that are on every card."""
        fixed = self._place_fixed(art.template)
        index, colour = IndexPainter(art), ColourPainter(art)
        paint(index, fixed)
        paint(colour, fixed)
        return replace(art, raster=index.finish(), pixels=bytes(colour.finish()))


@functools.cache
def engine(folder: Path) -> Engine:
    """Return this process's engine for `folder`: a renderer may arrive anew with every card."""
    return Engine(folder)


def _paint_all(
    painter: IndexPainter | ColourPainter, card: Card, placed: Placed, picture: Picture | None
) -> None:
    painter.flowers(cast_of(card.seed))
    if picture:
        painter.picture(picture)
    paint(painter, placed)


def _beside(picture: Picture, art: Art) -> tuple[Colour, ...]:
    """Return all colours of a card with a picture: its entries are under the base of the art's."""
    unused = (art.palette.base - len(picture.colours)) * ((0, 0, 0),)
    return (*picture.colours, *unused, *art.palette.colours)


@functools.cache
def _shifted(base: int) -> bytes:
    return bytes(max(at - base, 0) for at in range(256))


def _printable(text: str) -> str:
    """Leave out what no font has, with the marks upon it."""
    if text.isascii():
        return text
    kept: list[str] = []
    lost = False
    for char in text:
        lost = not fonts.drawn(char) or (lost and unicodedata.category(char)[0] == "M")
        if not lost:
            kept.append(char)
    return " ".join("".join(kept).split())
