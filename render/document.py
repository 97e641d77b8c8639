"""An SVG file with its style sheet: every element knows its line and its computed style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

_SVG = "{http://www.w3.org/2000/svg}"
_LINE = "data-line"
_PARTS = {"ornament": "ornaments", "flowers": "flowers"}  # by attribute; all else is art


class TemplateError(ValueError):
    """A template that cannot be drawn; the message begins with file and line."""


@dataclass(frozen=True)
class Node:
    """One element: its own attributes, and the style that the sheet and its parents give it."""

    tag: str
    text: str
    attributes: dict[str, str]
    style: dict[str, str]
    children: tuple[Node, ...]

    @property
    def line(self) -> int:
        return int(self.attributes[_LINE])

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Document:
    path: Path
    root: Node

    def error(self, node: Node, sentence: str) -> TemplateError:
        return TemplateError(f"{self.path}:{node.line}: {sentence}")


def read_document(path: Path, plate: str) -> Document:
    """Read the SVG file `path` and `style.css` beside it. Raises TemplateError, OSError.

    Of the groups with data-plate only those of `plate` are kept.
    """
    # Imported here: half the start-up time of a run that draws nothing would go into it.
    from cairosvg.parser import Tree
    from defusedxml.ElementTree import fromstring

    data = path.read_bytes()
    try:
        lines = _lines(data)
        root = fromstring(data)
    except expat.ExpatError as error:
        raise TemplateError(f"{path}:{error.lineno}: not XML: {error}") from error
    for element, line in zip(root.iter(), lines, strict=True):
        element.set(_LINE, str(line))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("data-plate", plate) != plate:
                parent.remove(child)
    style = Element(f"{_SVG}style", {_LINE: "0"})
    style.text = (path.parent / "style.css").read_text("utf-8")
    root.insert(0, style)
    source = ElementTree.tostring(root)
    return Document(path, _node(Tree(bytestring=source, url_fetcher=refuse)))


def refuse(url: str, resource_type: str) -> bytes:
    """Stand in for CairoSVG's fetcher: a template is whole in itself."""
    raise ValueError(f"a template may not fetch {resource_type} from {url}")


def only(document: Document, keep: str) -> bytes:
    """Return the SVG of the 'art' (what stands still), the 'ornaments', or the bed of 'flowers'.

    Styles are in the elements' own attributes: to read the sheet takes longer than to draw.
    """
    return ElementTree.tostring(_element(document.root, keep))


def _element(node: Node, keep: str) -> Element:
    made = Element(f"{_SVG}{node.tag}", node.style)
    made.extend(_element(child, keep) for child in node.children if _kept(child, keep))
    return made


def _kept(node: Node, keep: str) -> bool:
    if node.tag in ("g", "defs"):
        return True
    if node.tag in ("text", "style"):
        return False
    part = next((name for name in _PARTS if f"data-{name}" in node.attributes), None)
    return _PARTS.get(part or "", "art") == keep


def _lines(data: bytes) -> list[int]:
    found: list[int] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _name, _attributes: found.append(parser.CurrentLineNumber)
    parser.Parse(data, True)
    return found


def _node(node: Any) -> Node:
    element = node.element.etree_element
    return Node(
        tag=str(node.tag),
        text="".join(element.itertext()).strip(),
        attributes=dict(element.attrib),
        style={name: str(value) for name, value in node.items() if name != "style"},
        children=tuple(
            _node(child) for child in node.children if _LINE in child.element.etree_element.attrib
        ),
    )
