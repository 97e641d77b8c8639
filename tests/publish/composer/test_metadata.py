"""Composer files: made with the catalogue, shown with a release, touched when they change."""

import gzip
import json
import os
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from webob import Request

from catalog import database
from catalog.journal import Journal
from publish.composer import p2
from publish.releases import Releases
from publish.site import published
from scripts import build, deploy, render_new
from server import Settings, make_app
from tests.conftest import SITE_URL, Source, pipeline, record
from tests.runs import Here
from tests.runs import command as run
from tests.stub import blank, plain

_ZIP = "https://downloads.wordpress.org/plugin/{}.{}.zip"


def _publish(data: Path, feed: Path) -> None:
    """Do what `make pipeline` does, with cards that nobody looks at."""
    where, journal = ["--data", str(data)], Journal()
    assert build.main([*where, "--source", str(feed), "--max-withdrawn", "100%"], journal) == 0
    assert render_new.main(where, journal, blank, Here(), plain) == 0
    assert deploy.main([*where, "--site-url", SITE_URL], journal) == 0


def _grown(slug: str, *versions: str) -> dict[str, Any]:
    urls = {version: _ZIP.format(slug, version) for version in versions}
    return record(slug, version=versions[-1], versions=urls, download_link=urls[versions[-1]])


def _files(data: Path) -> dict[str, int]:
    folder = data / "store" / "p2"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in files}


def _versions(data: Path, name: str) -> list[str]:
    content = json.loads((data / "store" / "p2" / f"{name}.json").read_bytes())
    return [entry["version"] for entry in content["packages"][name]]


def _changes(data: Path) -> list[tuple[str, str]]:
    site = (data / "current" / "site.db").resolve()
    with closing(sqlite3.connect(f"{site.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        return db.execute("SELECT name, action FROM change ORDER BY stamp, name").fetchall()


def test_every_file_has_a_twin_of_the_same_date(data: Path, source: Source) -> None:
    """A client that takes gzip and one that does not are told the same Last-Modified."""
    _publish(data, source(record("one"), record("two")))
    folder = data / "store" / "p2"
    plain = sorted(folder.rglob("*.json"))

    assert [path.name for path in plain if path.parent == folder] == [
        *("filter-summary.json", "list.json", "packages.json"),
    ]
    assert len(plain) == 7
    for path in plain:
        twin = path.with_name(path.name + ".gz")
        assert twin.stat().st_mtime_ns == path.stat().st_mtime_ns
        assert gzip.decompress(twin.read_bytes()) == path.read_bytes()


def test_only_the_files_of_changed_packages_are_touched(data: Path, source: Source) -> None:
    """A new version, a new package and a withdrawn one; everything else keeps its date."""
    _publish(data, source(_grown("one", "1.0"), record("two"), record("three")))
    before = _files(data)
    _publish(data, source(_grown("one", "1.0", "1.1"), record("two"), record("four")))
    after = _files(data)

    assert _versions(data, "wp-plugin/one") == ["1.1", "1.0"]
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    assert {name.partition(".")[0] for name in gone} == {
        "wp-plugin/three",
        "wp-plugin/three~dev",
    }
    assert {name.partition(".")[0] for name in new} == {"wp-plugin/four", "wp-plugin/four~dev"}
    touched = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    assert touched == {"wp-plugin/one.json", "wp-plugin/one.json.gz", "list.json", "list.json.gz"}
    assert _changes(data) == [
        ("wp-plugin/four", "update"),
        ("wp-plugin/four~dev", "update"),
        ("wp-plugin/one", "update"),
        ("wp-plugin/three", "delete"),
        ("wp-plugin/three~dev", "delete"),
    ]


def test_a_fact_that_composer_does_not_read_touches_no_file(data: Path, source: Source) -> None:
    """Neither install counts nor a redrawn card are metadata."""
    _publish(data, source(record("one")))
    before = _files(data)
    _publish(data, source(record("one", active_installs=7_000, tested="9.9")))
    run(data, "regenerate", "--site-url", SITE_URL)

    assert len(Releases(data).ids()) == 3
    assert _files(data) == before
    assert _changes(data) == []


def test_the_time_of_a_version_stays_when_the_package_is_touched(
    data: Path, source: Source
) -> None:
    """A later `last_updated` dates the version that is new then, never the older ones."""
    _publish(data, source(_grown("one", "1.0")))
    later = {**_grown("one", "1.0", "1.1"), "last_updated": "2026-05-06 7:08am GMT"}
    _publish(data, source(later))
    content = json.loads((data / "store" / "p2" / "wp-plugin" / "one.json").read_bytes())
    times = [entry["time"] for entry in content["packages"]["wp-plugin/one"]]

    assert times == ["2026-05-06T07:08:00+00:00", "2026-01-02T03:04:00+00:00"]


def test_a_later_version_has_the_moment_it_came_everywhere(data: Path, source: Source) -> None:
    """In Composer's file, in versions.json, in the API and on the page; and it never moves."""
    began = int(time.time())
    _publish(data, source(_grown("one", "1.0")))
    _publish(data, source(_grown("one", "1.0", "1.1")))
    first = _published(data)
    _publish(data, source({**_grown("one", "1.0", "1.1"), "name": "Another"}))

    assert _published(data) == first
    assert first.keys() == {"1.1"}
    assert began <= datetime.fromisoformat(first["1.1"]).timestamp() <= time.time()
    app = make_app(Settings(data=data))
    for path in ("/packages/plugin/one/versions.json", "/api/packages/plugin/one"):
        told = Request.blank(path).get_response(app).json
        versions = told["published"] if "published" in told else told["versions"]
        moments = [one["published"] and _seconds(one["published"]) for one in versions]
        assert moments == [_seconds(first["1.1"]), None]
    for path in ("/packages/plugin/one", "/packages/plugin/one.md"):
        assert "here since" in Request.blank(path).get_response(app).text.lower()


def _published(data: Path) -> dict[str, str]:
    content = json.loads((data / "store" / "p2" / "wp-plugin" / "one.json").read_bytes())
    entries = content["packages"]["wp-plugin/one"]
    return {
        one["version"]: one["published-time"]
        for one in entries
        if one.get("published-time", "__unset") != "__unset"
    }


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def test_other_code_does_not_date_what_it_finds(data: Path, source: Source) -> None:
    """What an update of the code offers for the first time may have been there for long."""
    _publish(data, source(_grown("one", "1.0")))
    with database.writing(data) as db:
        db.execute("UPDATE metadata SET settings = 'older'")
    _publish(data, source(_grown("one", "1.0", "1.1")))

    assert _versions(data, "wp-plugin/one") == ["1.1", "1.0"]
    assert _published(data) == {}


def test_a_rollback_brings_the_older_files_back_with_a_new_date(data: Path, source: Source) -> None:
    """Clients that compare dates see that something changed; going forward works alike."""
    _publish(data, source(_grown("one", "1.0"), record("two")))
    first = Releases(data).current()
    _publish(data, source(_grown("one", "1.0", "1.1"), record("three")))
    second, before = Releases(data).current(), _files(data)
    run(data, "rollback")
    after = _files(data)

    assert p2.Folder(data).equals() == first
    assert _versions(data, "wp-plugin/one") == ["1.0"]
    assert "wp-plugin/two.json" in after
    assert "wp-plugin/three.json" not in after
    assert after["wp-plugin/one.json"] != before["wp-plugin/one.json"]

    run(data, "rollback", "--release", str(second))

    assert _versions(data, "wp-plugin/one") == ["1.1", "1.0"]
    assert _files(data).keys() == before.keys()


def test_the_log_tells_what_two_releases_differ_in(data: Path, source: Source) -> None:
    """New, changed, gone and untouched packages, over several releases: as if all were compared."""
    feeds = (
        [_grown("one", "1.0"), record("two"), record("three")],
        [_grown("one", "1.0", "1.1"), record("two"), record("four")],
        [_grown("one", "1.0", "1.1"), record("two", version="1.0.0"), record("three")],
        [record("two", short_description="Other.", version="1.0.0"), record("three")],
    )
    for feed in feeds:
        _publish(data, source(*feed))
    releases = Releases(data)
    sites = [releases.path(id) / "site.db" for id in releases.ids()]
    assert len(sites) == len(feeds)
    for older, newer in combinations(sites, 2):
        logged = published.packages_since(newer, published.stamp(older))
        compared = published.differing(older, newer)
        assert logged is not None
        assert compared is not None
        # What changed and changed back stands in the log, and is the same in both.
        assert set(logged) >= set(compared)
        assert set(logged) - set(compared) <= {"wp-plugin/three", "wp-plugin/four"}
    assert published.packages_since(sites[0], published.stamp(sites[1])) is None


def test_the_list_of_names_keeps_its_date_while_no_name_comes_or_goes(
    data: Path, source: Source
) -> None:
    """A new version is no new name; a rollback over a new package is."""
    _publish(data, source(_grown("one", "1.0")))
    path = data / "store" / "p2" / "list.json"
    os.utime(path, (1, 1))
    os.utime(path.with_name("list.json.gz"), (1, 1))
    _publish(data, source(_grown("one", "1.0", "1.1")))
    assert path.stat().st_mtime == 1
    _publish(data, source(_grown("one", "1.0", "1.1"), record("two")))
    assert "wp-plugin/two" in path.read_text()
    run(data, "rollback")
    assert "wp-plugin/two" not in path.read_text()


def test_no_file_is_older_than_what_announces_it(data: Path, source: Source) -> None:
    """What a rollback brought back, and the next release announces, gets that release's date."""
    _publish(data, source(record("one"), record("two")))
    _publish(data, source(record("one")))
    run(data, "rollback")
    folder = data / "store" / "p2" / "wp-plugin"
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    _publish(data, source(record("one"), record("two"), record("three")))
    site = data / "current" / "site.db"
    made = published.stamp(site) // 10_000
    dates = {path.name: int(path.stat().st_mtime) for path in folder.iterdir()}

    assert sorted(published.announced(site)) == [
        *("wp-plugin/three", "wp-plugin/three~dev", "wp-plugin/two", "wp-plugin/two~dev"),
    ]
    for twin in ("", ".gz"):
        assert dates[f"two.json{twin}"] == dates[f"two~dev.json{twin}"] == made
        assert dates[f"one.json{twin}"] == dates[f"one~dev.json{twin}"] == 1


def test_a_half_shown_release_is_shown_again(data: Path, source: Source) -> None:
    """Without its marker the folder is compared file by file, and strangers go."""
    _publish(data, source(record("one"), record("two")))
    folder, before = data / "store" / "p2", _files(data)
    (data / "store" / "p2.release").unlink()
    (folder / "wp-plugin" / "one.json.gz").unlink()
    (folder / "wp-plugin" / "stranger.json").write_text("{}")
    (folder / "wp-plugin" / "two.json.tmp").write_text("{}")
    ended = run(data, "deploy", "--site-url", SITE_URL)
    after = _files(data)

    assert "showed the Composer metadata" in ended.stdout
    assert after.keys() == before.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"wp-plugin/one.json", "wp-plugin/one.json.gz"}


def test_closures_keep_mark_or_take_away_the_files(data: Path, source: Source) -> None:
    """Harmless: abandoned. Security: with an advisory. For good, or CLOSED=remove: gone."""
    closed = {"closed": True, "closed_date": "2026-04-09"}
    feed = source(
        record("harmless", **closed, reason="author-request"),
        record("leaky", **closed, reason="security-issue", reason_text="Security Issue"),
        record("buried", **closed, reason="guideline-violation", permanent=True),
        record("open"),
    )
    run(data, *pipeline(feed))
    folder = data / "store" / "p2" / "wp-plugin"
    contents = {
        path.stem: json.loads(path.read_bytes())
        for path in folder.glob("*.json")
        if "~" not in path.stem
    }

    assert contents.keys() == {"harmless", "leaky", "open"}
    assert contents["harmless"]["packages"]["wp-plugin/harmless"][0]["abandoned"] is True
    assert "security-advisories" not in contents["harmless"]
    assert "2026-04-09" in str(contents["leaky"]["security-advisories"][0])
    assert "abandoned" not in contents["open"]["packages"]["wp-plugin/open"][0]

    run(data, "deploy", "--site-url", SITE_URL, "--closed", "remove")

    assert {path.name.partition(".")[0].removesuffix("~dev") for path in folder.iterdir()} == {
        "open"
    }


def test_files_are_readable_by_the_web_server(data: Path, source: Source) -> None:
    """Whatever the operator's umask takes from others, it is not what the site is made of."""
    umask = os.umask(0o022)
    try:
        run(data, *pipeline(source(record("one"))))
    finally:
        os.umask(umask)
    files = [*(data / "store").rglob("*"), *(data / "releases").rglob("*")]

    assert all(path.stat().st_mode & 0o004 for path in files if path.is_file())
