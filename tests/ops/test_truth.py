"""Runs that tell the truth: how one ended is remembered, and `make status` says so."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog import last_runs
from release.data import Data
from release.last_runs import Last, read
from tests.conftest import (
    ROOT,
    SITE_URL,
    Source,
    open_to_all,
    pipeline,
    record,
    run,
    scripts,
    write_source,
)
from tests.mounts import mount

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="mounts, or becomes another user: root")
_NOBODY = 65534


def _status(data: Path, code: int, *more: str | Path) -> dict[str, Any]:
    ended = run(data, "status", "--json", "--sockets", data / "none", *more)
    assert ended.returncode == code, ended.stdout + ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def _changed(source: Source, name: str = "Renamed") -> Path:
    return source(record("one", name=name), *(record(f"p{number}") for number in range(20)))


@pytest.fixture(name="disk")
def _disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount(folder, "-t", "tmpfs", "-o", "size=64m", "tmpfs")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@root_only
def test_a_full_disk_is_remembered_and_cleared(
    disk: Path, one_published: Path, source: Source
) -> None:
    """Not a byte is left, and still it is said; a good run with nothing to do ends that."""
    data = Path(shutil.copytree(one_published, disk / "data", symlinks=True))
    before = read(data)["pipeline"]
    now = os.statvfs(disk)
    with (disk / "ballast").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, now.f_bavail * now.f_bsize)
    ended = run(data, *pipeline(_changed(source)))
    told = _status(data, 1)
    last = read(data)["pipeline"]

    assert ended.returncode == 2
    assert last.exit_code == 2
    assert "disk" in last.reason
    assert last.tried_at >= before.tried_at
    assert (last.succeeded_at, last.changed_at) == (before.succeeded_at, before.changed_at)
    assert any("the last pipeline" in one and "disk" in one for one in told["unwell"])
    assert any("bytes left: make room" in one for one in told["unwell"])

    (disk / "ballast").unlink()
    ended = run(data, *pipeline(source(record("one"))))
    assert (ended.returncode, read(data)["pipeline"].changed_at) == (0, before.changed_at)
    assert _status(data, 0)["unwell"] == []


@root_only
def test_missing_rights_are_remembered(one_published: Path) -> None:
    """The run's own user may no longer write in DATA: the file that tells is there already."""
    with open_to_all("truth-") as folder:
        data = Path(shutil.copytree(one_published, folder / "data", symlinks=True))
        feed = write_source(folder, record("one", name="Renamed"))
        for path in (data, *data.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)
        data.chmod(0o555)
        as_nobody = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--"]
        words = [*as_nobody, *scripts(data, *pipeline(feed))]
        ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        told = _status(data, 1)

        assert ended.returncode == 2, ended.stderr
        assert "Traceback" not in ended.stderr
        assert read(data)["pipeline"].exit_code == 2
        assert any("the last pipeline" in one for one in told["unwell"])

        data.chmod(0o755)
        ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        assert _status(data, 0)["commands"]["pipeline"]["exit_code"] == 0


@root_only
def test_a_disk_that_is_mounted_read_only_is_said(disk: Path, one_published: Path) -> None:
    """Nothing can be remembered there, so it is looked at."""
    data = Path(shutil.copytree(one_published, disk / "data", symlinks=True))
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

    assert any("mounted read-only" in one for one in _status(data, 1)["unwell"])


def test_a_damaged_catalogue_is_remembered(published: Path, source: Source) -> None:
    """And all that is known without it is told."""
    catalog, whole = Data(published).catalog, Data(published).catalog.read_bytes()
    catalog.write_bytes(whole[:4096] + b"\xa5" * 100_000)
    ended = run(published, *pipeline(_changed(source)))
    told = _status(published, 1)
    shown = run(published, "status", "--sockets", published / "none").stdout

    assert ended.returncode == 2
    assert read(published)["pipeline"].exit_code == 2
    assert told["release"]["packages"] == 1
    assert any(str(catalog) in one for one in told["unwell"])
    assert any("the last pipeline" in one for one in told["unwell"])
    assert "release   " in shown

    for log in ("-wal", "-shm"):
        Path(f"{catalog}{log}").unlink(missing_ok=True)
    catalog.write_bytes(whole)
    assert run(published, *pipeline(source(record("one")))).returncode == 0
    assert _status(published, 0)["unwell"] == []


def test_a_rollback_to_a_typo_leaves_the_site_well(published: Path) -> None:
    """Nothing changed, and who typed it has read so."""
    assert run(published, "rollback", "--release", "20200101T000000Z").returncode == 2
    assert run(published, "rollback", "--relaese", "x").returncode == 2
    assert _status(published, 0)["unwell"] == []


def test_a_step_by_hand_is_made_good_by_a_whole_run(published: Path, source: Source) -> None:
    """A failed `make deploy` counts until a pipeline has gone well; a failed backup does not go."""
    assert run(published, "deploy", "--site-url", "no url at all").returncode == 2
    (published / "file").write_text("no folder")
    assert run(published, "backup", "--to", published / "file").returncode != 0
    assert len(_status(published, 1)["unwell"]) == 2

    assert run(published, *pipeline(source(record("one")))).returncode == 0
    (left,) = _status(published, 1)["unwell"]
    assert left.startswith("the last backup, ")

    assert run(published, "backup").returncode == 0
    assert _status(published, 0)["unwell"] == []


def test_try_success_and_change_are_three_facts(published: Path, source: Source) -> None:
    """For the pipeline, the daily job and the backup, in seconds and as moments."""
    feed = source(record("one"))
    regenerate = ("regenerate", "--site-url", SITE_URL, "--jobs", "1")
    for words in ((*pipeline(feed),), regenerate, ("backup",)):
        name = words[0]
        _long_ago(published, name)
        assert run(published, *words).returncode == 0
        well = read(published)[name]
        assert run(published, name, "--no-such-word").returncode == 2
        tried = read(published)[name]

        assert well.tried_at == well.succeeded_at > 1000
        assert well.changed_at == 1000
        assert (tried.exit_code, tried.succeeded_at) == (2, well.succeeded_at)
        assert tried.tried_at >= well.tried_at
        told = _status(published, 1)["commands"][name]
        assert told["seconds_since_try"] <= told["seconds_since_success"] < 10_000
        assert told["seconds_since_change"] > 10_000


def _long_ago(data: Path, command: str) -> None:
    """Let a command have changed something long ago."""
    last_runs.note(data, command, Last(1000), changed=True)


def test_two_that_end_at_once_are_both_remembered(data: Path) -> None:
    """A backup needs no lock, and ends while a pipeline does."""
    data.mkdir()
    note = (
        "import sys; from pathlib import Path; from catalog.last_runs import note\n"
        "from release.last_runs import Last\n"
        "for number in range(300):\n"
        "    note(Path(sys.argv[1]), sys.argv[2] + str(number), Last(5), changed=False)\n"
    )
    command = [scripts(data)[0], "-c", note, str(data)]
    both = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("a", "b")]

    assert [one.wait() for one in both] == [0, 0]
    assert set(read(data)) == {f"{name}{number}" for name in "ab" for number in range(300)}


def test_a_long_memory_stays_whole(data: Path) -> None:
    """Reasons of five hundred characters in any script, from more commands than there are."""
    data.mkdir()
    for number in range(40):
        last_runs.note(data, f"command {number}", Last(5, 1, "字" * 900), changed=False)
    for number in range(40):
        last_runs.note(data, f"command {number}", Last(6), changed=False)

    assert len(read(data)) == 40
    assert {last.exit_code for last in read(data).values()} == {0}


def test_the_machine_is_looked_at(published: Path, tmp_path: Path) -> None:
    """A process that does not answer, and a certificate that ends soon, are said."""
    sockets = tmp_path / "sockets"
    sockets.mkdir()
    (sockets / "app-1").touch()
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a.example"]
    made += ["-keyout", str(key), "-out", str(certificate), "-days"]
    said = {}
    for days in ("3", "90"):
        subprocess.run([*made, days], check=True, capture_output=True)
        told = _status(published, 1, "--sockets", sockets, "--certificate", certificate)
        ends = told["certificate"]["ends_at"] - time.time()
        assert abs(ends - int(days) * 86_400) < 3600
        said[days] = told["unwell"]
    missing = _status(published, 1, "--certificate", tmp_path / "none.pem")["unwell"]
    damaged = _status(published, 1, "--certificate", key)["unwell"]

    assert told["processes"] == {"known": 1, "answering": 0, "trouble": said["90"][0]}
    assert said["90"] == [f"no answer on {sockets / 'app-1'}"]
    assert re.search(r"ends in [23] days: see that it is renewed", said["3"][1])
    assert missing == [f"the certificate {tmp_path / 'none.pem'}: No such file or directory"]
    assert damaged == [f"the certificate {key}: it is no certificate"]
    assert told["room"]["free_bytes"] <= told["room"]["total_bytes"]


def test_complaints_are_named_up_to_twenty_and_counted_and_the_verdict_is_last(
    data: Path, source: Source
) -> None:
    """Of 25 refused lines, with both streams on one pipe as cron has them."""
    lines = [json.dumps(record("good")), *('{"slug": "bad"}' for _ in range(25))]
    path = source()
    path.write_text("".join(f"{line}{' ' * at}\n" for at, line in enumerate(lines)))
    ended = subprocess.run(
        scripts(data, "build", "--source", path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        check=False,
    )
    said = ended.stdout.splitlines()
    assert ended.returncode == 1
    assert len([line for line in said[:-1] if ": refused: " in line]) == 20
    assert "build: and 5 more, see rejected/rejected.jsonl" in said
    assert said[-1].startswith("scripts: build ended with exit code 1")
