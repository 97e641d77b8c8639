"""A polite HTTP client: it says who it is, waits when told to, and gives up with a sentence.

Whatever keeps an answer from being read (no connection, a timeout, 5xx, 429, HTML instead of JSON,
a body cut short) is tried again and ends as `Outage`, never as an answer. Time and memory of one
answer are bounded: its headers may drip and its body may be packed, neither beyond the limits.
"""

import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import httpcore
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

AGENT = "Frontispiece/0.1 (directory of WordPress packages)"

T = TypeVar("T")

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
_REDIRECTS = 3  # followed, within one site
_PIECE = 1 << 16  # bytes unpacked at once
_FAR = 366 * 86_400.0  # seconds; a pause beyond the calendar is no longer than this


class Outage(Exception):
    """The server could not be asked, or its answer not be read: what was known stays true."""


class LeftAlone(Outage):
    """The server asks for a pause longer than a run can make: nothing more is asked of it now."""


class TooLong(Outage):
    """The answer is longer than the client reads; the same question would get it again."""


class Elsewhere(Outage):
    """The answer is a redirect to another site, which is not followed."""


class Unreadable(ValueError):
    """A body that is not what was asked for; raised by a reader, tried again by the client."""


class _Busy(Exception):
    """A status that another try may change."""


_PASSING = (
    _Busy,
    Unreadable,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
)


def agent(contact: str) -> str:
    """Name who asks, for the User-Agent: this program and, if told, who runs it."""
    return f"{AGENT} +{contact}" if contact else AGENT


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the client goes: seconds, bytes of an unpacked body, tries of one request."""

    concurrency: int = 10
    connect: float = 10.0
    silence: float = 30.0  # between two pieces of an answer
    total: float = 300.0  # for one whole answer, however steadily it drips
    body: int = 32 << 20
    tries: int = 4
    backoff: float = 1.0  # before the second try; doubled for each one after it, with jitter
    longest_wait: float = 300.0  # a server that asks for more is left alone until the next run


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came; `etag` and `modified` are its ETag and Last-Modified, or ''."""

    status: int
    body: bytes
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that is read as it comes; `etag`, `modified` and `ranged` are its ETag,
    Last-Modified and Content-Range, or ''; `length` is its Content-Length, 0 where none is told.
    """

    status: int
    etag: str
    modified: str
    ranged: str
    length: int
    pieces: Iterator[bytes]


class Client:
    """Ask and read, from any number of threads; `sleep`, `clock` and `now` are for tests."""

    def __init__(
        self,
        agent: str = AGENT,
        limits: Limits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.limits = limits or Limits()
        self.requests = 0
        self._headers: dict[bytes | str, bytes | str] = {
            "User-Agent": agent.encode(),
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
        }
        self._sleep, self._clock, self._now = sleep, clock, now
        self._lock = threading.Lock()
        self._not_before = 0.0  # set by Retry-After, for all threads
        self._answer = threading.local()  # .ends: when the answer that a thread reads is overdue
        self._pool = httpcore.ConnectionPool(
            max_connections=self.limits.concurrency,
            max_keepalive_connections=self.limits.concurrency,
            keepalive_expiry=5.0,
            network_backend=_Network(self._at_most),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.close()

    def ask(
        self,
        method: str,
        url: str,
        read: Callable[[bytes], T],
        *,
        content: bytes | None = None,
        accept: frozenset[int] = frozenset({200}),
    ) -> T:
        """Return what `read` makes of the body, or raise `Outage` when the tries are used up.

        `read` raises `Unreadable` for a body that it cannot use; that counts as a failed try.
        A status outside `accept` that no second try would change, a redirect to another site and
        an answer that is too long (`TooLong`) end at once.
        """

        def once() -> T:
            return read(self._reply(method, url, {}, content, accept).body)

        return self._tried(once, f"{method} {_short(url)}")

    def get(self, url: str, *, known: tuple[str, str] = ("", ""), accept: frozenset[int]) -> Reply:
        """Return the answer of a file's address; `known`: ETag and Last-Modified of what we have.

        Where either is given, and the file is still that, the status is 304 and the body empty.
        Raises `Outage` as `ask` does, `Elsewhere` for a redirect to another site.
        """
        names = ("If-None-Match", "If-Modified-Since")
        asking: dict[bytes | str, bytes | str] = {
            name: value for name, value in zip(names, known, strict=True) if value
        }
        accept = accept | {304} if asking else accept
        return self._tried(
            lambda: self._reply("GET", url, asking, None, accept), f"GET {_short(url)}"
        )

    def stream(
        self,
        url: str,
        asking: Callable[[], Mapping[str, str]],
        read: Callable[[Stream], T],
        *,
        accept: frozenset[int],
    ) -> T:
        """Return what `read` makes of an answer as it comes, of any length, and never packed.

        asking: gives the headers of each try, so that one goes on where the one before was cut off.
        Raises `Outage` as `ask` does; what else `read` raises ends the tries at once.
        """

        def once() -> T:
            headers = dict(self._headers)
            headers.update({"Accept-Encoding": "identity", **asking()})
            with self._answered("GET", url, headers, None, accept) as answer:
                if (packing := _header(answer, b"content-encoding")) not in ("", "identity"):
                    raise Unreadable(f"the answer is packed as {packing[:40]!r}")
                etag, modified = (_header(answer, one) for one in (b"etag", b"last-modified"))
                ranged, told = (
                    _header(answer, one) for one in (b"content-range", b"content-length")
                )
                length = int(told) if told.isdecimal() else 0
                pieces = answer.iter_stream()
                return read(Stream(answer.status, etag, modified, ranged, length, pieces))

        return self._tried(once, f"GET {_short(url)}")

    def _tried(self, once: Callable[[], T], what: str) -> T:
        """Try until there is an answer; raise `Outage` when the tries are used up."""

        def patiently() -> T:
            self._wait_for_the_server()
            return once()

        backoff = self.limits.backoff
        tries = Retrying(
            retry=retry_if_exception_type(_PASSING),
            stop=stop_after_attempt(self.limits.tries),
            wait=wait_exponential_jitter(multiplier=backoff, jitter=backoff),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return tries(patiently)
        except Outage as outage:
            raise type(outage)(f"{what}: {outage}") from outage
        except _PASSING as error:
            raise Outage(f"{what}: {str(error) or type(error).__name__}") from error

    def _reply(
        self,
        method: str,
        url: str,
        asking: Mapping[bytes | str, bytes | str],
        content: bytes | None,
        accept: frozenset[int],
    ) -> Reply:
        headers = self._headers | dict(asking)
        if content is not None:
            headers["Content-Type"] = "text/xml; charset=utf-8"
        with self._answered(method, url, headers, content, accept) as answer:
            etag, modified = (_header(answer, one) for one in (b"etag", b"last-modified"))
            body = b"" if answer.status == 304 else self._unpacked(answer)
            return Reply(answer.status, body, etag, modified)

    @contextmanager
    def _answered(
        self,
        method: str,
        url: str,
        headers: Mapping[bytes | str, bytes | str],
        content: bytes | None,
        accept: frozenset[int],
    ) -> Iterator[httpcore.Response]:
        """Give an answer whose status is one of `accept`, its body unread."""
        self._answer.ends = self._clock() + self.limits.total
        timeout = {"connect": self.limits.connect, "read": self.limits.silence}
        for _ in range(1 + _REDIRECTS):
            with self._lock:
                self.requests += 1
            with self._pool.stream(
                method, url, headers=headers, content=content, extensions={"timeout": timeout}
            ) as answer:
                if answer.status in accept:
                    yield answer
                    return
                if not 300 <= answer.status < 400:
                    raise self._refusal(answer)
                url = _redirected(url, answer)
        raise Outage(f"more than {_REDIRECTS} redirects")

    def _unpacked(self, answer: httpcore.Response) -> bytes:
        """Read a body; one that was packed in a way not asked for might have no end."""
        pieces: Iterable[bytes] = answer.iter_stream()
        packing = _header(answer, b"content-encoding").lower()
        if packing == "gzip":
            pieces = _gunzipped(pieces)
        elif packing not in ("", "identity"):
            raise Unreadable(f"the answer is packed as {packing[:40]!r}, not as was asked for")
        body = bytearray()
        for piece in pieces:
            body += piece
            if len(body) > self.limits.body:
                raise TooLong(f"the answer is longer than {self.limits.body:,} bytes")
        return bytes(body)

    def _refusal(self, answer: httpcore.Response) -> Exception:
        reason = f"status {answer.status}"
        if answer.status not in _AGAIN:
            return Outage(reason)
        after = self._seconds(_header(answer, b"retry-after"))
        with self._lock:
            self._not_before = max(self._not_before, self._clock() + after)
        if after > self.limits.longest_wait:
            return LeftAlone(f"{reason}: come back in {after:.0f} s")
        return _Busy(reason)

    def _seconds(self, header: str) -> float:
        """Read Retry-After: seconds, or a date; 0 for anything else."""
        if header.isdecimal():
            return min(float(header), _FAR)
        try:
            return min(max(0.0, parsedate_to_datetime(header).timestamp() - self._now()), _FAR)
        except OverflowError:
            return _FAR  # a year that no calendar has
        except (ValueError, TypeError, IndexError):
            return 0.0

    def _wait_for_the_server(self) -> None:
        """Hold every thread back while the server wants to be left alone."""
        while (left := self._not_before - self._clock()) > 0:
            if left > self.limits.longest_wait:
                raise LeftAlone(f"the server asks to be left alone for {left:.0f} s")
            self._sleep(left)

    def _at_most(self, wait: float | None) -> float:
        """Cut a wait for the network at the end of the answer's time."""
        left: float = self._answer.ends - self._clock()
        if left <= 0:
            raise Unreadable(f"the answer took more than {self.limits.total:g} s")
        return left if wait is None else min(left, wait)


class _Network(httpcore.NetworkBackend):
    """Sockets on which no wait goes beyond what `at_most` makes of it, not for a header either."""

    def __init__(self, at_most: Callable[[float | None], float]) -> None:
        self._at_most = at_most
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *more: Any, **named: Any
    ) -> httpcore.NetworkStream:
        wait = self._at_most(timeout)
        return _Stream(self._sockets.connect_tcp(host, port, wait, *more, **named), self._at_most)


class _Stream(httpcore.NetworkStream):
    def __init__(
        self, stream: httpcore.NetworkStream, at_most: Callable[[float | None], float]
    ) -> None:
        self._stream, self._at_most = stream, at_most

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._at_most(timeout))
        except httpcore.ReadTimeout:
            self._at_most(timeout)  # raises if it was the answer's time that ended
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._at_most(timeout))

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = self._at_most(timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, wait), self._at_most)


def _gunzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack a body in small pieces: a few kilobytes may hold gigabytes."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for piece in pieces:
            packed = piece
            while packed:
                yield unpacker.decompress(packed, _PIECE)
                packed = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as error:
        raise Unreadable(f"the answer cannot be unpacked: {error}") from error
    if not unpacker.eof:
        raise Unreadable("the answer's packed body is cut short")


def _redirected(url: str, answer: httpcore.Response) -> str:
    """Return where a redirect leads; never to another site, nor from https to http."""
    where = _header(answer, b"location")
    try:
        target = urljoin(url, where)
        here = urlsplit(url)[:2] == urlsplit(target)[:2] and target.isascii()
    except ValueError:
        here = False
    if not where or not here:
        raise Elsewhere(f"status {answer.status}, to another site: {where[:200]!r}")
    return target


def _header(answer: httpcore.Response, name: bytes) -> str:
    values = [value for key, value in answer.headers if key.lower() == name]
    return b", ".join(values).decode("latin-1").strip()


def _short(url: str) -> str:
    """Name a request in a sentence: a hundred slugs would hide the reason."""
    return url if len(url) <= 120 else f"{url[:117]}..."
