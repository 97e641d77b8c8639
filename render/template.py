"""A card's template: an SVG file whose <text> elements are slots.

    <text id="name" class="name" x="731" style="inline-size:822px" data-fit="96/1 84/2 60/2">

A slot is named after a field of Card, or carries its own words (data-literal). Its x, text-anchor
and inline-size give the box; font, colour and line-height come from style.css. Attributes:

    data-fit="SIZE/LINES …"    tried in this order; the first that holds all the words is taken,
                               else the last, cut
    data-tight="SIZE/LINES …"  taken only when the column is too full
    data-prefix="by "          printed before the words
    data-short="composer …"    a beginning left out when the words do not fit otherwise
    data-gap="14"              room above, unless it is the first that is shown in its column
    data-with="FIELD"          (of a literal or an ornament) shown only when FIELD is

A literal may stand where its y says; every field stands in a column:

    <g data-column="TOP BOTTOM" data-justify="start|middle|end" data-above="COLUMN GAP"
       data-yield="SLOT …">

A column stacks what has something to say; the slots named in data-yield give way, in that order,
when it is too full. In it, <g data-row="CENTRE WIDTH CELL"> sets its children, each a <g>, side by
side in cells of equal width, at most CELL; its stroke is the colour of the lines between them.

Any shape with data-ornament="X Y WIDTH HEIGHT" is an ornament of its column; everything else is
art, which stands still and under no text. Errors name file and line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

from render.card import Card
from render.document import Document, Node, TemplateError, only, read_document
from render.palette import Colour

WIDTH, HEIGHT = 1200, 630
FIELDS = tuple(field.name for field in fields(Card) if field.name != "template")

Fit = tuple[float, int]  # size in px, lines


@dataclass(frozen=True, eq=False)  # one object a slot: a quick key for fonts already made
class Style:
    family: str
    weight: int
    italic: bool
    fill: Colour
    opacity: float
    pitch: float  # distance of baselines, in sizes
    spacing: float  # between letters, px
    features: str
    struck: bool


@dataclass(frozen=True)
class Slot:
    id: str
    line: int
    style: Style
    left: float
    width: float
    align: str  # 'start' | 'middle' | 'end'
    baseline: float
    fits: tuple[Fit, ...]
    tight: tuple[Fit, ...]
    literal: str
    shown_with: str
    prefix: str
    short: str
    gap: float


@dataclass(frozen=True)
class Ornament:
    id: str
    line: int
    box: tuple[float, float, float, float]
    fill: Colour
    gap: float
    shown_with: str


@dataclass(frozen=True)
class Row:
    id: str
    line: int
    centre: float
    width: float
    cell: float
    fill: Colour  # of the line between two cells
    opacity: float
    gap: float
    cells: tuple[tuple[Slot, ...], ...]


Member = Slot | Ornament | Row


@dataclass(frozen=True)
class Column:
    id: str
    line: int
    top: float
    bottom: float
    justify: str
    above: str
    above_gap: float
    yields: tuple[str, ...]
    members: tuple[Member, ...]

    def slots(self) -> list[Slot]:
        found: list[Slot] = []
        for member in self.members:
            if isinstance(member, Slot):
                found.append(member)
            elif isinstance(member, Row):
                found += [slot for cell in member.cells for slot in cell]
        return found


@dataclass(frozen=True)
class Template:
    path: Path
    fixed: tuple[Slot, ...]
    columns: tuple[Column, ...]  # those that others stand above come first
    art: bytes
    ornaments: bytes

    def slots(self) -> list[Slot]:
        return [*self.fixed, *(slot for column in self.columns for slot in column.slots())]


def read_template(path: Path) -> Template:
    """Read and check the template `path`. Raises TemplateError, OSError."""
    document = read_document(path)
    reader = _Reader(document)
    columns = [reader.column(node) for node in document.root.walk() if _has(node, "column")]
    moving = {
        id(inner) for node in document.root.walk() if _has(node, "column") for inner in node.walk()
    }
    fixed = [
        reader.slot(node)
        for node in document.root.walk()
        if node.tag == "text" and id(node) not in moving
    ]
    template = Template(
        path=path,
        fixed=tuple(fixed),
        columns=tuple(sorted(columns, key=lambda column: bool(column.above))),
        art=only(document, "art"),
        ornaments=only(document, "ornaments"),
    )
    reader.check(template)
    return template


def _has(node: Node, name: str) -> bool:
    return f"data-{name}" in node.attributes


def colour(value: str) -> Colour:
    """Read '#rrggbb'."""
    match = re.fullmatch(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", value.strip().lower())
    if not match:
        raise ValueError(f"a colour is written #rrggbb, not {value!r}")
    red, green, blue = (int(part, 16) for part in match.groups())
    return red, green, blue


def _length(value: str) -> float:
    match = re.fullmatch(r"\s*(-?[0-9.]+)(px)?\s*", value)
    if not match:
        raise ValueError(f"a length is a number of px, not {value!r}")
    return float(match[1])


class _Reader:
    """Turns nodes into members; what is wrong comes out as a TemplateError with file and line."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def column(self, node: Node) -> Column:
        top, bottom = self._numbers(node, "data-column", 2)
        above, _, gap = node.attributes.get("data-above", "").partition(" ")
        return Column(
            id=node.attributes.get("id", ""),
            line=node.line,
            top=top,
            bottom=bottom,
            justify=self._choice(node, "data-justify", ("start", "middle", "end")),
            above=above,
            above_gap=float(gap or 0),
            yields=tuple(node.attributes.get("data-yield", "").split()),
            members=tuple(self._member(child) for child in node.children),
        )

    def _member(self, node: Node) -> Member:
        if node.tag == "text":
            return self.slot(node)
        if _has(node, "ornament"):
            x, y, width, height = self._numbers(node, "data-ornament", 4)
            return Ornament(
                id=node.attributes.get("id", ""),
                line=node.line,
                box=(x, y, width, height),
                fill=self._colour(node, node.style.get("fill", "")),
                gap=self._number(node, "data-gap"),
                shown_with=node.attributes.get("data-with", ""),
            )
        if _has(node, "row"):
            centre, width, cell = self._numbers(node, "data-row", 3)
            return Row(
                id=node.attributes.get("id", ""),
                line=node.line,
                centre=centre,
                width=width,
                cell=cell,
                fill=self._colour(node, node.style.get("stroke", "")),
                opacity=self._measure(node, node.style.get("stroke-opacity", "1")),
                gap=self._number(node, "data-gap"),
                cells=tuple(
                    tuple(self.slot(text) for text in cell_node.children)
                    for cell_node in node.children
                ),
            )
        raise self._document.error(node, f"<{node.tag}> has no place in a column")

    def slot(self, node: Node) -> Slot:
        if node.tag != "text":
            raise self._document.error(node, f"expected <text>, found <{node.tag}>")
        name = node.attributes.get("id", "")
        literal = node.text if _has(node, "literal") else ""
        if not literal and name not in FIELDS:
            raise self._document.error(
                node, f"no field of a card is called {name!r}; there are {', '.join(FIELDS)}"
            )
        if "inline-size" not in node.style:
            raise self._document.error(node, f"slot {name!r} has no inline-size, so no box")
        width = self._measure(node, node.style["inline-size"])
        align = node.style.get("text-anchor", "start")
        if align not in ("start", "middle", "end"):
            raise self._document.error(node, f"text-anchor {align!r} is not start, middle or end")
        x = self._measure(node, node.attributes.get("x", ""))
        return Slot(
            id=name,
            line=node.line,
            style=self._style(node),
            left=x - width * {"start": 0, "middle": 0.5, "end": 1}[align],
            width=width,
            align=align,
            baseline=self._measure(node, node.attributes.get("y", "")),
            fits=self._fits(node, "data-fit", required=True),
            tight=self._fits(node, "data-tight"),
            literal=literal,
            shown_with=node.attributes.get("data-with", ""),
            prefix=node.attributes.get("data-prefix", ""),
            short=node.attributes.get("data-short", ""),
            gap=self._number(node, "data-gap"),
        )

    def _style(self, node: Node) -> Style:
        style = node.style
        if "font-family" not in style:
            raise self._document.error(node, "a slot needs a font-family")
        return Style(
            family=re.sub(r"\s*,\s*", ",", style["font-family"].replace('"', "")),
            weight=int(self._measure(node, style.get("font-weight", "400"))),
            italic=style.get("font-style", "normal") == "italic",
            fill=self._colour(node, style.get("fill", "")),
            opacity=self._measure(node, style.get("fill-opacity", "1")),
            pitch=self._measure(node, style.get("line-height", "1.2")),
            spacing=self._measure(node, style.get("letter-spacing", "0")),
            features=style.get("font-feature-settings", ""),
            struck=style.get("text-decoration", "none") == "line-through",
        )

    def _fits(self, node: Node, name: str, *, required: bool = False) -> tuple[Fit, ...]:
        words = node.attributes.get(name, "").split()
        if required and not words:
            raise self._document.error(
                node, f"{name} is missing: the sizes and lines, as in '96/1 84/2'"
            )
        fits: list[Fit] = []
        for word in words:
            match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)/([1-9][0-9]?)", word)
            if not match:
                raise self._document.error(
                    node, f"{name}: {word!r} is not size/lines, as in '84/2'"
                )
            fits.append((float(match[1]), int(match[2])))
        return tuple(fits)

    def _choice(self, node: Node, name: str, choices: tuple[str, ...]) -> str:
        value = node.attributes.get(name, choices[0])
        if value not in choices:
            raise self._document.error(node, f"{name} is {value!r}, not {' or '.join(choices)}")
        return value

    def _numbers(self, node: Node, name: str, count: int) -> tuple[float, ...]:
        words = node.attributes[name].split()
        if len(words) != count:
            raise self._document.error(node, f"{name} takes {count} numbers")
        return tuple(self._measure(node, word) for word in words)

    def _number(self, node: Node, name: str) -> float:
        return self._measure(node, node.attributes.get(name, "0"))

    def _measure(self, node: Node, value: str) -> float:
        try:
            return _length(value)
        except ValueError as error:
            raise self._document.error(node, str(error)) from error

    def _colour(self, node: Node, value: str) -> Colour:
        try:
            return colour(value)
        except ValueError as error:
            raise self._document.error(node, str(error)) from error

    def check(self, template: Template) -> None:
        """Refuse what would only show when drawing: names met twice, and names of nothing."""
        path = template.path
        seen: set[str] = set()
        for slot in template.slots():
            if slot.id in seen:
                raise TemplateError(f"{path}:{slot.line}: slot {slot.id!r} is there twice")
            seen.add(slot.id)
            if slot in template.fixed and not slot.literal:
                raise TemplateError(f"{path}:{slot.line}: slot {slot.id!r} stands in no column")
            if slot.shown_with and slot.shown_with not in FIELDS:
                raise TemplateError(
                    f"{path}:{slot.line}: data-with names no field: {slot.shown_with!r}"
                )
            if slot.left < 0 or slot.left + slot.width > WIDTH:
                raise TemplateError(
                    f"{path}:{slot.line}: slot {slot.id!r} reaches over the card's edge"
                )
        columns = {column.id for column in template.columns}
        for column in template.columns:
            if column.above and column.above not in columns:
                raise TemplateError(
                    f"{path}:{column.line}: data-above names no column: {column.above!r}"
                )
            for name in column.yields:
                if name not in seen:
                    raise TemplateError(f"{path}:{column.line}: data-yield names no slot: {name!r}")
