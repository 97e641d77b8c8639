"""A site as its operator keeps it: published by the scripts, served by `scripts serve`."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.installs.log import in_use
from catalog.journal import Journal
from scripts import build, deploy, render_new, rollback
from tests.conftest import ROOT, scripts
from tests.nginx.face import Answer, ask, free_port, wait
from tests.runs import Here
from tests.stub import blank

_LINE = re.compile(r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[0-9.]+" (?P<status>\d+)')


@dataclass(frozen=True)
class Asked:
    """A request as nginx's log tells it; its path is without the site's."""

    method: str
    path: str
    status: int


@dataclass
class Place:
    """A data folder, and the address that what is published there names."""

    data: Path
    port: int
    base: str = ""

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://127.0.0.1:{self.port}{self.base}"

    def publish(
        self, *records: dict[str, Any], closed: str = "abandon", **words: bool | str
    ) -> None:
        """Publish these packages, and no others, as `make pipeline` does.

        words: of the build: replaces=True is --replaces, advisories="x" is --advisories x.
        """
        source = self.data.with_suffix(".jsonl")
        source.write_text("".join(json.dumps(one) + "\n" for one in records))
        where, journal = ["--data", str(self.data)], Journal()
        reading = ["--source", str(source), "--max-withdrawn", "100%"]
        for name, word in words.items():
            reading += [f"--{name.replace('_', '-')}"] if word else []
            reading += [word] if word and isinstance(word, str) else []
        assert build.main([*where, *reading], journal) == 0
        assert render_new.main(where, journal, blank, Here()) == 0
        site = ["--site-url", self.url, "--closed", closed]
        assert deploy.main([*where, *site], journal) == 0

    def roll_back(self) -> None:
        """Show the release before again, as `make rollback` does."""
        assert rollback.main(["--data", str(self.data)], Journal()) == 0

    def ask(self, path: str, **headers: str) -> Answer:
        """Ask nginx once for an address within the site."""
        return ask(self.port, self.base + path, **headers)

    def log(self) -> list[Asked]:
        """Give what was asked since this was called last, in no order: each worker has its own."""
        log = self.data / "log" / "access.log"
        aside = log.rename(log.with_suffix(".read"))
        # nginx keeps lines to itself for a second, but not when it is told to begin the log anew.
        os.kill(int((log.parent / "nginx.pid").read_text()), signal.SIGUSR1)
        wait(lambda: log.exists() and not in_use(aside, aside.stat().st_mtime))
        lines = aside.read_text()
        return [
            Asked(line["method"], line["path"].removeprefix(self.base), int(line["status"]))
            for line in _LINE.finditer(lines)
        ]


@contextmanager
def served(folder: Path, base: str = "") -> Iterator[Place]:
    """Serve the site of an empty data folder: nothing is published yet."""
    place = Place(folder / "data", free_port(), base)
    place.data.mkdir()
    words = ("--listen", f"127.0.0.1:{place.port}", "--site-url", place.url, "--workers", "1")
    process = subprocess.Popen(
        scripts(place.data, "serve", *words), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert any(line.startswith("Serving ") for line in process.stdout)
        yield place
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
