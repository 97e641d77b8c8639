"""A run: steps in a row under one lock, its verdict in the last line, what is remembered of it."""

import contextlib
import errno
import io
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog import database, last_runs, lock
from catalog import journal as journals
from catalog.journal import Journal, Step
from catalog.owner import Stranger, refuse_stranger
from publish.releases import Releases
from publish.upkeep.notify import notify
from release.last_runs import Last

DONE, FAILED, UNUSABLE, REFUSED, HELD, INTERRUPTED = 0, 1, 2, 3, 75, 130
_MEANING = {
    FAILED: "something failed, the rest was done",
    UNUSABLE: "it cannot run like this",
    REFUSED: "refused to publish",
    HELD: "another run holds the lock",
    INTERRUPTED: "interrupted; the next run goes on from here",
}

Act = Callable[[], int]  # gives an exit code
Steps = Sequence[tuple[str, Act]]


def in_order(journal: Journal, steps: Steps) -> int:
    """Do steps one after the other; give the worst code. One above 1 stops those that follow."""
    worst = DONE
    for name, act in steps:
        began = time.monotonic()
        journal.begin(name)
        code = act()
        journal.note(seconds=round(time.monotonic() - began, 3), exit=code)
        worst = max(worst, code)
        if code > FAILED:
            break
    return worst


@dataclass(slots=True)
class Run:
    """A command that writes, on one data folder.

    wait: seconds to wait for a run that holds the lock; None: it needs no lock. notify: a command
    that is told of a failure, once for each state. quiet: what went well and changed nothing is not
    said. remembered: how it ended is kept, for `status`; False for what only looks.
    by_hand: whoever types it reads its answer: nobody else is told, and `status` does not complain.
    """

    command: str
    data: Path
    wait: float | None = 0
    notify: str | None = None
    quiet: bool = False
    remembered: bool = True
    by_hand: bool = False
    journal: Journal = field(default_factory=Journal)

    def do(self, steps: Callable[[Journal], int]) -> int:
        """Hold the lock, do the steps, and say in the last line how it went; give the exit code."""
        started, clock = int(time.time()), time.monotonic()
        said = io.StringIO()
        with contextlib.redirect_stdout(said) if self.quiet else contextlib.nullcontext():
            code, reason = self._code(steps)
            seconds = time.monotonic() - clock
            if len(self.journal.steps) > 1 and code in (DONE, FAILED):
                print(self._summary(seconds))
        if code or self.journal.changed:
            sys.stdout.write(said.getvalue())
            sys.stdout.flush()
        self._end(started, seconds, code, reason)
        return code

    def refuse(self, reason: str) -> int:
        """End a command that was called with wrong words; give the exit code."""
        self._end(int(time.time()), 0, UNUSABLE, reason)
        return UNUSABLE

    def _code(self, steps: Callable[[Journal], int]) -> tuple[int, str]:
        """Give the exit code, and the reason where it is not one of the steps' own."""
        try:
            if self.remembered:  # or its owner's next run could not change what this one writes
                refuse_stranger(self.data)
            with self._locked():
                return steps(self.journal), ""
        except lock.Held as held:
            return HELD, str(held)
        except Stranger as error:
            self.remembered = False  # there: what we wrote, its owner could not write again
            return UNUSABLE, str(error)
        except database.DatabaseError as error:
            return UNUSABLE, str(error)
        except OSError as error:
            return UNUSABLE, _in_words(error, self.data)
        except KeyboardInterrupt:
            return INTERRUPTED, ""

    def _locked(self) -> contextlib.AbstractContextManager[None]:
        if self.wait is None:
            return contextlib.nullcontext()
        return lock.hold(self.data, self.command, self.wait)

    def _end(self, started: int, seconds: float, code: int, reason: str) -> None:
        """Remember the run, and say what was wrong: in the last line, and to the operator."""
        worst = self._worst()
        means = reason or (worst and worst.reason) or _MEANING.get(code, "failed")
        if code == HELD:  # no news: a timer meets that daily
            print(f"{self.command} ended with exit code {code}: refused: {means}", file=sys.stderr)
            return
        step = worst.step if worst else self.command
        where = f"{self.data} on {socket.gethostname()}"
        line = f"{step} ended with exit code {code}: {means} ({where})"
        if code:
            print(f"scripts: {line}", file=sys.stderr)
        if not self.remembered:
            return
        if self.wait is not None and not reason and (code or self.journal.changed):
            self._keep_figures(started, seconds, code)
        if self.by_hand:
            return
        told = f"{step}: {means}" if code else ""
        before = self._note(Last(started, code, told, seconds=round(seconds, 3)))
        if code == INTERRUPTED or self.notify is None:
            return
        if code and (before.exit_code, before.reason) != (code, told):
            notify(self.notify, f"frontispiece: {line}")
        elif not code and before.exit_code not in (DONE, INTERRUPTED):
            notify(self.notify, f"frontispiece: {self.command} is well again ({where})")

    def _keep_figures(self, started: int, seconds: float, code: int) -> None:
        # A catalogue that cannot be written has said so; how the run ended is kept beside it.
        with (
            contextlib.suppress(database.DatabaseError, OSError),
            database.writing(self.data) as db,
        ):
            journals.remember(db, self.journal, started, seconds, code)

    def _note(self, last: Last) -> Last:
        try:
            return last_runs.note(self.data, self.command, last, changed=self.journal.changed)
        except OSError:  # there is no folder to remember it in, or no right to: it has been said
            return Last()

    def _worst(self) -> Step | None:
        """Give the step that ended worst, the first of these; one without a code has raised."""
        failed = [step for step in self.journal.steps if step.exit != DONE]
        return max(failed, key=lambda one: 256 if one.exit is None else one.exit, default=None)

    def _summary(self, seconds: float) -> str:
        steps = self.journal.steps
        release = _latest(steps, "release") or Releases(self.data).current() or "none"
        worst = max(step.exit or DONE for step in steps)
        end = "; something failed, see above" if worst else ""
        if not worst and not self.journal.changed:
            end = "; there was nothing to do"
        drawn, failed = sum(s.drawn or 0 for s in steps), sum(s.failed or 0 for s in steps)
        return (
            f"release {release}: {_latest(steps, 'packages') or 'the same'} packages, cards "
            f"{drawn:,} drawn, {_latest(steps, 'kept') or 0:,} kept, "
            f"{failed:,} failed, {seconds:.1f} s{end}"
        )


def _latest(steps: Sequence[Step], figure: str) -> Any:
    """Give a figure as the last step that noted it knows it; None without one."""
    told = [getattr(step, figure) for step in steps if getattr(step, figure) is not None]
    return told[-1] if told else None


def _in_words(error: OSError, data: Path) -> str:
    """Say what a disk that is full, or refuses, means for the operator."""
    where = error.filename2 or error.filename or data
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    way_out = "make room on the disk" if full else "mend that"
    return (
        f"{where}: {error.strerror or error}. The published site goes on as it is: "
        f"{way_out} and run this again, it goes on from here"
    )
