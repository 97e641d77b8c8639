"""Feeds that turn empty, cut, huge or hostile: the site stays as it is, or takes what is sound."""

import gzip
import json
import os
import random
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.record import MAX_BYTES
from publish.releases import Releases
from tests import site
from tests.conftest import Source
from tests.faults.command import command, pipeline
from tests.faults.whole import complete, feeds, served

_MB = 1 << 20


def _json(feed: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in feed)


def _noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


_BAD: dict[str, Callable[[bytes], bytes]] = {
    "empty.jsonl": lambda _: b"",
    "blank.jsonl": lambda _: b"\n \n\t\n",
    "nul.jsonl": lambda _: bytes(100_000),
    "html.jsonl": lambda _: b"<!DOCTYPE html><title>502 Bad Gateway</title>",
    "noise.jsonl": lambda _: _noise(200_000),
    "empty.json": lambda _: b"",
    "empty-list.json": lambda _: b"[]",
    "null.json": lambda _: b"null",
    "deep.json": lambda _: b"[" * 100_000,
    "deep.jsonl": lambda _: b'{"slug":' * 50_000,
    "noise.json": lambda _: _noise(200_000),
    "cut.jsonl.gz": lambda feed: gzip.compress(feed + _noise(10_000))[:-5_000],
    "empty.jsonl.gz": lambda _: b"",
    "noise.jsonl.gz": lambda _: _noise(10_000),
    "no.jsonl.gz": lambda feed: feed,
    "sum.jsonl.gz": lambda feed: gzip.compress(feed)[:-8] + b"\0" * 8,
    "bits.jsonl.gz": lambda feed: bytes(
        255 - one if at == 40 else one for at, one in enumerate(gzip.compress(feed))
    ),
    "bomb.jsonl.gz": lambda _: gzip.compress(bytes(64 * _MB), 1),
    "half.jsonl": lambda feed: feed[: len(feed) // 20],
}


@pytest.mark.parametrize("name", _BAD)
def test_a_feed_gone_bad_changes_nothing(data: Path, source: Source, name: str) -> None:
    """Refused as a whole, with a sentence, and the site is byte for byte as it was."""
    feed = next(feeds(40))
    assert command(data, *pipeline(source(*feed))).code == 0
    live, pages = Releases(data).current(), site.pages(data)
    path = data.parent / name
    path.write_bytes(_BAD[name](_json(feed)))

    ended = command(data, *pipeline(path))

    assert ended.code in (2, 3), ended.said
    assert "Traceback" not in ended.said
    assert str(path) in ended.said or "the source lacks" in ended.said
    assert (Releases(data).current(), site.pages(data)) == (live, pages)
    assert command(data, *pipeline(source(*feed))).code == 0
    complete(data, feed)


def test_a_source_that_is_not_there(data: Path, source: Source) -> None:
    """A folder, a missing file, a broken link: each a sentence."""
    feed = next(feeds())
    assert command(data, *pipeline(source(*feed))).code == 0
    (data.parent / "broken.jsonl").symlink_to("nowhere")
    for path in (data.parent, data.parent / "no.jsonl", data.parent / "broken.jsonl"):
        ended = command(data, *pipeline(path))
        assert (ended.code, "Traceback" in ended.said) == (2, False)
        assert str(path) in ended.said
    complete(data, feed)


def test_hostile_lines_between_good_ones_are_refused_one_by_one(data: Path, source: Source) -> None:
    """The good ones are taken, the bad ones named once; the next run has nothing to say."""
    feed = next(feeds())
    bad = [
        b"{",
        b"null",
        b"\xff\xfe{}",
        b'{"type":"plugin","slug":"../../etc/passwd"}',
        b'{"type":"plugin","slug":"a\\u0000b"}',
        b'{"type":"plugin","slug":"a","slug":"b"}',
        b'{"type":"plugin","slug":"x","versions":1e999}',
        b'{"type":"plugin","slug":"x","versions":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"type":"plugin","slug":"x","name":"' + b"A" * MAX_BYTES + b'"}',
    ]
    path = source(
        *(one for pair in zip(feed, bad, strict=False) for one in pair), *bad[len(feed) :]
    )

    first, second = command(data, *pipeline(path)), command(data, *pipeline(path))

    assert (first.code, second.code) == (1, 0)
    *lines, _last = first.said.splitlines()  # the last says why the run ended as it did
    assert sum("refused:" in line for line in lines) == len(bad)
    assert "Traceback" not in first.said
    complete(data, feed)


@pytest.mark.parametrize("lines", [60, pytest.param(600, marks=pytest.mark.soak)])
def test_a_huge_feed_of_huge_bad_lines_does_not_fill_memory(
    data: Path, source: Source, lines: int
) -> None:
    """What is refused is not kept in memory: only an excerpt of each line is."""
    feed = next(feeds())
    path = source(*feed)
    with path.open("ab") as file:
        for number in range(lines):
            file.write(f'{{"slug":"Bad {number}","x":"'.encode() + b"A" * (MAX_BYTES - 100))
            file.write(b'"}\n')
    limit = 200 * _MB

    def bounded() -> None:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (used + limit, used + limit))

    ended = command(data, *pipeline(path), before=bounded)

    assert ended.code == 1, ended.said[-2000:]
    assert "Traceback" not in ended.said
    assert served(data) is not None
    complete(data, feed)
