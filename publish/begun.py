"""A folder of many files that is made beside where it goes: it is seen when all of it is there."""

import os
import shutil
from pathlib import Path

from catalog.durable import begin, sync


class Begun:
    """Files below `folder`, which gets the name `goes_to` in the end. A killed run leaves it."""

    def __init__(self, goes_to: Path) -> None:
        self.folder = goes_to.with_suffix(".tmp")
        self._goes_to = goes_to

    def write(self, name: str, content: bytes, at: int | None = None) -> None:
        """Write a file, of the time `at` in nanoseconds where one is given."""
        path = f"{self.folder}/{name}"
        try:
            file = begin(path, content)
        except FileNotFoundError:  # the first of its folder
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            file = begin(path, content)
        try:
            if at is not None:
                os.utime(file, ns=(at, at))
        finally:
            os.close(file)

    def finish(self) -> None:
        """Give the folder its name, if there is one."""
        if self.folder.exists():
            sync(self.folder)
            self.folder.rename(self._goes_to)

    def mend(self) -> None:
        """Remove what a killed run left of it."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
