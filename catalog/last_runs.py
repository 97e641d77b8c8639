"""Remembers how each command went, beside catalog.db: known even when that could not be written.

The file has its full size from the first run on and is overwritten in place, so that a full disk
does not keep a run from saying that the disk is full. Its form is release/last_runs.py's.
"""

import contextlib
import fcntl
import json
import os
from dataclasses import asdict, replace
from pathlib import Path

from release.data import Data
from release.last_runs import Last, parsed

_SIZE = 16_384  # bytes: some fifteen commands, each with a reason
_LONGEST = 500  # characters of a reason


def note(data: Path, command: str, last: Last, *, changed: bool) -> Last:
    """Remember how a command ended; give what was remembered before. Raises OSError.

    last: the try, without what it is to the tries before: when one succeeded and changed something.
    """
    # Readable by the group, as what is published is: the app tells of it.
    descriptor = os.open(Data(data).last_runs, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # a backup may end when a run does
        size = os.fstat(descriptor).st_size
        known: dict[str, Last] = {}
        with contextlib.suppress(ValueError):  # damaged: it begins anew
            known = parsed(os.pread(descriptor, size, 0))
        before = known.pop(command, Last())
        known[command] = replace(
            last,
            reason=last.reason[:_LONGEST],
            succeeded_at=before.succeeded_at if last.exit_code else last.tried_at,
            changed_at=last.tried_at if changed else before.changed_at,
        )
        told = json.dumps({name: asdict(one) for name, one in known.items()})
        os.pwrite(descriptor, told.encode().ljust(max(_SIZE, size)), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return before
