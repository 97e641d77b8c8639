"""What a power cut must not take."""

import os
from pathlib import Path


def fsync(path: Path) -> None:
    """Wait until a file's content, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes, *, unfinished: Path | None = None) -> None:
    """Write a file whole or not at all: beside it first, then by one rename.

    A killed run leaves `unfinished`, by default the file's own name with .tmp for its suffix.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = unfinished or path.with_suffix(".tmp")
    unfinished.write_bytes(content)
    unfinished.replace(path)
