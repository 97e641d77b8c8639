"""A process of ours that is kept running: started, started again when it dies, ended for good."""

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_FIRST_WAIT = 0.1  # seconds before the first restart; each further one waits twice as long
_LONGEST_WAIT = 5.0
_STEADY = 10.0  # seconds after which a process counts as started well
# Asked for by a program of Debian's base, since Python could only between fork and exec.
_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")


class Kept:
    """One process, with whatever it starts itself, in a process group of its own.

    The group keeps a terminal's Ctrl-C away from it: who keeps it decides when it ends. And it lets
    us find what a killed parent has left. If who keeps it is killed, the kernel ends it by SIGTERM.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        ending: signal.Signals,
        user: str | None = None,
    ):
        """name: for messages. ending: the signal that asks it to finish. user: whom root becomes.

        A process that changes its user by itself loses the kernel's promise: hence `user`.
        """
        self.name = name
        self.deaths = 0  # in a row, each soon after the start
        self._command = [*_WITH_US, *command]
        self._folder = folder
        self._ending = ending
        self._user = user
        self._child: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._due = 0.0

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start it; what it says goes where ours does."""
        self._started = time.monotonic()
        group = None if self._user is None else pwd.getpwnam(self._user).pw_gid
        self._child = subprocess.Popen(
            self._command,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            process_group=0,
            user=self._user,
            group=group,
            extra_groups=None if self._user is None else [],
        )

    def tend(self) -> None:
        """See that it runs: notice that it died, start it again when the wait is over."""
        now = time.monotonic()
        if self._child is not None and (code := self._child.poll()) is not None:
            if now - self._started > _STEADY:
                self.deaths = 0
            wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2**self.deaths)
            self.deaths += 1
            self._due = now + wait
            self._sweep()
            _say(f"{self.name} {_ended(code)}; it starts again in {wait:.1f} s")
        if self._child is None and now >= self._due:
            self.start()

    def finish(self) -> None:
        """Ask it to end, and do not wait for it."""
        if self._child is not None and self.alive:
            self._child.send_signal(self._ending)

    def end(self, patience: float) -> None:
        """Wait up to `patience` seconds for its end after finish(); then nothing of it is left."""
        if self._child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(patience)
            self._sweep()

    def _sweep(self) -> None:
        """Kill what is left of the group."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._child = None


def _ended(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
