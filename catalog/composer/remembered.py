"""Composer's metadata of each package, as remembered: made when the package's facts change."""

import gzip
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from catalog.composer.metadata import Closure, Facts, Known, p2, p2_dev, remember
from catalog.composer.name import InvalidName, package_name
from catalog.composer.offer import offer
from catalog.composer.selection import Published, published, stable_version
from catalog.database import next_generation, transaction
from release import digest
from release.closure import Closure as Told

_BATCH = 500
_Made = tuple[Any, ...]  # a row of the table

_DUE = (
    "SELECT id FROM package LEFT JOIN metadata ON package_id = id"
    " WHERE metadata.facts_in IS NOT package.facts_in OR settings <> ? ORDER BY id"
)
_FACTS = (
    "SELECT id, package.facts_in, type, slug, description, author, author_url, homepage, version,"
    " requires_php, updated, revision, closure, closed_at, package.versions, download_link,"
    " known, settings, changed_at"
    " FROM package LEFT JOIN metadata ON package_id = id WHERE id IN ({})"
)


@dataclass(frozen=True, slots=True)
class Failed:
    """Metadata that could not be made: whose ('plugin/akismet'), and why, in a line."""

    label: str
    error: str


def compose(
    db: sqlite3.Connection, *, replaces: bool, reached: Callable[[str], None]
) -> list[Failed]:
    """Make the metadata that is due; give what of it could not be made.

    With `replaces`, packages also stand for their wpackagist names. Killed in between, the rest
    is still due. A package that fails keeps the metadata that it had, and is due again.
    """
    failed: list[Failed] = []
    settings = _settings(replaces=replaces)
    due = [id for (id,) in db.execute(_DUE, (settings,)).fetchall()]
    for start in range(0, len(due), _BATCH):
        ids = due[start : start + _BATCH]
        rows = db.execute(_FACTS.format(", ".join("?" * len(ids))), ids).fetchall()
        tried = [_tried(row, settings, replaces=replaces) for row in rows]
        failed += [one for one in tried if isinstance(one, Failed)]
        made = [one for one in tried if not isinstance(one, Failed)]
        with transaction(db):
            db.executemany(
                "INSERT OR REPLACE INTO metadata VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", made
            )
            if made:
                _stamp(db, [one[0] for one in made])
        reached("build: metadata remembered")
    return failed


def _tried(row: Sequence[Any], settings: str, *, replaces: bool) -> _Made | Failed:
    try:
        return _made(row, settings, replaces=replaces)
    except Exception as error:  # noqa: BLE001  (whatever a package does, it is its own failure)
        return Failed(f"{row[2]}/{row[3]}", f"{type(error).__name__}: {error}"[:300])


def _settings(*, replaces: bool) -> str:
    """Digest what the files rest on besides facts: this code, and the setting."""
    return digest.of([__name__], (), replaces, within=("catalog.composer", "release"))


def _stamp(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    # A run killed before this, and a release made meanwhile: so these count as changed anew.
    generation = next_generation(db)
    db.executemany(
        "UPDATE package SET changed_in = ? WHERE id = ?", [(generation, id) for id in ids]
    )


def _made(row: Sequence[Any], settings: str, *, replaces: bool) -> _Made:
    (id, facts_in, type, slug, description, author, author_url, homepage, version) = row[:9]
    (requires_php, updated, revision, closure, closed_at, versions, link, known) = row[9:17]
    made_with, changed_at = row[17:]
    facts = Facts(
        type=type,
        slug=slug,
        description=description,
        author=author,
        author_url=author_url,
        homepage=homepage,
        requires_php=requires_php,
        updated=updated,
        revision=revision,
        closure=_closure(closure, closed_at),
        known={raw: Known(*one) for raw, one in json.loads(known or "{}").items()},
        # What the first build finds, or other code than before, may have been there for long.
        now=changed_at if made_with == settings else None,
    )
    stable = stable_version(slug, version, link)
    chosen = published(dict(json.loads(versions)), stable, slug=slug, before=facts.known)
    learnt = remember(facts, chosen)
    name, main, dev = _files(facts, chosen, replaces=replaces)
    return (
        *(id, facts_in, settings, name, packed(main), packed(dev)),
        json.dumps(_versions(chosen, learnt), ensure_ascii=False),
        json.dumps({raw: astuple(one) for raw, one in learnt.items()}, ensure_ascii=False),
        offer(facts, version, link, chosen).text,
    )


def _files(facts: Facts, chosen: Published, *, replaces: bool) -> tuple[str, bytes, bytes]:
    try:
        name = package_name(facts.type, facts.slug)
    except InvalidName:
        return "", b"", b""
    return name, p2(facts, chosen, replaces=replaces), p2_dev(facts, chosen, replaces=replaces)


def _closure(closure: str | None, closed_at: int | None) -> Closure | None:
    if closure is None:
        return None
    told = Told.parse(closure)
    return Closure(told.date, closed_at or 0, told.reason, told.why, told.permanent)


def _versions(chosen: Published, learnt: dict[str, Known]) -> list[tuple[object, ...]]:
    """List [raw, version, time, php, why not, zip, published], newest first, dropped ones last."""
    kept: list[tuple[object, ...]] = []
    for one in (*chosen.releases, *chosen.dev):
        known = learnt[one.raw]
        kept.append((one.raw, one.version, known.time, known.php, "", known.url, known.published))
    return kept + [(one.raw, "", None, "", one.reason) for one in chosen.dropped]


def packed(content: bytes) -> bytes:
    """Compress a Composer file; without a time in it, equal content stays equal bytes."""
    return gzip.compress(content, 9, mtime=0)
