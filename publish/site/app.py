"""The real app, asked on one release as the public would ask it, in a process of its own.

The write side never imports the server.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from release.digest import ROOT


class NoAnswer(Exception):
    """The app did not answer; the sentence says what it said instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answers at a path."""

    path: str
    status: int
    headers: Mapping[str, str]
    body: str


Asked = Callable[[Sequence[str]], list[Answer]]


def ask(release: Path, paths: Sequence[str]) -> list[Answer]:
    """Ask for some paths of a release's folder, in order. Raises NoAnswer."""
    with started(release) as asked:
        return asked(paths)


@contextmanager
def started(release: Path) -> Iterator[Asked]:
    """Start the app on a release's folder, to be asked once, as `ask` does, when all is there.

    It opens the release when it is asked, and its start takes as long as a small release.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "server", "--release", str(release.resolve()), "--get"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    ) as process:
        try:
            yield partial(_ask, process)
        finally:
            process.kill()  # it ends by itself only when it was asked


def _ask(process: "subprocess.Popen[str]", paths: Sequence[str]) -> list[Answer]:
    told, wrong = process.communicate("".join(path + "\n" for path in paths))
    # Not splitlines(): a page may hold U+2028, which JSON leaves as it is.
    said = [json.loads(line) for line in told.split("\n") if line]
    if process.returncode or len(said) != len(paths):
        why = wrong.strip()[-500:]
        raise NoAnswer(f"the app did not answer (exit {process.returncode}): {why}")
    return [Answer(one["path"], one["status"], one["headers"], one["body"]) for one in said]
