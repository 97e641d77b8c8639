"""A release of a schema before: every page is as it would be from one of the newest."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from publish.site import published
from release import database
from server import Settings, make_app
from server.routes import ROUTES, fill
from tests.conftest import ROOT
from tests.server.conftest import FIRST, PARTS, RECORDS, Visitor, make_release, record, switch

# As the release before this schema was written.
_OLDER = ROOT / "tests" / "server" / "schema-1.sql"
_TABLES = (
    *("meta", "history", "tag", "version", "install_day", "install_month", "install_version"),
    *("metadata", "change"),
)
_SEARCH = "name, slug, author, description"
# No mistyped words: those are known from the newest schema on.
_QUERIES = (
    *("q=spam", "q=seo", "sort=name&type=plugin", "closed=1", "php=8.2&within=year"),
    "sort=composer",
    "a=plugin/akismet&b=theme/astra&c=plugin/none",
    *("per_page=3", "per_page=2&sort=updated&updated_since=2026-01-01"),
)


# What the newest schema has that schema 2 had not.
_SINCE_2 = """
DROP INDEX package_by_composer; DROP INDEX closed_by_composer;
DROP INDEX version_untagged; DROP INDEX version_kept;
ALTER TABLE version DROP COLUMN sha256; ALTER TABLE version DROP COLUMN untagged;
PRAGMA user_version = 2;
"""


def make_older(site: Path, schema: int = 1) -> None:
    """Replace a site.db by one of a schema before, with the same packages."""
    if schema == 2:
        site.chmod(0o644)
        with closing(sqlite3.connect(site)) as db:
            db.executescript(_SINCE_2)
        return
    newest = site.rename(site.with_name("newest.db"))
    with closing(sqlite3.connect(site)) as db, db:
        db.executescript(_OLDER.read_text(encoding="utf-8"))
        db.execute("ATTACH ? AS newest", (str(newest),))
        columns = [row[1] for row in db.execute("PRAGMA main.table_info(package)")]
        named = {"installs": "active_installs", "downloads": "installs"}
        facts = ", ".join(named.get(column, column) for column in columns)
        db.execute(f"INSERT INTO main.package SELECT {facts} FROM newest.package")
        for table in _TABLES:
            names = [row[1] for row in db.execute(f"PRAGMA main.table_info({table})")]
            db.execute(f"INSERT INTO main.{table} SELECT {', '.join(names)} FROM newest.{table}")
        db.execute(
            f"INSERT INTO main.search (rowid, {_SEARCH}, tags, parts) SELECT id, {_SEARCH},"
            " (SELECT group_concat(value, ' ') FROM json_each(tags)), replace(slug, '-', '')"
            " FROM newest.package WHERE withdrawn_at IS NULL"
        )
    newest.unlink()


@pytest.fixture(name="both", scope="module", params=database.READABLE[:-1])
def _both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Visitor, Visitor]:
    """Visitors of the same packages in the newest schema, and in one before."""
    visitors = []
    for name in ("newest", "older"):
        data = tmp_path_factory.mktemp(name)
        closed = record("shut", "Shut", closed=True, closed_date="2026-04-09", reason="abuse")
        tagged = record("tagged", "Tagged", tags={"spam": "Spam"}, requires_php="7.4")
        folder = make_release(data, records=[*RECORDS, closed, tagged], change=_count_installs)
        if name == "older":
            make_older(folder / "site.db", request.param)
        switch(data, FIRST)
        visitors.append(Visitor(make_app(Settings(data=data))))
    return visitors[0], visitors[1]


def _count_installs(db: sqlite3.Connection) -> None:
    db.execute("UPDATE state SET value = 1790000000 WHERE key = 'counted_until'")
    db.execute("INSERT INTO install_month SELECT id, 202609, '1.0', 7 FROM package")
    db.execute("UPDATE package SET installs = 7")


def _paths() -> list[str]:
    paths = [route.path for route in ROUTES]
    paths += [route.twin_path for route in ROUTES if route.twin]
    paths += [f"{route.path}?{query}" for route in ROUTES if route.asked for query in _QUERIES]
    return [fill(path, lambda part: PARTS[part[1]]) for path in paths]


@pytest.mark.parametrize(
    "path", [*_paths(), "/packages/plugin/shut", "/metadata/changes.json?since=0"]
)
def test_every_answer_is_the_same(both: tuple[Visitor, Visitor], path: str) -> None:
    """Whatever is asked: figures, order, searches, and nothing in the log.

    But for the plates, which schema 1 does not know: initials stand in.
    """
    newest, older = (visitor.get(path) for visitor in both)
    age = re.compile(
        rb'"age_seconds": \d+|"disk_free_percent": \d+|_(?:seconds|bytes) [0-9.]+\n'
        rb'|<img class="tile"[^>]*>|<span class="tile"[^>]*></span>'
    )

    assert older.status == newest.status < 500
    assert age.sub(b"", older.body) == age.sub(b"", newest.body)
    assert [visitor.errors.getvalue() for visitor in both] == ["", ""]


@pytest.mark.parametrize("schema", database.READABLE[:-1])
def test_the_two_are_of_two_schemas(tmp_path: Path, schema: int) -> None:
    """Else the comparison proves nothing; and the view lacks no column of the newest."""
    newest = make_release(tmp_path / "newest") / "site.db"
    older = make_release(tmp_path / "older") / "site.db"
    make_older(older, schema)
    with closing(database.connect(older)) as db:
        assert database.schema_of(db) == schema
    columns = []
    for site in (newest, older):
        with closing(database.open_release(site)) as db:
            columns.append(
                [
                    sorted(one[0] for one in db.execute(f"SELECT * FROM {table}").description)
                    for table in ("package", "version")
                ]
            )

    assert columns[0] == columns[1]
    assert published.listed(older) == published.listed(newest)


@pytest.mark.parametrize("schema", database.READABLE[:-1])
def test_an_older_schema_keeps_its_indexes(tmp_path: Path, schema: int) -> None:
    """A page is found by the file's own indexes, not by reading every package."""
    site = make_release(tmp_path) / "site.db"
    make_older(site, schema)
    with closing(database.open_release(site)) as db:
        plans = [
            " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {question}").fetchall())
            for question in (
                "SELECT name FROM package WHERE type = 'plugin' AND slug = 'a'",
                "SELECT name FROM package WHERE withdrawn_at IS NULL AND closure IS NULL"
                " ORDER BY package.active_installs DESC, package.slug LIMIT 9",
                "SELECT package.name FROM tag JOIN package ON package.id = tag.package_id"
                " WHERE tag = 'a' ORDER BY tag.rank LIMIT 9",
            )
        ]

    # In the order of an index a whole table may be looked through: the first few are enough.
    assert all("SCAN" not in plan.replace("SCAN package USING", "USING") for plan in plans), plans
    assert all("USING" in plan for plan in plans), plans
    assert not any("TEMP B-TREE" in plan for plan in plans), plans
