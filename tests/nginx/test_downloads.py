"""POST /downloads: answered by nginx itself, logged whole, and what is not meant for it refused."""

import contextlib
import http.client
import ipaddress
import itertools
import json
import random
import re
import secrets
import statistics
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from catalog.installs.notification import Foreign, Refused, parse
from catalog.journal import Journal
from scripts import count
from tests import runs
from tests.catalog.installs.installing import build, totals, with_versions
from tests.conftest import Tell
from tests.nginx.face import Answer, Face, converse, running, wait

AGENT = "Composer/2.5.5 (Linux; 6.18.44; PHP 8.2.36; streams)"
ONE = '{"downloads":[{"name":"wp-plugin\\/foo","version":"1.1.0.0"}]}'


_VISITORS = itertools.count(1)


def visitor() -> str:
    """Give an address that nobody has had: see _site."""
    return str(ipaddress.IPv4Address("10.0.0.0") + next(_VISITORS))


@pytest.fixture(scope="module", name="site")
def _site(shared_folder: Path) -> Iterator[Face]:
    """nginx behind a proxy, the test itself, so that each test comes from an address of its own."""
    with running(shared_folder, proxies=("127.0.0.1",)) as face:
        yield face


def post(
    site: Face,
    body: str | bytes,
    agent: str = AGENT,
    path: str = "/downloads",
    connection: http.client.HTTPConnection | None = None,
    address: str = "",
) -> Answer:
    """Tell of an install, as Composer does."""
    headers = {"Content-Type": "application/json", "User-Agent": agent}
    headers |= {"X-Forwarded-For": address} if address else {}
    line = connection or http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    with contextlib.nullcontext() if connection else closing(line):
        line.request("POST", path, body, headers)
        response = line.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, response.read())


def log_of(site: Face) -> Path:
    """Where the site logs installs."""
    return site.data.parent / "run" / "downloads.log"


def logged(site: Face) -> list[bytes]:
    """Read the lines that there are."""
    return log_of(site).read_bytes().splitlines(keepends=True)


class Added:
    """The lines that come into the log while it is entered.

    A line is written in the moment after the answer, by the worker that gave it; what is asked on
    one connection is written in order. So a mark on the same connection comes after it.
    """

    def __init__(self, site: Face) -> None:
        self.lines: list[bytes] = []
        self.address = visitor()
        self._site = site
        self._connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)

    def __enter__(self) -> "Added":
        self._mark()
        self._before = len(logged(self._site))
        return self

    def __exit__(self, *_: object) -> None:
        mark = self._mark()
        self.lines += [line for line in logged(self._site)[self._before :] if mark not in line]
        self._connection.close()

    def post(self, body: str | bytes, agent: str = AGENT, path: str = "/downloads") -> Answer:
        """Tell of an install."""
        return post(self._site, body, agent, path, self._connection, self.address)

    def _mark(self) -> bytes:
        mark = secrets.token_hex(8)
        self.post(ONE.replace("foo", mark))
        wait(lambda: mark.encode() in log_of(self._site).read_bytes())
        return mark.encode()


def test_an_install_is_answered_and_logged(site: Face) -> None:
    """200 with Composer's own words for it, and a line with time, address, agent and body."""
    before = time.time()
    with Added(site) as added:
        answer = added.post(ONE)
    (line,) = map(json.loads, added.lines)

    assert (answer.status, answer.body) == (200, b'{"status":"ok"}\n')
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert line.keys() == {"at", "address", "agent", "body"}
    assert before - 1 < line["at"] < time.time() + 1
    assert (line["address"], line["agent"], line["body"]) == (added.address, AGENT, ONE)


def test_the_app_is_not_asked(folder: Path) -> None:
    """It works when the app is dead."""
    with running(folder, started=False) as face:
        with Added(face) as added:
            assert added.post(ONE).status == 200
        assert json.loads(added.lines[0])["body"] == ONE


def test_two_thousand_packages_are_logged_whole(site: Face) -> None:
    """A large project's one large list is one line, to the last byte, however it is sent."""
    packages = [
        {"name": f"wp-plugin/{'name-' * 3}{number}", "version": f"{number % 9}.2.0.0"}
        for number in range(2_000)
    ]
    body = json.dumps({"downloads": packages}, separators=(",", ":")).replace("/", "\\/").encode()
    assert 120_000 < len(body) <= 128 << 10
    for sent in (body, iter([body[:70_000], body[70_000:70_001], body[70_001:]])):
        with Added(site) as added:
            assert added.post(sent).status == 200  # type: ignore[arg-type]

        assert [len(parse(line).downloads) for line in added.lines] == [2_000]
        assert json.loads(added.lines[0])["body"].encode() == body


@pytest.mark.parametrize("size", [128 << 10, (128 << 10) + 1])
def test_the_largest_body_is_logged_and_a_larger_one_refused(site: Face, size: int) -> None:
    """128 KB go into the log whole; a byte more is 413, with a page, and logs nothing."""
    site.expected.append("client intended to send too large body")
    body = ONE.replace("foo", "f" * (size - len(ONE) + 3))
    assert len(body) == size
    with Added(site) as added:
        answer = added.post(body)

    if size == 128 << 10:
        assert answer.status == 200
        assert [json.loads(line)["body"] for line in added.lines] == [body]
    else:
        assert answer.status == 413
        assert b"</html>" in answer.body
        assert added.lines == []


def test_a_large_chunked_body_is_refused(site: Face) -> None:
    """Without a length, the limit holds all the same."""
    site.expected.append("client intended to send too large chunked body")
    head = f"POST /downloads HTTP/1.1\r\nHost: x\r\nUser-Agent: {AGENT}\r\n"
    chunk = b"20000\r\n" + b"x" * 0x20000 + b"\r\n"
    with Added(site) as added:
        said = converse(
            site.port, head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + 3 * chunk
        )

    assert said.startswith(b"HTTP/1.1 413 ")
    assert added.lines == []


HOSTILE = [
    b"",
    b"\0\x01\x02\x1f\x7f",
    b'"}\n{"at":1,"address":"6.6.6.6","agent":"Composer/9","body":"{}"}',
    b'\\"\\\\" , "body": "',
    b"\r\n\r\nGET / HTTP/1.1\r\n",
    b"\xff\xfe\xc3\x28",
    "\u2028\u2029\u0085".encode(),
    b"%0a%22",
    b"$request_body $remote_addr",
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
]

HARMLESS = (b"", b"%0a%22", b"$request_body $remote_addr")


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_no_body_breaks_out_of_its_line(site: Face, body: bytes) -> None:
    """What is not as Composer writes it is answered and makes no line, nor when it begins so."""
    for sent in (body, b'{"downloads":[{"name":"wp-plugin\\/foo"}' + body + b"}]}"):
        with Added(site) as added:
            assert added.post(sent).status == 200

        for line in added.lines:  # of such as are printable: one, and refused when it is read
            with pytest.raises(Refused):
                parse(line)
        assert len(added.lines) == (1 if sent != body and body in HARMLESS else 0)


@pytest.mark.parametrize(
    "agent",
    ['Composer/"}\\', "Composer/\xe9\xff", "Composer/" + "x" * 5000, "Composer/" + "\x01" * 100],
)
def test_no_agent_makes_a_line_that_is_too_long_to_be_composers(site: Face, agent: str) -> None:
    """What Composer never calls itself is not written down."""
    with Added(site) as added:
        assert added.post(ONE, agent).status == 200

    assert added.lines == []


def test_what_only_begins_as_composer_is_foreign(site: Face) -> None:
    """One line, and it is not taken for Composer's."""
    with Added(site) as added:
        assert added.post(ONE, "Composer/2.5.5 (Linux)").status == 200

    assert len(added.lines) == 1
    with pytest.raises(Foreign):
        parse(added.lines[0])


def test_an_attack_fills_no_disk(site: Face, tell: Tell) -> None:
    """From one address: of the largest bodies some are written, at half as much again at most."""
    site.expected.append("client intended to send too large body")
    largest = 128 << 10
    begin, end = '{"downloads":[{"name":"a', "}]}"
    dearest = begin + "a\\/" * ((largest - len(begin) - len(end)) // 3) + end
    agent = "Composer/" + "\x01" * 4_000
    with Added(site) as added:
        before = log_of(site).stat().st_size
        for body in (dearest, "\x01" * (256 << 10), "\x01" * largest, begin + '"' * largest):
            for _ in range(20):
                post(site, body, address=added.address)
        for _ in range(20):
            post(site, ONE, agent, address=added.address)
        grown = log_of(site).stat().st_size - before
    tell(f"POST /downloads: 100 hostile requests from an address grow the log by {grown:,} bytes")

    assert grown < 8 * 1.5 * largest
    assert all(len(line) < 1.5 * largest for line in added.lines)


@pytest.mark.parametrize("agent", ["", "curl/7.88.1", "Mozilla/5.0 Composer/2.5.5"])
def test_what_does_not_say_that_it_is_composer_is_not_written_down(site: Face, agent: str) -> None:
    """It gets the same answer; no address of it is kept."""
    with Added(site) as added:
        assert added.post(ONE, agent).status == 200

    assert added.lines == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_post_is_answered(site: Face, method: str) -> None:
    """Anything else is 405, says what would have been right, and is not logged."""
    with Added(site) as added:
        answer = site.ask("/downloads?x=1", method, **{"User-Agent": AGENT})

    assert answer.status == 405
    assert answer.headers["allow"] == "POST"
    assert method == "HEAD" or b"</html>" in answer.body
    assert added.lines == []
    assert site.ask("/", "PUT").headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/downloads/", "/downloadsx", "/x/downloads", "/.nothing"])
def test_other_addresses_take_nothing(site: Face, path: str) -> None:
    """The one address is the only one."""
    with Added(site) as added:
        assert added.post(ONE, path=path).status in (404, 405)

    assert added.lines == []


def test_the_access_log_has_no_line_of_it(site: Face) -> None:
    """An address that installs stands in the log of installs only, which is soon deleted."""
    post(site, ONE)
    site.ask("/seen")
    access = log_of(site).with_name("access.log")
    wait(lambda: "/seen" in access.read_text())

    assert not re.search(r'"POST /downloads [^"]*" 200 ', access.read_text())


def test_under_a_path(folder: Path) -> None:
    """A site under a path takes installs there, and says so when asked wrongly."""
    with running(folder, base="/dir", started=False) as face:
        assert post(face, ONE, path="/dir/downloads").status == 200
        assert post(face, ONE).status in (404, 405)
        assert face.ask("/dir/downloads").headers["allow"] == "POST"


def test_a_flood_is_slowed(folder: Path) -> None:
    """Sixty at once are taken, and one a second; who sends more than that gets 429."""
    with running(folder, started=False) as face:
        connection = http.client.HTTPConnection("127.0.0.1", face.port, timeout=60)
        seen = []
        with closing(connection):
            while 429 not in seen:
                connection.request("POST", "/downloads", ONE, {"User-Agent": AGENT})
                response = connection.getresponse()
                response.read()
                seen.append(response.status)

        assert set(seen) == {200, 429}
        assert set(seen[:60]) == {200}
        wait(lambda: len(logged(face)) == seen.count(200))


def test_how_fast(folder: Path, tell: Tell) -> None:
    """The time from question to answer on an open connection is reported."""
    took = []
    with running(folder, started=False) as face:
        connection = http.client.HTTPConnection("127.0.0.1", face.port, timeout=60)
        with closing(connection):
            for _ in range(60):
                began = time.perf_counter()
                connection.request("POST", "/downloads", ONE, {"User-Agent": AGENT})
                assert connection.getresponse().read() == b'{"status":"ok"}\n'
                took.append(time.perf_counter() - began)
    tell(f"POST /downloads: median {1000 * statistics.median(took):.2f} ms")


def test_counting_while_installs_come(folder: Path, tmp_path: Path) -> None:
    """New logs are begun again and again, runs are killed: no install is lost or counted twice."""
    versions = [f"{n}.0" for n in range(1, 41)]
    build(tmp_path / "data", *(with_versions(f"p{n}", *versions) for n in range(64)))
    installs = [(range(first, first + 8), one) for first in range(0, 64, 8) for one in versions]
    chance = random.Random(8)
    with running(folder, started=False, proxies=("127.0.0.1",)) as face:
        argv = ["--data", str(tmp_path / "data"), "--log", str(log_of(face))]
        argv += ["--nginx-pid", str(log_of(face).with_name("nginx.pid"))]
        stop = threading.Event()
        told: list[tuple[str, str]] = []

        def install(worker: int) -> None:
            for numbers, version in installs[worker::2]:
                said = [{"name": f"wp-plugin/p{n}", "version": f"{version}.0.0"} for n in numbers]
                body = json.dumps({"downloads": said}, separators=(",", ":"))
                assert post(face, body, address=visitor()).status == 200
                told.extend((f"p{n}", version) for n in numbers)
                if stop.is_set() and len(told) > 200:
                    return

        def counting(_data: Path, _source: Path, journal: Journal) -> int:
            return count.main(argv, journal)

        workers = [threading.Thread(target=install, args=(n,)) for n in range(2)]
        for worker in workers:
            worker.start()
        data = tmp_path / "data"
        lasts = runs.lasted(counting, data, data)
        for _ in range(30):
            runs.killed_after(counting, data, data, chance.uniform(0, 2 * lasts))
        stop.set()
        for worker in workers:
            worker.join()
        assert runs.boundaries(counting, data, data)
        # What a worker has answered it writes in the moment after.
        wait(lambda: runs.boundaries(counting, data, data) and len(totals(data)) == len(told))

        assert totals(data) == dict.fromkeys(told, 1)
        assert [path.name for path in log_of(face).parent.glob("downloads.log*")] == [
            "downloads.log"
        ]
        assert log_of(face).stat().st_size == 0
        assert len(told) > 200


def test_the_real_composer(site: Face, tmp_path: Path) -> None:
    """What Composer itself sends after an install is understood, word for word."""
    zip_file = tmp_path / "foo.zip"
    with zipfile.ZipFile(zip_file, "w") as archive:
        archive.writestr("foo/foo.php", "<?php")
    package = {
        "name": "wp-plugin/foo",
        "version": "1.1",
        "dist": {"type": "zip", "url": zip_file.as_uri(), "reference": "tags/1.1"},
        "notification-url": f"http://127.0.0.1:{site.port}/downloads",
    }
    lock = {
        "content-hash": "0" * 32,
        "packages": [package],
        "packages-dev": [],
        "aliases": [],
        "minimum-stability": "stable",
        "stability-flags": [],
        "prefer-stable": False,
        "prefer-lowest": False,
        "platform": [],
        "platform-dev": [],
        "plugin-api-version": "2.3.0",
    }
    project = {
        "require": {"wp-plugin/foo": "1.1"},
        "repositories": [{"packagist.org": False}],
        "config": {"secure-http": False},
    }
    (tmp_path / "composer.json").write_text(json.dumps(project))
    (tmp_path / "composer.lock").write_text(json.dumps(lock))
    with Added(site) as added:
        ended = subprocess.run(
            ["composer", "install", "--no-interaction", "--no-plugins"],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "COMPOSER_ALLOW_SUPERUSER": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert ended.returncode == 0, ended.stderr
    assert [parse(line).downloads for line in added.lines] == [[("wp-plugin/foo", "1.1.0.0")]]


def test_badges_are_files_of_the_store(folder: Path) -> None:
    """Sent by nginx alone, for other sites, kept for an hour; nothing else is under there."""
    with running(folder, started=False) as face:
        badge = face.data / "store" / "badges" / "plugin" / "foo.svg"
        badge.parent.mkdir(parents=True)
        badge.write_text("<svg/>")
        (badge.parents[1] / "unfinished.tmp").write_text("<sv")
        (badge.parent / "foo.tag.svg").write_text("<svg />")
        answer = face.ask("/badges/plugin/foo.svg")

        assert face.ask("/badges/plugin/foo.tag.svg").body == b"<svg />"
        assert (answer.status, answer.body) == (200, b"<svg/>")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cache-control"] == "public, max-age=3600"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert face.ask("/badges/plugin/bar.svg").status == 404
        assert face.ask("/badges/unfinished.tmp").status == 502  # the app's, which is not there
        face.expected = [r"app-0 failed .*unfinished\.tmp"]
        assert face.ask("/badges/plugin/foo.svg", "POST").status == 405
