"""A kept process: started again, ended with all that it started itself."""

import os
import signal
import sys
from pathlib import Path

import pytest

from publish.nginx.keeper import Kept
from tests.nginx.face import wait

# Writes its own id and a child's into a file, then sleeps, as does the child.
PARENT = """
import subprocess, sys, os
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
with open(sys.argv[1] + ".tmp", "w") as out:
    print(os.getpid(), child.pid, file=out)
os.rename(sys.argv[1] + ".tmp", sys.argv[1])
child.wait()
"""


def test_killed_process_starts_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A process that is killed starts again, its children end, and it is said what happened."""
    kept, file = _parent(tmp_path)
    kept.start()
    wait(file.exists)
    first, child = _pids(file)
    file.unlink()
    os.kill(first, signal.SIGKILL)
    wait(lambda: not kept.alive)

    def started_again() -> bool:
        kept.tend()
        return file.exists()

    wait(started_again)
    kept.finish()
    kept.end(10)

    assert kept.deaths == 1
    assert "parent was ended by SIGKILL; it starts again in 0.1 s" in capsys.readouterr().err
    wait(lambda: not any(_runs(pid) for pid in (first, child, *_pids(file))))


def test_waits_grow(capsys: pytest.CaptureFixture[str]) -> None:
    """A process that dies at once is started after longer and longer waits."""
    kept = Kept("short", [sys.executable, "-c", "raise SystemExit(7)"], Path("/"), signal.SIGTERM)

    def died_thrice() -> bool:
        kept.tend()
        return kept.deaths == 3

    wait(died_thrice)
    kept.end(1)

    assert capsys.readouterr().err.splitlines() == [
        "short ended with 7; it starts again in 0.1 s",
        "short ended with 7; it starts again in 0.2 s",
        "short ended with 7; it starts again in 0.4 s",
    ]


def test_deaf_process_is_killed(tmp_path: Path) -> None:
    """A process that does not listen to its ending signal is killed, with its children."""
    kept, file = _parent(tmp_path, "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    kept.start()
    wait(file.exists)
    kept.finish()
    kept.end(0.2)

    assert not kept.alive
    wait(lambda: not any(_runs(pid) for pid in _pids(file)))


def _parent(tmp_path: Path, first: str = "") -> tuple[Kept, Path]:
    file = tmp_path / "pids"
    command = [sys.executable, "-c", first + PARENT, str(file)]
    return Kept("parent", command, tmp_path, signal.SIGTERM), file


def _pids(file: Path) -> list[int]:
    return [int(word) for word in file.read_text().split()]


def _runs(pid: int) -> bool:
    """Whether a process is there and not just waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
