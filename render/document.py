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


def read_document(path: Path) -> Document:
    """Read the SVG file `path` and `style.css` beside it. Raises TemplateError, OSError."""
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
    style = Element(f"{_SVG}style", {_LINE: "0"})
    style.text = (path.parent / "style.css").read_text("utf-8")
    root.insert(0, style)
    source: bytes = ElementTree.tostring(root)
    return Document(path, _node(Tree(bytestring=source, url_fetcher=refuse)), source)


def refuse(url: str, resource_type: str) -> bytes:
    """Stand in for CairoSVG's fetcher: a template is whole in itself."""
    raise ValueError(f"a template may not fetch {resource_type} from {url}")


def only(document: Document, keep: str) -> bytes:
    """Return the SVG of the 'art' (what stands still) or of the 'ornaments' (what moves)."""
    from defusedxml import ElementTree

    root = ElementTree.fromstring(document.source)
    for parent in list(root.iter()):
        for child in list(parent):
            moves = "data-column" in child.attrib or child.tag == f"{_SVG}text"
            painted = child.tag not in (f"{_SVG}g", f"{_SVG}style", f"{_SVG}defs")
            ornament = "data-ornament" in child.attrib
            if (moves and keep == "art") or (keep == "ornaments" and painted and not ornament):
                parent.remove(child)
    result: bytes = ElementTree.tostring(root)
    return result


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
