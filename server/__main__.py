"""Serves the site on a unix socket, or answers the paths on stdin and ends."""

import argparse
import io
import os
import pwd
import re
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from server import Settings, make_app
from server.asking import answers
from server.serving import http_server
from server.settings import SettingsError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the server; 0 when it was told to stop, 2 when it was called wrongly."""
    parser = _parser()
    given = parser.parse_args(argv)
    if given.get == (given.socket is not None):
        parser.error("name a --socket to listen on, or --get to answer the paths on stdin")
    try:
        sockets = given.socket.absolute().parent if given.socket else None
        app = make_app(Settings(data=given.data, release=given.release, sockets=sockets))
        if given.user is not None:
            become(given.user)
    except SettingsError as error:
        parser.error(str(error))
    return _answer_stdin(app) if given.get else _serve(app, given)


def _answer_stdin(app: "WSGIApplication") -> int:
    # UTF-8 whatever the locale; and a page's line ends are its own.
    paths = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="surrogateescape")
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    for answer in answers(app, paths):
        print(answer, file=out, flush=True)
    return 0


def become(user: str) -> None:
    """Give up root for a user without its groups. Raises SettingsError when it cannot be done."""
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise SettingsError(f"There is no user {user}.") from None
    if os.geteuid() == entry.pw_uid:
        return
    if os.geteuid() != 0:
        raise SettingsError(f"Only root can become {user}.")
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def _serve(app: "WSGIApplication", given: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, _stop)
    try:
        server = http_server(
            app,
            unix_socket=str(given.socket),
            unix_socket_perms=given.socket_perms,
            threads=given.threads,
        )
    except OSError as error:
        print(f"Cannot listen on {given.socket}: {error.strerror}.", file=sys.stderr)
        return USAGE
    _tell_systemd("READY=1")  # it listens: who asks from now on is answered
    try:
        server.run()  # returns on SIGTERM and Ctrl-C, when the requests in hand are answered
    finally:
        given.socket.unlink(missing_ok=True)
    return 0


def _tell_systemd(state: str) -> None:
    """Tell systemd, if it asked to be told (Type=notify).

    https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        # A name that begins with @ is of no file.
        line.sendto(state.encode(), "\0" + address[1:] if address[0] == "@" else address)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return int(text)


def _permissions(text: str) -> str:
    if re.fullmatch("0?[0-7]{3}", text) is None:
        raise argparse.ArgumentTypeError(f"{text} is not three octal digits, such as 660")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path, help="folder whose link `current` names the release")
    where.add_argument("--release", type=Path, help="folder of one release, served as it is")
    parser.add_argument("--socket", type=Path, help="path of the unix socket to listen on")
    parser.add_argument(
        "--socket-perms",
        type=_permissions,
        default="660",
        metavar="OCTAL",
        help="its permissions (%(default)s)",
    )
    parser.add_argument(
        "--threads", type=_positive, default=4, help="requests at once (%(default)s)"
    )
    parser.add_argument("--user", help="user to become before listening; needs root")
    parser.add_argument(
        "--get",
        action="store_true",
        help="answer the paths on stdin, one a line, with one JSON object a line, and end",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
