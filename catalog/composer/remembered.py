"""Composer's metadata of each package, as remembered: made when the package's facts change."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from catalog import code, zips
from catalog.ahead import ahead
from catalog.composer.constraint import Constraint
from catalog.composer.decided import Decided
from catalog.composer.metadata import Closure, Facts, Known, encoded, p2, p2_dev, remember
from catalog.composer.name import InvalidName, package_name
from catalog.composer.offer import lives_at_wordpress_org, offer
from catalog.composer.retagged import TagCommits
from catalog.composer.selection import Published, published, stable_version
from catalog.database import next_generation, transaction
from release.closure import Closure as Told

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future
    from contextlib import AbstractContextManager

_Answer = TypeVar("_Answer")

_BATCH = 500
_Row = Mapping[str, Any]  # what is known of a package
_Made = tuple[Any, ...]  # a row of the table

_DUE = (
    "SELECT id FROM package LEFT JOIN metadata ON package_id = id"
    " WHERE metadata.facts_in IS NOT package.facts_in OR settings <> ? ORDER BY id"
)
_AS_THEY_ARE = (
    *("type", "slug", "description", "author", "author_url", "homepage", "license"),
    *("requires_php", "updated", "revision"),
)
_FACTS = (
    f"SELECT id, package.facts_in, {', '.join(_AS_THEY_ARE)}, version, closure, closed_at,"  # noqa: S608
    " package.versions, download_link, tags, requires_plugins, tag_commits, changed_at, known,"
    " settings"
    " FROM package LEFT JOIN metadata ON package_id = id WHERE id IN ({})"
)


@dataclass(frozen=True, slots=True)
class How:
    """What the operator decides about Composer's files."""

    replaces: bool
    requires_plugins: bool


@dataclass(frozen=True, slots=True)
class Sharing:
    """So many processes that make metadata, and what starts them.

    least: packages from which on they are worth their start.
    """

    jobs: int
    started: Callable[[int], AbstractContextManager[Executor]]
    least: int = 2_000


@dataclass(frozen=True, slots=True)
class Failed:
    """Metadata that could not be made: whose ('plugin/akismet'), and why, in a line."""

    label: str
    error: str


def compose(
    db: sqlite3.Connection,
    *,
    replaces: bool,
    reached: Callable[[str], None],
    requires_plugins: bool = False,
    sharing: Sharing | None = None,
) -> list[Failed]:
    """Make the metadata that is due; give what of it could not be made.

    With `replaces`, packages also stand for their wpackagist names; with `requires_plugins`, the
    plugins that one needs are required, not suggested. Killed in between, the rest is still due. A
    package that fails keeps the metadata that it had, and is due again. `sharing`: who makes that
    of many packages, where not this process alone does.
    """
    failed: list[Failed] = []
    how = How(replaces, requires_plugins)
    settings = _settings(db, how)
    due = [id for (id,) in db.execute(_DUE, (settings,)).fetchall()]
    batches = (_rows(db, due[start : start + _BATCH]) for start in range(0, len(due), _BATCH))
    shared = sharing if sharing and len(due) >= sharing.least else None
    with shared.started(shared.jobs) if shared else nullcontext() as executor:
        for tried in _all_tried(batches, settings, how, executor, shared.jobs if shared else 1):
            failed += [one for one in tried if isinstance(one, Failed)]
            _keep(db, [one for one in tried if not isinstance(one, Failed)])
            reached("build: metadata remembered")
    return failed


def _rows(db: sqlite3.Connection, ids: Sequence[int]) -> list[_Row]:
    """Read what is known of some packages."""
    found = db.execute(_FACTS.format(", ".join("?" * len(ids))), ids)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    advisories, kept = _advisories(db, ids), zips.of_packages(db, ids)
    return [
        row | {"advisories": advisories.get(row["id"], ()), "zips": kept.get(row["id"], {})}
        for row in rows
    ]


def _keep(db: sqlite3.Connection, made: Sequence[_Made]) -> None:
    with transaction(db):
        db.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", made)
        if made:
            _stamp(db, [one[0] for one in made])


def _advisories(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Give the advisories of some packages, those reported last first."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = db.execute(
        "SELECT package_id, facts FROM advisory"  # noqa: S608
        f" WHERE package_id IN ({', '.join('?' * len(ids))})"
        " ORDER BY facts ->> 'reportedAt' DESC, advisory",
        ids,
    )
    for id, facts in rows.fetchall():
        found.setdefault(id, []).append(json.loads(facts))
    return found


def _all_tried(
    batches: Iterator[list[_Row]], settings: str, how: How, executor: Executor | None, jobs: int
) -> Iterator[list[_Made | Failed]]:
    """Yield what comes of each batch, in order; with an executor, a few are under way ahead."""
    if executor is None:
        yield from (_batch_tried(rows, settings, how) for rows in batches)
        return
    submitted = ((rows, executor.submit(_batch_tried, rows, settings, how)) for rows in batches)
    for rows, future in ahead(submitted, jobs + 1):
        yield _awaited(future, rows, settings, how, executor)


def _awaited(
    future: Future[list[_Made | Failed]],
    rows: list[_Row],
    settings: str,
    how: How,
    executor: Executor,
) -> list[_Made | Failed]:
    """Wait for a batch; of one whose process died, the package fails that ends another, too."""
    made = _answer(future)
    if made is not None:
        return made
    lost = "the process that was to make it died"
    alone = (_answer(executor.submit(_tried, row, settings, how)) for row in rows)
    return [one or Failed(_label(row), lost) for row, one in zip(rows, alone, strict=True)]


def _answer(future: Future[_Answer]) -> _Answer | None:
    """Wait for what a process makes; None if it died."""
    from concurrent.futures import BrokenExecutor  # as seldom as there are other processes

    try:
        return future.result()
    except BrokenExecutor:
        return None


def _batch_tried(rows: Sequence[_Row], settings: str, how: How) -> list[_Made | Failed]:
    return [_tried(row, settings, how) for row in rows]


def _tried(row: _Row, settings: str, how: How) -> _Made | Failed:
    try:
        return _made(row, settings, how)
    except Exception as error:  # noqa: BLE001  (whatever a package does, it is its own failure)
        return Failed(_label(row), f"{type(error).__name__}: {error}"[:300])


def _label(row: _Row) -> str:
    return f"{row['type']}/{row['slug']}"


def _settings(db: sqlite3.Connection, how: How) -> str:
    """Digest what the files rest on besides facts: this code, and the settings."""
    within = ("catalog.composer", "release")
    return code.digest(db, [__name__], (), *astuple(how), within=within)


def _stamp(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    # A run killed before this, and a release made meanwhile: so these count as changed anew.
    generation = next_generation(db)
    db.executemany(
        "UPDATE package SET changed_in = ? WHERE id = ?", [(generation, id) for id in ids]
    )


def _made(row: _Row, settings: str, how: How) -> _Made:
    known = {raw: Known(*one) for raw, one in json.loads(row["known"] or "{}").items()}
    version, link = row["version"], row["download_link"]
    stable = stable_version(row["slug"], version, link)
    own = row["zips"]  # a version that has one is an ordinary one, whatever the source tells of it
    given = dict(json.loads(row["versions"])) | {raw: one.url for raw, one in own.items()}
    chosen = published(given, stable, slug=row["slug"], before={*known, *own})
    # What the first build finds, or other code than before, may have been there for long.
    now = row["changed_at"] if row["settings"] == settings else None
    facts = Facts(
        **{name: row[name] for name in _AS_THEY_ARE},
        keywords=json.loads(row["tags"]),
        plugins=json.loads(row["requires_plugins"]),
        plugins_required=how.requires_plugins,
        wordpress_org=lives_at_wordpress_org(link, chosen, own),
        closure=_closure(row["closure"], row["closed_at"]),
        known=known,
        commits={
            tag: TagCommits(*first, *last) for tag, first, last in json.loads(row["tag_commits"])
        },
        advisories=row["advisories"],
        zips=own,
        now=now,
    )
    learnt = remember(facts, chosen)
    name, main, dev = _files(facts, chosen, learnt, replaces=how.replaces)
    return (
        *(row["id"], row["facts_in"], settings, name, packed(main), packed(dev)),
        encoded(_versions(facts, chosen, learnt)).decode(),
        encoded(learnt).decode(),
        offer(facts, version, link, chosen).text,
    )


def _files(
    facts: Facts, chosen: Published, learnt: Mapping[str, Known], *, replaces: bool
) -> tuple[str, bytes, bytes]:
    try:
        name = package_name(facts.type, facts.slug)
    except InvalidName:
        return "", b"", b""
    return (
        name,
        p2(facts, chosen, learnt, replaces=replaces),
        p2_dev(facts, chosen, learnt, replaces=replaces),
    )


def _closure(closure: str | None, closed_at: int | None) -> Closure | None:
    if closure is None:
        return None
    told = Told.parse(closure)
    return Closure(told.date, closed_at or 0, told.reason, told.why, told.permanent)


def _versions(
    facts: Facts, chosen: Published, learnt: Mapping[str, Known]
) -> list[tuple[object, ...]]:
    """List the versions as `Decided`, newest first, dropped ones last and without what none has."""
    ranges = [
        (one["advisoryId"], Constraint.parse(one["affectedVersions"])) for one in facts.advisories
    ]
    kept: list[tuple[object, ...]] = []
    for one in (*chosen.releases, *chosen.dev):
        known = learnt[one.raw]
        own = facts.zips.get(one.raw)
        kept.append(
            Decided(
                raw=one.raw,
                version=one.version,
                released=known.time,
                php=known.php,
                why_not="",
                url=own.url if own else known.url,
                published=known.published,
                revision=known.revision,
                changed=known.changed,
                advisories=[id for id, within in ranges if within.holds(one.normalized)],
                sha256=own.reference if own else "",
                untagged=bool(own and not known.url),
            )
        )
    return kept + [(one.raw, "", None, "", one.reason) for one in chosen.dropped]


def packed(content: bytes) -> bytes:
    """Compress a Composer file; without a time in it, equal content stays equal bytes."""
    return gzip.compress(content, 9, mtime=0)
