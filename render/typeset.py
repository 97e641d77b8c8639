"""Words set by Pango: shaped, ordered, wrapped and cut in whatever script they are."""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

import cairocffi

from render import fonts
from render.measure import UNIT, Measure
from render.pango import ffi, gobject, pango, pangocairo, pangoft2
from render.template import Style

# Pango looks for fonts on a thread of its own, which may still run when Python, at its end, unloads
# what cffi has loaded: the process then dies of it. ctypes unloads nothing.
_LOADED_FOR_GOOD = ctypes.CDLL("libpangocairo-1.0.so.0")

OVERHANG = 5  # px that slanted letters may stand out of their box

# Scripts whose letters stand on another baseline than Latin does; see Setting._laid.
_LOWER = re.compile("[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")

_IS_ELLIPSIS = 1 << 1  # PANGO_ANALYSIS_FLAG_IS_ELLIPSIS
_LINE_BREAK, _WHITE, _WORD_END = 1 << 0, 1 << 3, 1 << 6  # in a PangoLogAttr

_WRAP_WORD, _WRAP_WORD_CHAR = 0, 2
_ELLIPSIZE_END = 3
_ALIGN = {"start": 0, "middle": 1, "end": 2}


class Extents(NamedTuple):
    """A rectangle in px, from the layout's own top left corner."""

    x: float
    y: float
    width: float
    height: float


class Setting:
    """Words set in a style, a size and a width. All lengths in px."""

    __slots__ = ("_extents", "_lowered", "_pointer", "align", "pitch", "size", "width")

    def __init__(
        self, pointer: Any, size: float, width: float, align: str, *, lowered: bool
    ) -> None:
        self._pointer = pointer
        self._lowered = lowered  # has letters of the scripts that stand lower
        self.size = size
        self.width = width
        self.align = align
        self.pitch: float | None = None  # of the lines, where it is not the style's own
        self._laid()

    def _laid(self) -> None:
        """Put all letters of a line, as soon as it is broken, on the baseline of Latin.

        Pango sets a line on the baseline of the script that begins it, so that Latin behind a Han
        letter would stand a quarter of its size too high (apply_baseline_shift in pango-layout.c).
        """
        self._extents: tuple[Extents, Extents] | None = None
        if not self._lowered:
            return
        for run in self._runs():
            run.y_offset = 0

    def _runs(self) -> list[Any]:
        """Return the runs of all lines, in visual order."""
        found = []
        pango.pango_layout_get_line_count(self._pointer)
        walk = pango.pango_layout_get_iter(self._pointer)
        while True:
            run = pango.pango_layout_iter_get_run_readonly(walk)
            if run != ffi.NULL:
                found.append(run)
            if not pango.pango_layout_iter_next_run(walk):
                break
        pango.pango_layout_iter_free(walk)
        return found

    @property
    def pointer(self) -> Any:
        return self._pointer

    @property
    def fits(self) -> bool:
        """Whether all the words are there, and inside the width."""
        return not pango.pango_layout_is_ellipsized(self._pointer) and self.excess <= 0

    @property
    def excess(self) -> float:
        """How far words, or the ink of a letter, stand out of the width more than they may."""
        ink, logical = self._both()
        beside = max(-ink.x, ink.x + ink.width - self.width) - OVERHANG
        return max(beside, logical.width - self.width)

    @property
    def lines(self) -> int:
        return int(pango.pango_layout_get_line_count(self._pointer))

    @property
    def baseline(self) -> float:
        """Of the first line, from the layout's top."""
        return float(pango.pango_layout_get_baseline(self._pointer)) / UNIT

    @property
    def logical(self) -> Extents:
        return self._both()[1]

    @property
    def ink(self) -> Extents:
        return self._both()[0]

    @property
    def unknown(self) -> int:
        """How many characters stand as boxes."""
        return int(pango.pango_layout_get_unknown_glyphs_count(self._pointer))

    def narrow(self, width: float) -> None:
        """Set the same words in another width."""
        self.width = width
        pango.pango_layout_set_width(self._pointer, int(width * UNIT))
        self._laid()

    def spread(self, pitch: float) -> None:
        """Set the lines `pitch` px apart."""
        self.pitch = pitch
        attributes = pango.pango_attr_list_copy(pango.pango_layout_get_attributes(self._pointer))
        pango.pango_attr_list_change(
            attributes, pango.pango_attr_line_height_new_absolute(int(pitch * UNIT))
        )
        pango.pango_layout_set_attributes(self._pointer, attributes)
        pango.pango_attr_list_unref(attributes)
        self._laid()

    def cut_at(self) -> int | None:
        """Return how many characters come before the ellipsis; None when all are there."""
        if not pango.pango_layout_is_ellipsized(self._pointer):
            return None
        runs = self._runs()[::-1]  # it is in the last line
        starts = (run.item.offset for run in runs if run.item.analysis.flags & _IS_ELLIPSIS)
        start = next(starts, None)
        return None if start is None else len(self._text()[:start].decode())

    def word_ends(self) -> list[int]:
        """Return where words end, in characters, as Unicode has it."""
        return [at for at, told in enumerate(_told(self._pointer)) if told & _WORD_END]

    def _text(self) -> bytes:
        return bytes(ffi.string(pango.pango_layout_get_text(self._pointer)))

    def words(self) -> list[str]:
        """Return the text of every line, as it was before an ellipsis."""
        data = self._text()
        found = []
        for number in range(self.lines):
            line = pango.pango_layout_get_line_readonly(self._pointer, number)
            start = line.start_index
            found.append(data[start : start + line.length].decode())
        return found

    def line_widths(self) -> list[float]:
        """Return the length of every line."""
        return [wide / UNIT for _, _, wide in self._lines()]

    def line_inks(self) -> list[tuple[float, float]]:
        """Return top and bottom of the ink of every line."""
        return [(top / UNIT, (top + high) / UNIT) for top, high, _ in self._lines()]

    def _lines(self) -> list[tuple[int, int, int]]:
        """Return the top and the height of the ink of every line, and its length, in units."""
        found = []
        walk = pango.pango_layout_get_iter(self._pointer)
        pair = ffi.new("PangoRectangle[2]")
        ink, logical = pair[0], pair[1]
        while True:
            pango.pango_layout_iter_get_line_extents(walk, pair, pair + 1)
            found.append((ink.y, ink.height, logical.width))
            if not pango.pango_layout_iter_next_line(walk):
                break
        pango.pango_layout_iter_free(walk)
        return found

    def coloured(self) -> list[Extents]:
        """Return where glyphs bring their own colours (emoji)."""
        found = []
        walk = pango.pango_layout_get_iter(self._pointer)
        ink = ffi.new("PangoRectangle *")
        while True:
            run = pango.pango_layout_iter_get_run_readonly(walk)
            if run != ffi.NULL and _is_coloured(run):
                pango.pango_layout_iter_get_run_extents(walk, ink, ffi.NULL)
                found.append(_px(ink))
            if not pango.pango_layout_iter_next_run(walk):
                break
        pango.pango_layout_iter_free(walk)
        return found

    def show(self, context: cairocffi.Context, x: float, y: float) -> None:
        """Paint the words with the context's source, their top left corner at (x, y)."""
        context.move_to(x, y)
        pangocairo.pango_cairo_show_layout(_cairo(context), self._pointer)

    def trace(self, context: cairocffi.Context, x: float, y: float) -> None:
        """Add the outlines of the words to the context's path, their top left corner at (x, y)."""
        context.move_to(x, y)
        pangocairo.pango_cairo_layout_path(_cairo(context), self._pointer)

    def _both(self) -> tuple[Extents, Extents]:
        """Return the extents of the ink, and the logical ones."""
        if self._extents is None:
            pair = ffi.new("PangoRectangle[2]")
            pango.pango_layout_get_extents(self._pointer, pair, pair + 1)
            self._extents = _px(pair[0]), _px(pair[1])
        return self._extents


class Typesetter:
    """Pango on the fonts of fonts.conf and no others. Not for two threads at once."""

    def __init__(self) -> None:
        self._map = ffi.gc(pangocairo.pango_cairo_font_map_new(), gobject.g_object_unref)
        # On this map only: nothing else in the process sees another set of fonts.
        pangoft2.pango_fc_font_map_set_config(self._map, fonts.config())
        self._contexts: dict[tuple[str, bool], Any] = {}
        self._fonts: dict[tuple[Style, float], Any] = {}
        self._attributes: dict[tuple[Style, float], Any] = {}

    def set(
        self,
        text: str,
        style: Style,
        size: float,
        *,
        width: float,
        lines: int,
        align: str,
        language: str,
        unbroken: Sequence[tuple[int, int]] = (),
        break_words: bool = False,
    ) -> Setting:
        """Set `text` on at most `lines` lines; what is too much ends in an ellipsis.

        No line ends inside the spans `unbroken` (in characters); with `break_words` one may end
        inside any other word.
        """
        made = self._made(text, style, size, self._context(language))
        pango.pango_layout_set_alignment(made, _ALIGN[align])
        pango.pango_layout_set_wrap(made, _WRAP_WORD_CHAR if break_words else _WRAP_WORD)
        pango.pango_layout_set_ellipsize(made, _ELLIPSIZE_END)
        pango.pango_layout_set_width(made, int(width * UNIT))
        pango.pango_layout_set_height(made, -lines)
        if unbroken:
            _keep_whole(made, text, unbroken)
        lowered = not text.isascii() and _LOWER.search(text) is not None
        return Setting(made, size, width, align, lowered=lowered)

    def measure(
        self,
        text: str,
        style: Style,
        size: float,
        *,
        language: str,
        unbroken: Sequence[tuple[int, int]] = (),
    ) -> Measure:
        """Shape `text` once, for its lines at this size and others."""
        made = self._made(text, style, size, self._context(language, rounded=False))
        if unbroken:
            _keep_whole(made, text, unbroken)
        starts, advances = _glyphs(made)
        return Measure(size, advances, _pieces(text, starts, _told(made)))

    def family(self, style: Style) -> str:
        """Return the family that is really there for the first one that `style` asks for."""
        found = pango.pango_font_map_load_font(
            self._map, self._context("en"), self._font(style, 40)
        )
        if found == ffi.NULL:
            return ""
        described = pango.pango_font_describe(found)
        name = ffi.string(pango.pango_font_description_get_family(described)).decode()
        pango.pango_font_description_free(described)
        gobject.g_object_unref(found)
        return str(name)

    def _made(self, text: str, style: Style, size: float, context: Any) -> Any:
        """Return a layout of `text`, all on one line."""
        made = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        data = text.encode()
        pango.pango_layout_set_font_description(made, self._font(style, size))
        pango.pango_layout_set_attributes(made, self._attribute_list(style, size))
        pango.pango_layout_set_single_paragraph_mode(made, 1)
        pango.pango_layout_set_text(made, data, len(data))
        return made

    def _context(self, language: str, *, rounded: bool = True) -> Any:
        """Return the context of a language, in which advances are whole px, or are not."""
        key = (language, rounded)
        if key not in self._contexts:
            made = ffi.gc(pango.pango_font_map_create_context(self._map), gobject.g_object_unref)
            pango.pango_context_set_language(
                made, pango.pango_language_from_string(language.encode())
            )
            options = cairocffi.FontOptions(
                antialias=cairocffi.ANTIALIAS_GRAY,
                hint_style=cairocffi.HINT_STYLE_NONE,
                hint_metrics=cairocffi.HINT_METRICS_OFF,
            )
            pangocairo.pango_cairo_context_set_font_options(
                made, ffi.cast("cairo_font_options_t *", options._pointer)
            )
            pango.pango_context_set_round_glyph_positions(made, rounded)
            self._contexts[key] = made
        return self._contexts[key]

    def _font(self, style: Style, size: float) -> Any:
        key = (style, size)
        if key not in self._fonts:
            made = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
            pango.pango_font_description_set_family(made, style.family.encode())
            pango.pango_font_description_set_weight(made, style.weight)
            pango.pango_font_description_set_style(made, 2 if style.italic else 0)
            pango.pango_font_description_set_absolute_size(made, size * UNIT)
            self._fonts[key] = made
        return self._fonts[key]

    def _attribute_list(self, style: Style, size: float) -> Any:
        key = (style, size)
        if key not in self._attributes:
            made = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
            wanted = [
                pango.pango_attr_line_height_new_absolute(int(style.pitch * size * UNIT)),
                pango.pango_attr_letter_spacing_new(int(style.spacing * UNIT)),
            ]
            if style.features:
                wanted.append(pango.pango_attr_font_features_new(style.features.encode()))
            if style.struck:
                wanted.append(pango.pango_attr_strikethrough_new(1))
            for attribute in wanted:
                pango.pango_attr_list_insert(made, attribute)
            self._attributes[key] = made
        return self._attributes[key]


def _keep_whole(layout: Any, text: str, spans: Sequence[tuple[int, int]]) -> None:
    attributes = pango.pango_attr_list_copy(pango.pango_layout_get_attributes(layout))
    for first, last in spans:
        made = pango.pango_attr_allow_breaks_new(0)
        made.start_index, made.end_index = len(text[:first].encode()), len(text[:last].encode())
        pango.pango_attr_list_insert(attributes, made)
    pango.pango_layout_set_attributes(layout, attributes)
    pango.pango_attr_list_unref(attributes)


def _told(layout: Any) -> list[int]:
    """Return what Pango knows of the places between characters, a PangoLogAttr each."""
    count = ffi.new("int *")
    told = pango.pango_layout_get_log_attrs_readonly(layout, count)
    return list(ffi.unpack(told, count[0]))


def _glyphs(layout: Any) -> tuple[list[int], list[int]]:
    """Return where the glyphs of a layout's first line begin in its text, in bytes, ascending.

    And their advances, in Pango's units.
    """
    line = pango.pango_layout_get_line_readonly(layout, 0)
    starts: list[int] = []
    advances: list[int] = []
    step, mixed = line.runs, False
    while step:
        item, glyphs = step.data.item, step.data.glyphs
        clusters = ffi.unpack(glyphs.log_clusters, glyphs.num_glyphs)
        starts += [item.offset + at for at in clusters] if item.offset else clusters
        advances += ffi.unpack(glyphs.glyphs, 5 * glyphs.num_glyphs)[1::5]
        mixed = mixed or item.analysis.level > 0
        step = step.next
    if mixed:  # they come in visual order
        order = sorted(range(len(starts)), key=starts.__getitem__)
        return [starts[at] for at in order], [advances[at] for at in order]
    return starts, advances


def _pieces(text: str, starts: Sequence[int], told: Sequence[int]) -> list[tuple[int, int]]:
    """Return the pieces that a line may end behind; see Measure."""
    ends = [at for at, known in enumerate(told) if known & _LINE_BREAK and at]
    if not ends or ends[-1] != len(text):
        ends.append(len(text))
    simple = text.isascii() and len(starts) == len(text)  # a glyph each
    found = []
    for end in ends:
        words = end - 1 if told[end - 1] & _WHITE else end
        if simple:
            found.append((words, end))
        else:
            before, after = (len(text[:at].encode()) for at in (words, end))
            found.append((bisect_left(starts, before), bisect_left(starts, after)))
    return found


def _px(rectangle: Any) -> Extents:
    return Extents(
        rectangle.x / UNIT, rectangle.y / UNIT, rectangle.width / UNIT, rectangle.height / UNIT
    )


def _is_coloured(run: Any) -> bool:
    described = pango.pango_font_describe(run.item.analysis.font)
    name = ffi.string(pango.pango_font_description_get_family(described))
    pango.pango_font_description_free(described)
    return bool(name == b"Noto Color Emoji")


def _cairo(context: cairocffi.Context) -> Any:
    return ffi.cast("cairo_t *", context._pointer)
