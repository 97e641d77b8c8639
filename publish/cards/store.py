"""The files of cards and plates: content-named, written once, never overwritten."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from catalog.durable import replace
from release.address import card_file, plate_file
from release.data import Data

_NAME = re.compile(r"[0-9a-f]{32}")
_PNG_END = b"IEND\xaeB`\x82"
_SVG_END = b"</svg>\n"


class _Store:
    """Files under `folder`/<2 hex>/, named by `name`, that end in the bytes `end`."""

    def __init__(self, folder: Path, name: Callable[[str], str], end: bytes) -> None:
        self.folder = folder
        self._file = name
        self._end = end
        # One writer, one name: what a killed run leaves is found without a look through the store.
        self._unfinished = folder / "unfinished.tmp"

    def path(self, fingerprint: str) -> Path:
        """Name the file of a fingerprint: 32 lower-case hex digits, or ValueError."""
        if not _NAME.fullmatch(fingerprint):
            raise ValueError(f"{fingerprint!r} is not a fingerprint")
        return self.folder / self._file(fingerprint)

    def put(self, fingerprint: str, content: bytes) -> None:
        """Store a file under its name; one that is there and whole stays as it is."""
        path = self.path(fingerprint)
        if self.whole(fingerprint):
            return
        replace(path, content, unfinished=self._unfinished)

    def whole(self, fingerprint: str) -> bool:
        """Tell whether the file is on disk to its last byte (a power cut leaves less)."""
        try:
            with self.path(fingerprint).open("rb") as file:
                file.seek(-len(self._end), os.SEEK_END)
                return file.read() == self._end
        except OSError:
            return False

    def remove(self, fingerprint: str) -> None:
        """Delete a file; one that is gone already is fine."""
        self.path(fingerprint).unlink(missing_ok=True)

    def all(self) -> Iterator[str]:
        """Yield the fingerprint of every file on disk."""
        for path in self.folder.glob(f"[0-9a-f][0-9a-f]/*{Path(self._file('00')).suffix}"):
            if _NAME.fullmatch(path.stem):
                yield path.stem

    def mend(self) -> None:
        """Remove what a killed run left half written."""
        self._unfinished.unlink(missing_ok=True)


class CardStore(_Store):
    """PNG files under `folder`/<2 hex>/<fingerprint>.png."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, card_file, _PNG_END)


class PlateStore(_Store):
    """SVG files under `folder`/<2 hex>/<digest>.svg."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, plate_file, _SVG_END)


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the files go."""

    cards: CardStore
    plates: PlateStore

    @classmethod
    def of(cls, data: Data) -> Self:
        """Give those of a data folder."""
        return cls(CardStore(data.cards), PlateStore(data.plates))

    def mend(self) -> None:
        """Remove what a killed run left half written."""
        self.cards.mend()
        self.plates.mend()


def size_of(png: bytes) -> tuple[int, int]:
    """Read width and height in pixels from a PNG's own header (PNG, section 11.2.2)."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise ValueError("the renderer's answer is not a PNG")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
