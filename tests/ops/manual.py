"""Reads the commands out of docs/operations.md.

Those in blocks that begin with ```sh are for root's bash, each block by itself, in their order;
those that begin with ```sh elsewhere need what a trial has not.
"""

import re
from dataclasses import dataclass

PATH = "docs/operations.md"

_PART = re.compile(
    r"^## (?P<title>[^\n]+)$|^```sh(?P<elsewhere> elsewhere)?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """Commands that stand together, and the chapter that they stand in."""

    chapter: str
    text: str


def blocks(manual: str) -> list[Block]:
    """Give the blocks that are to be run."""
    found, chapter = [], ""
    for part in _PART.finditer(manual):
        if part["title"]:
            chapter = part["title"]
        elif not part["elsewhere"]:
            found.append(Block(chapter, part["text"]))
    return found
