"""What a power cut must not take."""

import ctypes
import os
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)


def fsync(path: Path) -> None:
    """Wait until a file's content, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync(folder: Path) -> None:
    """Wait until all that was written to the file system of a folder is on disk. Raises OSError.

    It is syncfs(2), which Python has no name for: os.sync waits for every other file system, too,
    and tells of no error. Thousands of fsyncs take far longer.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if _LIBC.syncfs(descriptor):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes, *, unfinished: Path | None = None) -> None:
    """Write a file whole or not at all: beside it first, then by one rename.

    A killed run leaves `unfinished`, by default the file's own name with .tmp for its suffix.
    """
    unfinished = unfinished or path.with_suffix(".tmp")
    try:
        _put(path, content, unfinished)
    except FileNotFoundError:  # once a folder: thousands of files are made in some
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, content, unfinished)


def _put(path: Path, content: bytes, unfinished: Path) -> None:
    descriptor = begin(unfinished, content)
    os.close(descriptor)
    os.replace(unfinished, path)  # noqa: PTH105  (a file of thousands: pathlib makes a third Path)


def begin(path: Path | str, content: bytes) -> int:
    """Write a file anew; give its descriptor, open, so that a time can be read or set.

    It takes three calls to the kernel; a file object takes seven.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
