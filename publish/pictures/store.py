"""The prepared pictures: files named by their content, written once."""

from pathlib import Path

from publish.content import ContentStore
from render import PictureError
from render.picture import digest


def _file(name: str) -> str:
    return f"{name[:2]}/{name}.fp1"


class PictureStore(ContentStore):
    """Prepared pictures (see render/picture.py) under `folder`/<2 hex>/<digest>.fp1."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, _file)

    def put(self, prepared: bytes) -> str:
        """Store a prepared picture, if it is not there, and give its digest."""
        name = digest(prepared)
        self._put(name, prepared)
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
