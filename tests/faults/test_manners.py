"""Visitors without manners: slow ones, silent ones, loud ones; the others are served."""

import contextlib
import resource
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.conftest import open_to_all
from tests.nginx.face import CARD, CARD_BYTES, Face, running

_ALIKE = b"GET /packages/plugin/akismet HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(name="site", scope="module")
def _site() -> Iterator[Face]:
    """A real nginx that lets an address have 20 pages a second, before a stand-in for the app."""
    with open_to_all("manners-") as folder, running(folder, rate=20) as face:
        # It says when it is short of connections, and lets go of silent ones.
        face.expected = ["worker_connections are not enough"]
        yield face


@contextlib.contextmanager
def _open_lines(site: Face, count: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """Hold so many connections open, each of which has said only this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, max(soft, count + 500))
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    lines: list[socket.socket] = []
    try:
        for _ in range(count):
            line = socket.create_connection(("127.0.0.1", site.port), timeout=20)
            lines.append(line)
            if sent:
                with contextlib.suppress(OSError):  # it may have been let go already
                    line.sendall(sent)
        yield lines
    finally:
        for line in lines:
            line.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _ask(site: Face, path: str, own: str = "127.0.0.1") -> tuple[int, bytes]:
    """Ask from an address of one's own."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=8, source_address=(own, 0))
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def _others_are_served(site: Face, own: str, times: int) -> None:
    for number in range(times):
        assert _ask(site, f"/packages/plugin/p{number}", own)[0] == 200
        assert _ask(site, CARD, own) == (200, CARD_BYTES)
        time.sleep(0.06)  # within the rate


@pytest.mark.parametrize("clients", [200, pytest.param(5_000, marks=pytest.mark.soak)])
def test_slow_clients_keep_nobody_waiting(site: Face, clients: int) -> None:
    """Each sends a header byte by byte and never ends; pages and cards are there for others."""
    with _open_lines(site, clients, _ALIKE) as lines:
        for turn in range(3):
            for line in lines:
                with contextlib.suppress(OSError):
                    line.sendall(b"X-Slow: %d\r\n" % turn)
            _others_are_served(site, "127.0.0.3", 5)


def test_slow_readers_keep_nobody_waiting(site: Face) -> None:
    """A hundred ask for cards and never read; the app and the files are there for others."""
    asked = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % CARD.encode()
    with _open_lines(site, 100, asked * 20):
        _others_are_served(site, "127.0.0.4", 5)


@pytest.mark.parametrize("count", [2_000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_idle_connections_keep_nobody_waiting(site: Face, count: int) -> None:
    """They say nothing at all."""
    with _open_lines(site, count, b""):
        _others_are_served(site, "127.0.0.5", 5)
    _others_are_served(site, "127.0.0.5", 2)


def test_huge_headers_are_refused(site: Face) -> None:
    """400, 414 or 431 at once, by nginx, a hundred times; the next visitor is served."""
    huge = (
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000,
        b"GET /" + b"a" * 100_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: abcdefgh\r\n" * 50_000,
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"k=v; " * 20_000,
    )
    statuses = set()
    for number in range(100):
        with socket.create_connection(("127.0.0.1", site.port), timeout=8) as line:
            with contextlib.suppress(OSError):  # it need not be read to its end
                line.sendall(huge[number % 4] + b"\r\n\r\n")
            with contextlib.suppress(ConnectionResetError):
                statuses.add(line.recv(12)[9:12])
    assert statuses - {b""} <= {b"400", b"414", b"431"}
    assert len(statuses) > 1
    _others_are_served(site, "127.0.0.6", 2)


def test_a_flood_from_one_address_is_its_own_trouble(site: Face) -> None:
    """It gets 429 and a time to come again, cards all the same; another address is served."""
    statuses: list[int] = []
    while statuses.count(429) < 200:
        statuses.append(_ask(site, f"/packages/plugin/f{len(statuses)}", "127.0.0.7")[0])
    assert set(statuses) == {200, 429}
    assert _ask(site, CARD, "127.0.0.7") == (200, CARD_BYTES)
    _others_are_served(site, "127.0.0.2", 5)


def test_a_flood_of_cards_is_not_counted(site: Face, tmp_path: Path) -> None:
    """A network that shares a link asks for one picture as often as it likes."""
    assert {_ask(site, CARD, "127.0.0.8")[0] for _ in range(400)} == {200}
