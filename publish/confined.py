"""Limits of a process that reads what comes from elsewhere: it can harm nothing but itself."""

import resource
from functools import cache
from pathlib import Path

_STATM = Path("/proc/self/statm")


def confine(memory: int, seconds: int) -> None:
    """Limit what this process may take from now on; it writes no file, not even a dump.

    memory: bytes, beyond what it has when it is confined first. seconds: of the processor, for what
    it does next; the kernel ends who takes more.
    """
    _limit_process(memory)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds + 1)


@cache
def _limit_process(memory: int) -> None:
    has = int(_STATM.read_text().split()[0]) * resource.getpagesize()
    _lower(resource.RLIMIT_AS, has + memory)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, value: int) -> None:
    """Set a limit, or leave the lower one that the machine has set."""
    _, most = resource.getrlimit(limit)
    resource.setrlimit(limit, (value if most == resource.RLIM_INFINITY else min(value, most), most))
