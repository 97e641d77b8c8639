"""The files of cards and plates: content-named, written once, never overwritten."""

import os
from collections.abc import Callable
from pathlib import Path

from publish.content import ContentStore
from release.address import card_file, plate_file

_PNG_END = b"IEND\xaeB`\x82"
_SVG_END = b"</svg>\n"


class _Store(ContentStore):
    """Files that end in the bytes `end`."""

    def __init__(self, folder: Path, file: Callable[[str], str], end: bytes) -> None:
        super().__init__(folder, file)
        self._end = end

    def put(self, fingerprint: str, content: bytes) -> None:
        """Store a file under its name; one that is there and whole stays as it is."""
        self._put(fingerprint, content)

    def whole(self, name: str) -> bool:
        """Tell by its end whether the file is on disk."""
        try:
            file = os.open(self._spelled(name), os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            os.lseek(file, -len(self._end), os.SEEK_END)
            return os.read(file, len(self._end)) == self._end
        except OSError:  # it is shorter
            return False
        finally:
            os.close(file)


class CardStore(_Store):
    """PNG files under `folder`/<2 hex>/<fingerprint>.png."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, card_file, _PNG_END)


class PlateStore(_Store):
    """SVG files under `folder`/<2 hex>/<digest>.svg."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, plate_file, _SVG_END)


def size_of(png: bytes) -> tuple[int, int]:
    """Read width and height in pixels from a PNG's own header (PNG, section 11.2.2)."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise ValueError("the renderer's answer is not a PNG")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
