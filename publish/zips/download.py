"""A zip comes piece by piece into a file; where it is cut off, the next try goes on."""

import hashlib
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog.wporg.client import Client, Elsewhere, Stream, Unreadable
from publish.hosts import Hosts, NotAllowed

MOST_BYTES = 512 << 20
_ANSWERS = frozenset({200, 206, 404, 410, 416})
_RANGE = re.compile(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15})")
_SAME_BOOT = 5  # seconds that a corrected clock may move the moment of the last start
_LONGEST = 300  # characters of a header that is sent back


class Refused(Exception):
    """A zip that cannot be kept, with the reason."""


class Full(Exception):
    """There is no room left for a zip."""


class Room:
    """How many bytes may still be written; shared by all that come at once. None: no limit."""

    def __init__(self, left: int | None) -> None:
        self._left = left
        self._taken: dict[Path, int] = {}
        self._lock = threading.Lock()

    def take(self, file: Path, size: int) -> None:
        """Let a file be so many bytes long. Raises Full."""
        with self._lock:
            others = sum(self._taken.values()) - self._taken.get(file, 0)
            if self._left is not None and others + size > self._left:
                raise Full
            self._taken[file] = size


@dataclass(frozen=True, slots=True)
class Download:
    """A file as far as it has come; beside it stands which file of the host it is a part of."""

    path: Path
    room: Room

    def drop(self) -> None:
        """Have done with it."""
        self.path.unlink(missing_ok=True)
        self._of.unlink(missing_ok=True)
        self.room.take(self.path, 0)

    def done(self) -> None:
        """Forget where it came from: it is whole, and has another name."""
        self._of.unlink(missing_ok=True)

    def fetch(self, client: Client, url: str) -> None:
        """Bring the file, or what is missing of it. Raises Refused, Full and Outage."""
        client.stream(url, self._asking, self._read, accept=_ANSWERS)

    @property
    def _of(self) -> Path:
        return self.path.with_suffix(f".of{self.path.suffix}")

    @property
    def _size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def _asking(self) -> Mapping[str, str]:
        """Ask for what is missing, if the file is still the same there."""
        try:
            boot, told = self._of.read_text(encoding="ascii").split("\n")
        except (FileNotFoundError, ValueError):
            return {}
        # After a power cut there may be holes in what came.
        if not self._size or not boot.isdecimal() or abs(int(boot) - _booted()) > _SAME_BOOT:
            return {}
        return {"Range": f"bytes={self._size}-", "If-Range": told}

    def _read(self, answer: Stream) -> None:
        if answer.status in (404, 410):
            raise Refused(f"status {answer.status}")
        if answer.status == 200:
            self._begin(answer)
            self._write(answer)
            return
        found = _RANGE.fullmatch(answer.ranged)
        if answer.status != 206 or not found or int(found[1]) != self._size:
            self.drop()
            raise Unreadable("the answer is no part that was asked for")
        self._write(answer)
        if self._size != int(found[2]):
            raise Unreadable("the answer is only a part")

    def _begin(self, answer: Stream) -> None:
        """Begin anew, and remember by what the host will know that file again."""
        self.path.write_bytes(b"")
        told = answer.etag if answer.etag.startswith('"') else answer.modified
        plain = told.isascii() and told.isprintable() and len(told) <= _LONGEST
        self._of.unlink(missing_ok=True)
        if told and plain:
            self._of.write_text(f"{_booted()}\n{told}", encoding="ascii")

    def _write(self, answer: Stream) -> None:
        size = self._size
        self._allow(size + answer.length)  # before any of it comes
        with self.path.open("ab") as file:
            for piece in answer.pieces:
                size += len(piece)
                if not answer.length:
                    self._allow(size)
                file.write(piece)

    def _allow(self, size: int) -> None:
        """Let the file be so many bytes long. Raises Refused and Full."""
        if size > MOST_BYTES:
            raise Refused(f"it is larger than {MOST_BYTES:,} bytes")
        self.room.take(self.path, size)


@dataclass(frozen=True, slots=True)
class Network:
    """Hosts that are asked for zips."""

    client: Client
    hosts: Hosts

    def fetch(self, url: str, download: Download) -> None:
        """Bring a zip. Raises Refused, Full and Outage."""
        try:
            download.fetch(self.client, self.hosts.url(url))
        except (NotAllowed, Elsewhere) as reason:
            raise Refused(str(reason)) from None


def name_of(label: str, url: str) -> str:
    """Name what comes of an address for a version."""
    return hashlib.sha256(f"{label} {url}".encode()).hexdigest()[:32]


def _booted() -> int:
    """Tell when this machine was started, in Unix seconds."""
    return int(time.time() - time.clock_gettime(time.CLOCK_BOOTTIME))
