"""How each command went last, beside catalog.db: known even when that could not be written.

The file has its full size from the first run on and is overwritten in place, so that a full disk
does not keep a run from saying that the disk is full.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from release.data import Data

_SIZE = 16_384  # bytes: some fifteen commands, each with a reason
_LONGEST = 500  # characters of a reason


@dataclass(frozen=True, slots=True)
class Last:
    """The last try of a command, and when it last succeeded and last changed something.

    Moments are Unix seconds, 0 for never. reason: a sentence, '' where the exit code says it all.
    """

    tried_at: int = 0
    exit_code: int = 0
    reason: str = ""
    succeeded_at: int = 0
    changed_at: int = 0


def read(data: Path) -> dict[str, Last]:
    """Give the last runs by command; {} before the first, or where the file is damaged."""
    try:
        told = json.loads(Data(data).last_runs.read_bytes())
        return {str(command): Last(**last) for command, last in told.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}


def note(data: Path, command: str, now: int, exit_code: int, reason: str, *, changed: bool) -> Last:
    """Remember how a command ended; give what was remembered before. Raises OSError."""
    known = read(data)
    before = known.get(command, Last())
    last = replace(before, tried_at=now, exit_code=exit_code, reason=reason[:_LONGEST])
    if exit_code == 0:
        last = replace(last, succeeded_at=now)
    if changed:
        last = replace(last, changed_at=now)
    told = json.dumps({name: asdict(one) for name, one in (known | {command: last}).items()})
    descriptor = os.open(Data(data).last_runs, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        os.pwrite(descriptor, told.encode().ljust(_SIZE), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return before
