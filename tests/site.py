"""The published site, asked through the real app, and held against the one release it must be."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from webob import Request

from publish.releases import Releases
from publish.site import published
from publish.stores import Stores
from release.data import Data
from server import Settings, make_app

_CARD = re.compile(r'content="[^"]*/og/[0-9a-f]{2}/([0-9a-f]{32})\.png"')


def rows(site_db: Path) -> list[tuple[object, ...]]:
    """Give every row of a site.db that a page is made of, and each term under each rank."""
    tables = ("package", "version", "metadata", "tag", "search_key", "search_word", "search_near")
    with closing(sqlite3.connect(f"{site_db.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for index in ("search", "search_name"):
            db.execute(
                f"CREATE VIRTUAL TABLE temp.in_{index} USING fts5vocab(main, {index}, instance)"
            )
        return [
            (table, *row)
            for table in (*tables, "in_search", "in_search_name")
            for row in db.execute(f"SELECT * FROM {table}").fetchall()
        ]


def pages(data: Path) -> dict[str, str]:
    """Ask the app for every package's page; all must be of one release, pictures included."""
    app = make_app(Settings(data=data))
    release = Releases(data).current()
    assert release is not None
    stores = Stores.of(Data(data))
    with closing(sqlite3.connect(data / "current" / "site.db")) as db:
        packages = db.execute("SELECT type, slug, withdrawn_at FROM package").fetchall()
    bodies = {}
    for type, slug, withdrawn_at in packages:
        path = f"/packages/{type}/{slug}"
        answer = Request.blank(path).get_response(app)
        body = answer.text
        assert answer.headers["X-Release"] == release
        assert answer.status_int == (200 if withdrawn_at is None else 410), path
        cards = _CARD.findall(body)
        assert bool(cards) == (withdrawn_at is None), path
        assert all(stores.cards.whole(card) for card in cards), path
        bodies[path] = body
    plates = published.plates_of(data / "current" / "site.db")
    assert all(stores.plates.whole(plate) for _, plate in plates)
    return bodies
