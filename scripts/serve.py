"""Serve the published site: nginx and the app, in the foreground, until Ctrl-C (or SIGTERM)."""

import argparse
import contextlib
import errno
import grp
import http.client
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from publish.nginx.keeper import Kept
from scripts import arguments, nginx_conf

_ROOT = Path(__file__).resolve().parent.parent
# An ordinary user's PATH leaves out where Debian keeps nginx.
_PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LOOK = 0.1  # seconds between two looks at the processes
_START = 30.0  # seconds for the site to answer
_DEATHS = 3  # of one process before the site has ever answered: then it never will
_MEMORY = Path("/dev/shm")  # noqa: S108  # what is made in it has a name that nobody can guess
_ROOM = 192 << 20  # bytes: three times what nginx keeps of pages (nginx/http/cache.conf)
_PATIENCE = 5.0  # seconds for the requests that are under way when all ends


class ServeError(Exception):
    """Why nothing can be served; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class _Serving:
    """What is asked for."""

    data: Path
    listen: str
    workers: int
    threads: int
    site_url: str
    rate: int
    proxies: tuple[str, ...]  # networks whose X-Forwarded-For is believed
    metrics: tuple[str, ...]  # networks that may ask for /metrics
    user: str  # whom root's processes become; '' when we are not root

    @property
    def base(self) -> str:
        """The path under which the site lives."""
        return nginx_conf.base_of(self.site_url)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port where a visitor on this machine finds the site."""
        host, port = _split(self.listen)
        return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104


class _Stop:
    """Remembers that a signal asked for the end."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


def main(argv: Sequence[str] | None = None, app: str = "server") -> int:
    """Serve until told to stop. 0 then; 1 if the site stopped by itself; 2 if it cannot be served.

    app: the module that answers requests on a socket, run by `python -m`.
    """
    options = _parser().parse_args(argv)
    wanted = _Serving(
        data=options.data.absolute(),
        listen=options.listen,
        workers=options.workers,
        threads=options.threads,
        site_url=options.site_url,
        rate=options.rate,
        proxies=tuple(options.proxy_address),
        metrics=tuple(options.metrics),
        user=options.user if os.geteuid() == 0 else "",
    )
    stop = _Stop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        program = _check(wanted)
        with (
            tempfile.TemporaryDirectory(prefix="frontispiece-") as run,
            tempfile.TemporaryDirectory(prefix="frontispiece-", dir=_roomy(_MEMORY)) as cache,
        ):
            apps, nginx = _prepare(wanted, Path(run), Path(cache), program, app)
            return _keep(wanted, apps, nginx, stop)
    except (ServeError, nginx_conf.ConfigError) as error:
        print(error, file=sys.stderr)
        return 2


def _roomy(memory: Path) -> Path | None:
    """Return the folder in memory, if nginx's cache of pages has room enough there."""
    try:
        return memory if shutil.disk_usage(memory).free >= _ROOM else None
    except OSError:
        return None


def _check(wanted: _Serving) -> str:
    """Return where nginx is; raise ServeError for what would keep the site from starting."""
    program = shutil.which("nginx", path=_PROGRAMS)
    if not program:
        raise ServeError("nginx is not installed. On Debian: apt-get install nginx-light")
    if not wanted.data.is_dir():
        raise ServeError(f"There is no folder {wanted.data}. `make pipeline` makes it.")
    _check_port(wanted.listen)
    if wanted.user:
        _check_readable(wanted.user, wanted.data, _ROOT)
    return program


def _check_port(listen: str) -> None:
    """Try the address for a moment, for a clearer sentence than nginx's."""
    host, port = _split(listen)
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


def _check_readable(user: str, *folders: Path) -> None:
    """See with the user's own eyes that it may pass through and read the folders."""
    group = _user(user).pw_gid
    for folder in folders:
        command = ["test", "-r", str(folder), "-a", "-x", str(folder)]
        seen = subprocess.run(command, user=user, group=group, extra_groups=[], check=False)
        if seen.returncode:
            raise ServeError(
                f"Started by root, the site runs as {user}, who may not read {folder}. "
                "Open it and the folders above it (chmod a+rX), or start as an ordinary user."
            )


def _prepare(
    wanted: _Serving, run: Path, cache: Path, program: str, app: str
) -> tuple[dict[Path, Kept], Kept]:
    """Lay out the runtime folder; return the app's processes by their sockets, and nginx."""
    sockets = tuple(run / "sockets" / f"app-{n}" for n in range(1, wanted.workers + 1))
    log = wanted.data / "log"
    access_log, error_log, install_log = _logs(log)
    (run / "temp").mkdir()
    (run / "sockets").mkdir(mode=0o700)
    site = nginx_conf.Site(
        data=wanted.data,
        listen=(wanted.listen,),
        sockets=sockets,
        site_url=wanted.site_url,
        access_log=access_log,
        install_log=install_log,
        cache=cache / "pages",
        rate=wanted.rate,
        proxies=wanted.proxies,
        metrics=wanted.metrics,
    )
    user = _hand_over(run, cache, wanted.user) if wanted.user else ""
    conf = run / "nginx.conf"
    conf.write_text(
        nginx_conf.serving(site, run=run, error_log=error_log, pid=log / "nginx.pid", user=user),
        encoding="utf-8",
    )
    nginx = [program, "-p", str(run), "-c", str(conf), "-e", "stderr", "-g", "daemon off;"]
    serve = [sys.executable, "-m", app, "--data", str(wanted.data)]
    serve += ["--threads", str(wanted.threads), "--socket"]
    apps = {
        path: Kept(f"app {n}", [*serve, str(path)], _ROOT, signal.SIGTERM, wanted.user or None)
        for n, path in enumerate(sockets, 1)
    }
    return apps, Kept("nginx", nginx, run, signal.SIGQUIT)


def _logs(folder: Path) -> tuple[Path, Path, Path]:
    """Return where nginx logs, seen to be writable: they may be left from a start by root."""
    files = folder / "access.log", folder / "error.log", folder / "downloads.log"
    try:
        folder.mkdir(exist_ok=True)
        for file in files:
            file.open("ab").close()
    except OSError as error:
        raise ServeError(f"Cannot write the log {error.filename}: {error.strerror}.") from error
    return files


def _hand_over(run: Path, cache: Path, user: str) -> str:
    """Let the user reach what it needs of root's runtime folder; return 'user group' for nginx.

    The sockets are the user's alone. nginx hands its own folders over by itself.
    """
    entry = _user(user)
    for folder in (run, cache, run / "temp"):
        folder.chmod(0o711)
    os.chown(run / "sockets", entry.pw_uid, entry.pw_gid)
    return f"{user} {grp.getgrgid(entry.pw_gid).gr_name}"


def _keep(wanted: _Serving, apps: Mapping[Path, Kept], nginx: Kept, stop: _Stop) -> int:
    """Start all, keep it running until the end, end all. apps: by their sockets."""
    with _ended((nginx, *apps.values())):
        for process in (*apps.values(), nginx):
            process.start()
        deadline: float | None = time.monotonic() + _START
        while not stop.asked:
            time.sleep(_LOOK)
            if not nginx.alive:
                # Unlike the app it does not die of a page: what ended it would end it again.
                print("nginx has ended; its last words are above.", file=sys.stderr)
                return 1
            for process in apps.values():
                process.tend()
            if deadline is None:
                continue
            if all(path.exists() for path in apps) and _answers(wanted):
                _announce(wanted)
                deadline = None
            elif time.monotonic() > deadline or any(p.deaths >= _DEATHS for p in apps.values()):
                print("The app does not start; its last words are above.", file=sys.stderr)
                return 1
    return 0


@contextlib.contextmanager
def _ended(processes: Sequence[Kept]) -> Iterator[None]:
    """End the processes, in this order, however the block is left."""
    try:
        yield
    finally:
        for process in processes:
            process.finish()
            process.end(_PATIENCE)


def _answers(wanted: _Serving) -> bool:
    """Whether the app answers through nginx, be it that it has nothing to show (503)."""
    connection = http.client.HTTPConnection(*wanted.address, timeout=1)
    try:
        connection.request("GET", f"{wanted.base}/health")
        return connection.getresponse().status not in (502, 504)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _announce(wanted: _Serving) -> None:
    if not (wanted.data / "current").is_dir():
        print(f"Nothing is published in {wanted.data} yet: `make pipeline` does it.", flush=True)
    host, port = wanted.address
    shown = f"[{host}]" if ":" in host else host
    print(f"Serving http://{shown}:{port}{wanted.base}/ (Ctrl-C stops)", flush=True)


def _split(listen: str) -> tuple[str, int]:
    """Split 'host:port' as nginx reads it; '' is every address."""
    nginx_conf.check_listen(listen)
    host, _, port = listen.rpartition(":")
    return ("" if host == "*" else host.strip("[]")), int(port)


def _user(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name)
    except KeyError as error:
        raise ServeError(f"There is no user {name}.") from error


def _parser() -> argparse.ArgumentParser:
    parser = arguments.parser(__doc__, "serve")
    nginx_conf.add_face(parser)
    parser.add_argument(
        "--listen",
        default="127.0.0.1:8080",
        metavar="ADDRESS:PORT",
        help="where nginx answers (default 127.0.0.1:8080)",
    )
    parser.add_argument(
        "--threads",
        type=arguments.positive,
        default=4,
        metavar="N",
        help="threads of each app process (default 4)",
    )
    parser.add_argument(
        "--site-url",
        default="http://127.0.0.1:8080",
        metavar="URL",
        help="as published; its path is where the site is found (default: at the root)",
    )
    parser.add_argument(
        "--user",
        default="nobody",
        metavar="NAME",
        help="whom nginx's workers and the app become if root starts them (default nobody)",
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
