"""The published database, `site.db`: made from the release before it and what changed since."""

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog.database import generation, lineage
from publish.cards.memory import DEFAULT
from publish.site import figures, installs, published, search
from release import database, digest, words

# What a release takes from the catalogue as it stands.
_FACTS = (
    *("type", "slug", "package.name", "description", "version", "author", "author_url", "homepage"),
    *("installs", "updated", "requires", "tested", "requires_php", "tags"),
    *("withdrawn_at", "closure", "downloads"),
)
_BATCH = 500
_CANNOT_SHARE = (errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
_LOG_SECONDS = 3 * 86_400  # of changes.json; a mirror that stayed away longer reads everything
_FROM_NOTHING = -1
_TOP_TAGS = 40


class NotPublishable(Exception):
    """A catalogue that no whole release can be made of, with the reason."""


@dataclass(frozen=True, slots=True)
class Made:
    """A site.db as written: how many packages it lists, and what of it is new.

    `touched` are ids of packages; `metadata` are names such as 'wp-plugin/akismet' whose Composer
    files differ from those of the release that it was made from, None if it was made from nothing.
    """

    packages: int
    touched: list[int]
    metadata: list[str] | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decides about a release.

    `closed` says what becomes of closed packages' metadata: 'abandon' keeps the last good one,
    marked so; 'remove' takes it away. A permanent closure always takes it away.
    """

    site_url: str
    closed: str = "abandon"


def inputs(db: sqlite3.Connection, settings: Settings) -> str:
    """Digest what every row of a release rests on, besides the packages themselves."""
    default = db.execute("SELECT fingerprint FROM page_card WHERE page = ?", (DEFAULT,)).fetchone()
    told = (lineage(db), *astuple(settings), default and default[0])
    # A release made by other code is not built upon.
    return digest.of([__name__], [database.TABLES], *told)


def write(
    db: sqlite3.Connection,
    base: Path | None,
    target: Path,
    settings: Settings,
    now: float,
    steps: Sequence[Mapping[str, Any]] = (),
) -> Made:
    """Write `target` from the catalogue, starting from `base`, an older site.db, if it fits.

    `steps` are those of the run under way, for the status page.
    """
    wanted = inputs(db, settings)
    if base is not None and published.made_of(base)[1] == wanted:
        _duplicate(base, target)
        try:
            return _write(db, published.made_of(base)[0], target, settings, wanted, now, steps)
        except (sqlite3.DatabaseError, NotPublishable) as error:
            if isinstance(error, sqlite3.OperationalError):  # not damage: a full disk, for example
                raise
            target.unlink()  # the older release is damaged: nothing of it is taken over
    return _write(db, _FROM_NOTHING, target, settings, wanted, now, steps)


def _duplicate(base: Path, target: Path) -> None:
    """Copy a file; where the file system can (XFS, Btrfs), only by sharing its blocks."""
    with base.open("rb") as old, target.open("wb") as new:
        left = os.fstat(old.fileno()).st_size
        try:
            while left and (done := os.copy_file_range(old.fileno(), new.fileno(), left)):
                left -= done
        except OSError as error:
            if error.errno not in _CANNOT_SHARE:
                raise
    if left:
        shutil.copyfile(base, target)


def _write(
    db: sqlite3.Connection,
    since: int,
    target: Path,
    settings: Settings,
    wanted: str,
    now: float,
    steps: Sequence[Mapping[str, Any]],
) -> Made:
    """Bring `target`, as it was at the generation `since`, up to the catalogue."""
    touched = [
        id
        for (id,) in db.execute(
            "SELECT id FROM package WHERE changed_in > ? ORDER BY id", (since,)
        ).fetchall()
    ]
    with closing(sqlite3.connect(target, isolation_level=None)) as site:
        # Nobody reads this file yet and a killed run throws it away: no journal is needed.
        site.execute("PRAGMA journal_mode = OFF")
        site.execute("PRAGMA synchronous = OFF")
        if since == _FROM_NOTHING:
            site.executescript(database.tables())
        site.execute("BEGIN")
        stamp = _stamp(site, now)
        default = _default_card(db)
        changed: list[str] = []
        for start in range(0, len(touched), _BATCH):
            ids = touched[start : start + _BATCH]
            _copy(db, site, ids, default)
            installs.copy(db, site, ids)
            changed += _copy_metadata(db, site, ids, settings, stamp, since != _FROM_NOTHING)
        installs.sum_up(db, site)
        packages = _describe(db, site, settings, wanted, default, stamp, steps)
        site.execute("COMMIT")
        if since == _FROM_NOTHING:
            search.finish(site)
            site.execute("ANALYZE")
        _verify(site)
    return Made(packages, touched, None if since == _FROM_NOTHING else changed)


def _stamp(site: sqlite3.Connection, now: float) -> int:
    """Give the release's moment in 1/10,000 s, after every one before it, and forget old changes.

    The first release of a log, and the oldest entry kept, say since when it can be asked.
    """
    meta = dict(site.execute("SELECT key, value FROM meta").fetchall())
    stamp = max(int(now * 10_000), int(meta.get("stamp", 0)) + 1)
    oldest = max(int(meta.get("changes_since", stamp)), stamp - _LOG_SECONDS * 10_000)
    site.execute("DELETE FROM change WHERE stamp < ?", (oldest,))
    site.execute("INSERT OR REPLACE INTO meta VALUES ('changes_since', ?)", (str(oldest),))
    return stamp


def _default_card(db: sqlite3.Connection) -> tuple[str, str, int, int]:
    row = db.execute(
        "SELECT fingerprint, alt, width, height FROM page_card WHERE page = ?", (DEFAULT,)
    ).fetchone()
    if row is None:
        raise NotPublishable("the site's default card has not been drawn: run `make render-new`")
    return (*row,)


def _copy(
    db: sqlite3.Connection,
    site: sqlite3.Connection,
    ids: Sequence[int],
    default: tuple[str, str, int, int],
) -> None:
    marks = ", ".join("?" * len(ids))
    found = db.execute(
        f"SELECT id, {', '.join(_FACTS)},"  # noqa: S608
        " fingerprint, alt, width, height, package.versions AS given, metadata.versions AS decided,"
        " first_seen, changed_at, drawn_at, closed_at"
        " FROM package LEFT JOIN card ON card.package_id = id"
        f" LEFT JOIN metadata ON metadata.package_id = id WHERE id IN ({marks})",
        ids,
    )
    names = [column[0] for column in found.description]
    rows = [_as_listed(dict(zip(names, row, strict=True))) for row in found.fetchall()]
    searched = search.entries(site, ids)
    for table in ("version", "history", "tag"):
        site.execute(f"DELETE FROM {table} WHERE package_id IN ({marks})", ids)  # noqa: S608
    _insert(site, "package", [_package(row, default) for row in rows])
    _insert(site, "version", [one for row in rows for one in _versions(row)])
    _insert(site, "history", [_history(row) for row in rows])
    listed = [row for row in rows if row["withdrawn_at"] is None]
    _insert(site, "tag", [one for row in listed for one in _tags(row)])
    search.replace(site, searched, search.entries(site, ids))


def _as_listed(row: dict[str, Any]) -> dict[str, Any]:
    """Take a package that was closed for good for withdrawn since then."""
    if row["withdrawn_at"] is None and row["closure"] is not None:
        date, _, _, permanent = json.loads(row["closure"])
        if permanent:
            return row | {"withdrawn_at": _closed(date, row["closed_at"])}
    return row


def _insert(site: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        names = rows[0].keys()
        site.executemany(
            f"INSERT OR REPLACE INTO {table} ({', '.join(names)})"  # noqa: S608
            f" VALUES ({', '.join(f':{name}' for name in names)})",
            rows,
        )


def _package(row: Mapping[str, Any], default: Sequence[object]) -> dict[str, object]:
    drawn = (row["fingerprint"], row["alt"], row["width"], row["height"])
    card, alt, width, height = drawn if drawn[0] else default
    return {
        "id": row["id"],
        **{name.removeprefix("package."): row[name.removeprefix("package.")] for name in _FACTS},
        "author_key": words.author_key(row["author"], row["author_url"]),
        "php": words.php_number(row["requires_php"]),
        "card": card,
        "card_alt": alt,
        "card_width": width,
        "card_height": height,
        "card_own": bool(drawn[0]),
    }


def _versions(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    urls = dict(json.loads(row["given"]))
    decided = json.loads(row["decided"] or "[]")
    for position, (raw, version, released, php, why_not) in enumerate(decided):
        yield {
            "package_id": row["id"],
            "position": position,
            "version": version or raw,
            "raw": raw,
            "url": urls.get(raw, ""),
            "released": released,
            "php": php,
            "why_not": why_not,
        }


def _history(row: Mapping[str, Any]) -> dict[str, object]:
    closure = row["closure"]
    return {
        "package_id": row["id"],
        "added": row["first_seen"],
        "changed": max(row["changed_at"], row["drawn_at"] or 0),
        "closed": _closed(json.loads(closure)[0], row["closed_at"]) if closure else None,
    }


def _closed(date: str, first_seen: int) -> int:
    """Tell the Unix seconds of a closure: of the day the source names, or of when it was seen."""
    try:
        return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return first_seen


def _tags(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    if row["closure"] is not None:
        return
    labels = {words.key(label): label for label in json.loads(row["tags"])}
    for tag, label in labels.items():
        if tag:
            rank = -(row["installs"] or 0)
            yield {"tag": tag, "rank": rank, "package_id": row["id"], "label": label}


def _copy_metadata(
    db: sqlite3.Connection,
    site: sqlite3.Connection,
    ids: Sequence[int],
    settings: Settings,
    stamp: int,
    logged: bool,
) -> list[str]:
    """Write what Composer reads of some packages; give the names whose files differ from before."""
    marks = ", ".join("?" * len(ids))
    before = {
        row[0]: row
        for row in site.execute(
            f"SELECT name, main, dev, package_id FROM metadata WHERE package_id IN ({marks})",  # noqa: S608
            ids,
        ).fetchall()
    }
    rows = db.execute(
        "SELECT metadata.name, main, dev, id, closure FROM package"  # noqa: S608
        " JOIN metadata ON package_id = id"
        f" WHERE id IN ({marks}) AND withdrawn_at IS NULL AND metadata.name <> ''",
        ids,
    ).fetchall()
    after = {row[0]: row[:4] for row in rows if not _taken_away(row[4], settings)}
    changed = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    site.executemany("DELETE FROM metadata WHERE name = ?", [(name,) for name in changed])
    site.executemany(
        "INSERT INTO metadata (name, main, dev, package_id) VALUES (?, ?, ?, ?)",
        [after[name] for name in changed if name in after],
    )
    if logged:
        site.executemany(
            "INSERT OR REPLACE INTO change VALUES (?, ?, ?)",
            [(stamp, *one) for name in changed for one in _log(name, before, after)],
        )
    return changed


def _taken_away(closure: str | None, settings: Settings) -> bool:
    if closure is None:
        return False
    permanent = bool(json.loads(closure)[3])
    return permanent or settings.closed == "remove"


def _log(
    name: str, before: Mapping[str, Sequence[object]], after: Mapping[str, Sequence[object]]
) -> Iterator[tuple[str, str]]:
    if name not in after:
        yield name, "delete"
        yield f"{name}~dev", "delete"
        return
    old = before.get(name, ("", None, None))
    if old[1] != after[name][1]:
        yield name, "update"
    if old[2] != after[name][2]:
        yield f"{name}~dev", "update"


def _describe(
    db: sqlite3.Connection,
    site: sqlite3.Connection,
    settings: Settings,
    wanted: str,
    default: Sequence[object],
    stamp: int,
    steps: Sequence[Mapping[str, Any]],
) -> int:
    packages = site.execute("SELECT count(*) FROM package WHERE withdrawn_at IS NULL").fetchone()[0]
    meta = {
        "site_url": settings.site_url,
        "generation": generation(db),
        "inputs": wanted,
        "packages": packages,
        "stamp": stamp,
        "default_card": default[0],
        "default_card_alt": default[1],
        "default_card_width": default[2],
        "default_card_height": default[3],
        "tags": _top_tags(site),
        "status": json.dumps(figures.vitals(db, stamp // 10_000, steps)),
        **_page_cards(db),
    }
    site.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)",
        [(key, str(value)) for key, value in meta.items()],
    )
    return int(packages)


def _page_cards(db: sqlite3.Connection) -> dict[str, object]:
    """Describe the cards of the site's own pages as card_<page>, card_<page>_alt and so on."""
    rows = db.execute(
        "SELECT page, fingerprint, alt, width, height FROM page_card WHERE page <> ?", (DEFAULT,)
    ).fetchall()
    return {
        f"card_{page}{part}": value
        for page, *values in rows
        for part, value in zip(("", "_alt", "_width", "_height"), values, strict=True)
    }


def _top_tags(site: sqlite3.Connection) -> str:
    """Tell the commonest tags as JSON [[address, label, packages]]."""
    rows = site.execute(
        "SELECT tag, label, count(*) FROM tag GROUP BY tag ORDER BY 3 DESC, tag LIMIT ?",
        (_TOP_TAGS,),
    ).fetchall()
    return json.dumps(rows, ensure_ascii=False)


def _verify(site: sqlite3.Connection) -> None:
    answer = site.execute("PRAGMA quick_check(1)").fetchone()[0]
    if answer != "ok":
        raise NotPublishable(f"the new site.db is damaged: {answer}")
