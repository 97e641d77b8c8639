"""The whole house at once: no request writes, and a run and a crawl leave each other in peace."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from publish.site import published
from tests.conftest import ROOT, Source, Tell, pipeline, record, run
from tests.serving import served

_PAGES = ["/", "/?q=form", "/?type=theme&sort=name&page=2", "/health", "/nowhere", "/robots.txt"]
_WRITES = re.compile(
    r"^\d+ +(open\w*|creat)\(.*O_(WRONLY|RDWR|CREAT|TRUNC|APPEND).*= \d|"
    r"^\d+ +(mkdir|rename|unlink|link|symlink|chmod|chown|truncate|mknod|utime)\w*\(.*= 0",
)


class _Unix(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _packages(data: Path) -> list[str]:
    return [f"/packages/{label}" for label, _ in published.cards_of(data / "current" / "site.db")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_crawl_of_every_page_opens_nothing_for_writing(open_folder: Path) -> None:
    """As a user who may not write, seen from the kernel: not one successful call that writes."""
    data, trace, sockets = open_folder / "data", open_folder / "trace", open_folder / "sockets"
    sample = ROOT / "data" / "sources" / "sample.jsonl"
    assert run(data, *pipeline(sample)).returncode == 0
    sockets.mkdir()
    shutil.chown(sockets, "nobody")
    command = ["strace", "-f", "-o", str(trace), "-e", "trace=%file,%desc"]
    command += [sys.executable, "-m", "server", "--data", str(data)]
    command += ["--socket", str(sockets / "app"), "--user", "nobody"]
    app = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        connection = _connected(sockets / "app")
        began = trace.stat().st_size
        statuses = {}
        # The last says that all of those before are done with.
        for path in [*_PAGES, *_packages(data), "/og/plugin/akismet.png", "/health?last"]:
            statuses[path] = _get(connection, path)[0]
        connection.close()
        calls = trace.read_text()[began:]
    finally:
        os.killpg(app.pid, signal.SIGTERM)  # the traced one ends, and strace with it
        app.wait(60)
    assert statuses["/packages/plugin/akismet"] == 200
    assert statuses["/og/plugin/akismet.png"] == 302
    assert {status for status in statuses.values() if status >= 500} == set()
    assert len(statuses) > 150
    assert "site.db" in trace.read_text(), "the trace sees what is opened"
    assert [line for line in calls.splitlines() if _WRITES.search(line)] == []


def test_the_trace_would_show_a_write(tmp_path: Path) -> None:
    """A process that does write is caught, whichever call it uses."""
    trace = tmp_path / "trace"
    writes = (
        "import os, pathlib; p = pathlib.Path('f'); p.write_text('x'); p.rename('g');"
        "os.chmod('g', 0o600); os.unlink('g'); os.mkdir('d'); open('h', 'a').close()"
    )
    command = ["strace", "-f", "-o", str(trace), "-e", "trace=%file,%desc"]
    subprocess.run([*command, sys.executable, "-c", writes], cwd=tmp_path, check=True)
    caught = [line for line in trace.read_text().splitlines() if _WRITES.search(line)]

    assert len(caught) >= 6


def _connected(path: Path) -> _Unix:
    deadline = time.monotonic() + 120
    while True:
        connection = _Unix(path)
        try:
            assert _get(connection, "/health")[0] == 200
        except OSError:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return connection


def test_a_run_and_a_crawl_leave_each_other_in_peace(
    open_folder: Path, source: Source, tell: Tell
) -> None:
    """Distinct pages, sixteen at a time, while runs publish: no 5xx, and no lock met."""
    data = open_folder / "data"
    feeds = [[record(f"p{n}", name=f"P {n} v{v}") for n in range(v, 300 + v)] for v in range(4)]
    assert run(data, *pipeline(source(*feeds[0]))).returncode == 0
    idle = _seconds(data, source(*feeds[1]))
    statuses: dict[int, int] = {}
    stop = threading.Event()
    with served(data) as site, ThreadPoolExecutor(16) as pool:
        crawls = [pool.submit(_crawl, site.listen, number, stop, statuses) for number in range(16)]
        busy, read = [], []
        for feed in feeds[2:]:
            before = sum(statuses.values())
            busy.append(_seconds(data, source(*feed)))
            read.append(sum(statuses.values()) - before)
        stop.set()
        for crawl in crawls:
            crawl.result()
    tell(
        f"a pipeline run took {idle:.1f} s idle and {max(busy):.1f} s under a crawl "
        f"of {sum(statuses.values()):,} pages on {os.cpu_count()} cores"
    )
    assert set(statuses) <= {200, 410}
    assert min(read) > 0, "nothing was read while a run published"


def _seconds(data: Path, source: Path) -> float:
    began = time.monotonic()
    ended = run(data, *pipeline(source))
    assert ended.returncode == 0, ended.stderr
    assert "lock" not in ended.stderr
    return time.monotonic() - began


def _crawl(listen: str, number: int, stop: threading.Event, statuses: dict[int, int]) -> None:
    connection = http.client.HTTPConnection(urlsplit(f"//{listen}").netloc, timeout=60)
    package = number
    while not stop.is_set():
        # A query of its own: every request is a page that no cache has.
        status, body = _get(connection, f"/packages/plugin/p{package % 300}?from={package}")
        assert b"locked" not in body
        statuses[status] = statuses.get(status, 0) + 1
        package += 16
    connection.close()
