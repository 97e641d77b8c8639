"""Start the app's processes anew, one after the other, without a gap.

Each is ended and started by a command (systemd's, by default), and answers on its socket before the
next one is touched: nginx asks the others meanwhile. One that does not come back stops the rest, so
that those which still run go on.
"""

import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from publish.upkeep.machine import answers
from release import processes
from scripts import arguments
from scripts.arguments import serving

_PATIENCE = 60.0  # seconds for a process to answer
_LOOK = 0.05
# A connection that nginx kept to the old process fails when it is used before nginx has seen it
# closed. That request has had its turn here, and the next process must not be away as well.
_SETTLE = 1.0


def main(argv: Sequence[str] | None = None) -> int:
    """Restart all; 0 when each of them answers again, 1 at the first that does not, 2 for none."""
    parser = arguments.parser(__doc__, "restart")
    serving.add_sockets(parser)
    parser.add_argument(
        "--by",
        default="systemctl restart frontispiece-app@%i.service",
        metavar="COMMAND",
        help="restarts the process whose number stands for %%i, and ends when the old one has "
        "ended (default: %(default)s)",
    )
    options = parser.parse_args(argv)
    sockets = processes.sockets(options.sockets)
    if not sockets:
        print(f"restart: no process listens in {options.sockets}", file=sys.stderr)
        return 2
    for number, path in sockets.items():
        if number != min(sockets):
            time.sleep(_SETTLE)
        why = _restart(shlex.split(options.by.replace("%i", str(number))), path)
        if why:
            print(f"restart: app {number}: {why}; the others were left alone", file=sys.stderr)
            return 1
    print(f"restart: {len(sockets)} processes of the app were started anew")
    return 0


def _restart(command: Sequence[str], path: Path) -> str:
    """Start a process anew and wait until it answers; say what went wrong, '' if nothing."""
    try:
        ended = subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    if ended.returncode:
        return f"{shlex.join(command)} ended with {ended.returncode}"
    deadline = time.monotonic() + _PATIENCE
    while not answers(path, _PATIENCE):
        if time.monotonic() > deadline:
            return f"it has not answered for {_PATIENCE:.0f} seconds"
        time.sleep(_LOOK)
    return ""


if __name__ == "__main__":
    raise SystemExit(main())
