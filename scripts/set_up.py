"""Refuse to set up what another user set up, and say who has to: in words, and to NOTIFY.

The timers and cron run as a user who may only read the checkout. After an update without
`make setup`, Make would set up anew in their place: this is what it meets first. Runs before there
is a virtual environment: standard library only.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from catalog.owner import name_of
from publish.upkeep.notify import notify


def main(argv: Sequence[str] | None = None, project: Path = Path()) -> int:
    """Give 0 if this user may set up the project, and 2 if not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notify", metavar="COMMAND", help="told of a refusal, in one line")
    args = parser.parse_args(argv)
    made = project / ".venv"
    place = made if made.exists() else project
    if os.access(place, os.W_OK):
        return 0
    state = "is older than the checkout" if made.exists() else "is yet to be done"
    who = name_of(place.stat().st_uid)
    line = f"the set-up of {project.absolute()} {state}: run `make setup` there as {who}"
    print(f"set-up: {line}", file=sys.stderr)
    if args.notify:
        notify(args.notify, f"frontispiece: {line}")
    return 2


if __name__ == "__main__":
    sys.exit(main())
