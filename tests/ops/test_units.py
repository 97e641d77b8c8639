"""The systemd units: systemd finds no fault in them, and they allow what the project does."""

import re
import shutil
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests import runs
from tests.conftest import ROOT, Source, record, run
from tests.nginx.face import accepts, wait
from tests.ops.units import OPS, SERVICES, WRITERS, allowed, moved, settings

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze to ask"
)

# What `systemd-analyze security` gives, of 10; higher is more exposed.
_EXPOSED = {
    "frontispiece-app@.service": 0.4,
    "frontispiece-backup.service": 1.5,
    "frontispiece-pipeline.service": 1.5,
    "frontispiece-regenerate.service": 1.5,
}

_AS_ROOT = {"fchown"}  # SQLite gives its files to the database's owner, if it is run by root


def _analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *map(str, words)], capture_output=True, text=True, check=False
    )


def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    """`systemd-analyze verify` says nothing at all: no unknown word, no missing program."""
    ended = _analyze("verify", *moved(tmp_path))

    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_not_more_exposed_than_said(name: str) -> None:
    """The figures of docs/operations.md are those that systemd gives."""
    ended = _analyze("security", "--offline=true", OPS / "systemd" / name)
    exposed = float(re.findall(r"exposure level for \S+ ([0-9.]+) ", ended.stdout)[0])

    assert exposed == _EXPOSED[name]
    assert f"| `{name}` | {exposed} |" in (ROOT / "docs" / "operations.md").read_text()


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("pipeline", ["00:00:00", "00:05:00", "00:10:00"]),
        ("regenerate", ["04:17:00", "04:17:00", "04:17:00"]),
        ("backup", ["03:41:00", "03:41:00", "03:41:00"]),
    ],
)
def test_timers_come_when_they_should(name: str, when: list[str]) -> None:
    """Every five minutes, and daily; each starts the service of its name."""
    (calendar,) = settings(f"frontispiece-{name}.timer")["OnCalendar"]
    base = ["--base-time", "2026-11-22 23:59:59 UTC", "--iterations", "3"]
    shown = _analyze("calendar", *base, calendar).stdout

    assert re.findall(r"\d\d:\d\d:\d\d(?= UTC)", shown)[:3] == when
    assert f"frontispiece-{name}.service" in WRITERS


def _calls(log: Path, *command: str | Path) -> set[str]:
    """Run a command under strace and give the system calls that it, and all it starts, made."""
    traced = ["strace", "-f", "-c", "-o", str(log), *map(str, command)]
    subprocess.run(traced, cwd=ROOT, check=True, capture_output=True)
    return _traced(log)


def _traced(log: Path) -> set[str]:
    table = log.read_text().splitlines()
    return {line.split()[-1] for line in table if re.match(r" *[0-9.]+ ", line)} - {"total"}


@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace to ask")
@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_may_make_the_calls_that_it_makes(
    data: Path, source: Source, tmp_path: Path, name: str
) -> None:
    """make, its shell and the steps, on a catalogue with something to do."""
    if "pipeline" not in name:
        runs.boundaries(runs.pipeline, data, source(*(record(f"p{n}") for n in range(40))))
    feed = source(*(record(f"p{n}", name="Renamed") for n in range(40)))
    if "regenerate" in name:
        run(data, "build", "--source", feed)
    (start,) = settings(name)["ExecStart"]
    words = [
        word.replace("/srv/frontispiece", str(ROOT))
        for word in start.split()
        if not word.startswith("INSTALL_LOG=")
    ]
    given = ("-o", "setup", f"DATA={data}", f"SOURCE={feed}", "JOBS=2")
    made = _calls(tmp_path / "calls", *words, *given) - _AS_ROOT

    assert {"execve", "fsync", "mmap"} <= made
    assert made - allowed(name) == set()


@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace to ask")
def test_the_app_may_make_the_calls_that_it_makes(
    data: Path, source: Source, tmp_path: Path
) -> None:
    """From its start over a page to its end; and none of them reaches a network."""
    runs.boundaries(runs.pipeline, data, source(record("one")))
    log, path = tmp_path / "calls", tmp_path / "app"
    serve = [sys.executable, "-B", "-m", "server", "--data", str(data), "--socket", str(path)]
    app = subprocess.Popen(["strace", "-f", "-c", "-o", str(log), *serve], cwd=ROOT)
    try:
        wait(partial(accepts, path))  # the socket is there before anybody listens
        assert b"</html>" in _asked(path, "/packages/plugin/one")
    finally:
        children = Path(f"/proc/{app.pid}/task/{app.pid}/children").read_text().split()
        subprocess.run(["kill", f"-{signal.SIGTERM.value}", *children], check=True)
        app.wait()
    made = _traced(log)

    assert {"accept4", "pread64", "sendto"} & made
    assert made - allowed("frontispiece-app@.service") == set()


def _asked(path: Path, page: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(path))
        asking.sendall(f"GET {page} HTTP/1.0\r\n\r\n".encode())
        return b"".join(iter(lambda: asking.recv(65_536), b""))


def test_the_app_writes_nothing_but_its_socket() -> None:
    """The only folder it is given is the one that nginx looks for sockets in."""
    app = settings("frontispiece-app@.service")
    writable = ("StateDirectory", "CacheDirectory", "LogsDirectory", "ReadWritePaths", "BindPaths")

    assert app["User"] == ["frontispiece-app"]
    assert app["ProtectSystem"] == ["strict"]
    assert app["RuntimeDirectory"] == ["frontispiece/sockets"]
    assert not set(writable) & set(app)
    assert app["ExecStart"][0].endswith(" --socket /run/frontispiece/sockets/app-%i")


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_root_and_none_can_become_it(name: str) -> None:
    """Each has a user of its own, no capability, and no way to a new privilege."""
    service = settings(name)

    assert service["User"][0] in ("frontispiece", "frontispiece-app")
    assert service["CapabilityBoundingSet"] == [""]
    assert service["NoNewPrivileges"] == ["yes"]


@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_lets_visitors_go_first(name: str) -> None:
    """It yields processor and disk to what has no such words: nginx, and the app."""
    words = {
        "Nice": "10",
        "CPUWeight": "20",
        "IOWeight": "20",
        "IOSchedulingClass": "best-effort",
        "IOSchedulingPriority": "7",
    }

    assert {word: settings(name).get(word) for word in words} == {
        word: [value] for word, value in words.items()
    }
    assert not words.keys() & settings("frontispiece-app@.service").keys()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_a_bound_on_its_memory(name: str) -> None:
    """That of docs/operations.md: what goes astray ends by itself, and takes nothing with it."""
    said = re.search(
        r"the app's processes (1) GB each, the pipeline and\s+the daily job (4) GB .*?, "
        r"the backup (1) GB",
        (ROOT / "docs" / "operations.md").read_text(),
        re.DOTALL,
    )
    assert said
    bound = {"@": said[1], "pipeline": said[2], "regenerate": said[2], "backup": said[3]}
    (gigabytes,) = (value for word, value in bound.items() if word in name)

    assert settings(name)["MemoryMax"] == [f"{gigabytes}G"]


@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="no systemd-sysusers to ask")
def test_users_and_groups_are_as_said(tmp_path: Path) -> None:
    """nginx reads by the one group and reaches sockets by the other; the app only reads."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("www-data:x:33:33::/var/www:/bin/false\n")
    (tmp_path / "etc" / "group").write_text("www-data:x:33:\n")
    made = ["systemd-sysusers", f"--root={tmp_path}", str(OPS / "sysusers.d" / "frontispiece.conf")]
    subprocess.run(made, check=True, capture_output=True)
    groups = {
        line.split(":")[0]: set(line.split(":")[3].split(",")) - {""}
        for line in (tmp_path / "etc" / "group").read_text().splitlines()
    }

    assert groups["frontispiece"] == {"frontispiece-app", "www-data"}
    assert groups["frontispiece-app"] == {"www-data"}
    assert groups["frontispiece-log"] == {"frontispiece", "www-data"}
