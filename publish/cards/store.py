"""The card files: content-named, written once, never overwritten."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from catalog.durable import replace
from release.address import card_file

_NAME = re.compile(r"[0-9a-f]{32}")
_PNG_END = b"IEND\xaeB`\x82"


class CardStore:
    """PNG files under `folder`/<2 hex>/<fingerprint>.png."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # One writer, one name: what a killed run leaves is found without a look through the store.
        self._unfinished = folder / "unfinished.tmp"

    def path(self, fingerprint: str) -> Path:
        """Name the file of a fingerprint: 32 lower-case hex digits, or ValueError."""
        if not _NAME.fullmatch(fingerprint):
            raise ValueError(f"{fingerprint!r} is not a fingerprint")
        return self.folder / card_file(fingerprint)

    def put(self, fingerprint: str, png: bytes) -> None:
        """Store a card under its name; one that is there and whole stays as it is."""
        path = self.path(fingerprint)
        if self.whole(fingerprint):
            return
        replace(path, png, unfinished=self._unfinished)

    def whole(self, fingerprint: str) -> bool:
        """Tell whether the card is on disk to its last byte (a power cut leaves less)."""
        try:
            with self.path(fingerprint).open("rb") as file:
                file.seek(-len(_PNG_END), os.SEEK_END)
                return file.read() == _PNG_END
        except OSError:
            return False

    def remove(self, fingerprint: str) -> None:
        """Delete a card; one that is gone already is fine."""
        self.path(fingerprint).unlink(missing_ok=True)

    def all(self) -> Iterator[str]:
        """Yield the fingerprint of every card on disk."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*.png"):
            if _NAME.fullmatch(path.stem):
                yield path.stem

    def mend(self) -> None:
        """Remove what a killed run left half written."""
        self._unfinished.unlink(missing_ok=True)


def size_of(png: bytes) -> tuple[int, int]:
    """Read width and height in pixels from a PNG's own header (PNG, section 11.2.2)."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise ValueError("the renderer's answer is not a PNG")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
