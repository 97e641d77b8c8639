"""How each command went last, as DATA/last-runs.json tells: runs write it, the app reads it.

A JSON object: the commands in the order in which they ended, and for each the fields of `Last`. The
file keeps its size and is overwritten in place, so a reader may meet it half written: then it looks
again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType

from release.data import Data

_LOOKS = 3
_NONE: Mapping[str, "Last"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Last:
    """The last try of a command, and when it last succeeded and last changed something.

    Moments are Unix seconds, of when a run began; 0 for never. seconds: how long the last try took.
    reason: a sentence, which may name paths; '' where the exit code says it all.
    """

    tried_at: int = 0
    exit_code: int = 0
    reason: str = ""
    succeeded_at: int = 0
    changed_at: int = 0
    seconds: float = 0.0


def read(data: Path) -> Mapping[str, Last]:
    """Give the last runs by command, the latest last.

    None before the first run, nor where the file is damaged or may not be read.
    """
    for _ in range(_LOOKS):
        try:
            return parsed(Data(data).last_runs.read_bytes())
        except OSError:
            return _NONE
        except ValueError:
            continue
    return _NONE


def parsed(content: bytes) -> dict[str, Last]:
    """Read what the file holds, perhaps of an older or newer version. Raises ValueError."""
    told = json.loads(content)
    if not isinstance(told, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # as for what is not JSON at all
    return {command: _last(facts) for command, facts in told.items()}


def _last(facts: object) -> Last:
    if not isinstance(facts, dict):
        raise ValueError("a run is not a JSON object")  # noqa: TRY004
    known = {one.name: facts[one.name] for one in fields(Last) if one.name in facts}
    for name, value in known.items():
        if not isinstance(value, str if name == "reason" else int | float):
            raise ValueError(f"{name} is not what it should be")  # noqa: TRY004
    return Last(**known)
