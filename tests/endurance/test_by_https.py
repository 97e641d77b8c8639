"""Releases, reloads of nginx and restarts of the app, by https: no answer but the right ones."""

import http.client
import json
import re
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from publish.releases import Releases
from scripts import restart
from tests.conftest import Source, Tell, pipeline, record, run
from tests.nginx.face import AWAY
from tests.nginx.secure import NAME, Secure
from tests.nginx.supervised import Supervised

_PACKAGES = 12
_READERS = 4
_CARD = re.compile(rb"/og/[0-9a-f]{2}/[0-9a-f]{32}\.png")
# What a connection that was idle may meet when nginx begins anew: it was closed in that moment.
_CLOSED = (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError)


class _Site(Secure, Supervised):
    """The production site by https before two processes of the real app."""


class _Reader:
    """Asks over a connection that stays open, and looks at each answer."""

    def __init__(self, site: _Site, number: int) -> None:
        self.seen: Counter[str] = Counter()
        self.releases: set[str] = set()
        # Whose certificate it is, and that a new one is taken, tests/nginx/test_secure.py proves.
        self._trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._trusting.check_hostname, self._trusting.verify_mode = False, ssl.CERT_NONE
        self._site, self._number, self._asked = site, number, 0
        self._line = self._connected()

    def read(self, over: threading.Event) -> "_Reader":
        """Ask until it is over: what nginx keeps, what it does not, and what are files."""
        kinds = cycle((self._page, self._search, self._metadata, self._list, self._release))
        try:
            while not over.is_set():
                next(kinds)()
        finally:
            self._line.close()
        return self

    def _page(self) -> None:
        name = f"p{self.seen.total() % _PACKAGES}"
        body = self._had("page", f"/packages/plugin/{name}")
        assert body.rstrip().endswith(b"</html>")
        card = _CARD.search(body)
        assert card is not None
        assert self._had("card", card[0].decode()).startswith(b"\x89PNG")

    def _search(self) -> None:
        self._asked += 1
        path = f"/?q=p{self._asked % _PACKAGES}&page={self._number + _READERS * self._asked}"
        assert self._had("search", path).rstrip().endswith(b"</html>")

    def _metadata(self) -> None:
        name = f"wp-plugin/p{self.seen.total() % _PACKAGES}"
        assert name in json.loads(self._had("metadata", f"/p2/{name}.json"))["packages"]

    def _list(self) -> None:
        assert b"</feed>" in self._had("feed", "/feed.xml")

    def _release(self) -> None:
        assert json.loads(self._had("API", f"/api/stats?{self._asked}"))["packages"]

    def _had(self, kind: str, path: str) -> bytes:
        """Ask; once more where the connection had been closed before it was asked."""
        try:
            answer, body = self._ask(path)
        except _CLOSED:
            self.seen["asked again on a new connection"] += 1
            self._line.close()
            self._line = self._connected()
            answer, body = self._ask(path)
        assert answer.status == 200, (path, answer.status)
        if release := answer.headers["X-Release"]:
            self.releases.add(release)
        self.seen[kind] += 1
        return body

    def _ask(self, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        self._line.request("GET", path, headers={"Host": NAME})
        answer = self._line.getresponse()
        return answer, answer.read()

    def _connected(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            "127.0.0.1", self._site.port, timeout=60, context=self._trusting
        )


def _records(turn: int) -> list[dict[str, Any]]:
    names = [f"p{number}" for number in range(_PACKAGES)]
    return [
        record(name, name=f"{name} in turn {turn}" if number == turn % _PACKAGES else name)
        for number, name in enumerate(names)
    ]


@pytest.fixture(name="site")
def _site(open_folder: Path, source: Source) -> Iterator[_Site]:
    data = open_folder / "data"
    assert run(data, *pipeline(source(*_records(0)))).returncode == 0
    site = _Site(open_folder, apps=2, rate=100_000, data=data)
    site.expected += AWAY
    try:
        site.start_apps()
        yield site
    finally:
        site.end()


@contextmanager
def _visited(site: _Site) -> Iterator[list[Future[_Reader]]]:
    """Let readers ask without end."""
    over = threading.Event()
    with ThreadPoolExecutor(_READERS) as pool:
        readers = [pool.submit(_Reader(site, one).read, over) for one in range(_READERS)]
        try:
            yield readers
        finally:
            over.set()


@pytest.mark.parametrize("turns", [3, pytest.param(30, marks=pytest.mark.soak)])
def test_whatever_is_done_every_answer_is_right(
    site: _Site, source: Source, turns: int, tell: Tell
) -> None:
    """A release, another certificate and a reload, two restarts, and again; now and then back."""
    restarting = ["--data", str(site.data), "--sockets", str(site.folder), "--by", site.by()]
    made = set(Releases(site.data).ids())
    with _visited(site) as readers:
        for turn in range(1, turns + 1):
            assert run(site.data, *pipeline(source(*_records(turn)))).returncode == 0
            made |= set(Releases(site.data).ids())
            site.certify()
            site.reload()
            assert restart.main(restarting) == 0
            if turn % 3 == 2:
                assert run(site.data, "rollback").returncode == 0
    seen: Counter[str] = Counter()
    releases: set[str] = set()
    for reader in readers:
        seen += reader.result().seen
        releases |= reader.result().releases
    tell(f"{turns} turns by https: {seen.total():,} answers, all right: {dict(seen)}")

    assert releases <= made
    assert len(releases) > turns
    assert min(seen[kind] for kind in ("page", "card", "search", "metadata", "feed", "API")) > turns


def test_a_wrong_answer_is_seen(site: _Site) -> None:
    """With no process behind nginx the readers fail, and so would the test above."""
    site.expected.append(r"connect\(\) to unix:|no live upstreams")
    with _visited(site) as readers:
        site.kill_apps()
        failed = [reader.exception(60) for reader in readers]

    wrong = (AssertionError, http.client.IncompleteRead)  # one that the kill cut off, too
    assert all(isinstance(one, wrong) for one in failed), failed
