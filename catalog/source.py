"""Where records come from: a file with a record a line, or saved answers of the API.

A saved answer is that of one package, a page of `query_plugins` or `query_themes`, or the map of a
batch (`request[slugs]`), as the API wrote it.

A source is read as bytes, a record at a time, never whole: a feed may be far larger than memory,
and one line of it may be, too.
"""

import gzip
import json
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from catalog.record import MAX_BYTES

_TICK = 0.05  # seconds: file systems take the time of a change from a clock that is no coarser
_BUFFER = 1 << 18  # bytes read at once: a record has thousands
_MAX_DOCUMENT = 64 << 20  # of a .json file, which has to be read whole


class SourceError(Exception):
    """A source that cannot be opened or read, with what to do about it."""


class Line(NamedTuple):
    """One record as it stands in its source: `number` counts from 1; an over-long one is cut."""

    number: int
    content: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Source:
    """A source by the name it was asked for with.

    lines: read when they are asked for, once. seal: tells its content from any other that it had;
    None where it cannot.
    """

    name: str
    lines: Iterable[Line]
    seal: Callable[[], str | None] = lambda: None


def opened(name: str) -> Source:
    """Give the source of a name, as `read` takes it, of which nothing is read yet."""
    return Source(name, read(name), partial(seal, name))


def seal(source: str) -> str | None:
    """Tell the content of a source file from any other that it had, without reading it.

    None where that cannot be told: of standard input, or while the clock is behind the file.
    """
    try:
        found = Path(source).stat()
    except OSError:
        return None
    age = time.time() - found.st_ctime
    if source == "-" or not stat.S_ISREG(found.st_mode) or age < 0:
        return None
    # Changed this very moment, it might change once more and bear the same time.
    time.sleep(max(0, _TICK - age))
    return " ".join(
        str(one)
        for one in (
            *(found.st_dev, found.st_ino, found.st_size),
            *(found.st_mtime_ns, found.st_ctime_ns),
        )
    )


def read(source: str) -> Iterator[Line]:
    """Yield the records of `source`: .jsonl, .jsonl.gz, .json (saved answers), or - for stdin."""
    if source == "-":
        yield from _lines(sys.stdin.buffer)
        return
    path = Path(source)
    try:
        if path.suffix == ".json":
            yield from _documents(path)
        elif path.suffix == ".gz":
            with gzip.open(path) as stream:
                yield from _lines(stream)  # type: ignore[arg-type]
        else:
            with path.open("rb", buffering=_BUFFER) as stream:
                yield from _lines(stream)
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise SourceError(f"cannot read the source {source}: {reason}") from error


def _lines(stream: BinaryIO) -> Iterator[Line]:
    number = 0
    while content := stream.readline(MAX_BYTES + 1):
        number += 1
        size = len(content)
        while not content.endswith(b"\n") and (rest := stream.readline(1 << 20)):
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        if not content.isspace():
            yield Line(number, content, size)


def _documents(path: Path) -> Iterator[Line]:
    """Yield each record of a .json file: one answer, a list of them, or several in a row."""
    if path.stat().st_size > _MAX_DOCUMENT:
        raise SourceError(f"{path} is over {_MAX_DOCUMENT:,} bytes: write it as .jsonl instead")
    text = path.read_bytes().decode("utf-8-sig", "surrogateescape")
    decoder = json.JSONDecoder()
    position = _skip_blanks(text, 0)
    while position < len(text):
        number = text.count("\n", 0, position) + 1
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            rest = text[position:].encode("utf-8", "surrogateescape")
            yield Line(number, rest[: MAX_BYTES + 1], len(rest))
            return
        answers = value if isinstance(value, list) else [value]
        for item in chain.from_iterable(map(_unwrapped, answers)):
            content = _written(item) or text[position:end].encode("utf-8", "surrogateescape")
            yield Line(number, content[: MAX_BYTES + 1], len(content))
        position = _skip_blanks(text, end)


def _unwrapped(value: object) -> Iterator[object]:
    """Yield the records of an answer: {"info": …, "plugins": [record …]}, {slug: record …}, or one.

    A page knows the type, which its records need not tell. A map names packages that the API does
    not know, too: {"error": "Plugin not found."} is passed over there.
    """
    if not isinstance(value, dict) or isinstance(value.get("slug"), str):
        yield value
    elif type_ := next((one for one in ("plugin", "theme") if _is_page(value, one)), ""):
        for item in value[f"{type_}s"]:
            yield {"type": type_, **item} if isinstance(item, dict) else item
    elif value and all(map(_is_entry, value.values())):
        yield from (item for item in value.values() if "slug" in item)
    else:
        yield value


def _is_page(value: dict[str, Any], type_: str) -> bool:
    return isinstance(value.get(f"{type_}s"), list)


def _is_entry(item: object) -> bool:
    """Tell whether this stands in the map of a batch: a record, a closure, or an error alone."""
    return isinstance(item, dict) and ("slug" in item or set(item) == {"error"})


def _written(item: object) -> bytes:
    """Write a record as one line; nothing where it is nested deeper than can be written."""
    try:
        return json.dumps(item, ensure_ascii=True).encode()
    except RecursionError:
        return b""


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n,":
        position += 1
    return position
