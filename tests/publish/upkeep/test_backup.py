"""backup and restore: a copy that is whole, and a way back that loses nothing."""

import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog import database, lock
from publish.cards.store import CardStore
from publish.upkeep.backup import Backups
from scripts import restore
from tests import runs, site
from tests.conftest import Source, pipeline, record
from tests.runs import command as run


def _slugs(catalogue: Path) -> set[str]:
    uri = f"{catalogue.as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = db.execute("SELECT slug FROM package WHERE withdrawn_at IS NULL").fetchall()
    return {slug for (slug,) in rows}


def _published(data: Path) -> dict[str, str]:
    """Give the name of every listed package, as its page says it."""
    site.pages(data)
    with closing(sqlite3.connect((data / "current" / "site.db").resolve())) as db:
        rows = db.execute("SELECT slug, name FROM package WHERE withdrawn_at IS NULL").fetchall()
    return dict(rows)


def _backup(data: Path, *more: str) -> Path:
    ended = run(data, "backup", *more)
    assert ended.returncode == 0, ended.stderr
    return Backups(data / "backup").all()[-1]


def _spoil(path: Path) -> bytes:
    """Overwrite a database's pages, all but the first, and give what is then in the file."""
    content = path.read_bytes()
    spoilt = content[:4096] + b"\xa5" * (len(content) - 4096)
    path.write_bytes(spoilt)
    return spoilt


def test_a_backup_is_one_file_with_all_that_was_committed(data: Path, source: Source) -> None:
    """A run may be writing: what it has committed is in the copy, what it has not is not."""
    run(data, "build", "--source", source(record("one")))
    with database.writing(data) as db:
        db.execute("UPDATE package SET slug = 'committed'")
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE package SET slug = 'begun'")
        made = _backup(data)
        db.execute("ROLLBACK")

    assert _slugs(made) == {"committed"}
    assert made.read_bytes()[18:20] == b"\x01\x01", "it would need a log beside it"
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_only_the_newest_are_kept(data: Path, source: Source) -> None:
    """Names tell their age, and what is not a backup is left alone."""
    run(data, "build", "--source", source(record("one")))
    folder = data / "backup"
    folder.mkdir()
    (folder / "catalog-20000101T000000Z.db").touch()
    (folder / "catalog-20990101T000000Z.db").touch()  # made while the clock was wrong
    (folder / "catalog-of-mine.db").touch()
    _backup(data, "--keep", "2")

    assert sorted(path.name for path in folder.iterdir()) == [
        "catalog-20990101T000000Z.db",
        "catalog-20990101T000001Z.db",
        "catalog-of-mine.db",
    ]


def test_a_damaged_catalogue_makes_no_backup(data: Path, source: Source) -> None:
    """The older, sound ones stay."""
    run(data, "build", "--source", source(*(record(f"p{n}") for n in range(50))))
    made = _backup(data)
    _spoil(data / "catalog.db")
    ended = run(data, "backup", "--keep", "1")

    assert ended.returncode == 2
    assert "catalog" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list((data / "backup").iterdir()) == [made]


def test_without_a_catalogue_there_is_nothing_to_back_up(data: Path) -> None:
    """The message says so, and no empty database is made."""
    ended = run(data, "backup")

    assert ended.returncode == 2
    assert f"there is no {data / 'catalog.db'}" in ended.stderr
    assert not (data / "catalog.db").exists()


def test_restore_takes_the_catalogue_back_and_keeps_the_other(data: Path, source: Source) -> None:
    """The next pipeline publishes exactly its source again, whatever came between."""
    before = source(record("one"), record("two", name="Two"))
    run(data, *pipeline(before))
    _backup(data)
    run(data, *pipeline(source(record("one"), record("two", name="Deux"), record("three"))))
    ended = run(data, "restore", "--from", str(data / "backup"))

    assert ended.returncode == 0, ended.stderr
    assert "run `make pipeline`" in ended.stdout
    assert _slugs(data / "catalog.db") == {"one", "two"}
    (aside,) = (data / "replaced").iterdir()
    assert _slugs(aside / "catalog.db") == {"one", "two", "three"}
    assert _published(data) == {"one": "One", "two": "Deux", "three": "Three"}

    assert run(data, *pipeline(source(record("one"), record("two", name="Two")))).returncode == 0
    assert _published(data) == {"one": "One", "two": "Two"}


@pytest.mark.parametrize("changes", range(4))
def test_a_release_is_never_built_upon_another_catalogues(
    data: Path, source: Source, changes: int
) -> None:
    """However many changes the restored catalogue has counted, old pages do not shine through."""
    run(data, *pipeline(source(record("one"))))
    made = _backup(data)
    for name in ("Uno", "Un"):
        run(data, *pipeline(source(record("one", name=name), record("gone"))))
    run(data, "restore", "--from", made)
    for number in range(changes):
        run(data, "build", "--source", source(record("one", name=f"Name {number}")))
    feed = source(record("one", name="Eins"), record("new"))
    assert run(data, *pipeline(feed)).returncode == 0

    assert _published(data) == {"one": "Eins", "new": "New"}


def test_a_catalogue_begun_anew_publishes_what_it_has(data: Path, source: Source) -> None:
    """The way out of a lost catalog.db: nothing of the older release is taken for its own."""
    for name in ("Uno", "Un"):
        run(data, *pipeline(source(record("one", name=name), record("gone"))))
    (data / "catalog.db").unlink()
    assert run(data, *pipeline(source(record("one", name="Eins")))).returncode == 0

    assert _published(data) == {"one": "Eins"}


def test_cards_that_are_gone_are_drawn_again(data: Path, source: Source) -> None:
    """A backup may know cards that have been pruned since, the default card among them."""
    feed = source(record("one"), record("two"))
    run(data, *pipeline(feed))
    _backup(data)
    store = CardStore(data / "store" / "og")
    gone = list(store.all())
    for card in gone:
        store.remove(card)
    ended = run(data, "restore", "--from", str(data / "backup"))

    assert len(gone) >= 3
    assert f"{len(gone)} cards are to be drawn again" in ended.stdout
    assert run(data, *pipeline(feed)).returncode == 0
    assert site.pages(data)


def test_a_damaged_catalogue_is_replaced_and_kept_as_it_is(data: Path, source: Source) -> None:
    """Somebody may yet get something out of it."""
    feed = source(*(record(f"p{n}") for n in range(50)))
    run(data, *pipeline(feed))
    made = _backup(data)
    spoilt = _spoil(data / "catalog.db")

    assert run(data, "restore", "--from", made).returncode == 0

    (aside,) = (data / "replaced").iterdir()
    assert (aside / "catalog.db").read_bytes() == spoilt
    assert run(data, *pipeline(feed)).returncode == 0


def test_a_log_left_by_a_killed_run_is_kept_and_not_taken_over(data: Path, source: Source) -> None:
    """Its pages would otherwise be read into the restored file."""
    run(data, "build", "--source", source(record("one")))
    made = _backup(data)
    with database.writing(data) as db:
        db.execute("UPDATE package SET slug = 'later'")
        left = {name: (data / name).read_bytes() for name in ("catalog.db", "catalog.db-wal")}
    for name, content in left.items():
        (data / name).write_bytes(content)

    assert run(data, "restore", "--from", made).returncode == 0

    (aside,) = (data / "replaced").iterdir()
    assert (aside / "catalog.db-wal").read_bytes() == left["catalog.db-wal"]
    with database.writing(data) as db:
        assert db.execute("SELECT slug FROM package").fetchall() == [("one",)]


@pytest.mark.parametrize("wrong", ["damaged", "empty", "text", "missing", "other", "folder"])
def test_what_is_no_backup_is_refused(data: Path, source: Source, wrong: str) -> None:
    """Before anything is touched, with a sentence."""
    run(data, "build", "--source", source(*(record(f"p{n}") for n in range(50))))
    made = _backup(data)
    before = (data / "catalog.db").read_bytes()
    if wrong == "damaged":
        _spoil(made)
    elif wrong == "other":
        made.unlink()
        with closing(sqlite3.connect(made)) as db:
            db.execute("CREATE TABLE something (x)")
    elif wrong == "folder":
        made.unlink()
        made = made.parent
    elif wrong == "missing":
        made.unlink()
    else:
        made.write_bytes(b"" if wrong == "empty" else b"a line of text\n" * 1000)
    ended = run(data, "restore", "--from", made)

    assert ended.returncode == 2
    assert ended.stderr.startswith("restore: refused: ")
    assert "Traceback" not in ended.stderr
    assert (data / "catalog.db").read_bytes() == before
    assert not (data / "replaced").exists()


def test_restore_waits_for_no_run(data: Path, source: Source) -> None:
    """While another run writes it is refused, and nothing is touched."""
    run(data, "build", "--source", source(record("one")))
    made = _backup(data)
    with lock.hold(data, "build"):
        ended = run(data, "restore", "--from", made)

    assert ended.returncode == 75
    assert not (data / "replaced").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user, so root")
def test_restore_is_for_the_owner_of_the_data(data: Path, source: Source) -> None:
    """What root would put there, the owner's next run could not write."""
    run(data, "build", "--source", source(record("one")))
    made = _backup(data)
    os.chown(data, 65534, 65534)
    ended = run(data, "restore", "--from", made)

    assert ended.returncode == 2
    assert "belongs to nobody: do this as nobody" in ended.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user, so root")
def test_a_run_is_for_the_owner_of_the_data(data: Path, source: Source) -> None:
    """Root's pipeline in another's folder is refused before anything is written there."""
    data.mkdir()
    os.chown(data, 65534, 65534)
    ended = run(data, *pipeline(source(record("one"))))

    assert ended.returncode == 2
    assert "pipeline ended with exit code 2: " in ended.stderr
    assert "belongs to nobody: do this as nobody" in ended.stderr
    assert list(data.iterdir()) == []


def test_the_catalogue_and_its_copies_are_their_owners_alone(data: Path, source: Source) -> None:
    """Whatever the umask was: the log beside it, backups, and what a restore sets aside."""
    run(data, "build", "--source", source(record("one")))
    (data / "catalog.db").chmod(0o644)
    with database.writing(data):
        beside = [*data.glob("catalog.db*")]
        modes = {path.name: path.stat().st_mode & 0o777 for path in beside}
    made = _backup(data)
    assert run(data, "restore", "--from", made).returncode == 0
    (aside,) = (data / "replaced").glob("*/catalog.db")

    assert modes == {"catalog.db": 0o600, "catalog.db-wal": 0o600, "catalog.db-shm": 0o600}
    for path in (data / "catalog.db", made, aside):
        assert path.stat().st_mode & 0o777 == 0o600
    for folder in (data / "backup", data / "replaced"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_killed_at_any_instant_there_is_one_whole_catalogue(
    data: Path, source: Source, tmp_path: Path
) -> None:
    """The old one or the restored one; and the old one is never lost."""
    chance = random.Random(20261123)
    runs.boundaries(runs.pipeline, data, source(record("old")))
    made = Backups(tmp_path).make(data / "catalog.db", datetime.now(UTC))
    killed, lasts = 0, _lasted_restore(data, made)
    while killed < 25:
        with database.writing(data) as db:
            db.execute("UPDATE package SET slug = 'now'")
        before = len(_set_aside(data))
        killed += _killed_restore(data, made, chance.uniform(0, lasts))
        slugs = _slugs(data / "catalog.db")

        assert slugs in ({"now"}, {"old"})
        assert slugs == {"now"} or _slugs(_set_aside(data)[-1] / "catalog.db") == {"now"}
        assert len(_set_aside(data)) <= before + 1


def _set_aside(data: Path) -> list[Path]:
    folder = data / "replaced"
    return (
        sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime_ns) if folder.exists() else []
    )


def _begun_restore(data: Path, source: Path) -> int:
    child = os.fork()
    if not child:
        code = 70
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            code = restore.main(["--data", str(data), "--from", str(source)])
        finally:
            os._exit(code)
    return child


def _lasted_restore(data: Path, source: Path) -> float:
    """Give the seconds that a whole one takes here."""
    began = time.monotonic()
    assert os.waitpid(_begun_restore(data, source), 0)[1] == 0
    return time.monotonic() - began


def _killed_restore(data: Path, source: Path, seconds: float) -> bool:
    child = _begun_restore(data, source)
    time.sleep(seconds)  # a part of what a whole one lasts
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
