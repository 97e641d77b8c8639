"""The kept zips: files named by their content, written once, never overwritten."""

import hashlib
import time
from pathlib import Path

from catalog.durable import fsync
from publish.content import ContentStore
from release.address import zip_file

_WEEK = 7 * 86_400
_ENDING = ".tmp"  # what is not sent to other hosts


class ZipStore(ContentStore):
    """Zips under `folder`/<2 hex>/<name>.zip; a name is the beginning of the SHA-256."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, zip_file)
        self._coming = folder / "unfinished"

    def coming(self, name: str) -> Path:
        """Name the file that a zip is written to while it comes; runs go on with one another's."""
        self._coming.mkdir(parents=True, exist_ok=True)
        return self._coming / f"{name}{_ENDING}"

    def take(self, came: Path, name: str) -> None:
        """Give a zip that came whole its place; one that is there and whole stays as it is."""
        path = self.path(name)
        if self.whole(name):
            came.unlink()
            return
        fsync(came)
        path.parent.mkdir(parents=True, exist_ok=True)
        came.replace(path)

    def whole(self, name: str) -> bool:
        """Tell whether a zip is on disk as it was stored."""
        try:
            with self.path(name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest().startswith(name)
        except OSError:
            return False

    def there(self, name: str) -> bool:
        """Tell whether there is a zip of this name: it got that when it was whole."""
        return self.path(name).exists()

    def remove_abandoned(self) -> int:
        """Remove what began to come and nobody went on with for a week; give how many."""
        old = [path for path in self._coming.glob(f"*{_ENDING}") if _age(path) > _WEEK]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
