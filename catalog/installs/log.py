"""The log that nginx writes of Composer's notifications: set aside, read line by line, deleted.

A log is set aside under a name that is never used again, so the name alone tells which bytes have
been read, whatever becomes of the file.
"""

import errno
import fcntl
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from catalog.installs.notification import MAX_BYTES

_QUIET = 3600  # seconds without a write, where the kernel does not say who has the file open
_CHUNK = 1 << 20


class LogLine(NamedTuple):
    """A line with its end: its bytes (cut after MAX_BYTES + 1) and its true size.

    whole: False for a last line whose end has not been written.
    """

    content: bytes
    size: int
    whole: bool


class InstallLog:
    """The log at `path`, and beside it `path`.<stamp>-<random>: those set aside to be counted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set_aside(self, now: datetime) -> Path | None:
        """Rename the log, if there is anything in it, so that nginx's next one begins empty."""
        try:
            if not self.path.stat().st_size:
                return None
        except FileNotFoundError:
            return None
        stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        return self.path.rename(f"{self.path}.{stamp}-{secrets.token_hex(8)}")

    def waiting(self) -> list[Path]:
        """Give the logs that were set aside and not yet deleted, oldest first."""
        if not self.path.parent.is_dir():
            return []
        own = f"{self.path.name}."
        return sorted(
            path
            for path in self.path.parent.iterdir()
            if path.name.startswith(own) and _is_ours(path.name.removeprefix(own))
        )


def _is_ours(ending: str) -> bool:
    stamp, dash, token = ending.partition("-")
    return len(stamp) == 16 and stamp.endswith("Z") and bool(dash) and len(token) == 16


def in_use(log: Path, now: float) -> bool:
    """Tell whether a process may still write to a log that was set aside.

    The kernel knows: it grants a read lease only on a file that nobody has open for writing. It
    grants none at all on some file systems, and on another user's file; then a log counts as in use
    until nobody has written to it for an hour.
    """
    with log.open("rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return True
            return log.stat().st_mtime > now - _QUIET
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def lines(file: BinaryIO) -> Iterator[LogLine]:
    """Yield the lines from where `file` stands; one that is far too long is never held whole."""
    while content := file.readline(MAX_BYTES + 1):
        size, end = len(content), content
        while not end.endswith(b"\n") and (end := file.readline(_CHUNK)):
            size += len(end)
        yield LogLine(content, size, end.endswith(b"\n"))
