"""Damaged files, links that lead nowhere, disks that cannot be read: the site goes on."""

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from publish.releases import Releases
from tests import site
from tests.conftest import ROOT, Source, Tell
from tests.faults.command import Ended, command, pipeline
from tests.faults.whole import complete, feeds, served

_Damage = Callable[[Path], object]


def _scribbled(path: Path) -> None:
    """Every page but the first is noise."""
    path.chmod(0o600)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


def _halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _emptied(path: Path) -> None:
    os.truncate(path, 0)


def _garbled(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"no database at all\n" * 1000)


def _rotten(path: Path) -> None:
    """One page is noise, of an index that the next deploy neither reads nor writes."""
    with closing(sqlite3.connect(path)) as db:
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'closed_by_updated'"
        ).fetchone()
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)


def _published(data: Path, source: Source, runs: int = 2) -> list[dict[str, Any]]:
    """Publish twice, and give the feed that comes next."""
    turns = feeds()
    for _ in range(runs):
        assert command(data, *pipeline(source(*next(turns)))).code == 0
    return next(turns)


@pytest.mark.parametrize("damage", [_scribbled, _halved, _garbled])
def test_a_damaged_catalogue_stops_the_run_and_not_the_site(
    data: Path, source: Source, damage: _Damage
) -> None:
    """The run says what it is and what to do; a backup brings all back, cards included."""
    feed = _published(data, source)
    assert command(data, "backup").code == 0
    cards = sorted((data / "store" / "og").rglob("*.png"))
    damage(data / "catalog.db")

    ended = command(data, *pipeline(source(*feed)))
    assert served(data) is not None
    assert ended.code == 2
    assert "Traceback" not in ended.said
    assert "restore a backup, or move it away" in ended.said

    assert command(data, "restore", "--from", str(data / "backup")).code == 0
    assert command(data, *pipeline(source(*feed))).code == 0
    complete(data, feed)
    assert [card for card in cards if card.exists()] != []


def test_a_damaged_catalogue_without_a_backup_is_built_anew(data: Path, source: Source) -> None:
    """Moved away, as the message says: the next run makes all of it from the source."""
    feed = _published(data, source)
    _garbled(data / "catalog.db")
    assert command(data, *pipeline(source(*feed))).code == 2
    (data / "catalog.db").rename(data.parent / "damaged.db")

    assert command(data, *pipeline(source(*feed))).code == 0
    complete(data, feed)


@pytest.mark.parametrize("damage", [_scribbled, _halved, _emptied, _garbled, _rotten])
def test_a_damaged_release_is_replaced_by_the_next(
    data: Path, source: Source, damage: _Damage
) -> None:
    """Nothing is taken over from it: the next change publishes a release made wholly anew."""
    feed = _published(data, source)
    live = str(Releases(data).current())
    damage(data / "current" / "site.db")

    ended = command(data, *pipeline(source(*feed)))

    assert ended.code == 0, ended.said
    complete(data, feed, damaged=[live])
    assert site.rows(data / "current" / "site.db") != []


@pytest.mark.parametrize("damage", [_scribbled, _halved, _emptied, _garbled])
def test_a_damaged_older_release_is_in_nobodys_way(
    data: Path, source: Source, damage: _Damage
) -> None:
    """It is pruned like any other, and no card goes that it may name."""
    feed = _published(data, source)
    damage(Releases(data).path(Releases(data).ids()[0]) / "site.db")

    ended = command(data, *pipeline(source(*feed)))

    assert ended.code == 0, ended.said
    complete(data, feed)


def test_the_doctor_tells_of_a_damaged_release_that_nothing_will_replace(
    data: Path, source: Source
) -> None:
    """Nothing changed, so no run looks into it; the doctor does, and names it."""
    _published(data, source)
    live = Releases(data).current()
    _scribbled(data / "current" / "site.db")

    ended = command(data, "doctor")

    assert ended.code == 1
    assert "Traceback" not in ended.said
    assert str(live) in ended.said


def _leads_nowhere(data: Path) -> None:
    (data / "current").unlink()
    (data / "current").symlink_to("releases/20010101T000000Z")


def _is_gone(data: Path) -> None:
    (data / "current").unlink()


def _is_a_loop(data: Path) -> None:
    (data / "current").unlink()
    (data / "current").symlink_to("current")


@pytest.mark.parametrize("damage", [_leads_nowhere, _is_gone, _is_a_loop])
@pytest.mark.parametrize("rolled_back", [False, True])
def test_current_leads_nowhere(
    data: Path, source: Source, damage: _Damage, rolled_back: bool
) -> None:
    """Visitors get 503 with words; the next run, with nothing to do, switches to a release."""
    turns = feeds()
    for _ in range(2):
        feed = next(turns)
        assert command(data, *pipeline(source(*feed))).code == 0
    if rolled_back:
        assert command(data, "rollback").code == 0
    live = Releases(data).current()
    damage(data)

    assert command(data, *pipeline(source(*feed))).code == 0
    assert served(data) == live


def test_current_became_a_folder(data: Path, source: Source) -> None:
    """A copy that followed links made it one: the run says so, and how to mend it."""
    feed = _published(data, source)
    target = (data / "current").resolve()
    (data / "current").unlink()
    shutil.copytree(target, data / "current")

    ended = command(data, *pipeline(source(*feed)))

    assert ended.code == 2
    assert "Traceback" not in ended.said
    assert str(data / "current") in ended.said
    shutil.rmtree(data / "current")
    assert command(data, *pipeline(source(*feed))).code == 0
    complete(data, feed)


def _reading_fails_at(data: Path, number: int, *words: str) -> Ended:
    """Let the n-th read of the catalogue, and all after it, fail as on a broken disk."""
    inject = f"inject=pread64:error=EIO:when={number}+"
    files = ["-P", str(data / "catalog.db"), "-P", str(data / "catalog.db-wal")]
    command = ["strace", "-o", "/dev/null", *files, "-e", "trace=pread64", "-e", inject]
    command += [sys.executable, "-m", "tests.faults.command", "--data", str(data), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Ended(done.returncode, done.stdout + done.stderr)


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.soak)])
def test_the_catalogue_cannot_be_read_from_some_point_on(
    data: Path, source: Source, step: int, tell: Tell
) -> None:
    """EIO at read after read: a sentence, no traceback; once the disk answers, all is made."""
    feed = _published(data, source)
    failed = 0
    while True:
        ended = _reading_fails_at(data, 1 + failed * step, *pipeline(source(*feed)))
        assert served(data) is not None
        if ended.code == 0:
            break
        assert ended.code == 2, ended.said
        assert "Traceback" not in ended.said
        # SQLite takes a page that it cannot read for damage now and then.
        assert "run this again" in ended.said or "restore a backup" in ended.said, ended.said
        failed += 1
    assert command(data, *pipeline(source(*feed))).code == 0
    complete(data, feed)
    tell(f"{failed} runs met a disk that could not be read")
    assert failed >= 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_files_that_may_not_be_read(open_folder: Path, source: Source) -> None:
    """As a user without the right: source, release, card; each is said by name."""
    data = open_folder / "data"
    feed = _published(data, source)
    path = Path(shutil.copy(source(*feed), open_folder))
    for one in (data, *data.rglob("*")):
        shutil.chown(one, "nobody") if not one.is_symlink() else None

    def nobody() -> None:
        os.setgid(65534)
        os.setuid(65534)

    for unreadable in (path, data / "catalog.db", (data / "current").resolve() / "site.db"):
        mode = unreadable.stat().st_mode
        unreadable.chmod(0)
        ended = command(data, *pipeline(path), before=nobody)
        assert ended.code in (0, 2), ended.said
        assert "Traceback" not in ended.said, ended.said
        assert ended.code == 0 or unreadable.name in ended.said
        unreadable.chmod(mode)
        assert served(data) is not None
    ended = command(data, *pipeline(path), before=nobody)
    assert ended.code == 0, ended.said
    complete(data, feed)


def test_a_lost_card_is_told_by_the_page_check(data: Path, source: Source) -> None:
    """A card of the store is gone or cut: the doctor draws it again, and the site is whole."""
    _published(data, source)
    first, second = sorted((data / "store" / "og").rglob("*.png"))[:2]
    first.unlink()
    os.truncate(second, 40)

    assert command(data, "doctor").code == 1
    ended = command(data, "doctor", "--mend")

    assert ended.code == 0, ended.said
    assert len(site.pages(data)) > 0


def test_a_rolled_back_marker_that_is_noise(data: Path, source: Source) -> None:
    """Whatever stands in it: it is not believed, and stops nothing."""
    feed = _published(data, source)
    for noise in ("", "[]", "null", '"x"', "{", '{"from": 3}', "\udcff"):
        (data / "rolled-back").write_bytes(noise.encode("utf-8", "surrogateescape"))
        ended = command(data, *pipeline(source(*feed)))
        assert ended.code == 0, (noise, ended.said)
    complete(data, feed)


def test_a_composer_file_changed_by_hand_comes_right_with_its_next_change(
    data: Path, source: Source
) -> None:
    """Nobody's edits last: the package's next change writes it anew."""
    feed = _published(data, source)
    name = sorted((data / "store" / "p2" / "wp-plugin").glob("package-?.json.gz"))
    for path in name:
        path.write_bytes(gzip.compress(b"{}"))
    feed = [{**one, "version": "1.1", "versions": {"1.1": one["versions"]["1.0"]}} for one in feed]

    assert command(data, *pipeline(source(*feed))).code == 0
    complete(data, feed)


def test_an_earlier_schema_of_a_release_is_not_taken_over(data: Path, source: Source) -> None:
    """A release of another make: the next is made from nothing."""
    feed = _published(data, source)
    path = (data / "current" / "site.db").resolve()
    path.chmod(0o600)  # as root may, and nobody should
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DROP TABLE meta; PRAGMA user_version = 0")

    assert command(data, *pipeline(source(*feed))).code == 0
    complete(data, feed, damaged=[path.parent.name])
