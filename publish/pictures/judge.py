"""A picture from elsewhere is judged and prepared in a process that can come to no more than harm
itself: its memory, its processor time and its files are limited.

Whatever is wrong with a picture, there is a sentence for it, and the next one has its turn.
"""

import resource
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MOST_BYTES = 2_000_000
_MEMORY = 768 << 20  # bytes, beyond what the process has when it begins
_SECONDS = 10  # of the processor, for one picture
_STATM = Path("/proc/self/statm")


class Unfit(Exception):
    """A picture that cannot be shown, with the reason."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A picture as it came, None if it is still the prepared one; and what tells when it is."""

    content: bytes | None
    etag: str = ""
    modified: str = ""


def judged(type_: str, content: bytes) -> bytes | str:
    """Prepare the picture of a 'plugin' or 'theme', in a worker; or give what is wrong with it."""
    # Pillow's and CairoSVG's readers: not before there is a picture to read.
    from publish.pictures.reader import prepared

    _limit_process()
    _limit_time()
    try:
        return prepared(type_, content)
    except Unfit as unfit:
        return str(unfit)
    except MemoryError:
        return "it takes too much memory"
    except RecursionError:
        return "it is nested too deeply"
    except Exception as error:  # noqa: BLE001  (whatever a picture does to a library)
        told = f"it cannot be read: {type(error).__name__}: {error}"[:300]
        return "".join(one if one.isprintable() else " " for one in told)


def _limit_time() -> None:
    """Give the next picture so many seconds of the processor; the kernel ends who takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + _SECONDS + 1
    _lower(resource.RLIMIT_CPU, until)


@cache
def _limit_process() -> None:
    """Limit, once, what this process may take of memory; it writes no file, not even a dump."""
    has = int(_STATM.read_text().split()[0]) * resource.getpagesize()
    _lower(resource.RLIMIT_AS, has + _MEMORY)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, value: int) -> None:
    """Set a limit, or leave the lower one that the machine has set."""
    _, most = resource.getrlimit(limit)
    resource.setrlimit(limit, (value if most == resource.RLIM_INFINITY else min(value, most), most))
