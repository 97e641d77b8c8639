"""`make setup`: complete for every user, and a word to the operator where it is out of date."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog import last_runs
from release.last_runs import Last, read
from tests.conftest import ROOT, open_to_all, record, write_source
from tests.ops.units import WRITERS, settings

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env", "HOME=/")


def _copy(project: Path) -> Path:
    """Copy what git knows of this checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0")[:-1]:
        if (ROOT / name).exists():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, project / name)
    return project


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """A checkout that is not set up."""
    return _copy(tmp_path / "project")


@pytest.fixture(name="set_up", scope="module")
def _set_up() -> Iterator[Path]:
    """A checkout that root has just set up, and nobody has used; all may read it."""
    with open_to_all("setup-") as folder:
        project = _copy(folder / "project")
        done = _make(project, "setup")
        assert done.returncode == 0, done.stderr
        yield project


def _make(
    project: Path, *words: str, user: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    command = [*user, "make", "--silent", *words]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@contextmanager
def _stale(project: Path) -> Iterator[None]:
    """Let the checkout be newer than its set-up, as after `git pull`."""
    lock = project / "requirements.lock"
    later = (project / ".venv" / ".installed").stat().st_mtime + 10
    os.utime(lock, (later, later))
    try:
        yield
    finally:
        os.utime(lock, (0, 0))


@root_only
def test_another_user_draws_from_a_virtual_environment_that_is_read_only(
    set_up: Path, open_folder: Path
) -> None:
    """Its first run makes all cards and publishes; set-up has left nothing for it to write."""
    before = sorted(set_up.rglob("*"))
    subprocess.run(["chmod", "-R", "a-w", set_up / ".venv"], check=True)
    source = write_source(open_folder, record("one"), record("two"))
    os.chown(open_folder, 65534, -1)
    words = (f"DATA={open_folder / 'data'}", f"SOURCE={source}", "JOBS=2")

    ended = _make(set_up, "pipeline", *words, user=_NOBODY)

    assert ended.returncode == 0, ended.stderr
    assert " 0 failed" in ended.stdout
    assert sorted(set_up.rglob("*")) == before


@root_only
def test_every_module_is_compiled(set_up: Path) -> None:
    """No run has to compile anew what it may not keep."""
    rooms = ("catalog", "publish", "release", "render", "scripts", "server")
    for folder in (".venv/lib/python3.11/site-packages", *rooms):
        modules = set(set_up.glob(f"{folder}/**/*.py"))
        compiled = {
            path.parent.parent / f"{path.name.removesuffix('.cpython-311.pyc')}.py"
            for path in set_up.glob(f"{folder}/**/*.pyc")
        }

        assert modules
        assert modules - compiled == set()


@root_only
def test_a_set_up_older_than_the_checkout_is_told(set_up: Path, tmp_path: Path) -> None:
    """By whoever may not renew it: exit 2, who has to, and the same line to NOTIFY."""
    with _stale(set_up):
        ended = _make(set_up, "pipeline", "NOTIFY=cat", f"DATA={tmp_path}", user=_NOBODY)

    line = f"the set-up of {set_up} is older than the checkout: run `make setup` there as root\n"
    assert ended.returncode == 2
    assert ended.stdout == f"frontispiece: {line}"
    assert f"set-up: {line}" in ended.stderr


def _ways() -> list[str]:
    """Give the commands of the units and of cron that begin a run, as they stand."""
    lines = (ROOT / "ops" / "cron.d" / "frontispiece").read_text().splitlines()
    by_cron = [line.split(maxsplit=6)[6] for line in lines if "ops/run" in line]
    return [*(settings(name)["ExecStart"][0] for name in WRITERS), *by_cron]


@root_only
@pytest.mark.parametrize("way", _ways())
def test_it_is_told_in_every_way_that_a_run_begins(set_up: Path, tmp_path: Path, way: str) -> None:
    """By each unit and each line of cron's, as the user who may not set up."""
    config = set_up / "config.mk"
    config.write_text(f"NOTIFY = cat\nDATA = {tmp_path}\n")
    words = [*_NOBODY, "sh", "-c", way.replace("/srv/frontispiece", str(set_up))]
    with _stale(set_up):
        ended = subprocess.run(words, capture_output=True, text=True, check=False)
    config.unlink()

    assert ended.returncode == 2
    assert ended.stdout.startswith(f"frontispiece: the set-up of {set_up} is older than the ")


@root_only
def test_it_is_told_once_until_a_run_comes_between(set_up: Path, open_folder: Path) -> None:
    """Every five minutes it would be told else; `make status` says it until a run goes well."""
    os.chown(open_folder, 65534, -1)
    told = []
    with _stale(set_up):
        for between in ("", "", "pipeline", ""):
            if between:
                last_runs.note(open_folder, between, Last(1), changed=True)
            ended = _make(set_up, "setup", "NOTIFY=cat", f"DATA={open_folder}", user=_NOBODY)
            assert "is older than the checkout" in ended.stderr
            told.append("frontispiece: " in ended.stdout)

    assert told == [True, False, True, False]
    assert read(open_folder)["set-up"].exit_code == 2


@pytest.mark.parametrize("target", ["pipeline", "regenerate"])
def test_blanks_before_a_comment_are_no_part_of_a_value(project: Path, target: str) -> None:
    """Nor are those before the value; NOTIFY's words stay as they are."""
    (project / "config.mk").write_text(
        "DATA =   /srv/my data   # on the large disk\n"
        "SITE_URL = https://packages.example.org \t # ours\n"
        "SOURCE = wporg # all of them\n"
        "KEEP = 3\t# releases\n"
        "NOTIFY = tell 'two  blanks'\n"
    )
    said = _make(project, "--dry-run", target).stdout.splitlines()[-1]

    assert "--data '/srv/my data' " in said
    assert "--site-url 'https://packages.example.org' " in said
    assert "--keep 3 " in said
    assert "'\\''two  blanks'\\''" in said
    assert ("--contact 'https://packages.example.org' " in said) == (target == "pipeline")


@root_only
def test_who_may_install_nothing_is_told_of_all_packages_at_once(open_folder: Path) -> None:
    """One command, of those for the site and those for the tests; only what is missing."""
    wanted = open_folder / "list"
    wanted.write_text("for-the-site  # a\n# tests\nfor-the-tests # b\n")
    script = ROOT / "scripts" / "debian_packages.py"
    program = open_folder / "program.py"
    shutil.copyfile(script, program)
    ask = [*_NOBODY, "/usr/bin/python3", program, wanted]

    both = subprocess.run([*ask, "--tests"], capture_output=True, text=True, check=False)
    one = subprocess.run(ask, capture_output=True, text=True, check=False)

    command = "  apt-get update && apt-get install --yes --no-install-recommends for-the-site"
    assert (both.returncode, one.returncode) == (2, 2)
    assert both.stderr.splitlines()[-1] == f"{command} for-the-tests"
    assert one.stderr.splitlines()[-1] == command


def test_without_a_python_there_is_a_sentence(project: Path) -> None:
    """Debian's smallest installation has none; Make says what to install, and nothing else."""
    ended = _make(project, "setup", "PYTHON=python3.999")

    assert ended.returncode == 2
    assert "There is no python3.999: install Debian's python3-venv" in ended.stderr
    assert sys.executable not in ended.stderr
