"""The site, served in the foreground: nginx and the app's processes, kept until the end."""

import contextlib
import grp
import http.client
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from publish.nginx import conf, place
from publish.nginx.keeper import Kept
from publish.nginx.printed import sockets
from publish.nginx.site import Site
from publish.nginx.values import base_of, split_listen
from release.data import Data

_ROOT = Path(__file__).resolve().parents[2]
_LOOK = 0.1  # seconds between two looks at the processes
_START = 30.0  # seconds for the site to answer
_DEATHS = 3  # of one process before the site has ever answered: then it never will
_MEMORY = Path("/dev/shm")  # noqa: S108  # what is made in it has a name that nobody can guess
_ROOM = 192 << 20  # bytes: three times what nginx keeps of pages (nginx/http/cache.conf)
_PATIENCE = 5.0  # seconds for the requests that are under way when all ends


@dataclass(frozen=True, slots=True)
class Service:
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
        return base_of(self.site_url)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port where a visitor on this machine finds the site."""
        host, port = split_listen(self.listen)
        return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104


def serve(wanted: Service, app: str, stopped: Callable[[], bool]) -> int:
    """Serve until `stopped`: 0 then, 1 if the site ended by itself.

    app: the module that answers requests on a socket, run by `python -m`. Raises ServeError and
    ConfigError for what cannot be served.
    """
    program = place.nginx()
    if not wanted.data.is_dir():
        raise place.ServeError(f"There is no folder {wanted.data}. `make pipeline` makes it.")
    place.check_port(wanted.listen)
    if wanted.user:
        place.check_readable(wanted.user, wanted.data, _ROOT)
    with (
        tempfile.TemporaryDirectory(prefix="frontispiece-") as run,
        tempfile.TemporaryDirectory(prefix="frontispiece-", dir=roomy(_MEMORY)) as cache,
    ):
        apps, nginx = _prepare(wanted, Path(run), Path(cache), program, app)
        return _keep(wanted, apps, nginx, stopped)


def roomy(memory: Path) -> Path | None:
    """Return the folder in memory, if nginx's cache of pages has room enough there."""
    try:
        return memory if shutil.disk_usage(memory).free >= _ROOM else None
    except OSError:
        return None


def _prepare(
    wanted: Service, run: Path, cache: Path, program: str, app: str
) -> tuple[dict[Path, Kept], Kept]:
    """Lay out the runtime folder; return the app's processes by their sockets, and nginx."""
    paths = sockets(run, wanted.workers)
    data = Data(wanted.data)
    access_log, error_log, install_log = place.logs(data.logs)
    (run / "temp").mkdir()
    (run / "sockets").mkdir(mode=0o700)
    site = Site(
        data=wanted.data,
        listen=(wanted.listen,),
        sockets=paths,
        site_url=wanted.site_url,
        access_log=access_log,
        install_log=install_log,
        cache=cache / "pages",
        rate=wanted.rate,
        proxies=wanted.proxies,
        metrics=wanted.metrics,
    )
    user = _hand_over(run, cache, wanted.user) if wanted.user else ""
    text = conf.serving(site, run=run, error_log=error_log, pid=data.nginx_pid, user=user)
    written = run / "nginx.conf"
    written.write_text(text, encoding="utf-8")
    nginx = [program, "-p", str(run), "-c", str(written), "-e", "stderr", "-g", "daemon off;"]
    serve = [sys.executable, "-m", app, "--data", str(wanted.data)]
    serve += ["--threads", str(wanted.threads), "--socket"]
    apps = {
        path: Kept(f"app {n}", [*serve, str(path)], _ROOT, signal.SIGTERM, wanted.user or None)
        for n, path in enumerate(paths, 1)
    }
    return apps, Kept("nginx", nginx, run, signal.SIGQUIT)


def _hand_over(run: Path, cache: Path, user: str) -> str:
    """Let the user reach what it needs of root's runtime folder; return 'user group' for nginx.

    The sockets are the user's alone. nginx hands its own folders over by itself.
    """
    entry = place.user_entry(user)
    for folder in (run, cache, run / "temp"):
        folder.chmod(0o711)
    os.chown(run / "sockets", entry.pw_uid, entry.pw_gid)
    return f"{user} {grp.getgrgid(entry.pw_gid).gr_name}"


def _keep(
    wanted: Service, apps: Mapping[Path, Kept], nginx: Kept, stopped: Callable[[], bool]
) -> int:
    """Start all, keep it running until the end, end all. apps: by their sockets."""
    with _ended((nginx, *apps.values())):
        for process in (*apps.values(), nginx):
            process.start()
        deadline: float | None = time.monotonic() + _START
        while not stopped():
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


def _answers(wanted: Service) -> bool:
    """Whether the app answers through nginx, be it that it has nothing to show (503)."""
    connection = http.client.HTTPConnection(*wanted.address, timeout=1)
    try:
        connection.request("GET", f"{wanted.base}/health")
        return connection.getresponse().status not in (502, 504)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _announce(wanted: Service) -> None:
    if not Data(wanted.data).current.is_dir():
        print(f"Nothing is published in {wanted.data} yet: `make pipeline` does it.", flush=True)
    host, port = wanted.address
    shown = f"[{host}]" if ":" in host else host
    print(f"Serving http://{shown}:{port}{wanted.base}/ (Ctrl-C stops)", flush=True)
