"""The lists that a release brings along, and which of them are made anew."""

import sqlite3
from contextlib import closing
from pathlib import Path

from publish.site import lists
from tests.conftest import ROOT, Source, pipeline, record
from tests.runs import command as run
from tests.site import pages

_SCHEMA = ROOT / "release" / "site.sql"


def _site(path: Path, *ids: int) -> Path:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_SCHEMA.read_text())
        columns = [row[1] for row in db.execute("PRAGMA table_info(package)")]
        for id in ids:
            values = dict.fromkeys(columns, 0) | {"id": id, "type": "plugin", "slug": f"p{id}"}
            values |= {"withdrawn_at": None, "closure": None, "offer": "none"}
            marks = ", ".join("?" * len(columns))
            db.execute(f"INSERT INTO package VALUES ({marks})", [values[name] for name in columns])
        db.commit()
    return path


def test_only_touched_parts_of_the_sitemap_are_made_anew(tmp_path: Path) -> None:
    """A part in which nothing changed is the file of the release before, not a copy of it."""
    site = _site(tmp_path / "site.db", 1, 2_001)
    base, folder = tmp_path / "base", tmp_path / "folder"
    for part in (0, 2):
        lists.write(base / "sitemaps" / f"packages-{part}.xml", f"part {part}\n")
    lists.begin(folder, "https://example.org")
    files = lists.wanted(folder, base, site, [1])

    assert "/sitemaps/packages-0.xml" in files
    assert "/sitemaps/packages-2.xml" not in files
    assert (folder / "sitemaps" / "packages-2.xml").samefile(base / "sitemaps" / "packages-2.xml")
    assert {"/sitemaps/packages-0.xml", "/sitemaps/packages-2.xml"} <= {
        *lists.wanted(folder, None, site, []),
    }


def test_a_release_brings_its_lists(data: Path, source: Source) -> None:
    """The lists are files, spelled as the app spells them, and the next release has its own."""
    assert run(data, *pipeline(source(record("one"), record("two")))).returncode == 0
    static = data / "current" / "static"
    before = {name: (static / name).read_text() for name in ("feed.xml", "sitemaps/packages-0.xml")}
    assert run(data, *pipeline(source(record("one"), record("two"), record("new")))).returncode == 0
    after = {name: (static / name).read_text() for name in before}

    assert all("/packages/plugin/two" in text for text in before.values())
    assert not any("/packages/plugin/new" in text for text in before.values())
    assert all("/packages/plugin/new" in text for text in after.values())
    assert (static / "robots.txt").read_text().endswith("/sitemap.xml\n")
    assert "/packages/plugin/new" in pages(data)
