"""What a load needs: the site as it is served, a bare nginx beside it, and visitors (wrk)."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO

from tests.conftest import ROOT, scripts
from tests.nginx.face import free_port
from tests.scale.bench import family

_SCRIPT = Path(__file__).with_name("load.lua")
_CONNECTIONS = 64
_LONGEST = 900  # seconds of any load
_TICKS = os.sysconf("SC_CLK_TCK")
_BARE = """\
{user}
worker_processes auto;
pid "{run}/nginx.pid";
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    sendfile on;
    tcp_nopush on;
    access_log off;
    client_body_temp_path "{run}/body";
    proxy_temp_path "{run}/proxy";
    fastcgi_temp_path "{run}/fastcgi";
    scgi_temp_path "{run}/scgi";
    uwsgi_temp_path "{run}/uwsgi";
    types {{ image/png png; application/json json; }}
    server {{
        listen 127.0.0.1:{port};
        root "{root}";
        gzip_static on;
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor, user and system together, by who spent them."""

    app: float = 0.0
    nginx: float = 0.0

    @property
    def all(self) -> float:
        """Both together."""
        return self.app + self.nginx

    def since(self, before: "Cost") -> "Cost":
        """What was spent after `before`."""
        return Cost(self.app - before.app, self.nginx - before.nginx)

    def each(self, count: int) -> "Cost":
        """One's share, of so many."""
        return Cost(self.app / max(1, count), self.nginx / max(1, count))


@dataclass(frozen=True, slots=True)
class Served:
    """A site that answers on a port of this machine."""

    port: int
    pid: int  # of the process that started all others

    def spent(self) -> Cost:
        """What its processes have spent so far."""
        spent = {one.name: 0.0 for one in fields(Cost)}
        for pid in family(self.pid):
            who, seconds = _process(pid)
            if who in spent:
                spent[who] += seconds
        return Cost(**spent)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a crowd of visitors met. p50 and p99 in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    other: int  # answers that were not 200
    broken: int  # connections refused or cut, and answers that did not come
    cost: Cost  # of one request, in seconds

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


class Crowd:
    """Visitors on 64 connections, each asking anew as soon as it is answered."""

    def __init__(
        self, site: Served, paths: Path, seconds: int = _LONGEST, *, gzip: bool, once: bool
    ) -> None:
        """paths: a file with one a line. once: no address twice."""
        self._site, self._before = site, site.spent()
        command = ["wrk", "--threads", "1", "--connections", str(_CONNECTIONS)]
        command += ["--duration", f"{seconds}s", "--timeout", "15s", "--script", str(_SCRIPT)]
        command += [f"http://127.0.0.1:{site.port}", "--", str(paths)]
        command += ["gzip" if gzip else "plain", "once" if once else "again"]
        self._wrk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def leave(self) -> Asked:
        """End before the time is over, and tell."""
        self._wrk.send_signal(signal.SIGINT)
        return self.stay()

    def stay(self) -> Asked:
        """Go on until the time is over, and tell."""
        said = self._wrk.communicate(timeout=_LONGEST + 60)[0]
        cost = self._site.spent().since(self._before)
        told = [line for line in said.splitlines() if line.startswith("asked ")]
        if not told:
            raise SystemExit(f"wrk ended with {self._wrk.returncode} and told nothing.")
        facts = json.loads(told[0].removeprefix("asked "))
        return Asked(**facts, cost=cost.each(facts["requests"]))


def visit(site: Served, paths: Path, seconds: int, *, gzip: bool, once: bool) -> Asked:
    """Let a crowd visit a site for so long; each must be served."""
    asked = Crowd(site, paths, seconds, gzip=gzip, once=once).stay()
    if asked.other or asked.broken or not asked.requests:
        raise SystemExit(f"{paths.name}: {asked.other} of {asked.requests} answers were not 200.")
    return asked


@contextmanager
def serving(data: Path, workers: int, said: Path) -> Iterator[Served]:
    """Run `make serve`; its limit of pages an address may ask for is out of reach.

    said: a file to which its errors are added.
    """
    port = free_port()
    words = ["serve", "--listen", f"127.0.0.1:{port}", "--workers", str(workers)]
    command = scripts(data, *words, "--rate", "1000000")
    with said.open("ab") as errors, _running(command, signal.SIGTERM, errors) as pid:
        _wait(lambda: _status(port, "/health") == 200)
        yield Served(port, pid)


@contextmanager
def bare(root: Path) -> Iterator[Served]:
    """Run an nginx that hands out a folder's files and does nothing else, not even a log."""
    run = Path(tempfile.mkdtemp(prefix="bare-"))
    try:
        run.chmod(0o711)
        port = free_port()
        user = "user nobody nogroup;" if os.geteuid() == 0 else ""
        conf = run / "nginx.conf"
        conf.write_text(_BARE.format(user=user, run=run, port=port, root=root))
        program = shutil.which("nginx", path="/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin")
        command = [program or "nginx", "-p", str(run), "-c", str(conf), "-e", "stderr"]
        with _running([*command, "-g", "daemon off;"], signal.SIGQUIT) as pid:
            _wait(lambda: _status(port, "/") is not None)
            yield Served(port, pid)
    finally:
        shutil.rmtree(run)


@contextmanager
def _running(
    command: list[str], ending: signal.Signals, errors: IO[bytes] | None = None
) -> Iterator[int]:
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
    try:
        yield running.pid
    finally:
        running.send_signal(ending)
        running.wait(30)


def _wait(for_what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not for_what():
        if time.monotonic() > deadline:
            raise SystemExit("The site does not answer.")
        time.sleep(0.05)


def _status(port: int, path: str) -> int | None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None


def _process(pid: int) -> tuple[str, float]:
    """Tell who a process is, app or nginx, and the seconds of processor it has spent."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", 0.0
    who = "nginx" if command.startswith(b"nginx: ") else ""
    who = "app" if b"\0-m\0server\0" in command else who
    return who, (int(told[11]) + int(told[12])) / _TICKS
