"""The zips that are kept: which are wanted, what came of asking for them, what they are.

A kept zip belongs to one version of a package, for ever. One that cannot be kept is asked for again
after an hour, then after ever longer times. Where a kept version is served with other contents
later, that is told and nothing else.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from catalog.composer.name import InvalidName, Type, package_name
from catalog.composer.own_zip import OwnZip
from catalog.composer.selection import stable_version
from catalog.composer.version import InvalidVersion, normalize
from catalog.database import generation, keep_state, next_generation, state, transaction
from release.address import zip_name

Which = Literal["untagged", "all"]

_MONTH = 30 * 86_400
_FIRST_RETRY = 3_600  # seconds; doubled with every failure on end, up to a month
_SITE = "zips_site"  # the state that says which site serves them
_RESTS = "zips_rest"  # of what there was nothing to ask for, at which generation, and how long
_FULL = "zips_full"  # the limit that left no room for the next one, and what was used
_LISTED = "withdrawn_at IS NULL AND closure IS NULL"
_UNTAGGED = (
    "SELECT id, type, slug, version, download_link, ifnull(updated, 0)"  # noqa: S608
    " FROM metadata JOIN package ON package_id = id"
    f" WHERE instr(offer, '\"untagged\": true') AND {_LISTED}"
    " ORDER BY active_installs DESC, id"
)
# metadata.versions are those of catalog/composer/decided.py: 0 is raw, 4 why_not, 5 url.
_EVERY = (
    " FROM package JOIN metadata ON package_id = package.id,"  # noqa: S608
    " json_each(metadata.versions) AS one"
    f" WHERE {_LISTED} AND one.value ->> 4 = '' AND ({{hosts}})"
    " AND NOT EXISTS (SELECT 1 FROM zip WHERE package_id = package.id AND raw = one.value ->> 0)"
    " AND NOT EXISTS (SELECT 1 FROM zip_failure AS failed WHERE failed.package_id = package.id"
    " AND raw = one.value ->> 0 AND due_at > ?)"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A zip: its digests, its size in bytes, and the digest of what its files are."""

    sha256: str
    sha1: str
    bytes: int
    contents: str

    @property
    def name(self) -> str:
        """Name its file."""
        return zip_name(self.sha256)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A zip to ask for.

    raw: the version as its source writes it. announced: there is no tag of it: that it is this
    version, the zip has to say itself. seal: tells when it may be another one. kept: the contents
    of the one that is kept, where it is only to be compared.
    """

    package: int
    type: Type
    slug: str
    raw: str
    url: str
    announced: bool
    seal: str
    kept: str = ""

    @property
    def label(self) -> str:
        """Name it for people: 'plugin/akismet 1.0'."""
        return f"{self.type}/{self.slug} {self.raw}"


@dataclass(frozen=True, slots=True)
class Due:
    """Zips to keep, as many as one run may ask for, and how many there are in all."""

    zips: Sequence[Wanted]
    count: int


@dataclass(frozen=True, slots=True)
class Comparing:
    """Kept zips to compare; and, by package and raw version, those of which nothing moved."""

    zips: Sequence[Wanted]
    settled: Sequence[tuple[int, str]]


def due(db: sqlite3.Connection, which: Which, hosts: Sequence[str], now: int, most: int) -> Due:
    """Give the zips to keep, those of the most installed packages first.

    First come the announced versions that have no tag; of `all`, then the newest version of every
    package, the one before, and so on.
    """
    # Of a run that was killed, the offers may still be those from before.
    there = {*_later(db, now), *db.execute("SELECT package_id, raw FROM zip").fetchall()}
    begins = tuple(f"https://{host}/" for host in hosts)
    found = [
        one
        for one in _untagged(db)
        if one.url.startswith(begins) and (one.package, one.raw) not in there
    ]
    count = len(found)
    if which == "all":
        among = _EVERY.format(hosts=" OR ".join("instr(one.value ->> 5, ?) = 1" for _ in begins))
        known = (*begins, now)
        count += db.execute(f"SELECT count(*){among}", known).fetchone()[0]
        found += _every(db, among, known, most - len(found))
    return Due(found[:most], count)


def _untagged(db: sqlite3.Connection) -> Iterator[Wanted]:
    for id, type, slug, version, link, updated in db.execute(_UNTAGGED).fetchall():
        raw = stable_version(slug, version, link)
        try:
            package_name(type, slug)
            normalize(raw)
        except (InvalidName, InvalidVersion):
            continue  # Composer could not have it
        yield Wanted(id, type, slug, raw, link, announced=True, seal=f"{updated} {link}")


def _every(
    db: sqlite3.Connection, among: str, known: Sequence[object], most: int
) -> Iterator[Wanted]:
    rows = db.execute(
        "SELECT package.id, package.type, slug, one.value ->> 0, one.value ->> 5, tag_commits"
        f"{among} ORDER BY one.key, active_installs DESC, package.id LIMIT ?",
        (*known, max(most, 0)),
    ).fetchall()
    for id, type, slug, raw, url, commits in rows:
        seal = _tag_seal(raw, url, commits)
        yield Wanted(id, type, slug, raw, url, announced=False, seal=seal)


def _later(db: sqlite3.Connection, now: int) -> set[tuple[int, str]]:
    """Give the zips that failed and are not to be asked for yet."""
    rows = db.execute("SELECT package_id, raw FROM zip_failure WHERE due_at > ?", (now,))
    return set(rows.fetchall())


def _tag_seal(raw: str, url: str, commits: str) -> str:
    """Tell a tag by the last commit into it: it moves with nothing else."""
    last = next((last[0] for tag, _, last in json.loads(commits) if tag == raw), 0)
    return f"{last} {url}"


def to_compare(db: sqlite3.Connection, now: int) -> Comparing:
    """Give the kept zips that may be served with other contents: what they were sealed by moved.

    A version that is not served any more cannot be compared.
    """
    rows = db.execute(
        "SELECT id, type, slug, version, download_link, package.versions, ifnull(updated, 0),"  # noqa: S608
        " tag_commits, raw, contents, seal FROM zip JOIN package ON id = package_id"
        f" WHERE looked_in < facts_in AND {_LISTED} ORDER BY active_installs DESC, id"
    ).fetchall()
    later = _later(db, now)
    found, settled = list[Wanted](), list[tuple[int, str]]()
    for id, type, slug, version, link, versions, updated, commits, raw, contents, seal in rows:
        url = dict(json.loads(versions)).get(raw, "")
        announced = not url and stable_version(slug, version, link) == raw
        now_sealed = f"{updated} {link}" if announced else _tag_seal(raw, url, commits)
        if now_sealed == seal or not (url or announced):
            settled.append((id, raw))
        elif (id, raw) not in later:
            where = link if announced else url
            found.append(Wanted(id, type, slug, raw, where, announced, now_sealed, contents))
    return Comparing(found, settled)


def rests(db: sqlite3.Connection, asked: str, now: int) -> bool:
    """Tell whether nothing can be due: no package changed since nothing was, and no failure is.

    asked: what was asked for, and of whom.
    """
    known, _, until = state(db, _RESTS).rpartition(" ")
    return known == f"{generation(db)} {asked}" and now < int(until)


def rest(db: sqlite3.Connection, asked: str) -> None:
    """Remember that nothing is due."""
    (until,) = db.execute("SELECT ifnull(min(due_at), 1 << 40) FROM zip_failure").fetchone()
    with transaction(db):
        keep_state(db, _RESTS, f"{generation(db)} {asked} {until}")


def keep(db: sqlite3.Connection, zips: Iterable[tuple[Wanted, Kept]], now: int) -> None:
    """Remember zips whose files are stored, inside a transaction: their packages have changed."""
    changed_in = next_generation(db)
    for one, kept in zips:
        db.execute(
            "INSERT OR IGNORE INTO zip VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(one.package, one.raw, kept.sha256, kept.sha1, kept.bytes, kept.contents),
                *(one.url, now, one.seal, changed_in),
            ),
        )
        _answered(db, one)
        _change(db, [one.package], changed_in, now)


def fail(db: sqlite3.Connection, one: Wanted, reason: str, now: int) -> None:
    """Remember that a zip was not kept, or not compared, inside a transaction."""
    db.execute(
        "INSERT INTO zip_failure VALUES (?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
        " failures = failures + 1, reason = excluded.reason,"
        " due_at = ? + min(? << min(failures, 20), ?)",
        (one.package, one.raw, now + _FIRST_RETRY, reason, now, _FIRST_RETRY, _MONTH),
    )


def compared(db: sqlite3.Connection, one: Wanted, contents: str, now: int) -> bool:
    """Remember what a kept version is served with now, inside a transaction.

    contents: '' where that cannot be told. Gives whether they are others than those that are
    kept, and nobody was told so far.
    """
    _answered(db, one)
    db.execute(
        "UPDATE zip SET seal = ? WHERE package_id = ? AND raw = ?",
        (one.seal, one.package, one.raw),
    )
    settle(db, [(one.package, one.raw)])
    if contents in ("", one.kept):
        return False
    told = db.execute(
        "SELECT contents FROM zip_difference WHERE package_id = ? AND raw = ?",
        (one.package, one.raw),
    ).fetchone()
    if told == (contents,):
        return False
    db.execute(
        "INSERT OR REPLACE INTO zip_difference VALUES (?, ?, ?, ?, ?)",
        (one.package, one.raw, contents, one.url, now),
    )
    return True


def settle(db: sqlite3.Connection, settled: Iterable[tuple[int, str]]) -> None:
    """Note, inside a transaction, that some zips are as they were compared last."""
    db.executemany(
        "UPDATE zip SET looked_in = (SELECT facts_in FROM package WHERE id = package_id)"
        " WHERE package_id = ? AND raw = ?",
        settled,
    )


def _answered(db: sqlite3.Connection, one: Wanted) -> None:
    db.execute("DELETE FROM zip_failure WHERE package_id = ? AND raw = ?", (one.package, one.raw))


def _change(db: sqlite3.Connection, packages: Iterable[int], changed_in: int, now: int) -> None:
    """Have Composer's files and the page of some packages made anew."""
    db.executemany(
        "UPDATE package SET facts_in = ?, changed_in = ?, changed_at = ? WHERE id = ?",
        [(changed_in, changed_in, now, id) for id in packages],
    )


def serve(db: sqlite3.Connection, site_url: str, now: int) -> bool:
    """Remember which site serves the zips; tell whether their addresses are others now."""
    if state(db, _SITE) == site_url:
        return False
    with transaction(db):
        keep_state(db, _SITE, site_url)
        packages = [id for (id,) in db.execute("SELECT DISTINCT package_id FROM zip").fetchall()]
        if packages:
            _change(db, packages, next_generation(db), now)
    return bool(packages)


def of_packages(db: sqlite3.Connection, ids: Sequence[int]) -> Mapping[int, dict[str, OwnZip]]:
    """Give the zips of some packages by raw version, as Composer is told of them."""
    rows = db.execute(
        "SELECT package_id, raw, sha256, sha1, origin FROM zip"  # noqa: S608
        f" WHERE package_id IN ({', '.join('?' * len(ids))})",
        ids,
    ).fetchall()
    site, found = (state(db, _SITE) if rows else ""), dict[int, dict[str, OwnZip]]()
    for id, raw, sha256, sha1, origin in rows:
        found.setdefault(id, {})[raw] = OwnZip(site, sha1, sha256, origin)
    return found


def used(db: sqlite3.Connection) -> int:
    """Tell how many bytes the kept zips take."""
    rows = db.execute("SELECT DISTINCT sha256, bytes FROM zip").fetchall()
    return sum(size for _, size in rows)


def is_full(db: sqlite3.Connection, limit: int) -> bool:
    """Tell whether it is remembered that a limit in bytes leaves no room for the next zip."""
    return state(db, _FULL) == f"{limit} {used(db)}"


def keep_full(db: sqlite3.Connection, limit: int) -> None:
    """Remember that a limit left no room for the next zip, until either changes."""
    with transaction(db):
        keep_state(db, _FULL, f"{limit} {used(db)}")


def figures(db: sqlite3.Connection) -> dict[str, Any]:
    """Tell of the zips for `status`: how many, their bytes, what was refused, what differs."""
    differing = db.execute(
        "SELECT type || '/' || slug, raw, origin, noticed FROM zip_difference"
        " JOIN package ON id = package_id ORDER BY noticed DESC, id"
    ).fetchall()
    names = ("package", "version", "origin", "noticed")
    return {
        "kept": db.execute("SELECT count(*) FROM zip").fetchone()[0],
        "bytes": used(db),
        "full": state(db, _FULL).endswith(f" {used(db)}"),
        "failed": db.execute("SELECT count(*) FROM zip_failure").fetchone()[0],
        "differing": [dict(zip(names, one, strict=True)) for one in differing],
    }


def all_kept(db: sqlite3.Connection) -> dict[str, str]:
    """Give every kept zip by the name of its file, and whose it is: 'plugin/akismet 1.0'."""
    rows = db.execute(
        "SELECT sha256, type || '/' || slug || ' ' || raw FROM zip JOIN package ON id = package_id"
    ).fetchall()
    return {zip_name(sha256): label for sha256, label in rows}


def lose(db: sqlite3.Connection, names: Iterable[str], now: int) -> None:
    """Forget zips that are not whole on disk, inside a transaction: they are due again."""
    gone = set(names)
    rows = db.execute("SELECT package_id, raw, sha256 FROM zip").fetchall()
    lost = [(id, raw) for id, raw, sha256 in rows if zip_name(sha256) in gone]
    if lost:
        db.executemany("DELETE FROM zip WHERE package_id = ? AND raw = ?", lost)
        _change(db, {id for id, _ in lost}, next_generation(db), now)
