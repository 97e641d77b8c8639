"""A polite HTTP client: it says who it is, waits when told to, and gives up with a sentence.

Whatever keeps an answer from being read (no connection, a timeout, 5xx, 429, HTML instead of JSON,
a body cut short) is tried again and ends as `Outage`, never as an answer.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self, TypeVar

import httpx

AGENT = "Frontispiece/0.1 (directory of WordPress packages)"

T = TypeVar("T")

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})


class Outage(Exception):
    """The server could not be asked, or its answer not be read: what was known stays true."""


class LeftAlone(Outage):
    """The server asks for a pause longer than a run can make: nothing more is asked of it now."""


class Unreadable(ValueError):
    """A body that is not what was asked for; raised by a reader, tried again by the client."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the client goes: seconds, bytes of a body, tries of one request."""

    concurrency: int = 10
    connect: float = 10.0
    silence: float = 30.0  # between two pieces of a body
    total: float = 300.0  # for one whole answer, however steadily it drips
    body: int = 64 << 20
    tries: int = 4
    backoff: float = 1.0  # before the second try; doubled for each one after it
    longest_wait: float = 300.0  # a server that asks for more is left alone until the next run


class Client:
    """Ask and read, from any number of threads; `sleep`, `clock` and `chance` are for tests."""

    def __init__(
        self,
        agent: str = AGENT,
        limits: Limits | None = None,
        *,
        proxy: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.limits = limits or Limits()
        self.requests = 0
        self._sleep, self._clock, self._now, self._chance = sleep, clock, now, chance
        self._lock = threading.Lock()
        self._not_before = 0.0  # set by Retry-After, for all threads
        self._http = httpx.Client(
            headers={"User-Agent": agent},
            timeout=httpx.Timeout(self.limits.silence, connect=self.limits.connect, pool=None),
            limits=httpx.Limits(
                max_connections=self.limits.concurrency,
                max_keepalive_connections=self.limits.concurrency,
            ),
            follow_redirects=True,
            max_redirects=3,
            proxy=proxy,
            trust_env=False,  # settings come from arguments
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

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
        A status outside `accept` that no second try would change ends at once.
        """
        for attempt in range(1, self.limits.tries + 1):
            self._wait_for_the_server()
            try:
                return read(self._body(method, url, content, accept))
            except (_Refusal, _TooMuch, Unreadable, httpx.HTTPError, httpx.InvalidURL) as error:
                reason = error
            told = reason.retry_after if isinstance(reason, _Refusal) else 0.0
            pause = self._pause(attempt, told)
            if pause > self.limits.longest_wait:
                raise LeftAlone(f"{method} {_short(url)}: come back in {pause:.0f} s") from reason
            if attempt == self.limits.tries or (isinstance(reason, _Refusal) and not reason.again):
                raise Outage(f"{method} {_short(url)}: {_why(reason)}") from reason
            self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _body(self, method: str, url: str, content: bytes | None, accept: frozenset[int]) -> bytes:
        with self._lock:
            self.requests += 1
        headers = {"Content-Type": "text/xml; charset=utf-8"} if content is not None else {}
        begun = self._clock()
        with self._http.stream(method, url, content=content, headers=headers) as answer:
            if answer.status_code not in accept:
                raise self._refusal(answer)
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > self.limits.body:
                    raise _TooMuch(f"the answer is longer than {self.limits.body:,} bytes")
                if self._clock() - begun > self.limits.total:
                    raise _TooMuch(f"the answer took more than {self.limits.total:g} s")
            return bytes(body)

    def _refusal(self, answer: httpx.Response) -> "_Refusal":
        status = answer.status_code
        if status not in _AGAIN:
            return _Refusal(f"status {status}", again=False, retry_after=0.0)
        after = self._seconds(answer.headers.get("Retry-After", "0"))
        with self._lock:
            self._not_before = max(self._not_before, self._clock() + after)
        return _Refusal(f"status {status}", again=True, retry_after=after)

    def _seconds(self, header: str) -> float:
        """Read Retry-After: seconds, or a date; 0 for anything else."""
        if header.strip().isdecimal():
            return float(header)
        try:
            return max(0.0, parsedate_to_datetime(header).timestamp() - self._now())
        except ValueError:
            return 0.0

    def _wait_for_the_server(self) -> None:
        """Hold every thread back while the server wants to be left alone."""
        while (left := self._not_before - self._clock()) > 0:
            if left > self.limits.longest_wait:
                raise LeftAlone(f"the server asks to be left alone for {left:.0f} s")
            self._sleep(left)

    def _pause(self, attempt: int, told: float) -> float:
        """Return the seconds before the next try: doubling, with jitter, and no less than told."""
        backoff = self.limits.backoff * 2.0 ** (attempt - 1) * (0.5 + self._chance())
        return max(backoff, told)


class _Refusal(Exception):
    def __init__(self, reason: str, *, again: bool, retry_after: float) -> None:
        super().__init__(reason)
        self.again = again
        self.retry_after = retry_after


class _TooMuch(Exception):
    pass


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__


def _short(url: str) -> str:
    """Name a request in a sentence: a hundred slugs would hide the reason."""
    return url if len(url) <= 120 else f"{url[:117]}..."
