"""The operator's file of advisories, and what of it the catalogue holds."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from catalog import code
from catalog.advisories.advisory import Advisory, Refused, read
from catalog.advisories.taken import STATE, Taken, sealed
from catalog.database import keep_state, next_generation, transaction
from catalog.source import SourceError, seal

_LARGEST = 256 << 20  # bytes of a file

Key = tuple[int, str]  # a package's id, an advisory's


def take(db: sqlite3.Connection, path: Path | None, now: int) -> Taken:
    """Make the catalogue's advisories equal to a file's; None: there are none. Raises SourceError.

    A file that did not change since it was taken is not read, unless packages came meanwhile.
    """
    with transaction(db):
        mark = "" if path is None else _seal(db, path)
        if sealed(db) == mark:
            return Taken()
        outcome = Taken(unread=False)
        wanted = dict(_wanted(db, _entries(path), outcome)) if path else {}
        _replace(db, wanted, outcome, now)
        outcome.advisories = len(wanted)
        keep_state(db, STATE, mark)
    return outcome


def _seal(db: sqlite3.Connection, path: Path) -> str:
    """Tell what a file was read by, the file from any other, and which packages there were."""
    within = ("catalog.advisories", "catalog.composer", "release")
    reader = code.digest(db, [__name__], within=within)
    newest = db.execute("SELECT max(id) FROM package").fetchone()[0]
    return f"{reader} {seal(str(path))} {newest}"


def _wanted(
    db: sqlite3.Connection, entries: Iterable[tuple[int, object]], outcome: Taken
) -> Iterator[tuple[Key, str]]:
    rows = db.execute("SELECT type, slug, id FROM package").fetchall()
    ids = {(type, slug): id for type, slug, id in rows}
    for number, entry in entries:
        try:
            found = read(entry)
        except Refused as refused:
            outcome.refused.append((number, str(refused)))
            continue
        yield from _known(ids, found, number, outcome)


def _known(
    ids: dict[tuple[str, str], int], found: Iterable[Advisory], number: int, outcome: Taken
) -> Iterator[tuple[Key, str]]:
    for one in found:
        id = ids.get((one.type, one.slug))
        if id is None:
            outcome.unknown.append((number, f"there is no {one.type} {one.slug} here"))
        else:
            yield (id, one.id), one.text


def _replace(db: sqlite3.Connection, wanted: dict[Key, str], outcome: Taken, now: int) -> None:
    rows = db.execute("SELECT package_id, advisory, facts FROM advisory").fetchall()
    before = {(id, advisory): facts for id, advisory, facts in rows}
    gone = before.keys() - wanted.keys()
    new = {key for key, facts in wanted.items() if before.get(key) != facts}
    db.executemany("DELETE FROM advisory WHERE package_id = ? AND advisory = ?", sorted(gone))
    db.executemany(
        "INSERT OR REPLACE INTO advisory VALUES (?, ?, ?)",
        [(*key, wanted[key]) for key in sorted(new)],
    )
    changed = sorted({id for id, _ in gone | new})
    outcome.changed = len(changed)
    if changed:
        stamp = next_generation(db)
        db.executemany(
            "UPDATE package SET facts_in = ?, changed_in = ?, changed_at = ? WHERE id = ?",
            [(stamp, stamp, now, id) for id in changed],
        )


def _entries(path: Path) -> Iterator[tuple[int, object]]:
    """Yield entries with their line: of a .jsonl file one a line, of a .json file one a number."""
    try:
        if path.stat().st_size > _LARGEST:
            raise SourceError(f"{path} is larger than {_LARGEST:,} bytes")
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error
    if path.suffix == ".json":
        yield from enumerate(_listed(path, text), 1)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _parsed(line)


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None  # refused with its line: it is no object


def _listed(path: Path, text: str) -> Iterator[object]:
    """Yield the entries of a document: a list, one entry, or Composer's {"advisories": {…}}."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path} is not JSON: {str(error)[:200]}") from None
    if isinstance(value, dict) and isinstance(value.get("advisories"), dict | list):
        value = value["advisories"]
        if isinstance(value, dict):
            value = [one for some in value.values() for one in _some(some)]
    yield from value if isinstance(value, list) else [value]


def _some(advisories: object) -> list[object]:
    if isinstance(advisories, dict):
        return list(advisories.values())
    return advisories if isinstance(advisories, list) else [advisories]
