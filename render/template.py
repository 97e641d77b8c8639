"""A card's template: an SVG file whose <text> elements are slots.

    <text id="name" class="name" x="749" style="inline-size:793px" data-fit="110/1 84/1 72/2">

A slot is named after a field of Card, or carries its own words (data-literal). Its x, text-anchor
and inline-size give the box; font, colour and line-height come from style.css. Attributes:

    data-fit="SIZE/LINES …"    tried in this order; the first that holds all the words is taken,
                               else the last, cut
    data-tight="SIZE/LINES …"  taken only where there is too little room
    data-prefix="by "          printed before the words
    data-short="composer …"    a beginning left out when the words do not fit otherwise
    data-gap="14"              room before, unless it is the first that is shown
    data-with="FIELD …"        (of a literal or an ornament) shown only when one of the fields is
    data-centred="DIAGONAL"    its ink is centred on (x, y), and its diagonal is at most that

A slot stands where its y says, or in the column, of which there is one:

    <g data-column="TOP BOTTOM" data-justify="start|middle|end" data-above="GAP ID …"
       data-yield="SLOT:SIZE/LINES …">

It stacks what has something to say, and ends GAP above the highest of the IDs that are shown. When
it is too full, the slots of data-yield give way in that order, each down to that size.

<g data-row="CENTRE WIDTH SPACE DEPTH"> sets its children, each a <g> of slots, on one baseline and
in one size, with SPACE on both sides of the lines between them, at most DEPTH below the baseline;
its stroke is the colour of those lines. With data-falls="FIELD BASELINE" it stands on that baseline
when the field is empty.

Any shape with data-ornament="X Y WIDTH HEIGHT" is an ornament; one with data-flowers="X Y WIDTH
HEIGHT" is the bed that flowers are set in, in the tint of its fill-opacity. An element of the art
with data-picture="X Y WIDTH HEIGHT" is where a picture goes. A group with data-plate="NAME" is left
out unless the card has that plate (see render/engine.py). Everything else is art, which stands
still and under no text. Errors name file and line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from render.card import FIELDS
from render.document import Document, Node, TemplateError, only, read_document
from render.palette import Colour

WIDTH, HEIGHT = 1200, 630
Fit = tuple[float, int]  # size in px, lines
Edges = tuple[float, float, float, float]  # x, y, width, height


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
    shown_with: tuple[str, ...]
    prefix: str
    short: str
    gap: float
    centred: float  # the diagonal its ink may have about (x, baseline); 0 where it stands on that

    @property
    def always(self) -> bool:
        """Whether it says the same on every card."""
        return bool(self.literal) and not self.shown_with


@dataclass(frozen=True)
class Ornament:
    id: str
    line: int
    box: Edges
    fill: Colour
    gap: float
    shown_with: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    id: str
    line: int
    centre: float
    width: float
    space: float
    depth: float
    fill: Colour  # of the line between two cells
    opacity: float
    falls_without: str
    falls_to: float
    cells: tuple[tuple[Slot, ...], ...]

    def slots(self) -> list[Slot]:
        return [slot for cell in self.cells for slot in cell]


Member = Slot | Ornament


@dataclass(frozen=True)
class Bed:
    """Where flowers are set, and their ink."""

    line: int
    box: Edges
    fill: Colour
    tint: float


@dataclass(frozen=True)
class Column:
    id: str
    line: int
    top: float
    bottom: float
    justify: str
    above: tuple[str, ...]
    above_gap: float
    yields: tuple[tuple[str, Fit], ...]
    members: tuple[Member, ...]

    def slots(self) -> list[Slot]:
        return [member for member in self.members if isinstance(member, Slot)]


@dataclass(frozen=True)
class Template:
    path: Path
    plate: str
    fixed: tuple[Slot, ...]  # the same words in the same place on every card
    standing: tuple[Member | Row, ...]  # what stands in no column
    column: Column
    bed: Bed | None
    picture: Edges | None
    plate_art: tuple[Node, ...]  # what its plate is drawn of
    art: bytes
    ornaments: bytes
    flowers: bytes

    def slots(self) -> list[Slot]:
        """Return all slots, those of the column last."""
        rows = [member for member in self.standing if isinstance(member, Row)]
        return [
            *self.fixed,
            *(member for member in self.standing if isinstance(member, Slot)),
            *(slot for row in rows for slot in row.slots()),
            *self.column.slots(),
        ]


def read_template(path: Path, plate: str = "") -> Template:
    """Read and check the template `path` with one of its plates. Raises TemplateError, OSError."""
    document = read_document(path, plate)
    reader = _Reader(document)
    nodes = [node for node in document.root.walk() if node.line]
    columns = [reader.column(node) for node in nodes if _has(node, "column")]
    if len(columns) != 1:
        raise TemplateError(f"{path}:1: a template has one column, not {len(columns)}")
    inside = {
        id(inner)
        for node in nodes
        if _has(node, "column") or _has(node, "row")
        for inner in node.walk()
        if inner is not node
    }
    outside = [
        reader.standing(node)
        for node in nodes
        if id(node) not in inside
        and (node.tag == "text" or _has(node, "ornament") or _has(node, "row"))
    ]
    fixed = tuple(one for one in outside if isinstance(one, Slot) and one.always)
    template = Template(
        path=path,
        plate=plate,
        fixed=fixed,
        standing=tuple(one for one in outside if one not in fixed),
        column=columns[0],
        bed=next((reader.bed(node) for node in nodes if _has(node, "flowers")), None),
        picture=next((reader.picture(node) for node in nodes if _has(node, "picture")), None),
        plate_art=tuple(one for node in nodes if _has(node, "plate") for one in node.children),
        art=only(document, "art"),
        ornaments=only(document, "ornaments"),
        flowers=only(document, "flowers"),
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
        gap, *above = node.attributes.get("data-above", "0").split()
        return Column(
            id=node.attributes.get("id", ""),
            line=node.line,
            top=top,
            bottom=bottom,
            justify=self._choice(node, "data-justify", ("start", "middle", "end")),
            above=tuple(above),
            above_gap=self._measure(node, gap),
            yields=tuple(self._yield(node, word) for word in _words(node, "data-yield")),
            members=tuple(self._member(child) for child in node.children),
        )

    def _yield(self, node: Node, word: str) -> tuple[str, Fit]:
        name, _, fit = word.partition(":")
        return name, self._fit(node, "data-yield", fit)

    def standing(self, node: Node) -> Member | Row:
        return self._row(node) if _has(node, "row") else self._member(node)

    def _member(self, node: Node) -> Member:
        if node.tag == "text":
            return self.slot(node)
        if _has(node, "ornament"):
            return Ornament(
                id=node.attributes.get("id", ""),
                line=node.line,
                box=self._edges(node, "data-ornament"),
                fill=self._colour(node, node.style.get("fill", "")),
                gap=self._number(node, "data-gap"),
                shown_with=_words(node, "data-with"),
            )
        raise self._document.error(node, f"<{node.tag}> has no place in a column")

    def _row(self, node: Node) -> Row:
        centre, width, space, depth = self._numbers(node, "data-row", 4)
        falls_without, _, falls_to = node.attributes.get("data-falls", "").partition(" ")
        return Row(
            id=node.attributes.get("id", ""),
            line=node.line,
            centre=centre,
            width=width,
            space=space,
            depth=depth,
            fill=self._colour(node, node.style.get("stroke", "")),
            opacity=self._measure(node, node.style.get("stroke-opacity", "1")),
            falls_without=falls_without,
            falls_to=self._measure(node, falls_to or "0"),
            cells=tuple(tuple(self.slot(text) for text in cell.children) for cell in node.children),
        )

    def bed(self, node: Node) -> Bed:
        return Bed(
            line=node.line,
            box=self._edges(node, "data-flowers"),
            fill=self._colour(node, node.style.get("fill", "")),
            tint=self._measure(node, node.style.get("fill-opacity", "1")),
        )

    def picture(self, node: Node) -> Edges:
        return self._edges(node, "data-picture")

    def _edges(self, node: Node, name: str) -> Edges:
        x, y, width, height = self._numbers(node, name, 4)
        return x, y, width, height

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
            shown_with=_words(node, "data-with"),
            prefix=node.attributes.get("data-prefix", ""),
            short=node.attributes.get("data-short", ""),
            gap=self._number(node, "data-gap"),
            centred=self._number(node, "data-centred"),
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
        return tuple(self._fit(node, name, word) for word in words)

    def _fit(self, node: Node, name: str, word: str) -> Fit:
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)/([1-9][0-9]?)", word)
        if not match:
            raise self._document.error(node, f"{name}: {word!r} is not size/lines, as in '84/2'")
        return float(match[1]), int(match[2])

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
        slots: dict[str, Slot] = {}
        for slot in template.slots():
            if slot.id in slots:
                raise TemplateError(f"{path}:{slot.line}: slot {slot.id!r} is there twice")
            slots[slot.id] = slot
            if slot.left < 0 or slot.left + slot.width > WIDTH:
                raise TemplateError(
                    f"{path}:{slot.line}: slot {slot.id!r} reaches over the card's edge"
                )
        shown: list[Member] = [*slots.values()]
        shown += [one for one in _members(template) if isinstance(one, Ornament)]
        for member in shown:
            for name in member.shown_with:
                if name not in FIELDS:
                    raise TemplateError(f"{path}:{member.line}: data-with names no field: {name!r}")
        self._check_column(template, slots)

    def _check_column(self, template: Template, slots: dict[str, Slot]) -> None:
        path, column = template.path, template.column
        ids = {member.id for member in template.standing}
        for name in column.above:
            if name not in ids:
                raise TemplateError(f"{path}:{column.line}: data-above names nothing: {name!r}")
        for name, fit in column.yields:
            if name not in slots:
                raise TemplateError(f"{path}:{column.line}: data-yield names no slot: {name!r}")
            if fit not in slots[name].fits + slots[name].tight:
                size, lines = fit
                raise TemplateError(
                    f"{path}:{column.line}: data-yield: {name!r} is never set {size:g}/{lines}"
                )


def _members(template: Template) -> list[Member | Row]:
    return [*template.standing, *template.column.members]


def _words(node: Node, name: str) -> tuple[str, ...]:
    return tuple(node.attributes.get(name, "").split())
