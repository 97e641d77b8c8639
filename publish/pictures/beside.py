"""Pictures that lie beside a source file, and what any origin of pictures can be asked."""

import os
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from catalog.pictures import Picture
from publish.pictures.judge import MOST_BYTES, Answer, Unfit

_OPENED = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW


class Origin(Protocol):
    """What gives pictures."""

    def ask(self, address: str, picture: Picture) -> Answer:
        """Ask for a picture.

        Raises Unfit for an address that is not asked or gives no picture, and Outage.
        """
        ...

    def seal(self, picture: Picture) -> str:
        """Tell what a picture may be from anything else it was, without reading; '' if unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Beside:
    """The folders of source files, and what is in them, however deep."""

    files: Collection[str]

    def seal(self, picture: Picture) -> str:
        """Tell the files that a picture may be from any others that they were."""
        return " ".join(self._seal(path, picture) for path in picture.addresses)

    def ask(self, address: str, picture: Picture) -> Answer:
        """Read a picture, as if it had been asked for."""
        seal = self.seal(picture)
        try:
            descriptor = os.open(self._inside(address, picture), _OPENED)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise Unfit("it is not a file")
                return Answer(file.read(MOST_BYTES + 1), seal)
        except OSError as error:
            raise Unfit(f"it cannot be read: {error.strerror}") from None

    def _seal(self, path: str, picture: Picture) -> str:
        try:
            told = self._inside(path, picture).stat()
        except (OSError, Unfit):
            return "-"
        return f"{told.st_size},{told.st_mtime_ns},{told.st_ctime_ns},{told.st_ino}"

    def _inside(self, path: str, picture: Picture) -> Path:
        """Give where a path leads, which may go through links; never out of the folder."""
        if picture.source not in self.files:
            raise Unfit("its source is no file that it could lie beside")
        here = Path(picture.source).parent.resolve()
        try:
            found = (here / path).resolve()
        except RuntimeError:  # links in a circle
            raise Unfit("it leads nowhere") from None
        if not found.is_relative_to(here):
            raise Unfit("it leads out of the folder of the source file")
        return found
