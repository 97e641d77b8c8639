"""Reads the unit files under ops/, as far as the tests need."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

OPS = ROOT / "ops"
SERVICES = sorted(path.name for path in OPS.glob("systemd/*.service"))
WRITERS = [name for name in SERVICES if "@" not in name]

_PLACE = "/srv/frontispiece"


def settings(name: str) -> dict[str, list[str]]:
    """Give a unit's settings, each with its values in order, whatever their section."""
    found: dict[str, list[str]] = {}
    for line in (OPS / "systemd" / name).read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith(("#", "[")):
            found.setdefault(key, []).append(value)
    return found


def moved(folder: Path) -> list[Path]:
    """Write the units as they would be if the project lay where it lies, and give their paths."""
    written = []
    for unit in sorted((OPS / "systemd").iterdir()):
        path = folder / unit.name
        path.write_text(unit.read_text().replace(_PLACE, str(ROOT)))
        written.append(path)
    return written


def allowed(name: str) -> set[str]:
    """Give the system calls that a unit allows."""
    calls: set[str] = set()
    for line in settings(name)["SystemCallFilter"]:
        taken = line.startswith("~")
        for word in line.removeprefix("~").split():
            these = set(_group(word)) if word.startswith("@") else {word}
            calls = calls - these if taken else calls | these
    return calls


def _group(name: str) -> Iterator[str]:
    asked = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    )
    for word in re.findall(r"^ +(@?[a-z0-9_-]+)$", asked.stdout, re.MULTILINE):
        if word.startswith("@"):
            yield from _group(word)
        else:
            yield word
