"""What the search of a site.db holds, after packages changed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publish.site import search
from release.rank import rank
from tests.server.conftest import make_release, record

_ROWS = (
    record(
        "old-shop", "Old Shöp", "Sells things.", active_installs=1_000, tags={"maerkte": "Märkte"}
    ),
    record("other", "Other Shop", "多合一", active_installs=0),
)


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    folder = make_release(tmp_path, records=_ROWS)
    with closing(sqlite3.connect(folder / "site.db", isolation_level=None)) as db:
        for table in ("search", "search_name"):
            db.execute(
                f"CREATE VIRTUAL TABLE temp.in_{table} USING fts5vocab(main, {table}, instance)"
            )
        yield db


def _change(site: sqlite3.Connection, change: str) -> None:
    before = search.entries(site, [1, 2])
    site.execute(change)
    search.replace(site, before, search.entries(site, [1, 2]))


def _held(site: sqlite3.Connection) -> set[tuple[object, ...]]:
    tables = ("in_search", "in_search_name", "search_key", "search_word", "search_near")
    return {(one, *row) for one in tables for row in site.execute(f"SELECT * FROM {one}")}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE package SET name = 'New Name' WHERE id = 1",
        "UPDATE package SET description = 'Buys.', tags = '[]', author = 'B' WHERE id = 1",
        "UPDATE package SET active_installs = 9000 WHERE id = 1",
        'UPDATE package SET closure = \'["", "", "", false]\' WHERE id = 2',
        "UPDATE package SET withdrawn_at = 1 WHERE id = 1",
        "DELETE FROM package WHERE id = 2",
    ],
)
def test_a_changed_package_leaves_nothing_behind(site: sqlite3.Connection, change: str) -> None:
    """The search after a change is the one that is written from nothing, and back again."""
    first = _held(site)
    rows = site.execute("SELECT * FROM package").fetchall()
    _change(site, change)
    changed = _held(site)
    _change(site, "DELETE FROM package")
    empty = _held(site)
    marks = ", ".join("?" * len(rows[0]))
    before = search.entries(site, [1, 2])
    site.executemany(f"INSERT INTO package VALUES ({marks})", rows)
    search.replace(site, before, search.entries(site, [1, 2]))

    assert changed != first
    assert empty == set()
    assert _held(site) == first


def test_what_is_not_searched_writes_nothing(site: sqlite3.Connection) -> None:
    """A new version, or a few installs more, leave a package where it stands."""
    before = site.total_changes
    _change(
        site,
        "UPDATE package SET version = '2.0', active_installs = active_installs + 1 WHERE id = 1",
    )

    assert site.total_changes == before + 1


def test_a_package_stands_under_its_rank(site: sqlite3.Connection) -> None:
    """The number in the index is the one that both sides reckon."""
    found = site.execute("SELECT rowid FROM search WHERE search MATCH 'sells'").fetchall()

    assert found == [(rank(1, "plugin", False, 1_000),)]
