"""Kept zips in a release, and what looks after them: by the commands as a user runs them."""

import hashlib
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from webob import Request

from publish.releases import Releases
from publish.zips.store import ZipStore
from server import Settings, make_app
from tests.conftest import SITE_URL, Source, pipeline, record, run
from tests.publish.zips.hosts import Zips, link
from tests.publish.zips.test_fetch import untagged

_KEPT = ("--zips", "untagged")


@pytest.fixture(name="hosts")
def _hosts() -> Iterator[Zips]:
    with Zips().served() as hosts:
        yield hosts


def _all(data: Path, source: Path, hosts: Zips, *words: str) -> "subprocess.CompletedProcess[str]":
    return run(data, *pipeline(source), *_KEPT, "--through", hosts.base, *words)


def _ask(data: Path, path: str) -> str:
    return str(Request.blank(path).get_response(make_app(Settings(data=data))).text)


def _name(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def test_one_run_keeps_and_publishes(data: Path, source: Source, hosts: Zips) -> None:
    """Page, twin, API, list of the untagged and card tell of the version; a second run rests."""
    one = hosts.has("one", "1.2")
    feed = source(untagged("one", svn_revision=7), record("two"), untagged("bare", svn_revision=7))
    ended = _all(data, feed, hosts)
    assert ended.returncode == 0, ended.stderr
    assert "fetch-zips: 1 kept" in ended.stdout

    told = json.loads(_ask(data, "/api/packages/plugin/one"))
    version = told["versions"][0]
    assert version["zip"] == f"{SITE_URL}/zips/{_name(one)[:2]}/{_name(one)}.zip"
    assert version["sha256"] == hashlib.sha256(one).hexdigest()
    assert told["offer"]["command"] == "composer require wp-plugin/one"
    page = _ask(data, "/packages/plugin/one")
    assert "kept here" in page
    assert "kept here: it has no tag" in _ask(data, "/packages/plugin/one.md")
    assert "dev-trunk" not in page
    assert "plugin/one" not in _ask(data, "/untagged")
    assert "plugin/bare" in _ask(data, "/untagged")
    assert "wp-plugin/one" in _ask(data, "/docs.md")
    with sqlite3.connect(data / "catalog.db") as db:
        (facts,) = db.execute(
            "SELECT facts FROM card JOIN package ON id = package_id WHERE slug = 'one'"
        ).fetchone()
    assert json.loads(facts)["version"] == "1.2"

    live, asked = Releases(data).current(), len(hosts.asked)
    again = _all(data, feed, hosts)
    assert "there was nothing to do" in again.stdout
    assert (Releases(data).current(), len(hosts.asked)) == (live, asked)


def test_the_plan_tells_how_many_are_due(data: Path, source: Source, hosts: Zips) -> None:
    """And asks nobody."""
    feed = source(untagged("one"), untagged("two"), record("three"))
    words = ("plan", "--source", feed, "--site-url", SITE_URL)
    assert "ask for 2 zips to be kept" in run(data, *words, *_KEPT).stdout
    assert "zips" not in run(data, *words).stdout
    assert hosts.asked == []


def test_what_is_kept_stays_where_no_more_is_kept(data: Path, source: Source, hosts: Zips) -> None:
    """Also when another version is announced, and at another address of the site."""
    hosts.has("one", "1.2")
    _all(data, source(untagged("one")), hosts)
    ended = run(
        data,
        *("pipeline", "--source", source(untagged("one", "1.3")), "--jobs", "1"),
        *("--site-url", "https://packages.example.org/base"),
    )
    assert ended.returncode == 0, ended.stderr

    versions = json.loads(_ask(data, "/api/packages/plugin/one"))["versions"]
    assert [one["version"] for one in versions] == ["1.2"]
    assert versions[0]["zip"].startswith("https://packages.example.org/base/zips/")


def test_an_outage_keeps_nothing_from_being_published(
    data: Path, source: Source, hosts: Zips
) -> None:
    """The run ends with 1, by the step's name; the release is there."""
    hosts.faults["plugin/one.zip"] = lambda handler: handler.send(
        b"", 503, **{"Retry-After": "900"}
    )
    ended = _all(data, source(untagged("one")), hosts)

    assert ended.returncode == 1
    assert "scripts: fetch-zips ended with exit code 1: " in ended.stderr
    assert Releases(data).current()


def test_a_zip_missing_on_disk_stops_the_release(data: Path, source: Source, hosts: Zips) -> None:
    """Until the doctor has it asked for again."""
    one = hosts.has("one", "1.2")
    _all(data, source(untagged("one")), hosts)
    live = Releases(data).current()
    ZipStore(data / "store/zips").remove(_name(one))
    feed = source(untagged("one", name="Another"))
    ended = _all(data, feed, hosts)

    assert ended.returncode == 3
    assert f"plugin/one offers zip {_name(one)}, which is not on disk" in ended.stderr
    assert Releases(data).current() == live
    assert "zip" in run(data, "check").stdout + run(data, "check").stderr
    assert run(data, "doctor", "--mend").returncode == 1  # the live release still offers it
    assert _all(data, feed, hosts).returncode == 0
    assert run(data, "doctor").returncode == 0
    assert ZipStore(data / "store/zips").whole(_name(one))


def test_restore_forgets_the_zips_that_are_not_there(
    data: Path, source: Source, hosts: Zips
) -> None:
    """They are asked for again; those that are there stay what they were."""
    one, two = hosts.has("one", "1.2"), hosts.has("two", "1.2")
    feed = source(untagged("one"), untagged("two"))
    _all(data, feed, hosts)
    assert run(data, "backup").returncode == 0
    store = ZipStore(data / "store/zips")
    store.remove(_name(one))
    assert run(data, "restore", "--from", str(data / "backup")).returncode == 0
    hosts.asked.clear()
    assert _all(data, feed, hosts).returncode == 0

    assert hosts.asked == ["plugin/one.zip"]
    assert store.whole(_name(one))
    assert store.whole(_name(two))


def test_status_names_what_differs(data: Path, source: Source, hosts: Zips) -> None:
    """The run that noticed it ended well."""
    hosts.has("one", "1.2")
    _all(data, source(untagged("one")), hosts)
    hosts.has("one", "1.2", more={"one/other.php": b"<?php"})
    ended = _all(data, source(untagged("one", last_updated="2026-02-03 3:04am GMT")), hosts)

    assert ended.returncode == 0
    assert f"plugin/one 1.2: {link('one')} holds other files than the zip kept" in ended.stderr
    told = json.loads(run(data, "status", "--json").stdout)
    assert told["zips"]["kept"] == 1
    assert [one["package"] for one in told["zips"]["differing"]] == ["plugin/one"]
    assert "holds other files than the zip kept" in run(data, "status").stdout
