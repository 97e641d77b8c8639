"""A real nginx with the real template before stand-ins for the app, in a folder of its own."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from publish.nginx.conf import serving
from publish.nginx.site import Site

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx", path="/usr/local/sbin:/usr/sbin:/usr/bin:/sbin") or "nginx"
OLD, NEW = "20260101T000000Z", "20260202T000000Z"
CARD = "/og/ab/abababababababababababababababab.png"
PLATE = "/plates/cd/cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd.svg"
PLATE_BYTES = b'<svg xmlns="http://www.w3.org/2000/svg"/>\n'
CARD_BYTES = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50
# Started by root, the tests run nginx and the stand-ins as somebody who is not.
USER = "nobody" if os.geteuid() == 0 else None
_AMISS = re.compile(r"\[(?:error|crit|alert|emerg)\].*")


@dataclass(frozen=True)
class Answer:
    """What came back. headers: by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def release(self) -> str:
        """The release that a stand-in's page says it is of."""
        found = re.search(rb"<p>(\w+) /", self.body)
        return found[1].decode() if found else ""

    @property
    def cache(self) -> str:
        """What nginx's cache had to do with it."""
        return self.headers["x-cache"]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


# What nginx logs of a process of the app that has gone, that it was cut off by, or that is away.
DEAD = r"connect\(\) to unix:.* failed \(111: Connection refused\)"
CUT = r"upstream prematurely closed connection|recv\(\) failed \(104: Connection reset by peer\)"
AWAY = (
    *(DEAD, CUT, r"connect\(\) to unix:.* failed \(2: No such file"),
    r"writev\(\) failed \(32: Broken pipe\) while sending request to upstream",
)


def wait(for_what: Callable[[], object], seconds: float = 120) -> None:
    """Look until it is so; fail when it never comes to be, which no load may be taken for."""
    deadline = time.monotonic() + seconds
    while not for_what():
        assert time.monotonic() < deadline, "it did not come to be in time"
        time.sleep(0.02)


def has_begun(nginx: subprocess.Popen[bytes]) -> bool:
    """Tell whether it has workers: a signal that comes before it waits for signals is lost."""
    return bool(psutil.Process(nginx.pid).children())


def publish(data: Path, release: str) -> None:
    """Make a release, if need be, and switch to it by a rename."""
    static = data / "releases" / release / "static"
    if not static.exists():
        static.mkdir(parents=True)
        (static / "robots.txt").write_text(f"# {release}\nUser-agent: *\n")
        (static / "feed.xml").write_text(f"<feed>{release}</feed>" + "<entry/>" * 200)
    (data / "releases" / release / "site.db").write_bytes(b"secret")
    (data / "current.tmp").symlink_to(f"releases/{release}")
    (data / "current.tmp").rename(data / "current")


def make_data(folder: Path) -> Path:
    """Lay out a DATA folder with two releases, the old one live, a card and a plate."""
    data = folder / "data"
    card = data / "store" / CARD.lstrip("/")
    card.parent.mkdir(parents=True)
    card.write_bytes(CARD_BYTES)
    plate = data / "store" / PLATE.lstrip("/")
    plate.parent.mkdir(parents=True)
    plate.write_bytes(PLATE_BYTES)
    (data / "store" / "secret.txt").write_text("secret")
    (data / "catalog.db").write_text("secret")
    for release in (NEW, OLD):
        publish(data, release)
    return data


def ask(
    port: int,
    path: str,
    method: str = "GET",
    body: str = "",
    trusting: ssl.SSLContext | None = None,
    **headers: str,
) -> Answer:
    """Ask once, the path as it is; underscores in a header's name stand for dashes.

    trusting: by https, and whose certificate is believed.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    if trusting:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=trusting)
    with contextlib.closing(connection):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, named)
        response = connection.getresponse()
        pairs = [(name.lower(), value) for name, value in response.getheaders()]
        assert len(dict(pairs)) == len(pairs), f"a header is said twice: {pairs}"
        return Answer(response.status, dict(pairs), response.read())


def converse(port: int, sent: bytes) -> bytes:
    """Send bytes as they are; return one answer as it came, or all until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(sent)
        got = b""
        while not _is_whole(got) and (more := line.recv(65536)):
            got += more
        return got


def _is_whole(answer: bytes) -> bool:
    """Tell whether an answer says that it is at its end; one that cannot say so goes on."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if length := re.search(rb"\r\nContent-Length: (\d+)", head):
        return len(body) >= int(length[1])
    return b"\r\nTransfer-Encoding: chunked" in head and body.endswith(b"\r\n0\r\n\r\n")


def in_hand(path: Path) -> int:
    """Count the requests that the stand-in at a socket is asleep over, asked past nginx."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        line.sendall(b"GET /in-hand HTTP/1.0\r\n\r\n")
        with line.makefile("rb") as answer:
            return int(answer.read().rpartition(b"\r\n")[2])


def debian(folder: Path, site: Path) -> str:
    """Give Debian's nginx.conf, in what could collide with ours, with its folders put elsewhere.

    folder: for its files. site: what it includes.
    """
    temp = " ".join(
        f'{name}_temp_path "{folder}/temp/{name}";'
        for name in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    return f"""
        pid {folder}/pid;
        error_log {folder}/error.log;
        events {{ worker_connections 768; }}
        http {{
            {temp}
            sendfile on; tcp_nopush on; types_hash_max_size 2048;
            include /etc/nginx/mime.types; default_type application/octet-stream;
            ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on;
            access_log {folder}/other.log;
            gzip on;
            include {site};
        }}
        """


class Face:
    """nginx and its apps, started and ended at will."""

    def __init__(
        self,
        folder: Path,
        *,
        apps: int = 1,
        rate: int = 10_000,
        base: str = "",
        proxies: tuple[str, ...] = (),
        data: Path | None = None,
    ) -> None:
        self.port = free_port()
        self.data = data or make_data(folder)
        self.expected: list[str] = []  # expressions for what error.log may say
        run = folder / "run"
        (run / "temp").mkdir(parents=True)
        self._log = run / "error.log"
        self.sockets = [run / f"app-{n}" for n in range(apps)]
        self._apps: list[subprocess.Popen[bytes]] = []
        site = Site(
            data=self.data,
            listen=(f"127.0.0.1:{self.port}",),
            sockets=tuple(self.sockets),
            site_url=f"http://localhost{base}",
            access_log=run / "access.log",
            install_log=run / "downloads.log",
            cache=run / "cache",
            rate=rate,
            proxies=proxies,
        )
        conf = run / "nginx.conf"
        conf.write_text(self.conf(site, run), encoding="utf-8")
        if USER:
            for path in (run, run / "temp"):
                shutil.chown(path, USER)
        self._nginx = _start(
            NGINX, "-p", str(run), "-c", str(conf), "-e", "stderr", "-g", "daemon off;"
        )
        wait(self._listens)

    def conf(self, site: Site, run: Path) -> str:
        """Give the configuration for nginx: that of `make serve`."""
        return serving(site, run=run, error_log=self._log)

    def start_apps(self) -> None:
        """Start the stand-ins, and wait until they answer."""
        self._apps = [
            _start(
                *(sys.executable, "-m", "tests.nginx.standin", "--data", str(self.data)),
                *("--socket", str(path)),
            )
            for path in self.sockets
        ]
        for path in self.sockets:
            wait(partial(accepts, path))

    def kill_apps(self, count: int | None = None) -> None:
        """Kill the first of the stand-ins, or all. Their sockets stay, as after any kill."""
        for app in self._apps[:count]:
            app.kill()
            app.wait()

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
        """Ask nginx once."""
        return ask(self.port, path, method, body, **headers)

    def keep(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask nginx twice, since it keeps what is asked for again; give the second answer."""
        self.ask(path, method, **headers)
        return self.ask(path, method, **headers)

    def in_hand(self) -> int:
        """Count the requests that the stand-ins are asleep over, asked past nginx."""
        return sum(in_hand(path) for path in self.sockets)

    def hold(self) -> None:
        """Let the stand-ins hold back what is asked for as `held`, until it is let go."""
        (self.data / "held").touch()

    def let_go(self) -> None:
        """Let them answer what they hold back."""
        (self.data / "held").unlink()

    def connections(self) -> int:
        """Count the open connections to the stand-ins."""
        lines = Path("/proc/net/unix").read_text().splitlines()[1:]
        connected = [fields[-1] for line in lines if (fields := line.split())[5] == "03"]
        return sum(connected.count(str(path)) for path in self.sockets)

    def reload(self) -> None:
        """Let nginx read its configuration again."""
        self._nginx.send_signal(signal.SIGHUP)

    def end(self) -> None:
        """End all, and see that error.log holds nothing but what was expected."""
        self._nginx.send_signal(signal.SIGQUIT)
        code = self._nginx.wait(60)
        self.kill_apps()
        amiss = [
            line
            for line in self.amiss()
            if not any(re.search(expected, line) for expected in self.expected)
        ]
        assert amiss == []
        assert "signal" not in self._log.read_text()  # no worker died
        assert code == 0

    def amiss(self) -> list[str]:
        """Give what error.log says so far of what should not be."""
        return _AMISS.findall(self._log.read_text())

    def _listens(self) -> bool:
        assert self._nginx.poll() is None, "nginx did not start"
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0 and has_begun(self._nginx)


def _start(*command: str) -> subprocess.Popen[bytes]:
    as_user = {"user": USER, "group": "nogroup", "extra_groups": []} if USER else {}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_user
    )


def accepts(path: Path) -> bool:
    """Tell whether somebody listens on a socket."""
    with socket.socket(socket.AF_UNIX) as trial:
        return trial.connect_ex(str(path)) == 0


@contextlib.contextmanager
def running(
    folder: Path,
    *,
    apps: int = 1,
    rate: int = 10_000,
    base: str = "",
    proxies: tuple[str, ...] = (),
    started: bool = True,
) -> Iterator[Face]:
    """Give an nginx with its stand-ins running; end them and read the log after."""
    face = Face(folder, apps=apps, rate=rate, base=base, proxies=proxies)
    try:
        if started:
            face.start_apps()
        yield face
    finally:
        face.end()
