"""Answers meant to hurt: each ends as an outage with its reason, in bounded time and memory.

Each is asked for by a client in a process of its own, which tells its peak of memory.
"""

import contextlib
import gzip
import json
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.wporg import Client, Limits, Outage, discovery
from catalog.wporg.client import LeftAlone, _redirected
from tests.catalog.wporg import fake

ROOT = Path(__file__).parents[3]
MEGABYTE = 1 << 20

# One request, and how it ended: the kind and words of the error, requests, seconds, kilobytes.
CHILD = """
import json, re, sys, time
from pathlib import Path
from catalog.wporg import Client, Limits
from catalog.wporg.client import Outage

begun = time.monotonic()
with Client(limits=Limits(backoff=0.0, **json.loads(sys.argv[2]))) as client:
    try:
        kind, why = "answer", len(client.ask("GET", sys.argv[1], bytes))
    except Outage as outage:
        kind, why = type(outage).__name__, str(outage)
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
seconds = time.monotonic() - begun
print(json.dumps([kind, why, client.requests, seconds, peak]))
"""


@contextmanager
def served(answer: Callable[[fake.Handler], None]) -> Iterator[tuple[fake.World, str]]:
    """Serve one kind of answer to everything; yield the world and an address in it."""
    world = fake.World()
    world.always["api"] = answer
    with world.served() as sites:
        yield world, f"{sites.api}plugins/info/1.2/?request[slugs]=a"


def asked(url: str, **limits: float) -> tuple[str, str, int, float, int]:
    """Ask in a process of its own; return kind, words, requests, seconds, peak in kilobytes."""
    child = subprocess.run(
        [sys.executable, "-c", CHILD, url, json.dumps(limits)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    kind, why, requests, seconds, peak = json.loads(child.stdout)
    return kind, str(why), requests, seconds, peak


@pytest.fixture(scope="module", name="least")
def _least() -> int:
    """The peak of a client that reads a few bytes."""
    with served(fake.body(b"{}")) as (_, url):
        kind, _, _, _, peak = asked(url)
        assert kind == "answer"
        return peak


def zeros(size: int, times: int) -> bytes:
    """Pack `size` zeros with gzip, and what comes of it again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    block = bytes(MEGABYTE)
    body = b"".join(packer.compress(block) for _ in range(size // MEGABYTE)) + packer.flush()
    for _ in range(times - 1):
        body = gzip.compress(body)
    return body


@pytest.mark.parametrize("packing", ["gzip, gzip", "gzip,gzip", "br", "deflate", "GZIP, x"])
def test_only_what_was_asked_for_is_unpacked(least: int, packing: str) -> None:
    """A hundred megabytes in a kilobyte, packed twice: not unpacked once."""
    body = zeros(100 * MEGABYTE, 2)
    assert len(body) < 10_000
    with served(lambda handler: handler.send(body, Content_Encoding=packing)) as (_, url):
        kind, why, _, _, peak = asked(url, tries=2)
    assert kind == "Outage"
    assert f"packed as {packing.lower()!r}" in why
    assert peak < least + 8_000


def test_a_packed_answer_has_the_limit_of_a_plain_one(least: int) -> None:
    """100 MB of zeros in 100 kB: left at the limit, and not asked for again."""
    body = zeros(100 * MEGABYTE, 1)
    with served(lambda handler: handler.send(body, Content_Encoding="gzip")) as (_, url):
        kind, why, requests, _, peak = asked(url, body=MEGABYTE)
    assert (kind, requests) == ("TooLong", 1)
    assert "longer than 1,048,576 bytes" in why
    assert peak < least + 8_000


def test_a_packed_answer_is_read() -> None:
    """What is asked for is understood, also when it unpacks to much more than one piece."""
    body = zeros(3 * MEGABYTE, 1)
    with served(lambda handler: handler.send(body, Content_Encoding="gzip")) as (_, url):
        assert asked(url)[:2] == ("answer", str(3 * MEGABYTE))


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"x" * 9_000, mtime=0)[:-9], b"no gzip at all", b""],
    ids=["cut short", "not packed", "empty"],
)
def test_a_broken_packing_is_an_outage(body: bytes) -> None:
    """Cut short, or not packed at all: the tries end with the reason."""
    with (
        served(lambda handler: handler.send(body, Content_Encoding="gzip")) as (world, url),
        Client(limits=Limits(backoff=0.0, tries=2)) as client,
        pytest.raises(Outage, match="packed"),
    ):
        client.ask("GET", url, bytes)
    assert world.asked("api") == 2


def drip_headers(handler: fake.Handler) -> None:
    """Send a header line now and then, for ever."""
    stop = time.monotonic() + 20
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while time.monotonic() < stop:
            handler.wfile.write(b"X-More: y\r\n")
            time.sleep(0.02)
    except OSError:
        handler.close_connection = True


def drip_continue(handler: fake.Handler) -> None:
    """Announce an answer, for ever."""
    stop = time.monotonic() + 20
    try:
        while time.monotonic() < stop:
            handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            time.sleep(0.02)
    except OSError:
        handler.close_connection = True


def begin(handler: fake.Handler) -> None:
    """Send one header, and nothing more until the client hangs up."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    with contextlib.suppress(OSError):
        handler.rfile.read(1)
    handler.close_connection = True


@pytest.mark.parametrize("drip", [drip_headers, drip_continue, begin, fake.drip])
def test_dripped_headers_have_the_time_of_the_answer(least: int, drip: object) -> None:
    """A header line now and then keeps no request beyond the time of one answer."""
    with served(drip) as (_, url):  # type: ignore[arg-type]
        kind, why, requests, _, peak = asked(url, total=0.3, tries=2)
    assert (kind, requests) == ("Outage", 2)
    assert "took more than 0.3 s" in why
    assert peak < least + 8_000


def test_headers_without_end_are_an_outage(least: int) -> None:
    """Megabytes of headers at full speed are left after a few pieces."""

    def flood(handler: fake.Handler) -> None:
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * (64 * MEGABYTE))
        except OSError:
            handler.close_connection = True

    with served(flood) as (_, url):
        kind, _, _, _, peak = asked(url, tries=2)
    assert kind == "Outage"
    assert peak < least + 8_000


@pytest.mark.parametrize(
    "where",
    [
        "http://elsewhere.example/login",
        "//elsewhere.example/",
        "https://127.0.0.1/",
        "http://127.0.0.1:1/",
        "ftp://127.0.0.1/",
        "http://[broken/",
        "",
    ],
)
@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_to_another_site_is_an_outage(where: str, code: int) -> None:
    """Another host, port or scheme is not asked; the reason names it."""
    with (
        served(fake.status(code, Location=where)) as (world, url),
        Client(limits=Limits(backoff=0.0)) as client,
        pytest.raises(Outage, match=f"status {code}, to another site") as caught,
    ):
        client.ask("GET", url, bytes)
    assert repr(where) in str(caught.value)
    assert world.asked("api") == client.requests == 1


def test_from_https_to_http_nothing_is_followed() -> None:
    """A secure question is not repeated in the clear, not even to the same host."""

    class Answer:
        status = 301
        headers = ((b"Location", b"http://api.example.org/"),)

    with pytest.raises(Outage, match="another site"):
        _redirected("https://api.example.org/x", Answer())  # type: ignore[arg-type]


def test_a_redirect_within_the_site_is_followed() -> None:
    """Up to three times; a circle is an outage."""
    world = fake.World()
    world.add("plugin", "a")
    world.faults = [("api", fake.status(302, Location="?request[slugs]=a&again")) for _ in range(3)]
    with world.served() as sites, Client(limits=Limits(backoff=0.0)) as client:
        url = f"{sites.api}plugins/info/1.2/?request[slugs]=a"
        assert b'"slug":"a"' in client.ask("GET", url, bytes)
        assert client.requests == 4
        world.always["api"] = fake.status(302, Location="?request[slugs]=a")
        with pytest.raises(Outage, match="more than 3 redirects"):
            client.ask("GET", url, bytes)


@pytest.mark.parametrize(
    "header",
    [
        "Fri, 15 Jan 99999999999 08:00:30 GMT",
        "Fri, 31 Dec 9999 23:59:59 -0000",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "9" * 5_000,
        "99999999999",
    ],
)
def test_a_pause_beyond_the_calendar_ends_the_run(header: str) -> None:
    """Longer than a run can wait, however it is written: nothing more is asked."""
    slept: list[float] = []
    with (
        served(fake.status(503, Retry_After=header)) as (world, url),
        Client(sleep=slept.append) as client,
    ):
        for _ in range(2):
            with pytest.raises(LeftAlone, match=r"\d{5,8} s"):
                client.ask("GET", url, bytes)
    assert slept == []
    assert world.asked("api") == 1


@given(st.one_of(st.text(), st.text("0123456789 :,+-JanGMTFri", max_size=40)))
def test_any_retry_after_is_seconds(header: str) -> None:
    """Whatever stands there, it is a number between nothing and a year."""
    with Client() as client:
        assert 0 <= client._seconds(header.strip()) <= 366 * 86_400


LONG = "9" * 5_000


def numbered(revision: str) -> bytes:
    """Write a log of one revision."""
    item = f"<S:log-item><D:version-name>{revision}</D:version-name></S:log-item>"
    return fake.log_report(item)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("index", f"<title> - Revision {LONG}: /</title><ul></ul>".encode()),
        ("log", numbered(LONG)),
        ("log", numbered("²")),
    ],
)  # fmt: skip
def test_a_revision_that_is_no_number_is_an_outage(kind: str, body: bytes) -> None:
    """5,000 digits in the index or in the log: what was known stays."""
    world = fake.World()
    world.always[kind] = fake.body(body)
    read = {"index": discovery.listing, "log": lambda *place: list(discovery.changes(*place, 1))}
    with (
        world.served() as sites,
        Client(limits=Limits(backoff=0.0, tries=2)) as client,
        pytest.raises(Outage, match="revision"),
    ):
        read[kind](client, sites.plugins)


def test_threads_have_their_own_time() -> None:
    """One answer that drips does not shorten the time of another."""
    world = fake.World()
    world.add("plugin", "a")
    world.faults = [("api", fake.drip)]
    now, total = [0.0], Limits().total
    ended: list[str] = []
    with (
        world.served() as sites,
        Client(limits=Limits(tries=1), clock=lambda: now[0]) as client,
    ):
        url = f"{sites.api}plugins/info/1.2/?request[slugs]=a"

        def slow() -> None:
            with pytest.raises(Outage, match="took more than"):
                client.ask("GET", url, bytes)
            ended.append("slow")

        thread = threading.Thread(target=slow)
        thread.start()
        while world.faults:  # until the first has taken it: the second is not to get it
            time.sleep(0.001)
        for now[0] in (total - 1, total + 1):
            assert b'"slug":"a"' in client.ask("GET", url, bytes)
        thread.join(60)
    assert ended == ["slow"]
