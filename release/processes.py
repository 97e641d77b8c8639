"""The app's processes: each listens on a socket of its own in one folder, app-1, app-2, …"""

import errno
import re
import socket
from pathlib import Path

FOLDER = Path("/run/frontispiece/sockets")  # where ops/systemd puts them
_SOCKET = re.compile(r"app-([0-9]{1,4})")


def sockets(folder: Path) -> dict[int, Path]:
    """Give the sockets by the processes' numbers, in order, those left by a killed one too.

    {} without such a folder. Raises PermissionError.
    """
    try:
        paths = list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    found = ((_SOCKET.fullmatch(path.name), path) for path in paths)
    return dict(sorted((int(name[1]), path) for name, path in found if name))


def listens(path: Path) -> bool:
    """Whether a process listens on a socket: found out at once, without asking it anything."""
    with socket.socket(socket.AF_UNIX) as line:
        line.setblocking(False)
        try:
            return line.connect_ex(str(path)) in (0, errno.EAGAIN)  # EAGAIN: many wait for it
        except OSError:  # a path that is too long for a socket
            return False
