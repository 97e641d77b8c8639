"""The doctor on releases of other schemas: what the app reads is no fault, and its advice works."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from publish.releases import Releases
from release import database
from scripts import doctor
from tests.conftest import ROOT, Source, open_to_all, record, run, scripts, write_source
from tests.server.test_older import make_older
from tests.stub import blank, plain


@pytest.fixture(scope="module", name="sound")
def _sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases, of a package each time under another name."""
    folder = tmp_path_factory.mktemp("sound")
    for name in ("First", "Second", "Third"):
        feed = write_source(folder, record("one", name=name), record("two"))
        words = ("--source", str(feed), "--site-url", "http://127.0.0.1:8080", "--jobs", "1")
        assert run(folder / "data", "pipeline", *words).returncode == 0
    assert len(Releases(folder / "data").ids()) == 3
    return folder / "data"


@pytest.fixture(name="published")
def _published(sound: Path, data: Path) -> Path:
    return Path(shutil.copytree(sound, data, symlinks=True))


def _site(data: Path, id: str) -> Path:
    return Releases(data).path(id) / "site.db"


def _age(data: Path, id: str) -> None:
    """Make a release one of the schema before."""
    make_older(_site(data, id))
    _site(data, id).chmod(0o444)


def _spoil(data: Path, id: str) -> None:
    """Make a release one of a schema that nobody reads, by code that nobody has."""
    site = _site(data, id)
    site.chmod(0o644)
    with closing(sqlite3.connect(site)) as db, db:
        db.execute("UPDATE meta SET value = 'other code' WHERE key = 'inputs'")
        db.execute("PRAGMA user_version = 99")
    site.chmod(0o444)


def _told(data: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    doctor.main(["--data", str(data)], blank, plain)
    return capsys.readouterr().out.splitlines()


def test_the_schema_before_is_no_fault(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither of a kept release nor of the live one: the app reads both."""
    for id in Releases(published).ids():
        _age(published, id)
        assert _told(published, capsys) == ["doctor: 0 faults"]


def test_a_rollback_that_is_advised_works(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the live release nor the one before can be read: the third is named, and served."""
    first, second, third = Releases(published).ids()
    for id in (second, third):
        _spoil(published, id)
    _age(published, first)
    told = _told(published, capsys)
    (live,) = (line for line in told if line.startswith(f"doctor: releases: release {third}: "))
    advised = re.findall(r"`make rollback RELEASE=(\w+)`", "\n".join(told))

    assert f"its schema is 99, and this version serves {database.readable()}" in live
    assert set(advised) == {first}
    assert run(published, "rollback", "--release", first).returncode == 0
    assert Releases(published).current() == first


def test_without_one_that_can_be_served_no_rollback_is_advised(
    published: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is advised then brings the site back."""
    for id in Releases(published).ids():
        _spoil(published, id)
    told = "\n".join(_told(published, capsys))

    assert "make rollback" not in told
    assert "`make pipeline`" in told
    feed = source(record("one", name="Third"), record("two"))
    words = ("--source", feed, "--site-url", "http://127.0.0.1:8080", "--jobs", "1")
    assert run(published, "pipeline", *words).returncode == 0
    assert run(published, "check").returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a folder to another user, so root")
def test_root_mends_nothing_of_somebody_elses(sound: Path) -> None:
    """What root wrote there, its owner could not write again."""
    with open_to_all("doctor-") as folder:
        data = Path(shutil.copytree(sound, folder / "data", symlinks=True))
        (data / "releases" / "20200101T000000Z.tmp").mkdir()
        for path in (data, *data.rglob("*")):
            os.chown(path, 65534, 65534, follow_symlinks=False)
        ended = subprocess.run(
            scripts(data, "doctor", "--mend"), cwd=ROOT, capture_output=True, text=True, check=False
        )

        assert ended.returncode == 2
        assert "belongs to nobody: do this as nobody" in ended.stderr
        assert (data / "releases" / "20200101T000000Z.tmp").is_dir()
        assert {path.lstat().st_uid for path in (data, *data.rglob("*"))} == {65534}
