"""What was fetched, on disk: three files in one folder, right after any kill.

    records.jsonl   the source that `build` reads: a record a line, by type and slug
    state.json      what is known and what is awaited, as of records.jsonl
    answers.jsonl   the events since, in the order they came; there only between two absorptions

An event is on disk (fsync) before it counts. `absorb` merges the events into new records, replaces
records.jsonl, then state.json, then removes answers.jsonl; a kill between two of these leaves
events that are merged once more, to the same records.

A record is an API answer with `type`, `slug` and, where one is known, `svn_revision` (a revision of
the repository at which it stood) added; `svn_tags` are the first and the last commit into each of
its tags, as state.Tagged has them, as far as the log told of any. A closed package keeps its last
answer's fields and has `closed`: true, `closed_date`, `reason`, `reason_text`, `description` and
`permanent` besides.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

from catalog.durable import fsync
from catalog.wporg.details import Closed
from catalog.wporg.state import State, Tagged

Key = tuple[str, str]  # type, slug

_HEAD = re.compile(rb'\{"type":"(plugin|theme)","slug":"([a-z0-9_-]+)"[,}]')
_CLOSURE = ("closed", "closed_date", "reason", "reason_text", "description", "permanent")


class Damaged(Exception):
    """A file of the folder is not what this program wrote there; the sentence names it."""


class _Places(NamedTuple):
    """Where in answers.jsonl the newest record and the closure after it stand, or -1."""

    record: int = -1
    closure: int = -1


def _go_on(_boundary: str) -> None:
    pass


class Saved:
    """The folder, its state and the answers not yet absorbed. One process at a time.

    `reached` is called at every named boundary between two durable acts; a test stops there.
    """

    def __init__(self, folder: Path, reached: Callable[[str], None] = _go_on) -> None:
        self.records = folder / "records.jsonl"
        self._state_file = folder / "state.json"
        self._answers_file = folder / "answers.jsonl"
        self._folder, self._reached = folder, reached
        self._places: dict[Key, _Places] = {}
        self._news = False  # records.jsonl has to be written anew
        folder.mkdir(parents=True, exist_ok=True)
        self.state = self._load()
        self._number = self.state.absorbed + 1
        self._answers: BinaryIO | None = None
        self._recover()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the answers file; what is in it stays for the next run."""
        if self._answers:
            self._answers.close()
            self._answers = None

    def append(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Save events, durably, and take them into the state."""
        lines = [(event, _line(event)) for event in events]
        if not lines:
            return
        answers = self._answers or self._begin()
        place = answers.seek(0, os.SEEK_END)
        answers.write(b"".join(line for _, line in lines))
        _sync(answers)
        for event, line in lines:
            self._take(event, place)
            place += len(line)
        self._reached("fetch: answers saved")

    def absorb(self) -> bool:
        """Bring records.jsonl and state.json up to date; return whether the records changed."""
        if self._answers is None:
            return False
        changed = self._news
        if changed:
            _replace(self.records, self._merged())
            self._reached("fetch: records replaced")
        self.state.absorbed = self._number
        _replace(self._state_file, [_line(self.state.dump())])
        self._reached("fetch: state saved")
        self.close()
        self._answers_file.unlink()
        self._number += 1
        self._places.clear()
        self._news = False
        return changed

    def _load(self) -> State:
        try:
            text = self._state_file.read_bytes()
        except FileNotFoundError:
            return State()
        try:
            return State.load(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Damaged(
                f"{self._state_file} cannot be read ({error}): remove it, and everything is asked "
                "again"
            ) from error

    def _recover(self) -> None:
        """Take over the answers that a killed run left; the torn end of the file goes."""
        try:
            answers = self._answers_file.open("r+b")
        except FileNotFoundError:
            return
        number = _value(answers.readline()).get("answers", 0)
        if number != self._number:  # absorbed already, or killed while it was begun
            answers.close()
            self._answers_file.unlink()
            return
        place = answers.tell()
        while event := _value(line := answers.readline()):
            self._take(event, place)
            place += len(line)
        answers.truncate(place)
        self._answers = answers

    def _begin(self) -> BinaryIO:
        answers = self._answers_file.open("w+b")
        answers.write(_line({"answers": self._number}))
        _sync(answers)
        fsync(self._folder)
        self._answers = answers
        return answers

    def _take(self, event: Mapping[str, Any], place: int) -> None:
        self._news |= self.state.apply(event)
        if "fields" not in event:
            return
        key = (event["type"], event["slug"])
        if event["kind"] == "found":
            self._places[key] = _Places(record=place)
        else:
            self._places[key] = self._places.get(key, _Places())._replace(closure=place)

    def _merged(self) -> Iterator[bytes]:
        """Yield the records: the old ones and the news, merged in order of type and slug."""
        fresh = iter(sorted(self._places))
        key = next(fresh, None)
        for old_key, line in self._old():
            while key is not None and key < old_key:
                yield from self._new_line(key, b"")
                key = next(fresh, None)
            if key == old_key:
                yield from self._new_line(old_key, line)
                key = next(fresh, None)
            elif self.state.of(old_key[0]).holds(old_key[1]):
                yield line
        while key is not None:
            yield from self._new_line(key, b"")
            key = next(fresh, None)

    def _old(self) -> Iterator[tuple[Key, bytes]]:
        try:
            lines = self.records.open("rb")
        except FileNotFoundError:
            return
        with lines:
            for number, line in enumerate(lines, 1):
                head = _HEAD.match(line)
                if head is None or not line.endswith(b"\n"):
                    raise Damaged(f"{self.records}, line {number}, was not written by fetch")
                yield (head[1].decode(), head[2].decode()), line

    def _new_line(self, key: Key, old: bytes) -> Iterator[bytes]:
        """Yield the line of a package with news, or nothing: a closure of what was never here."""
        if not self.state.of(key[0]).holds(key[1]):
            return
        places = self._places[key]
        if places.record >= 0:
            fields = self._fields(places.record)
        elif old:
            fields = {name: text for name, text in json.loads(old).items() if name not in _CLOSURE}
        else:
            return
        if places.closure >= 0:
            fields |= self._fields(places.closure)
        yield _line(fields)

    def _fields(self, place: int) -> dict[str, Any]:
        if self._answers is None:
            raise AssertionError("places stand in an open answers file")
        self._answers.seek(place)
        fields = _value(self._answers.readline())["fields"]
        return dict(fields)


def record_of(
    type_: str,
    slug: str,
    fields: Mapping[str, Any],
    revision: int,
    tags: Mapping[str, Tagged] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the record of an API answer: its own fields, and what the repository told besides."""
    record = {"type": type_, "slug": slug, **fields}
    record["type"] = type_  # should the API ever have a field of that name
    if revision:
        record["svn_revision"] = revision
    if tags:
        record["svn_tags"] = dict(sorted(tags.items()))
    return record


def closure_of(closed: Closed) -> dict[str, Any]:
    """Return the fields that a closure adds to a package's last record."""
    fields = asdict(closed)
    return {"closed": True, "closed_date": fields.pop("date"), **fields}


def digest(fields: Mapping[str, Any]) -> str:
    """Return a short name for what would be saved; the order of the fields does not matter."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def _line(value: object) -> bytes:
    """Write one JSON line; all ASCII, so that lone surrogates of an answer do no harm."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _value(line: bytes) -> dict[str, Any]:
    """Read one JSON line; {} for the torn end of a file."""
    with suppress(ValueError):
        value = json.loads(line) if line.endswith(b"\n") else None
        if isinstance(value, dict):
            return value
    return {}


def _replace(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file anew, whole or not at all."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb", buffering=1 << 20) as stream:
        stream.writelines(lines)
        _sync(stream)
    beside.replace(path)
    fsync(path.parent)


def _sync(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())
