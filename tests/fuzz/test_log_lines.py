"""Hostile lines in the log of installs: each counted, foreign or refused, and the sum is right."""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog import database
from catalog.installs.notification import Foreign, Notification, Refused, parse
from tests.conftest import Source, record
from tests.faults.command import command, pipeline
from tests.fuzz.mutation import mutated

_AGENT = "Composer/2.5.5 (Linux; 6.18.44; PHP 8.2.36; streams)"


def _seeds() -> list[bytes]:
    bodies = [
        '{"downloads":[{"name":"wp-plugin/foo","version":"1.0.0.0"}]}',
        '{"downloads":[{"name":"wp-plugin/\\ud800","version":"\\ud800"}]}',
        '{"downloads":[{"name":"wpackagist-theme/x","version":"dev-trunk"},{"name":"a","version":""}]}',
        "",
        "[]",
    ]
    lines = [
        {"at": time.time(), "address": address, "agent": agent, "body": body}
        for body in bodies
        for agent in (_AGENT, "curl/8")
        for address in ("192.0.2.7", "2001:db8::1", "\ud800", "unix:")
    ]
    return [json.dumps(line).encode() + b"\n" for line in lines]


@pytest.mark.parametrize("inputs", [4_000, pytest.param(40_000, marks=pytest.mark.soak)])
def test_any_line(inputs: int, tried: Callable[[int], None]) -> None:
    """A Notification, Refused or Foreign; nothing else comes out."""
    chance, seeds = random.Random(inputs), _seeds()
    kinds: dict[str, int] = {}
    for _ in range(inputs):
        line = mutated(chance, seeds)
        try:
            notification = parse(line)
            kind = type(notification).__name__
            notification.address.encode("utf-8")
        except (Refused, Foreign) as refused:
            kind = type(refused).__name__
        kinds[kind] = kinds.get(kind, 0) + 1
    assert kinds.keys() == {Notification.__name__, "Refused", "Foreign"}
    tried(inputs)


@pytest.mark.parametrize("inputs", [2_500, pytest.param(30_000, marks=pytest.mark.soak)])
def test_a_log_of_hostile_lines(
    data: Path, source: Source, inputs: int, tried: Callable[[int], None]
) -> None:
    """Counted without a complaint; every count is of a package and a version that there is."""
    assert command(data, *pipeline(source(record("foo"), record("bar")))).code == 0
    chance, seeds = random.Random(inputs), _seeds()
    log = data / "log" / "downloads.log"
    log.parent.mkdir()
    with log.open("wb") as file:
        for number in range(inputs):
            line = seeds[number % len(seeds)] if number % 10 == 0 else mutated(chance, seeds)
            file.write(line)

    ended = command(data, "count", "--log", str(log))

    assert ended.code == 0, ended.said
    assert "Traceback" not in ended.said
    assert list(log.parent.iterdir()) == []
    with database.reading(data) as db:
        counted = db.execute("SELECT package_id, version, count FROM install_day").fetchall()
        known = {id for (id,) in db.execute("SELECT id FROM package").fetchall()}
    assert counted
    assert {id for id, _, _ in counted} <= known
    assert {version for _, version, _ in counted} <= {"1.0", "", "dev-trunk"}
    tried(inputs)
