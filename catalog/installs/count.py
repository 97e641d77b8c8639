"""The step `count`: the logs of installs are counted, each line once, and deleted."""

import os
import signal
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog import database
from catalog.installs import counting
from catalog.installs.counting import Tally
from catalog.installs.log import InstallLog, in_use
from catalog.journal import Journal

_PATIENCE = 5.0  # seconds for nginx to let go of a log
_LOOK = 0.02


def count(data: Path, log_file: Path, nginx_pid: Path, journal: Journal) -> int:
    """Count what nginx logged; give the exit code, 1 if a log could not be finished.

    nginx_pid: the file by which nginx is asked to begin a new log; it need not be there.
    """
    log = InstallLog(log_file)
    if log.set_aside(datetime.now(UTC)):
        journal.reached("count: log set aside")
    waiting = log.waiting()
    trouble = _reopen(nginx_pid) if waiting else ""
    journal.reached("count: nginx told")
    with database.writing(data) as db:
        tally, unfinished = _count(db, waiting, journal)
        changed = counting.settle(db)
        journal.reached("count: totals settled")
        counting.forget(db, int(time.time()))
    _report(tally, changed, len(waiting) - len(unfinished), journal)
    for path in unfinished:
        why = trouble or "nginx, or another program, still writes to it"
        journal.complain(f"count: {path.name} stays for the next run: {why}")
    return 1 if unfinished else 0


def _reopen(pid_file: Path) -> str:
    """Ask nginx to open its logs anew; say what was wrong, '' if nothing or nobody was there."""
    try:
        pid = int(pid_file.read_text(encoding="ascii"))
        if (
            Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
            != "nginx"
        ):
            return ""  # left over: the number is another program's by now
        os.kill(pid, signal.SIGUSR1)
    except FileNotFoundError:
        return ""
    except ValueError:
        return f"{pid_file} holds no process number"
    except PermissionError:
        return f"no right to signal nginx (process {pid})"
    except ProcessLookupError:
        return ""
    return ""


def _count(
    db: sqlite3.Connection, waiting: Sequence[Path], journal: Journal
) -> tuple[Tally, list[Path]]:
    """Count the logs and delete them; give those that are still written to."""
    tally = Tally()
    now = int(time.time())
    for path in waiting:
        counting.count(db, path, ended=False, now=now, tally=tally, journal=journal)
    unfinished = []
    deadline = time.monotonic() + _PATIENCE
    for path in waiting:
        while (held := in_use(path, time.time())) and time.monotonic() < deadline:
            time.sleep(_LOOK)
        if held:
            unfinished.append(path)
            continue
        # What was written until nginx let go. Nobody writes to it from here on.
        counting.count(db, path, ended=True, now=now, tally=tally, journal=journal)
        path.unlink()
        journal.reached("count: log deleted")
    gone = set(counting.remembered(db)) - {path.name for path in unfinished}
    if gone:
        counting.forget_logs(db, gone)
    return tally, unfinished


def _report(tally: Tally, changed: int, finished: int, journal: Journal) -> None:
    journal.complain(*(f"count: refused {sentence}" for sentence in tally.named))
    if tally.refused > len(tally.named):
        journal.complain(f"count: and {tally.refused - len(tally.named):,} more refused")
    journal.note(installs=tally.installs, refused=tally.refused, changes=changed)
    print(
        f"count: {tally.installs:,} installs of {changed:,} packages from "
        f"{tally.lines:,} lines in {finished:,} logs; not counted: {tally.repeated:,} within "
        f"the hour, {tally.excess:,} beyond a network's day, {tally.unknown:,} of other packages, "
        f"{tally.foreign:,} lines not from Composer, {tally.refused:,} refused"
    )
