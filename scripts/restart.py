"""Start the app's processes anew, one after the other, without a gap.

Each is ended and started by a command (systemd's, by default), and answers on its socket before the
next one is touched: nginx asks the others meanwhile. One that does not come back stops the rest, so
that those which still run go on.
"""

import http.client
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scripts import arguments

_SOCKET = re.compile(r"app-([0-9]{1,4})")
_PATIENCE = 60.0  # seconds for a process to answer
_LOOK = 0.05


def main(argv: Sequence[str] | None = None) -> int:
    """Restart all; 0 when each of them answers again, 1 at the first that does not, 2 for none."""
    parser = arguments.parser(__doc__, "restart")
    parser.add_argument(
        "--sockets",
        type=Path,
        default=Path("/run/frontispiece/sockets"),
        metavar="DIR",
        help="where the processes listen: app-1, app-2, … (default /run/frontispiece/sockets)",
    )
    parser.add_argument(
        "--by",
        default="systemctl restart frontispiece-app@%i.service",
        metavar="COMMAND",
        help="restarts the process whose number stands for %%i, and ends when the old one has "
        "ended (default: %(default)s)",
    )
    options = parser.parse_args(argv)
    processes = _processes(options.sockets)
    if not processes:
        print(f"restart: no process listens in {options.sockets}", file=sys.stderr)
        return 2
    for number, path in processes:
        why = _restart(shlex.split(options.by.replace("%i", str(number))), path)
        if why:
            print(f"restart: app {number}: {why}; the others were left alone", file=sys.stderr)
            return 1
    print(f"restart: {len(processes)} processes of the app were started anew")
    return 0


def _processes(folder: Path) -> list[tuple[int, Path]]:
    """Give the processes that there are, by number, and their sockets."""
    found = ((_SOCKET.fullmatch(path.name), path) for path in folder.glob("app-*"))
    return sorted((int(name[1]), path) for name, path in found if name)


def _restart(command: Sequence[str], path: Path) -> str:
    """Start a process anew and wait until it answers; say what went wrong, '' if nothing."""
    try:
        ended = subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    if ended.returncode:
        return f"{shlex.join(command)} ended with {ended.returncode}"
    deadline = time.monotonic() + _PATIENCE
    while not _answers(path):
        if time.monotonic() > deadline:
            return f"it has not answered for {_PATIENCE:.0f} seconds"
        time.sleep(_LOOK)
    return ""


def _answers(path: Path) -> bool:
    """Whether a process answers on its socket, be it that it has nothing to show (503)."""
    connection = http.client.HTTPConnection("app", timeout=_PATIENCE)
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_PATIENCE)
        connection.sock = line
        try:
            line.connect(str(path))
            connection.request("GET", "/health")
            return connection.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False


if __name__ == "__main__":
    raise SystemExit(main())
