"""Which release a request sees."""

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from publish.site import write
from server import Settings, make_app, snapshot
from server.settings import SettingsError
from tests.server.conftest import FIRST, SECOND, NewVisitor, Visitor, make_release, record, switch


def test_switch_is_noticed(visitor: Visitor, data: Path) -> None:
    """The next request after a switch, forward or back, sees the other release."""
    make_release(data, SECOND, [record("akismet", "Renamed")])
    seen = []
    for release in (FIRST, SECOND, FIRST):
        switch(data, release)
        page = visitor.get("/packages/plugin/akismet")
        seen.append((page.headers["x-release"], page.words(".//h1")[0]))

    assert seen == [(FIRST, "Akismet Anti-spam"), (SECOND, "Renamed"), (FIRST, "Akismet Anti-spam")]


def test_no_page_mixes_two_releases(tmp_path: Path, visit: NewVisitor) -> None:
    """While `current` goes to and fro, every page is of one release: head, body and X-Release."""
    for release, word in ((FIRST, "first"), (SECOND, "second")):
        one = record("x", word, f"{word} " * 20, author=word)
        settings = write.Settings(f"https://{word}.example.org")
        make_release(tmp_path, release, [one], settings=settings)
    switch(tmp_path, FIRST)
    words = {FIRST: ("first", "second"), SECOND: ("second", "first")}
    visitor = visit(tmp_path)
    over = threading.Event()
    wrong: list[str] = []
    seen: set[str] = set()

    def read() -> None:
        while not over.is_set():
            page = visitor.get("/packages/plugin/x")
            right, other = words[page.headers["x-release"]]
            seen.add(right)
            if page.text.count(right) < 50 or other in page.text:
                wrong.append(page.text)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for turn in range(200):
        switch(tmp_path, (FIRST, SECOND)[turn % 2])
        visitor.get("/packages/plugin/x")
    over.set()
    for reader in readers:
        reader.join()

    assert wrong == []
    assert seen == {"first", "second"}


def test_switches_leak_no_descriptor(visitor: Visitor, data: Path) -> None:
    """After each of twelve switches only the release that is current is open, and once."""
    for number in range(12):
        release = f"20261201T0000{number:02}Z"
        folder = make_release(data, release, [record("x")])
        switch(data, release)
        assert visitor.get("/").headers["x-release"] == release
        assert _open_below(data) == [str(folder / "site.db")]


def _open_below(folder: Path) -> list[str]:
    held = (link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
    return [str(target) for target in held if target.is_relative_to(folder)]


def test_release_pruned_between_link_and_opening(
    data: Path, visit: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that goes after its link was read is no error: `current` has moved on by then."""
    make_release(data, SECOND)
    opening = snapshot._open

    def late(folder: Path) -> snapshot.Snapshot:
        if (data / "current").readlink().name == FIRST:
            switch(data, SECOND)
            shutil.rmtree(data / "releases" / FIRST)
        return opening(folder)

    monkeypatch.setattr(snapshot, "_open", late)
    page = visit(data).get("/packages/plugin/akismet")

    assert page.status == 200
    assert page.headers["x-release"] == SECOND


def test_nothing_is_written(visitor: Visitor, data: Path) -> None:
    """Reading leaves the data folder as it was: no journal, no -wal, no -shm, no new time."""
    before = {path: path.lstat().st_mtime_ns for path in data.rglob("*")}
    for path in ("/", "/?q=a", "/packages/plugin/akismet", "/health", "/nope"):
        visitor.get(path)

    assert {path: path.lstat().st_mtime_ns for path in data.rglob("*")} == before


def test_odd_folder_names_are_no_trap(tmp_path: Path, visit: NewVisitor) -> None:
    """A data folder named like a URI's query is opened, and no other file is made."""
    data = tmp_path / "a?mode=rwc#b%20c"
    make_release(data)
    switch(data, FIRST)

    assert visit(data).get("/packages/plugin/akismet").status == 200
    assert list(tmp_path.iterdir()) == [data]


def _nothing(data: Path) -> None:
    data.mkdir()


def _dangling(data: Path) -> None:
    data.mkdir()
    switch(data, FIRST)


def _empty_folder(data: Path) -> None:
    (data / "releases" / FIRST).mkdir(parents=True)
    switch(data, FIRST)


def _no_link(data: Path) -> None:
    (data / "current").mkdir(parents=True)


def _newer_schema(data: Path) -> None:
    folder = make_release(data)
    with closing(sqlite3.connect(folder / "site.db")) as db:
        db.execute("PRAGMA user_version = 99")
    switch(data, FIRST)


def _not_sqlite(data: Path) -> None:
    folder = make_release(data)
    (folder / "site.db").write_bytes(b"This is not a database. " * 100)
    switch(data, FIRST)


def _no_site_url(data: Path) -> None:
    folder = make_release(data)
    with closing(sqlite3.connect(folder / "site.db")) as db:
        db.execute("DELETE FROM meta")
        db.commit()
    switch(data, FIRST)


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (_nothing, "No release has been published yet."),
        (_dangling, f"Release {FIRST} has no site.db that can be opened."),
        (_empty_folder, f"Release {FIRST} has no site.db that can be opened."),
        (_no_link, "The link to the current release is not a link."),
        (
            _newer_schema,
            f"Release {FIRST} has schema version 99; this code reads 1, 2 and 3.",
        ),
        (_not_sqlite, f"Release {FIRST} is damaged: file is not a database."),
        (_no_site_url, f"Release {FIRST} does not say what its site_url is."),
    ],
)
def test_without_a_release_it_says_why(
    tmp_path: Path, visit: NewVisitor, prepare: Callable[[Path], None], reason: str
) -> None:
    """Every path answers 503 with the reason, /health as JSON; nothing is made on disk."""
    prepare(tmp_path / "data")
    before = sorted(tmp_path.rglob("*"))
    visitor = visit(tmp_path / "data")
    page, health = visitor.get("/packages/plugin/akismet"), visitor.get("/health")

    assert page.status == health.status == 503
    assert reason in page.words(".//main//p")
    assert json.loads(health.text)["reason"] == reason
    assert "x-release" not in page.headers
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["retry-after"] == "60"
    assert str(tmp_path) not in page.text + health.text
    assert sorted(tmp_path.rglob("*")) == before


def test_first_release_ends_the_wait(tmp_path: Path, visit: NewVisitor) -> None:
    """An app started before anything was published serves the first release when it comes."""
    visitor = visit(tmp_path)
    assert visitor.get("/").status == 503
    make_release(tmp_path)
    switch(tmp_path, FIRST)

    assert visitor.get("/").status == 200


def test_fixed_release_ignores_current(data: Path) -> None:
    """Settings(release=…) serves that folder whatever is current, even if named by the link."""
    named = Visitor(make_app(Settings(release=make_release(data, SECOND))))
    linked = Visitor(make_app(Settings(release=data / "current")))
    switch(data, SECOND)

    assert named.get("/").headers["x-release"] == SECOND
    assert linked.get("/").headers["x-release"] == FIRST


def test_settings_refuse_what_cannot_be_meant(tmp_path: Path) -> None:
    """Neither, both, or a folder that is not there is refused with a sentence."""
    with pytest.raises(SettingsError, match=r"^Name a data folder or a release to serve\.$"):
        Settings()
    with pytest.raises(SettingsError, match=r"not both\.$"):
        Settings(data=tmp_path, release=tmp_path)
    with pytest.raises(SettingsError, match=r"is not a folder\.$"):
        Settings(data=tmp_path / "nowhere")
