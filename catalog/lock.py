"""One run at a time: an OS lock on DATA/lock, released by the kernel on any death.

The file also says in words who holds it, or who held it last; only the lock itself decides.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from release.data import Data


class Held(Exception):
    """Another run holds the lock; the sentence says who, where and since when."""


_LOOK = 0.2  # seconds between two tries


@contextmanager
def hold(data: Path, command: str, wait: float = 0) -> Iterator[None]:
    """Hold the lock of `data` for `command`, or raise Held, at once or after `wait` seconds."""
    data.mkdir(parents=True, exist_ok=True)
    # Not inheritable (Python's default): a drawing process that outlives the run must not hold it.
    descriptor = os.open(Data(data).lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + wait
        while not _taken(descriptor):
            if time.monotonic() >= deadline:
                raise Held(_holder(descriptor))
            time.sleep(_LOOK)
        who = {
            "command": command,
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(who).encode() + b"\n", 0)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> str:
    try:
        who = json.loads(os.pread(descriptor, 4096, 0))
        return "{command} (process {pid} on {host}) holds the lock since {since}".format(**who)
    except (ValueError, KeyError, TypeError):
        return "another run holds the lock; it has only just begun"
