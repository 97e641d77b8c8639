"""A copy of the checkout, to be edited as a maintainer would, and the runs of that copy."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from publish.releases import Releases
from publish.site import published
from tests.conftest import ROOT, SITE_URL

_ROOMS = ("catalog", "publish", "release", "render", "scripts", "server")


@dataclass(frozen=True)
class Checkout:
    """A copy of the checkout with its own data."""

    folder: Path

    @classmethod
    def copied(cls, folder: Path, *more: str) -> "Checkout":
        """Copy the rooms of the project, and more of its files or folders, to a folder."""
        for room in (*_ROOMS, *more):
            if (ROOT / room).is_file():
                shutil.copyfile(ROOT / room, folder / room)
            else:
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / room, folder / room, ignore=ignored)
        return cls(folder)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that must be in a file."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def comment(self, file: str) -> None:
        """Add a comment and a docstring to a module."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('"""', '"""Edited. ', 1) + "\n# A comment.\n", "utf-8")

    def run(self, command: str) -> str:
        """Run the pipeline or the daily job of the copy; give what it said."""
        read = ("--source", str(self.folder / "source.jsonl")) if command == "pipeline" else ()
        words = ("-m", "scripts", "--data", "data", command, *read, "--site-url", SITE_URL)
        return self.done(sys.executable, *words)

    def done(self, *command: str, told: str = "") -> str:
        """Run a command in the copy, with what it is told on standard input; give what it said."""
        ended = subprocess.run(
            command,
            input=told,
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    @property
    def live(self) -> Path:
        return (self.data / "current").resolve()

    def cards(self) -> dict[str, str]:
        """Give the card of each package of the live release."""
        return dict(published.cards_of(self.live / "site.db"))

    def releases(self) -> list[str]:
        return Releases(self.data).ids()
