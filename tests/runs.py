"""Runs in a child process, with a stand-in renderer, that can be killed at a boundary or a moment.

The child is forked, so that a hundred of them cost seconds; it takes the same lock and calls the
same scripts as `python -m scripts` does.

A worker of pytest-xdist has one thread beside the one that runs tests: it waits for what to run
next. A fork leaves it behind, and with it only locks of its own, which no run asks for: the child
does nothing but its run, and leaves by os._exit. Other threads do not belong where runs are forked.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import cache, partial
from pathlib import Path
from typing import IO, Any

from catalog import lock
from catalog.journal import Journal
from release.digest import Code
from render import CardRenderer, site_card
from scripts import build, deploy, prune, redraw, render_new, rollback
from scripts.__main__ import main
from tests.conftest import ROOT, SITE_URL
from tests.stub import blank, plain

# A command that kills itself at its n-th boundary between two durable acts.
_KILLING_ITSELF = """
import importlib, os, signal, sys
from catalog.journal import Journal

main = importlib.import_module(f"scripts.{sys.argv[1]}").main
left = int(sys.argv[2])

def reached(boundary):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

sys.exit(main(sys.argv[3:], Journal(reached)))
"""
# Seconds. What a killed run was just starting has its lock until it becomes another program.
RELEASED_WITHIN = 120


class Here(Executor):
    """Runs what it is handed at once, in this very thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001
            future.set_exception(error)
        return future


STAND_IN: dict[str, Any] = {"renderer": blank, "plates": plain, "executor": Here()}


def pipeline(data: Path, source: Path, journal: Journal) -> int:
    """Do what `make pipeline` does."""
    where = ["--data", str(data)]
    return max(
        build.main([*where, "--source", str(source), "--max-withdrawn", "100%"], journal),
        render_new.main(where, journal, **STAND_IN),
        deploy.main([*where, "--site-url", SITE_URL, "--keep", "2", "--grace-days", "0"], journal),
    )


def publish(data: Path, source: Path, journal: Journal) -> int:
    """Do what `make build` and `make deploy` do: a release, and no card."""
    where = ["--data", str(data)]
    return max(
        build.main([*where, "--source", str(source), "--max-withdrawn", "100%"], journal),
        deploy.main([*where, "--site-url", SITE_URL, "--keep", "2", "--grace-days", "0"], journal),
    )


def daily(data: Path, _source: Path, journal: Journal) -> int:
    """Do what `make regenerate` does."""
    where = ["--data", str(data)]
    return max(
        redraw.main(where, journal, **STAND_IN),
        deploy.main([*where, "--site-url", SITE_URL, "--keep", "2", "--grace-days", "0"], journal),
    )


def back(data: Path, _source: Path, journal: Journal) -> int:
    """Do what `make rollback` does; without an older release it does nothing."""
    return rollback.main(["--data", str(data)], journal)


def tidy(data: Path, _source: Path, journal: Journal) -> int:
    """Do what `make prune` does."""
    return prune.main(["--data", str(data), "--keep", "1", "--grace-days", "0"], journal)


def command(
    data: Path, *argv: str | Path, before: Callable[[], object] = lambda: None
) -> subprocess.CompletedProcess[str]:
    """Do what tests.conftest.run does, in a child of this process, with the stand-in renderer.

    For tests that are not about what is drawn, nor about how a process begins: a third of the time.
    `before` is called in the child first.
    """
    words = ["--data", str(data), *(str(word) for word in argv)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = _wait(_forked(partial(_obey, words, before, out, err)))
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode(errors="backslashreplace"))
    return subprocess.CompletedProcess(words, code, *said)


def _obey(words: list[str], before: Callable[[], object], out: IO[bytes], err: IO[bytes]) -> int:
    """Do a command as a process would, saying to these files what it says, and what it starts."""
    for number, file in ((1, out), (2, err)):
        os.dup2(file.fileno(), number)
    os.chdir(ROOT)
    with open(1, "w", closefd=False) as sys.stdout, open(2, "w", closefd=False) as sys.stderr:
        try:
            before()
            return main(words, **STAND_IN)
        except SystemExit as ended:  # argparse has said what is wrong with the words
            return ended.code if isinstance(ended.code, int) else 1
        except BaseException:  # noqa: BLE001  (as the interpreter does it)
            traceback.print_exc()
            return 1


Run = Callable[[Path, Path, Journal], int]


def boundaries(run: Run, data: Path, source: Path) -> list[str]:
    """Do a whole run in a child, and give the names of the boundaries it reached."""
    names = data.parent / "boundaries"
    names.write_text("")

    def note(name: str) -> None:
        with names.open("a") as file:
            file.write(name + "\n")

    assert _wait(_start(run, data, source, note)) == 0
    return names.read_text().splitlines()


def killing_itself(command: str, boundary: int, *words: str) -> list[str]:
    """Spell a command of scripts/ that is killed at its n-th boundary, from 1; 0: never."""
    return [sys.executable, "-c", _KILLING_ITSELF, command, str(boundary), *words]


def lasted(run: Run, data: Path, source: Path) -> float:
    """Do a whole run in a child, and give the seconds that it took on this machine, just now."""
    began = time.monotonic()
    assert _wait(_start(run, data, source, lambda _name: None)) == 0
    return time.monotonic() - began


def killed_at(run: Run, data: Path, source: Path, boundary: int) -> bool:
    """Kill a run as it reaches its n-th boundary (from 0); False if it ended before."""
    left = [boundary]

    def die(_name: str) -> None:
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    return _wait(_start(run, data, source, die)) == -signal.SIGKILL


def killed_after(run: Run, data: Path, source: Path, seconds: float) -> bool:
    """Kill a run after some time, a part of what it lasts; False if it ended before."""
    child = _start(run, data, source, lambda _name: None)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
        time.sleep(0.001)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return _wait(child) == -signal.SIGKILL


def _start(run: Run, data: Path, source: Path, reached: Callable[[str], None]) -> int:
    def locked() -> int:
        with (
            (data.parent / "said").open("a") as said,
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            lock.hold(data, run.__name__, RELEASED_WITHIN),
        ):
            return run(data, source, Journal(reached=reached))

    return _forked(locked)


def _forked(act: Callable[[], int]) -> int:
    """Do something in a child, which ends with its code; give the child."""
    _read()
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        code = act()
    finally:
        os._exit(code)


@cache
def _read() -> None:
    """Read the fonts and our code, as a run does upon a new catalogue: children need not, then."""
    CardRenderer().fingerprint(site_card())
    Code().of(["scripts.pipeline", "scripts.regenerate"])


def _wait(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
