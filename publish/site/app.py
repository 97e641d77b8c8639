"""The real app, asked on one release as the public would ask it, in a process of its own.

The write side never imports the server.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def ask(release: Path, paths: Sequence[str]) -> list[Answer]:
    """Ask for some paths of a release's folder, in order. Raises NoAnswer."""
    asked = subprocess.run(
        [sys.executable, "-m", "server", "--release", str(release.resolve()), "--get"],
        input="".join(path + "\n" for path in paths),
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    # Not splitlines(): a page may hold U+2028, which JSON leaves as it is.
    said = [json.loads(line) for line in asked.stdout.split("\n") if line]
    if asked.returncode or len(said) != len(paths):
        why = asked.stderr.strip()[-500:]
        raise NoAnswer(f"the app did not answer (exit {asked.returncode}): {why}")
    return [Answer(one["path"], one["status"], one["headers"], one["body"]) for one in said]
