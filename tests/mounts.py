"""Mounts a file system where this machine lets us; a container often does not."""

import subprocess
from pathlib import Path

import pytest


def mount(folder: Path, *words: str) -> None:
    """Mount on a folder, with these words of mount(8), or skip the test and give the reason."""
    command = ["mount", *words, str(folder)]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"this machine refuses a mount: {tried.stderr.strip()}")
