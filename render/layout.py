"""Where everything stands on a card: columns filled from what there is to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from release.text import clean
from render.card import FIELDS, Card
from render.fit import Block, Fitter, block_width, row_width
from render.template import Column, Fit, Member, Ornament, Row, Slot, Template

_TEXT_LIMIT = 700
_RULE_WIDTH = 2
_RULE_ASCENT, _RULE_DESCENT = 0.76, 0.14  # of the largest size beside it


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


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

    def write(self, block: Block, baseline: float) -> None:
        slot, setting = block.slot, block.setting
        spare = slot.width - setting.width
        x = slot.left + spare * {"start": 0, "middle": 0.5, "end": 1}[slot.align]
        box = Box(slot.left, baseline + block.top, slot.width, block.height)
        self.words.append(Words(block, box, round(x), round(baseline) - round(setting.baseline)))

    def write_at(self, block: Block, left: float, baseline: float) -> None:
        """Write words that begin at `left`."""
        logical = block.setting.logical
        box = Box(left, baseline + block.top, logical.width, block.height)
        x, y = round(left - logical.x), round(baseline) - round(block.setting.baseline)
        self.words.append(Words(block, box, x, y))

    def centre(self, block: Block) -> None:
        """Put the middle of the words' ink where the slot is."""
        slot, ink = block.slot, block.setting.ink
        x, y = slot.left + slot.width / 2, slot.baseline
        box = Box(x - ink.width / 2, y - ink.height / 2, ink.width, ink.height)
        self.words.append(Words(block, box, round(box.x - ink.x), round(box.y - ink.y)))

    def placed(self) -> Placed:
        return Placed(tuple(self.words), tuple(self.flourishes), tuple(self.lines))


@dataclass
class _Item:
    """One member of a column with something to say: its room, and how to put it at a height."""

    gap: float
    height: float
    place: Callable[[_Pen, float], None]
    block: Block | None = None


class _Texts:
    """What the slots of a template print on one card. `printable` leaves out what no font has."""

    def __init__(self, card: Card, printable: Callable[[str], str]) -> None:
        self._card = card
        said = ((name, getattr(card, name)) for name in FIELDS)
        self._by_field = {
            name: printable(clean(text, _TEXT_LIMIT)) if text else "" for name, text in said
        }
        if card.note and card.version:
            # Before it, since what is too long is cut at its end.
            printed = (self._by_field["note"], self._by_field["version"])
            self._by_field["version"] = " · ".join(filter(None, printed))

    def has(self, fields: tuple[str, ...]) -> bool:
        """Say whether one of the fields has something to say; of none, there is no question."""
        return not fields or any(self._by_field[name] for name in fields)

    def of(self, slot: Slot) -> str:
        """Return what the slot prints; '' when it has nothing to say."""
        if slot.literal:
            return slot.literal if self.has(slot.shown_with) else ""
        text = self._by_field[slot.id]
        return slot.prefix + text if text else ""


def lay_out(
    template: Template, card: Card, fitter: Fitter, printable: Callable[[str], str]
) -> Placed:
    """Place the card's words. `printable` leaves out what no font has."""
    texts, pen = _Texts(card, printable), _Pen()
    column = template.column
    bottom = column.bottom
    for member in template.standing:
        top = _stand(member, texts, fitter, pen)
        if member.id in column.above and top is not None:
            bottom = min(bottom, top - column.above_gap)
    _column(column, bottom, texts, fitter, pen)
    return pen.placed()


def lay_out_fixed(template: Template, fitter: Fitter) -> Placed:
    """Place the words that are the same on every card."""
    pen = _Pen()
    for slot in template.fixed:
        pen.write(fitter.kept(slot, slot.literal), slot.baseline)
    return pen.placed()


def _stand(member: Member | Row, texts: _Texts, fitter: Fitter, pen: _Pen) -> float | None:
    """Place what stands in no column; return its top, None when it has nothing to say."""
    if isinstance(member, Row):
        return _row(member, texts, fitter, pen)
    if isinstance(member, Ornament):
        if not texts.has(member.shown_with):
            return None
        pen.flourishes.append(Flourish(member, Box(*member.box)))
        return member.box[1]
    text = texts.of(member)
    if not text:
        return None
    if member.centred:
        pen.centre(fitter.kept(member, text))
    else:
        pen.write(fitter.fit(member, text), member.baseline)
    return pen.words[-1].box.y


def _row(row: Row, texts: _Texts, fitter: Fitter, pen: _Pen) -> float | None:
    cells = [
        [(slot, texts.of(slot)) for slot in cell]
        for cell in row.cells
        if all(texts.of(slot) for slot in cell)
    ]
    if not cells:
        return None
    falls = bool(row.falls_without) and not texts.has((row.falls_without,))
    baseline = row.falls_to if falls else row.cells[0][0].baseline
    blocks = fitter.row(cells, row)
    size = max(block.setting.size for cell in blocks for block in cell)
    x = row.centre - (row_width(blocks) + 2 * row.space * (len(blocks) - 1)) / 2
    for number, cell in enumerate(blocks):
        if number:
            top = round(baseline - _RULE_ASCENT * size)
            height = round((_RULE_ASCENT + _RULE_DESCENT) * size)
            left = round(x + row.space) - _RULE_WIDTH / 2
            pen.lines.append(Line(row, Box(left, top, _RULE_WIDTH, height)))
            x += 2 * row.space
        for at, block in enumerate(cell):
            x += block.slot.gap if at else 0
            pen.write_at(block, x, baseline)
            x += block_width(block)
    return baseline + min(block.top for cell in blocks for block in cell)


def _column(column: Column, bottom: float, texts: _Texts, fitter: Fitter, pen: _Pen) -> None:
    """Fill the column down to `bottom` at most."""
    items = [
        item for member in column.members if (item := _item(member, texts, fitter)) is not None
    ]
    room = bottom - column.top
    for name, last in column.yields:
        _yield(name, last, items, room, fitter)
    # Of signs so tall that there is no room for all, what is last goes.
    while len(items) > 1 and _height(items) > room:
        items.pop()
    y = column.top + (room - _height(items)) * {"start": 0, "middle": 0.5, "end": 1}[column.justify]
    y = max(y, column.top)
    for at, item in enumerate(items):
        y += item.gap if at else 0
        item.place(pen, y)
        y += item.height


def _height(items: list[_Item]) -> float:
    return sum(item.height for item in items) + sum(item.gap for item in items[1:])


def _yield(name: str, last: Fit, items: list[_Item], room: float, fitter: Fitter) -> None:
    """Set the words of slot `name` ever smaller, down to `last`, until the items fit the room."""
    for at, item in enumerate(items):
        block = item.block
        while block and block.slot.id == name and (excess := _height(items) - room) > 0:
            block = fitter.tighter(block, excess, last)
            if block:
                items[at] = _block_item(block)


def _item(member: Member, texts: _Texts, fitter: Fitter) -> _Item | None:
    if isinstance(member, Ornament):
        return _ornament_item(member) if texts.has(member.shown_with) else None
    text = texts.of(member)
    if not text:
        return None
    return _block_item((fitter.kept if member.literal else fitter.fit)(member, text))


def _block_item(block: Block) -> _Item:
    def place(pen: _Pen, top: float) -> None:
        pen.write(block, top - block.top)

    return _Item(block.slot.gap, block.height, place, block)


def _ornament_item(ornament: Ornament) -> _Item:
    x, _, width, height = ornament.box

    def place(pen: _Pen, top: float) -> None:
        pen.flourishes.append(Flourish(ornament, Box(x, round(top), width, height)))

    return _Item(ornament.gap, height, place)
