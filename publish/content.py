"""Files named by what is in them: written once, whole, and never overwritten."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path

from catalog.durable import replace

_NAME = re.compile(r"[0-9a-f]{32}")


class ContentStore(ABC):
    """Files under `folder`/<2 hex>/, each named by a digest of 32 lower-case hex digits."""

    def __init__(self, folder: Path, file: Callable[[str], str]) -> None:
        """file: names the file of a digest below the folder."""
        self.folder = folder
        self._file = file
        # One writer, one name: what a killed run leaves is found without a look through the store.
        self._unfinished = folder / "unfinished.tmp"

    @abstractmethod
    def whole(self, name: str) -> bool:
        """Tell whether a file is on disk to its last byte (a power cut leaves less)."""

    def path(self, name: str) -> Path:
        """Name the file of a digest, or raise ValueError."""
        return Path(self._spelled(name))

    def _spelled(self, name: str) -> str:
        # Of each package: a Path would take longer than a look at the file.
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a fingerprint")
        return f"{self.folder}/{self._file(name)}"

    def remove(self, name: str) -> None:
        """Delete a file; one that is gone already is fine."""
        self.path(name).unlink(missing_ok=True)

    def all(self) -> Iterator[str]:
        """Yield the digest of every file on disk."""
        for path in self.folder.glob(f"[0-9a-f][0-9a-f]/*{Path(self._file('00')).suffix}"):
            if _NAME.fullmatch(path.stem):
                yield path.stem

    def mend(self) -> None:
        """Remove what a killed run left half written."""
        self._unfinished.unlink(missing_ok=True)

    def _put(self, name: str, content: bytes) -> None:
        """Store a file under its name; one that is there and whole stays as it is."""
        path = self.path(name)
        if not self.whole(name):
            replace(path, content, unfinished=self._unfinished)
