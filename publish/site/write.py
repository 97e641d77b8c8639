"""The published database, `site.db`: made from the release before it and what changed since."""

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

from catalog import code
from catalog.database import generation, lineage
from catalog.journal import Step
from publish import badges
from publish.cards.wanted import DEFAULT
from publish.site import (
    changelogs,
    changes,
    checked,
    figures,
    installs,
    lists,
    news,
    published,
    purposes,
    rows,
    search,
)
from publish.site.published import Origin
from publish.site.rows import DefaultCard, Maker
from release import database
from release.digest import Code

_BATCH = 500
_CANNOT_SHARE = (errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
_FROM_NOTHING = -1
_CACHE = 64_000  # KB of pages kept while many are written: each is read and written once


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
    marked so; 'remove' takes it away. A permanent closure always takes it away. `advisories_of`
    says whose the advisories are, and under which licence; '' where nobody demands it.
    """

    site_url: str
    closed: str = "abandon"
    advisories_of: str = ""


def origin(db: sqlite3.Connection, settings: Settings, ours: Code) -> Origin:
    """Tell what a release made now would be made of, by our code."""
    inputs = _inputs(db, settings, ours)
    return Origin(generation(db), inputs, lists.made_by(ours), badges.made_by(ours))


def _inputs(db: sqlite3.Connection, settings: Settings, ours: Code) -> str:
    """Digest what every row of a release rests on, besides the packages themselves."""
    default = db.execute("SELECT fingerprint FROM page_card WHERE page = ?", (DEFAULT,)).fetchone()
    told = (lineage(db), *astuple(settings), default and default[0])
    # A release made by other code is not built upon.
    return ours.of([__name__], [database.TABLES], *told, within=("publish.site", "release"))


def write(
    db: sqlite3.Connection,
    base: Path | None,
    target: Path,
    settings: Settings,
    now: float,
    steps: Sequence[Step] = (),
    ours: Code | None = None,
    make: Maker = rows.in_turn,
) -> Made:
    """Write `target` from the catalogue, starting from `base`, an older site.db, if it fits.

    SQLite checks each page of it, unless it is a copy of what was so checked when it was made: then
    the copy has the same bytes, and only what SQLite itself wrote since is trusted. `steps` are
    those of the run under way, for the status page; `ours`, the code as far as it has been read;
    `make`, what makes the rows.
    """
    made = _written(db, base, target, settings, now, steps, ours, make)
    checked.remember(db, target)
    return made


def _written(
    db: sqlite3.Connection,
    base: Path | None,
    target: Path,
    settings: Settings,
    now: float,
    steps: Sequence[Step],
    ours: Code | None,
    make: Maker,
) -> Made:
    wanted = origin(db, settings, ours or code.known(db))
    before = published.origin(base) if base else Origin()
    if base is not None and before.inputs == wanted.inputs:
        _duplicate(base, target)
        sound = checked.is_known(db, target)
        try:
            made = _write(db, before.generation, target, settings, wanted, now, steps, make)
            if not sound:
                _verify(target)
            return made
        except (sqlite3.DatabaseError, NotPublishable) as error:
            if isinstance(error, sqlite3.OperationalError):  # not damage: a full disk, for example
                raise
            target.unlink()  # the older release is damaged: nothing of it is taken over
    made = _write(db, _FROM_NOTHING, target, settings, wanted, now, steps, make)
    _verify(target)
    return made


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
    wanted: Origin,
    now: float,
    steps: Sequence[Step],
    make: Maker,
) -> Made:
    """Bring `target`, as it was at the generation `since`, up to the catalogue."""
    touched = [
        id
        for (id,) in db.execute(
            # Ordered by "+id", or all rows are gone through instead of the index.
            "SELECT id FROM package WHERE changed_in > ? ORDER BY +id",
            (since,),
        ).fetchall()
    ]
    with closing(sqlite3.connect(target, isolation_level=None)) as site:
        # Nobody reads this file yet and a killed run throws it away: no journal is needed.
        site.execute("PRAGMA journal_mode = OFF")
        site.execute("PRAGMA synchronous = OFF")
        site.execute(f"PRAGMA cache_size = -{_CACHE}")
        if since == _FROM_NOTHING:
            site.executescript(database.tables())
        site.execute("BEGIN")
        stamp = changes.stamp(site, now)
        default = _default_card(db)
        changed: list[str] = []
        batches = [touched[start : start + _BATCH] for start in range(0, len(touched), _BATCH)]
        for ids, made in zip(batches, make(db, batches, default), strict=True):
            rows.store(site, ids, made)
            news.copy(db, site, ids)
            changelogs.copy(db, site, ids)
            installs.copy(db, site, ids)
            changed += changes.copy(
                *(db, site, ids, settings.closed, stamp), logged=since != _FROM_NOTHING
            )
        installs.sum_up(db, site)
        _copy_page_cards(db, site)
        packages = _describe(db, site, settings, wanted, default, stamp, steps)
        site.execute("COMMIT")
        if since == _FROM_NOTHING:
            search.finish(site)
            site.execute("ANALYZE")
    return Made(packages, touched, None if since == _FROM_NOTHING else changed)


def _default_card(db: sqlite3.Connection) -> DefaultCard:
    row = db.execute(
        "SELECT fingerprint, alt, width, height FROM page_card WHERE page = ?", (DEFAULT,)
    ).fetchone()
    if row is None:
        raise NotPublishable("the site's default card has not been drawn: run `make render-new`")
    return (*row,)


def _describe(
    db: sqlite3.Connection,
    site: sqlite3.Connection,
    settings: Settings,
    wanted: Origin,
    default: DefaultCard,
    stamp: int,
    steps: Sequence[Step],
) -> int:
    packages = site.execute("SELECT count(*) FROM package WHERE withdrawn_at IS NULL").fetchone()[0]
    meta = {
        "site_url": settings.site_url,
        "advisories_of": settings.advisories_of,
        "generation": wanted.generation,
        "inputs": wanted.inputs,
        "lists": wanted.lists,
        "badges": wanted.badges,
        "packages": packages,
        "stamp": stamp,
        "default_card": default[0],
        "default_card_alt": default[1],
        "default_card_width": default[2],
        "default_card_height": default[3],
        "tags": json.dumps(purposes.commonest(site), ensure_ascii=False),
        "status": json.dumps(figures.vitals(db, stamp // 10_000, steps)),
        **_page_cards(db),
    }
    site.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)",
        [(key, str(value)) for key, value in meta.items()],
    )
    return int(packages)


def _copy_page_cards(db: sqlite3.Connection, site: sqlite3.Connection) -> None:
    """Write which authors and tags have a card of their own."""
    rows = db.execute(
        "SELECT page, fingerprint, alt, width, height FROM page_card WHERE instr(page, '/')"
    ).fetchall()
    site.execute("DELETE FROM page_card")
    site.executemany("INSERT INTO page_card VALUES (?, ?, ?, ?, ?)", rows)


def _page_cards(db: sqlite3.Connection) -> dict[str, object]:
    """Describe the cards of the site's own pages as card_<page>, card_<page>_alt and so on."""
    rows = db.execute(
        "SELECT page, fingerprint, alt, width, height FROM page_card"
        " WHERE page <> ? AND NOT instr(page, '/')",
        (DEFAULT,),
    ).fetchall()
    return {
        f"card_{page}{part}": value
        for page, *values in rows
        for part, value in zip(("", "_alt", "_width", "_height"), values, strict=True)
    }


def _verify(target: Path) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as site:
        answer = site.execute("PRAGMA quick_check(1)").fetchone()[0]
    if answer != "ok":
        raise NotPublishable(f"the new site.db is damaged: {answer}")
