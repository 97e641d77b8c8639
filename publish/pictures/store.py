"""The prepared pictures: files named by their content, written once."""

import re
from collections.abc import Iterator
from pathlib import Path

from catalog.durable import replace
from render import PictureError
from render.picture import digest

_NAME = re.compile(r"[0-9a-f]{32}")


class PictureStore:
    """Prepared pictures (see render/picture.py) under `folder`/<2 hex>/<digest>.fp1."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / "unfinished.tmp"

    def path(self, name: str) -> Path:
        """Name the file of a digest: 32 lower-case hex digits, or ValueError."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the digest of a picture")
        return self.folder / name[:2] / f"{name}.fp1"

    def put(self, prepared: bytes) -> str:
        """Store a prepared picture, if it is not there, and give its digest."""
        name = digest(prepared)
        if not self.whole(name):
            replace(self.path(name), prepared, unfinished=self._unfinished)
        return name

    def get(self, name: str) -> bytes:
        """Give a prepared picture. Raises PictureError if it is not there, or damaged."""
        try:
            prepared = self.path(name).read_bytes()
        except OSError as error:
            why = error.strerror or error
            raise PictureError(f"the prepared picture {name} cannot be read: {why}") from error
        if digest(prepared) != name:
            raise PictureError(f"the prepared picture {name} is damaged on disk")
        return prepared

    def whole(self, name: str) -> bool:
        """Tell whether a prepared picture is on disk as it was stored."""
        try:
            return bool(self.get(name))
        except (PictureError, ValueError):
            return False

    def remove(self, name: str) -> None:
        """Delete a prepared picture; one that is gone already is fine."""
        self.path(name).unlink(missing_ok=True)

    def all(self) -> Iterator[str]:
        """Yield the digest of every picture on disk."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*.fp1"):
            if _NAME.fullmatch(path.stem):
                yield path.stem

    def mend(self) -> None:
        """Remove what a killed run left half written."""
        self._unfinished.unlink(missing_ok=True)
