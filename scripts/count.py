"""Count the installs that Composer told of, from the log that nginx keeps of them.

The log is set aside by a rename, nginx is asked (signal USR1) to begin a new one, and each line is
counted exactly once, however often this is killed or run. A log that is counted is deleted: from
then on only totals are left, and for a day hashes by which an install counts once an hour.
Without an nginx that runs, the log is counted just the same.
"""

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog import database, downloads
from catalog.downloads import Tally
from catalog.install_log import InstallLog, in_use
from catalog.journal import Journal
from scripts import arguments

_PATIENCE = 5.0  # seconds for nginx to let go of a log
_LOOK = 0.02


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Count, and give the exit code: 1 if a log could not be finished."""
    parser = arguments.parser(__doc__, "count")
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="where nginx logs installs (default DATA/log/downloads.log)",
    )
    parser.add_argument(
        "--nginx-pid",
        type=Path,
        metavar="FILE",
        help="nginx's pid file (default DATA/log/nginx.pid, which `serve` keeps)",
    )
    args = parser.parse_args(argv)
    journal = journal or Journal()
    log = InstallLog(args.log or args.data / "log" / "downloads.log")
    try:
        if log.set_aside(datetime.now(UTC)):
            journal.reached("count: log set aside")
        waiting = log.waiting()
        trouble = _reopen(args.nginx_pid or args.data / "log" / "nginx.pid") if waiting else ""
        journal.reached("count: nginx told")
        with database.writing(args.data) as db:
            tally, unfinished = _count(db, waiting, journal)
            changed = downloads.settle(db)
            journal.reached("count: totals settled")
            downloads.forget(db, int(time.time()))
    except OSError as error:
        print(f"count: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    _report(tally, changed, len(waiting) - len(unfinished), journal)
    for path in unfinished:
        why = trouble or "nginx, or another program, still writes to it"
        print(f"count: {path.name} stays for the next run: {why}", file=sys.stderr)
    return 1 if unfinished else 0


def _reopen(pid_file: Path) -> str:
    """Ask nginx to open its logs anew; say what was wrong, '' if nothing or nobody was there."""
    try:
        pid = int(pid_file.read_text())
        if Path(f"/proc/{pid}/comm").read_text().strip() != "nginx":
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
        downloads.count(db, path, ended=False, now=now, tally=tally, journal=journal)
    unfinished = []
    deadline = time.monotonic() + _PATIENCE
    for path in waiting:
        while (held := in_use(path, time.time())) and time.monotonic() < deadline:
            time.sleep(_LOOK)
        if held:
            unfinished.append(path)
            continue
        # What was written until nginx let go. Nobody writes to it from here on.
        downloads.count(db, path, ended=True, now=now, tally=tally, journal=journal)
        path.unlink()
        journal.reached("count: log deleted")
    gone = set(downloads.remembered(db)) - {path.name for path in unfinished}
    if gone:
        downloads.forget_logs(db, gone)
    return tally, unfinished


def _report(tally: Tally, changed: int, finished: int, journal: Journal) -> None:
    for sentence in tally.named:
        print(f"count: refused {sentence}", file=sys.stderr)
    if tally.refused > len(tally.named):
        print(f"count: and {tally.refused - len(tally.named):,} more refused", file=sys.stderr)
    journal.note(installs=tally.installs, refused=tally.refused, changes=changed)
    print(
        f"count: {tally.installs:,} installs of {changed:,} packages from "
        f"{tally.lines:,} lines in {finished:,} logs; not counted: {tally.repeated:,} within "
        f"the hour, {tally.excess:,} beyond a network's day, {tally.unknown:,} of other packages, "
        f"{tally.foreign:,} lines not from Composer, {tally.refused:,} refused"
    )
