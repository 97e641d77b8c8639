"""What would keep a site from being served here: seen, and said in a sentence, before it starts."""

import errno
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

from publish.nginx.values import split_listen

# An ordinary user's PATH leaves out where Debian keeps nginx.
_PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class ServeError(Exception):
    """Why nothing can be served; the message is a sentence."""


def nginx() -> str:
    """Tell where nginx is; raise ServeError if it is nowhere."""
    program = shutil.which("nginx", path=_PROGRAMS)
    if not program:
        raise ServeError("nginx is not installed. On Debian: apt-get install nginx-light")
    return program


def check_port(listen: str) -> None:
    """Try the address for a moment, for a clearer sentence than nginx's."""
    host, port = split_listen(listen)
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise ServeError(f"Cannot listen on {listen}: {error.strerror}.") from error
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
            trial.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                reason = "another program listens there. Choose another address by LISTEN=…"
            elif error.errno == errno.EACCES:
                reason = "ports below 1024 are for root."
            else:
                reason = f"{error.strerror}."
            raise ServeError(f"Cannot listen on {listen}: {reason}") from error


def check_readable(user: str, *folders: Path) -> None:
    """See with the user's own eyes that it may pass through and read the folders."""
    group = user_entry(user).pw_gid
    for folder in folders:
        command = ["test", "-r", str(folder), "-a", "-x", str(folder)]
        seen = subprocess.run(command, user=user, group=group, extra_groups=[], check=False)
        if seen.returncode:
            raise ServeError(
                f"Started by root, the site runs as {user}, who may not read {folder}. "
                "Open it and the folders above it (chmod a+rX), or start as an ordinary user."
            )


def logs(folder: Path) -> tuple[Path, Path, Path]:
    """Return where nginx logs, seen to be writable: they may be left from a start by root."""
    files = folder / "access.log", folder / "error.log", folder / "downloads.log"
    try:
        folder.mkdir(exist_ok=True)
        for file in files:
            file.open("ab").close()
    except OSError as error:
        raise ServeError(f"Cannot write the log {error.filename}: {error.strerror}.") from error
    return files


def user_entry(name: str) -> pwd.struct_passwd:
    """Give a user of this machine; raise ServeError if there is none."""
    try:
        return pwd.getpwnam(name)
    except KeyError as error:
        raise ServeError(f"There is no user {name}.") from error
