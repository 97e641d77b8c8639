"""Refuse to set up what another user set up, and say who has to: in words, and to NOTIFY.

The timers and cron run as a user who may only read the checkout. After an update without
`make setup`, Make would set up anew in their place: this is what it meets first. NOTIFY is told
once, and again only when a run came between. Runs before there is a virtual environment: standard
library only.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from catalog import last_runs
from catalog.owner import name_of
from publish.upkeep.notify import notify
from release.last_runs import Last, read

_COMMAND = "set-up"  # as it stands among the last runs
_UNUSABLE = 2


def main(argv: Sequence[str] | None = None, project: Path = Path()) -> int:
    """Give 0 if this user may set up the project, and 2 if not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notify", metavar="COMMAND", help="told of a refusal, in one line")
    parser.add_argument("--data", type=Path, help="where it is remembered, for `status`")
    args = parser.parse_args(argv)
    made = project / ".venv"
    place = made if made.exists() else project
    if os.access(place, os.W_OK):
        return 0
    state = "is older than the checkout" if made.exists() else "is yet to be done"
    who = name_of(place.stat().st_uid)
    line = f"the set-up of {project.absolute()} {state}: run `make setup` there as {who}"
    print(f"set-up: {line}", file=sys.stderr)
    if _is_news(args.data, line) and args.notify:
        notify(args.notify, f"frontispiece: {line}")
    return _UNUSABLE


def _is_news(data: Path | None, line: str) -> bool:
    """Remember the refusal; tell whether it was the last thing that was remembered already."""
    if data is None:
        return True
    before = [*read(data).items()][-1:]
    refused = Last(int(time.time()), _UNUSABLE, line)
    try:
        last_runs.note(data, _COMMAND, refused, changed=False)
    except OSError:  # there is no such folder yet, or it is somebody else's
        return True
    return not any(name == _COMMAND and last.reason == line for name, last in before)


if __name__ == "__main__":
    sys.exit(main())
