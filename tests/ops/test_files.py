"""The other files under ops/: cron, logrotate, and the hand-over of the log of installs."""

import http.client
import os
import pwd
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from catalog.installs.log import InstallLog, in_use
from tests.conftest import ROOT
from tests.nginx.face import has_begun, wait
from tests.ops.units import OPS, WRITERS, settings

_CRON = re.compile(r"((?:\S+ +){5})(\S+) +(.+)")
_MAKE = re.compile(r"ops/run ([a-z-]+)((?: [A-Z_]+=\S+)*)")

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to other users, so root")


def _cron_lines() -> list[tuple[str, str, str]]:
    lines = (OPS / "cron.d" / "frontispiece").read_text().splitlines()
    jobs = [line for line in lines if line and not re.match(r"#|[A-Z]+=", line)]
    found = [_CRON.fullmatch(line) for line in jobs]
    assert all(found)
    return [(one[1].strip(), one[2], one[3]) for one in found if one]


def _jobs(texts: list[str]) -> set[str]:
    return {match[0] for text in texts for match in _MAKE.finditer(text)}


def test_cron_does_what_the_timers_do() -> None:
    """The same jobs, as the same user; cron mails what is said: of nothing to do it is not."""
    timed = _jobs([settings(name)["ExecStart"][0] for name in WRITERS])
    lines = _cron_lines()

    by_cron = _jobs([line[2].replace(" QUIET=1", "") for line in lines])
    assert by_cron == {job.replace(" WAIT=3600", "") for job in timed}
    assert {user for _, user, command in lines if "ops/run" in command} == {"frontispiece"}
    (before,) = settings("frontispiece-regenerate.service")["ExecStartPre"]
    assert before.removeprefix("+") in [line[2] for line in lines if line[1] == "root"]


def test_make_knows_every_target_and_variable_that_is_named() -> None:
    """A variable misspelt here would be taken by Make without a word."""
    makefile = (ROOT / "Makefile").read_text()
    texts = [line[2] for line in _cron_lines()]
    texts += [settings(name)["ExecStart"][0] for name in WRITERS]
    named = re.findall(r"^#? ?([A-Z_]+) +=", (OPS / "config.mk").read_text(), re.MULTILINE)
    for text in texts:
        for match in _MAKE.finditer(text):
            assert re.search(rf"^{match[1]}:.*##", makefile, re.MULTILINE)
            named += re.findall(r"([A-Z_]+)=", match[2])

    assert {"DATA", "NOTIFY", "WAIT", "INSTALL_LOG"} <= set(named)
    assert [name for name in named if not re.search(rf"^{name} +\?=", makefile, re.MULTILINE)] == []


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="there is no logrotate to ask")
@root_only
def test_logrotate_rotates_these_and_leaves_the_log_of_installs(tmp_path: Path) -> None:
    """Debian's logrotate takes the file, and keeps what `make serve` has logged."""
    log = tmp_path / "log"
    log.mkdir(mode=0o755)
    for name in ("access.log", "error.log", "downloads.log"):
        (log / name).write_text("a line\n")
    text = (OPS / "logrotate.d" / "frontispiece").read_text()
    text = text.replace("/var/lib/frontispiece", str(tmp_path))
    conf = tmp_path / "conf"
    conf.write_text(
        text.replace("su frontispiece frontispiece", "su root root").replace(
            "0640 frontispiece frontispiece", "0640 root root"
        )
    )
    conf.chmod(0o644)
    state = ["--state", str(tmp_path / "state")]
    done = subprocess.run(
        ["logrotate", "--force", *state, str(conf)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in log.iterdir()) == [
        *("access.log", "access.log.1", "downloads.log", "error.log", "error.log.1")
    ]


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="there is no logrotate to ask")
@root_only
@pytest.mark.parametrize(
    ("megabytes", "kept"), [(1, ["access"]), (300, ["access", "access.1"])], ids=["small", "large"]
)
def test_a_large_access_log_is_rotated_at_once(
    tmp_path: Path, megabytes: int, kept: list[str]
) -> None:
    """Whatever the day: Debian's logrotate takes the file, and begins a new log for nginx."""
    log = tmp_path / "access"
    log.touch()
    os.truncate(log, megabytes << 20)
    text = (OPS / "logrotate.d" / "access").read_text()
    text = text.replace("/var/log/nginx/frontispiece.access.log", str(log))
    conf = tmp_path / "conf"
    conf.write_text(text.replace("/run/nginx.pid", str(tmp_path / "none")))
    tmp_path.chmod(0o755)
    words = ["logrotate", "--state", str(tmp_path / "state"), str(conf)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.glob("access*")) == kept
    assert (log.stat().st_mode & 0o777, log.owner(), log.group()) == (
        (0o640, "www-data", "adm") if len(kept) > 1 else (0o644, "root", "root")
    )


@pytest.mark.parametrize(
    ("megabytes", "waiting", "told", "left"),
    [
        (200, 0, False, 200),
        (300, 0, True, 300),
        (300, 700, True, 300),
        (300, 800, False, 0),
        (1_100, 0, False, 0),
    ],
)
def test_installs_that_are_not_counted_fill_no_disk(
    tmp_path: Path, megabytes: int, waiting: int, told: bool, left: int
) -> None:
    """Much is counted soon; of what waits to be counted, 1 GB is kept."""
    (tmp_path / "installs").mkdir()
    log, other = tmp_path / "downloads.log", tmp_path / "installs" / "downloads.log.1"
    for path, size in ((log, megabytes), (other, waiting)):
        path.touch()
        os.truncate(path, size << 20)  # of nothing: it takes no room
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "logrotate").symlink_to("/bin/true")  # that of this machine is left alone
    done = subprocess.run(
        [OPS / "bound-logs", log, tmp_path / "installs", "touch", tmp_path / "told"],
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert (tmp_path / "told").exists() == told
    assert log.stat().st_size == left << 20
    assert ("begins anew" in done.stderr) == (left == 0)


@pytest.fixture(name="nginx")
def _nginx(open_folder: Path) -> Iterator[Path]:
    """Run a real nginx that logs in a folder of root's, and give the folder all is in."""
    folder = open_folder
    (folder / "log" / "installs").mkdir(parents=True)
    (folder / "log").chmod(0o755)  # its workers open their log themselves
    os.chown(folder / "log" / "installs", pwd.getpwnam("nobody").pw_uid, -1)
    conf = folder / "conf"
    temp = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    conf.write_text(
        f"pid {folder}/pid; events {{}} error_log {folder}/error.log;\n"
        f'http {{ {temp} log_format path "$request_uri";\n'
        f"access_log {folder}/log/downloads.log path;\n"
        f"server {{ listen unix:{folder}/socket; return 204; }} }}\n"
    )
    running = subprocess.Popen(["nginx", "-p", folder, "-c", conf, "-g", "daemon off;"])
    try:
        wait(partial(has_begun, running))
        yield folder
    finally:
        running.terminate()
        running.wait()


def _ask(folder: Path, path: str) -> None:
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(folder / "socket"))
    connection.request("GET", path)
    assert connection.getresponse().status == 204
    connection.close()


def _hand_over(folder: Path, pid: str = "pid") -> subprocess.CompletedProcess[str]:
    log = folder / "log" / "downloads.log"
    words = [OPS / "hand-over-installs", log, folder / "log" / "installs", "nobody", folder / pid]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def _counted(folder: Path) -> list[Path]:
    return InstallLog(folder / "log" / "installs" / "downloads.log").waiting()


@root_only
def test_the_log_is_handed_over_and_nginx_begins_a_new_one(nginx: Path) -> None:
    """No line is lost, the count knows the name, and its user owns the file."""
    _ask(nginx, "/one")

    assert _hand_over(nginx).returncode == 0

    (handed,) = _counted(nginx)
    now = datetime.now(UTC).timestamp()
    wait(lambda: not in_use(handed, now))
    _ask(nginx, "/two")
    assert handed.read_text() == "/one\n"
    assert handed.stat().st_uid == pwd.getpwnam("nobody").pw_uid
    wait(lambda: (nginx / "log" / "downloads.log").read_text() == "/two\n")  # after it answered


@root_only
def test_the_log_is_handed_over_without_nginx(nginx: Path) -> None:
    """Nor is a process that is not nginx signalled, whatever the pid file says."""
    (nginx / "log" / "downloads.log").write_text("left\n")
    (nginx / "other").write_text(f"{os.getpid()}\n")  # SIGUSR1 would end this very process

    for pid in ("missing", "other"):
        assert _hand_over(nginx, pid).returncode == 0
        (nginx / "log" / "downloads.log").write_text("left again\n")
    assert len(_counted(nginx)) == 2


@root_only
def test_an_empty_log_stays(nginx: Path) -> None:
    """Nothing to count: no file, no signal."""
    assert _hand_over(nginx).returncode == 0
    assert _counted(nginx) == []
