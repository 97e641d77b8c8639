"""The client against a real socket, and every way in which a server can fail it."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from catalog.wporg import details
from catalog.wporg.client import AGENT, Client, LeftAlone, Limits, Outage
from catalog.wporg.details import Found
from tests.catalog.wporg import fake

QUICK = Limits(backoff=0.0)


@pytest.fixture
def world() -> fake.World:
    world = fake.World()
    world.add("plugin", "akismet")
    return world


@pytest.fixture
def api(world: fake.World) -> Iterator[str]:
    with world.served() as sites:
        yield sites.api


class Pauses:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))

    def clock(self) -> float:
        return sum(self.slept)


def patient(pauses: Pauses, **limits: Any) -> Client:
    return Client(
        limits=Limits(**limits),
        sleep=pauses.sleep,
        clock=pauses.clock,
        now=lambda: 1_800_000_000.0 + pauses.clock(),
    )


def akismet(client: Client, api: str) -> details.Answer:
    return details.ask(client, api, "plugin", ["akismet"])["akismet"]


def test_it_says_who_it_is(world: fake.World, api: str) -> None:
    """Every request carries our own User-Agent."""
    with Client() as client:
        assert isinstance(akismet(client, api), Found)
    assert world.agents == {AGENT}


@pytest.mark.parametrize(
    "fault",
    [
        fake.status(500),
        fake.status(503),
        fake.status(429),
        fake.body(b"<!DOCTYPE html><title>Maintenance</title>"),
        fake.body(b"null"),
        fake.body(b'{"akismet":{"slug":"akis'),
        fake.body(b"[" * 200_000),
        fake.body(b""),
        fake.cut_short,
        fake.reset,
    ],
)
def test_a_passing_fault_costs_a_second_try(world: fake.World, api: str, fault: Any) -> None:
    """An error page, another kind of body, a cut one: the next try has the answer."""
    world.faults = [("api", fault)]
    with Client(limits=QUICK) as client:
        assert isinstance(akismet(client, api), Found)
    assert world.asked("api") == 2


def test_an_answer_whose_time_is_over_costs_a_second_try(world: fake.World, api: str) -> None:
    """It drips while the time of one answer goes by; the next try has its own."""
    now = [0.0]

    def drip(handler: fake.Handler) -> None:
        now[0] += Limits().total + 1
        fake.drip(handler)

    world.faults = [("api", drip)]
    with Client(limits=QUICK, clock=lambda: now[0]) as client:
        assert isinstance(akismet(client, api), Found)
    assert world.asked("api") == 2


def test_pauses_double_with_jitter_and_the_tries_end(world: fake.World, api: str) -> None:
    """Four tries, with at least 1, 2 and 4 seconds between them and up to one more by chance."""
    world.always["api"] = fake.status(502)
    pauses, other = Pauses(), Pauses()
    for one in (pauses, other):
        with patient(one) as client, pytest.raises(Outage, match="status 502"):
            akismet(client, api)
        assert client.requests == 4
        assert all(
            least <= slept <= least + 1 for least, slept in zip((1, 2, 4), one.slept, strict=True)
        )
    assert world.asked("api") == 8
    assert pauses.slept != other.slept


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("7", 7.0, 7.0), ("Fri, 15 Jan 2027 08:00:30 GMT", 30.0, 30.0), ("soon", 1.0, 2.0)],
)
def test_retry_after_is_honoured(
    world: fake.World, api: str, header: str, least: float, most: float
) -> None:
    """429 with Retry-After, as seconds or as a date: nothing is asked before that."""
    world.faults = [("api", fake.status(429, Retry_After=header))]
    pauses = Pauses()
    with patient(pauses) as client:
        assert isinstance(akismet(client, api), Found)
    assert least <= round(sum(pauses.slept), 2) <= most


def test_retry_after_holds_for_every_thread(world: fake.World, api: str) -> None:
    """A pause that one request was told is kept by the ones that come after it, too."""
    world.always["api"] = fake.status(503, Retry_After="40")
    pauses = Pauses()
    with patient(pauses, tries=1) as client:
        with pytest.raises(Outage):
            akismet(client, api)
        del world.always["api"]
        assert pauses.slept == []
        assert isinstance(akismet(client, api), Found)
    assert pauses.slept == [40.0]


def test_a_long_pause_ends_the_run(world: fake.World, api: str) -> None:
    """Told to come back in an hour, the client makes no further request."""
    world.always["api"] = fake.status(429, Retry_After="3600")
    pauses = Pauses()
    with patient(pauses) as client:
        for _ in range(3):
            with pytest.raises(LeftAlone, match="3600 s"):
                akismet(client, api)
    assert pauses.slept == []
    assert world.asked("api") == 1


def test_a_refusal_is_not_repeated(world: fake.World, api: str) -> None:
    """403 will not change by asking again."""
    world.always["api"] = fake.status(403)
    with Client(limits=QUICK) as client, pytest.raises(Outage, match="status 403"):
        akismet(client, api)
    assert world.asked("api") == 1


def test_a_body_has_a_limit(world: fake.World, api: str) -> None:
    """An answer that never ends is left, not swallowed."""
    world.always["api"] = fake.body(b" " * 300_000)
    limits = Limits(backoff=0.0, body=200_000, tries=2)
    with Client(limits=limits) as client, pytest.raises(Outage, match="longer than 200,000 bytes"):
        akismet(client, api)


def test_a_dripping_answer_has_an_end(world: fake.World, api: str) -> None:
    """A byte now and then keeps no connection open beyond the time of one answer."""
    world.always["api"] = fake.drip
    limits = Limits(backoff=0.0, total=0.1, tries=1)
    with Client(limits=limits) as client, pytest.raises(Outage, match=r"more than 0\.1 s"):
        akismet(client, api)


def test_a_silent_server_is_left() -> None:
    """A server that accepts and says nothing is an outage."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        api = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        limits = Limits(backoff=0.0, silence=0.1, tries=2)
        with Client(limits=limits) as client, pytest.raises(Outage, match="timed out"):
            akismet(client, api)
        assert client.requests == 2


def test_no_server_is_an_outage() -> None:
    """A refused connection says nothing about any package."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        api = f"http://127.0.0.1:{gone.getsockname()[1]}/"
    with Client(limits=QUICK) as client, pytest.raises(Outage, match="refused"):
        akismet(client, api)


class _ByThrees(fake.World):
    """Answers when three requests are under way."""

    def __init__(self) -> None:
        super().__init__()
        self._three = threading.Barrier(3)

    def answer(self, type_: str, slug: str) -> Any:
        self._three.wait(60)
        return super().answer(type_, slug)


def test_requests_at_once_are_bounded() -> None:
    """Twenty-one threads, three connections."""
    world = _ByThrees()
    world.add("plugin", "akismet")
    with (
        world.served() as sites,
        Client(limits=Limits(concurrency=3)) as client,
        ThreadPoolExecutor(21) as pool,
    ):
        answers = list(pool.map(lambda _: akismet(client, sites.api), range(21)))
    assert all(isinstance(answer, Found) for answer in answers)
    assert world.most_at_once == 3


def test_the_environment_is_not_asked(
    world: fake.World, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy comes from an argument or not at all."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    with Client(limits=QUICK) as client:
        assert isinstance(akismet(client, api), Found)
