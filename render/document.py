"""An SVG file with its style sheet: every element knows its line and its computed style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
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
    source: bytes  # with lines marked and the style sheet inlined

    def error(self, node: Node, sentence: str) -> TemplateError:
        return TemplateError(f"{self.path}:{node.line}: {sentence}")


def read_document(path: Path, plate: str) -> Document:
    """Read the SVG file `path` and `style.css` beside it. Raises TemplateError, OSError.

    Of the groups with data-plate only those of `plate` are kept.
    """
    # Imported here: half the start-up time of a run that draws nothing would go into it.
    from cairosvg.parser import Tree
    from defusedxml import ElementTree

    data = path.read_bytes()
    try:
        lines = _lines(data)
        root = ElementTree.fromstring(data)
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
    source: bytes = ElementTree.tostring(root)
    return Document(path, _node(Tree(bytestring=source, url_fetcher=refuse)), source)


def refuse(url: str, resource_type: str) -> bytes:
    """Stand in for CairoSVG's fetcher: a template is whole in itself."""
    raise ValueError(f"a template may not fetch {resource_type} from {url}")


def only(document: Document, keep: str) -> bytes:
    """Return the SVG of the 'art' (what stands still), the 'ornaments', or the bed of 'flowers'."""
    from defusedxml import ElementTree

    root = ElementTree.fromstring(document.source)
    for parent in list(root.iter()):
        for child in list(parent):
            if not _kept(child, keep):
                parent.remove(child)
    result: bytes = ElementTree.tostring(root)
    return result


def _kept(element: Any, keep: str) -> bool:
    if element.tag in (f"{_SVG}g", f"{_SVG}style", f"{_SVG}defs"):
        return True
    if element.tag == f"{_SVG}text":
        return False
    part = next((name for name in _PARTS if f"data-{name}" in element.attrib), None)
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
        style={name: str(value) for name, value in node.items()},
        children=tuple(
            _node(child) for child in node.children if _LINE in child.element.etree_element.attrib
        ),
    )
