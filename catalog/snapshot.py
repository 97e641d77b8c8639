"""The published database, `site.db`: made from the release before it and what changed since."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from catalog.cards import DEFAULT
from catalog.database import generation

_SCHEMA = Path(__file__).with_name("schema") / "site.sql"
_BATCH = 500
_FROM_NOTHING = -1


class NotPublishable(Exception):
    """A catalogue that no whole release can be made of, with the reason."""


@dataclass(frozen=True, slots=True)
class Made:
    """A site.db as written: how many packages it lists and which of its rows are new."""

    packages: int
    touched: list[int]


def inputs(db: sqlite3.Connection, site_url: str) -> str:
    """Digest what every row of a release rests on, besides the packages themselves."""
    default = db.execute("SELECT fingerprint FROM page_card WHERE page = ?", (DEFAULT,)).fetchone()
    parts = [_SCHEMA.read_text(), Path(__file__).read_text(), site_url, default and default[0]]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


def published(site: Path) -> tuple[int, str]:
    """Tell of which generation and inputs a site.db was made; (-1, '') if it cannot say."""
    try:
        with closing(_open(site)) as db:
            meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
        return int(meta["generation"]), meta["inputs"]
    except (sqlite3.DatabaseError, KeyError, ValueError):
        return -1, ""


def write(db: sqlite3.Connection, base: Path | None, target: Path, site_url: str) -> Made:
    """Write `target` from the catalogue, starting from `base`, an older site.db, if it fits."""
    wanted = inputs(db, site_url)
    since = _FROM_NOTHING
    if base is not None and published(base)[1] == wanted:
        since = published(base)[0]
        shutil.copyfile(base, target)
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
            site.executescript(_SCHEMA.read_text())
        site.execute("BEGIN")
        default = _default_card(db)
        for start in range(0, len(touched), _BATCH):
            _copy(db, site, touched[start : start + _BATCH], default)
        packages = _describe(db, site, site_url, wanted, default[0])
        site.execute("COMMIT")
        if since == _FROM_NOTHING:
            site.execute("INSERT INTO search (search) VALUES ('optimize')")
            site.execute("ANALYZE")
        _verify(site)
    return Made(packages, touched)


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
    rows = db.execute(
        "SELECT id, type, slug, name, description, version, author, author_url, homepage,"  # noqa: S608
        " installs, updated, withdrawn_at, fingerprint, alt, width, height, versions"
        f" FROM package LEFT JOIN card ON package_id = id WHERE id IN ({marks})",
        ids,
    ).fetchall()
    site.execute(f"DELETE FROM search WHERE rowid IN ({marks})", ids)  # noqa: S608
    site.execute(f"DELETE FROM version WHERE package_id IN ({marks})", ids)  # noqa: S608
    site.executemany(
        "INSERT OR REPLACE INTO package VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*row[:12], *(row[12:16] if row[12] else default), bool(row[12])) for row in rows],
    )
    site.executemany(
        "INSERT INTO version VALUES (?, ?, ?, ?)",
        [
            (row[0], position, version, url)
            for row in rows
            for position, (version, url) in enumerate(reversed(json.loads(row[16])))
        ],
    )
    site.executemany(
        "INSERT INTO search (rowid, name, slug, author, description) VALUES (?, ?, ?, ?, ?)",
        [(row[0], row[3], row[2], row[6], row[4]) for row in rows if row[11] is None],
    )


def _describe(
    db: sqlite3.Connection,
    site: sqlite3.Connection,
    site_url: str,
    wanted: str,
    default: str,
) -> int:
    packages = site.execute("SELECT count(*) FROM package WHERE withdrawn_at IS NULL").fetchone()[0]
    meta = {
        "site_url": site_url,
        "generation": str(generation(db)),
        "inputs": wanted,
        "packages": str(packages),
        "default_card": default,
    }
    site.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", sorted(meta.items()))
    return int(packages)


def _verify(site: sqlite3.Connection) -> None:
    answer = site.execute("PRAGMA quick_check(1)").fetchone()[0]
    if answer != "ok":
        raise NotPublishable(f"the new site.db is damaged: {answer}")


def cards_of(site: Path, ids: Sequence[int] | None = None) -> list[tuple[str, str]]:
    """Give (package, fingerprint) of some rows of a site.db, or of all."""
    with closing(_open(site)) as db:
        if ids is None:
            return db.execute("SELECT type || '/' || slug, card FROM package").fetchall()
        found: list[tuple[str, str]] = []
        for start in range(0, len(ids), _BATCH):
            some = ids[start : start + _BATCH]
            marks = ", ".join("?" * len(some))
            found += db.execute(
                f"SELECT type || '/' || slug, card FROM package WHERE id IN ({marks})",  # noqa: S608
                some,
            ).fetchall()
        return found


def default_card_of(site: Path) -> str:
    """Give the fingerprint of a site.db's default card."""
    with closing(_open(site)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'default_card'").fetchone()
    return str(row[0])


def names_card(site: Path, fingerprint: str) -> bool:
    """Tell whether any page of a site.db names this card."""
    with closing(_open(site)) as db:
        row = db.execute(
            "SELECT 1 FROM package WHERE card = ?1"
            " UNION ALL SELECT 1 FROM meta WHERE key = 'default_card' AND value = ?1 LIMIT 1",
            (fingerprint,),
        ).fetchone()
    return row is not None


def _open(site: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{site.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def examples(site: Path) -> list[tuple[str, str, bool]]:
    """Give a few telling packages of a site.db as (type, slug, withdrawn), always the same."""
    picks = (
        "withdrawn_at IS NULL ORDER BY installs DESC, slug LIMIT 3",
        "withdrawn_at IS NULL ORDER BY length(name) DESC, slug LIMIT 2",
        "withdrawn_at IS NULL AND NOT card_own ORDER BY slug LIMIT 2",
        "withdrawn_at IS NOT NULL ORDER BY slug LIMIT 2",
        "withdrawn_at IS NULL ORDER BY id DESC LIMIT 3",
    )
    with closing(_open(site)) as db:
        rows = [
            row
            for pick in picks
            for row in db.execute(
                f"SELECT type, slug, withdrawn_at IS NOT NULL FROM package WHERE {pick}"  # noqa: S608
            )
        ]
    return [(type, slug, bool(gone)) for type, slug, gone in dict.fromkeys(rows)]


def listed(site: Path) -> int:
    """Tell how many packages a site.db lists."""
    with closing(_open(site)) as db:
        return int(db.execute("SELECT value FROM meta WHERE key = 'packages'").fetchone()[0])
