"""Where everything stands on a card: columns filled from what there is to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from release.text import clean
from render.card import Card
from render.fit import Block, Fitter, settle
from render.template import FIELDS, Column, Ornament, Row, Slot, Template

_TEXT_LIMIT = 700
_RULE_WIDTH = 2
_RULE_INSET = 6


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.width, self.height


@dataclass(frozen=True, slots=True)
class Words:
    """A block in place: `box` is its room, (x, y) where its layout's top left corner goes."""

    block: Block
    box: Box
    x: float
    y: float

    def coloured(self) -> list[Box]:
        """Return where glyphs bring their own colours."""
        if not self.block.pictured:
            return []
        return [
            Box(self.x + ink.x, self.y + ink.y, ink.width, ink.height)
            for ink in self.block.setting.coloured()
        ]


@dataclass(frozen=True, slots=True)
class Flourish:
    ornament: Ornament
    box: Box


@dataclass(frozen=True, slots=True)
class Line:
    """The line between two cells of a row."""

    row: Row
    box: Box


@dataclass(frozen=True, slots=True)
class Placed:
    words: tuple[Words, ...]
    flourishes: tuple[Flourish, ...]
    lines: tuple[Line, ...]


class _Pen:
    """Collects what has been placed."""

    def __init__(self) -> None:
        self.words: list[Words] = []
        self.flourishes: list[Flourish] = []
        self.lines: list[Line] = []

    def write(self, block: Block, baseline: float, left: float | None = None) -> None:
        slot, setting = block.slot, block.setting
        left = slot.left if left is None else left
        spare = slot.width - setting.width
        x = left + spare * {"start": 0, "middle": 0.5, "end": 1}[slot.align]
        box = Box(left, baseline + block.top, slot.width, block.height)
        self.words.append(Words(block, box, round(x), round(baseline) - round(setting.baseline)))


@dataclass
class _Item:
    """One member of a column with something to say: its room, and how to put it at a height."""

    gap: float
    height: float
    place: Callable[[_Pen, float], None]
    block: Block | None = None


def lay_out(
    template: Template, card: Card, fitter: Fitter, printable: Callable[[str], str]
) -> Placed:
    """Place the card's words in the columns. `printable` replaces what no font has."""
    texts = {name: printable(clean(getattr(card, name), _TEXT_LIMIT)) for name in FIELDS}
    pen = _Pen()
    tops: dict[str, float] = {}
    for column in template.columns:
        limit = tops.get(column.above, column.bottom + column.above_gap) - column.above_gap
        tops[column.id] = _column(column, min(column.bottom, limit), texts, fitter, pen)
    return Placed(tuple(pen.words), tuple(pen.flourishes), tuple(pen.lines))


def lay_out_fixed(template: Template, fitter: Fitter) -> Placed:
    """Place the words that are the same on every card: those outside the columns."""
    pen = _Pen()
    for slot in template.fixed:
        pen.write(fitter.literal(slot), slot.baseline)
    return Placed(tuple(pen.words), (), ())


def _words(slot: Slot, texts: dict[str, str]) -> str:
    """Return what the slot prints; '' when it has nothing to say."""
    if slot.literal:
        return slot.literal if not slot.shown_with or texts[slot.shown_with] else ""
    text = texts[slot.id]
    return slot.prefix + text if text else ""


def _column(
    column: Column, bottom: float, texts: dict[str, str], fitter: Fitter, pen: _Pen
) -> float:
    """Fill the column down to `bottom` at most; return the height at which it begins."""
    items = [
        item for member in column.members if (item := _item(member, texts, fitter)) is not None
    ]
    room = bottom - column.top
    for name in column.yields:
        _yield(name, items, room, fitter)
    items = [_block_item(settle(item.block)) if item.block else item for item in items]
    for name in column.yields:  # once more, where lines had to be parted
        _yield(name, items, room, fitter)
    while len(items) > 1 and _height(items) > room:  # signs as tall as a house: what is last goes
        items.pop()
    height = _height(items)
    y = column.top + (room - height) * {"start": 0, "middle": 0.5, "end": 1}[column.justify]
    begin = y = max(y, column.top)
    for at, item in enumerate(items):
        y += item.gap if at else 0
        item.place(pen, y)
        y += item.height
    return begin if items else bottom


def _height(items: list[_Item]) -> float:
    return sum(item.height for item in items) + sum(item.gap for item in items[1:])


def _yield(name: str, items: list[_Item], room: float, fitter: Fitter) -> None:
    """Set the words of slot `name` ever smaller until the items fit the room."""
    for at, item in enumerate(items):
        block = item.block
        while block and block.slot.id == name and (excess := _height(items) - room) > 0:
            block = fitter.tighter(block, excess)
            if block:
                items[at] = _block_item(block)


def _item(member: Slot | Ornament | Row, texts: dict[str, str], fitter: Fitter) -> _Item | None:
    if isinstance(member, Ornament):
        shown = not member.shown_with or texts[member.shown_with]
        return _ornament_item(member) if shown else None
    if isinstance(member, Row):
        return _row_item(member, texts, fitter)
    text = _words(member, texts)
    return _block_item(_fitted(member, text, fitter)) if text else None


def _fitted(slot: Slot, text: str, fitter: Fitter) -> Block:
    return fitter.literal(slot) if slot.literal else fitter.fit(slot, text)


def _block_item(block: Block) -> _Item:
    def place(pen: _Pen, top: float) -> None:
        pen.write(block, top - block.top)

    return _Item(block.slot.gap, block.height, place, block)


def _ornament_item(ornament: Ornament) -> _Item:
    x, _, width, height = ornament.box

    def place(pen: _Pen, top: float) -> None:
        pen.flourishes.append(Flourish(ornament, Box(x, round(top), width, height)))

    return _Item(ornament.gap, height, place)


def _row_item(row: Row, texts: dict[str, str], fitter: Fitter) -> _Item | None:
    cells = [
        [_fitted(slot, _words(slot, texts), fitter) for slot in cell]
        for cell in row.cells
        if all(_words(slot, texts) for slot in cell)
    ]
    if not cells:
        return None
    width = min(row.width / len(cells), row.cell)
    lines = list(zip(*cells, strict=True))
    heights = [
        (max(-block.top for block in line), max(block.bottom for block in line)) for line in lines
    ]
    gaps = [0.0, *(line[0].slot.gap for line in lines[1:])]
    height = sum(ascent + descent for ascent, descent in heights) + sum(gaps)

    def place(pen: _Pen, top: float) -> None:
        left = row.centre - width * len(cells) / 2
        for at, _ in list(enumerate(cells))[1:]:
            x = round(left + at * width) - _RULE_WIDTH / 2
            box = Box(x, round(top) + _RULE_INSET, _RULE_WIDTH, round(height) - 2 * _RULE_INSET)
            pen.lines.append(Line(row, box))
        y = top
        for line, (ascent, descent), gap in zip(lines, heights, gaps, strict=True):
            y += gap + ascent
            for at, block in enumerate(line):
                pen.write(block, y, left + (at + 0.5) * width - block.slot.width / 2)
            y += descent

    return _Item(row.gap, height, place)
