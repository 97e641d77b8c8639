"""A current release that the app cannot read: it goes on with the one it has, and says so."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from publish.releases import Releases
from server import Settings, make_app
from tests.server.conftest import FIRST, SECOND, NewVisitor, Page, Visitor, make_release
from tests.server.test_command import UnixConnection, get, served

THIRD = "20261103T000000Z"
PAGES = ("/", "/packages/plugin/akismet", "/?q=spam", "/closed", "/api/packages", "/health")


def _other_schema(site: Path) -> None:
    with closing(sqlite3.connect(site)) as db:
        db.execute("PRAGMA user_version = 99")


def _not_sqlite(site: Path) -> None:
    site.write_bytes(b"This is not a database. " * 100)


def _cut_off(site: Path) -> None:
    site.write_bytes(site.read_bytes()[:8192])


def _missing(site: Path) -> None:
    site.unlink()


Spoil = Callable[[Path], None]
SPOILT = {
    _other_schema: "has schema version 99; this code reads 1, 2 and 3.",
    _not_sqlite: "is damaged: file is not a database.",
    _cut_off: "is damaged: database disk image is malformed.",
    _missing: "has no site.db that can be opened.",
}


def _spoilt(data: Path, release: str, spoil: Spoil) -> None:
    spoil(make_release(data, release) / "site.db")


def _in_a_new_thread(visitor: Visitor, path: str) -> Page:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(visitor.get, path).result()


@pytest.mark.parametrize("spoil", SPOILT)
def test_it_keeps_the_release_it_has(data: Path, visit: NewVisitor, spoil: Spoil) -> None:
    """On a thread that had it open and on one that had nothing open; /health tells both ids."""
    visitor = visit(data)
    assert visitor.get("/").headers["x-release"] == FIRST
    _spoilt(data, SECOND, spoil)
    Releases(data).switch(SECOND)
    for path in PAGES:
        for page in (visitor.get(path), _in_a_new_thread(visitor, path)):
            assert (page.status, page.headers["x-release"]) == (200, FIRST)
    health = json.loads(visitor.get("/health").text)

    assert health["status"] == "degraded"
    assert (health["release"], health["current"]) == (FIRST, SECOND)
    assert health["reason"] == f"Release {SECOND} {SPOILT[spoil]}"


def test_the_next_release_that_can_be_read_is_served(data: Path, visit: NewVisitor) -> None:
    """The trouble ends with the switch that ends it, forward or back."""
    visitor = visit(data)
    visitor.get("/")
    _spoilt(data, SECOND, _other_schema)
    shutil.copytree(data / "releases" / FIRST, data / "releases" / THIRD)
    seen = []
    for release in (SECOND, THIRD, SECOND, FIRST):
        Releases(data).switch(release)
        health = json.loads(visitor.get("/health").text)
        seen.append((health["status"], health["release"]))

    assert seen == [("degraded", FIRST), ("ok", THIRD), ("degraded", THIRD), ("ok", FIRST)]


def test_it_is_logged_once_a_release(
    data: Path, visit: NewVisitor, caplog: pytest.LogCaptureFixture
) -> None:
    """Not once a request, and by whichever thread finds it out."""
    visitor = visit(data)
    visitor.get("/")
    for release in (SECOND, THIRD):
        _spoilt(data, release, _other_schema)
        Releases(data).switch(release)
        for _ in range(3):
            visitor.get("/")
            _in_a_new_thread(visitor, "/")

    assert [record.getMessage() for record in caplog.records] == [
        f"Release {release} {SPOILT[_other_schema]} Release {FIRST} is served instead."
        for release in (SECOND, THIRD)
    ]


def test_all_threads_serve_the_release_served_last(data: Path, visit: NewVisitor) -> None:
    """A thread that slept since an older release does not go back to it."""
    visitor = visit(data)
    shutil.copytree(data / "releases" / FIRST, data / "releases" / SECOND)
    with ThreadPoolExecutor(1) as sleeper:
        assert sleeper.submit(visitor.get, "/").result().headers["x-release"] == FIRST
        Releases(data).switch(SECOND)
        assert visitor.get("/").headers["x-release"] == SECOND
        _spoilt(data, THIRD, _not_sqlite)
        Releases(data).switch(THIRD)

        assert sleeper.submit(visitor.get, "/").result().headers["x-release"] == SECOND


def test_an_app_that_starts_then_serves_the_newest_that_it_can_read(
    data: Path, visit: NewVisitor
) -> None:
    """And says so; on each of its threads."""
    make_release(data, SECOND)
    _spoilt(data, THIRD, _other_schema)
    Releases(data).switch(THIRD)
    visitor = visit(data)
    pages = [visitor.get("/"), _in_a_new_thread(visitor, "/")]
    health = json.loads(visitor.get("/health").text)

    assert [page.headers["x-release"] for page in pages] == [SECOND, SECOND]
    assert (health["status"], health["release"], health["current"]) == ("degraded", SECOND, THIRD)


def test_with_none_that_it_can_read_it_is_unavailable(data: Path, visit: NewVisitor) -> None:
    """503, until there is one."""
    _other_schema(data / "releases" / FIRST / "site.db")
    visitor = visit(data)
    page, health = visitor.get("/"), visitor.get("/health")
    assert page.status == health.status == 503
    assert json.loads(health.text)["reason"] == f"Release {FIRST} {SPOILT[_other_schema]}"
    shutil.rmtree(data / "releases" / FIRST)
    (data / "catalog.db").unlink()
    make_release(data, SECOND)
    Releases(data).switch(SECOND)

    assert visitor.get("/").headers["x-release"] == SECOND


def test_a_lost_link_takes_nothing_down(data: Path, visit: NewVisitor) -> None:
    """What was served is served on; an app that starts then has no release to go by."""
    visitor = visit(data)
    visitor.get("/")
    (data / "current").unlink()
    health = json.loads(visitor.get("/health").text)

    assert visitor.get("/").headers["x-release"] == FIRST
    assert (health["status"], health["current"]) == ("degraded", None)
    assert health["reason"] == "No release has been published yet."
    assert visit(data).get("/").status == 503


def test_a_release_named_for_good_is_not_replaced(data: Path) -> None:
    """--release means that one."""
    folder = make_release(data, SECOND)
    _not_sqlite(folder / "site.db")

    assert Visitor(make_app(Settings(release=folder))).get("/").status == 503


def test_visitors_of_the_real_server_notice_nothing(data: Path, tmp_path: Path) -> None:
    """Many at once, over all of waitress's threads, before and after each switch; one log line."""
    _spoilt(data, SECOND, _other_schema)
    shutil.copytree(data / "releases" / FIRST, data / "releases" / THIRD)
    sock = tmp_path / "app.sock"
    with served(data, sock, "--threads", "4") as process, ThreadPoolExecutor(8) as visitors:
        seen = []
        for release in (FIRST, SECOND, THIRD):
            Releases(data).switch(release)
            answers = list(visitors.map(lambda _: _ask(sock), range(40)))
            seen.append({answer for answers in answers for answer in answers})
        process.terminate()
        _, log = process.communicate(timeout=60)

    assert seen == [{(200, FIRST)}, {(200, FIRST)}, {(200, THIRD)}]
    assert log.count(SECOND) == 1
    assert log == f"Release {SECOND} {SPOILT[_other_schema]} Release {FIRST} is served instead.\n"


def _ask(sock: Path) -> list[tuple[int, str | None]]:
    connection = UnixConnection(sock)
    answers = [get(connection, path) for path in PAGES]
    connection.close()
    return [(answer.status, answer.headers["X-Release"]) for answer in answers]
