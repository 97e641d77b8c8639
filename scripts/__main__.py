"""Run one script, or several in a row as one run.

  python -m scripts --data DIR build --source FILE
  python -m scripts --data DIR build --source FILE then render-new then deploy --site-url URL
  python -m scripts build --help

Steps that write hold one lock from the first to the last; a second run is refused with exit 75.
A step that ends with 1 (something failed, the rest was done) does not stop the next ones, and the
run ends with 1; any other failure stops it. Exit codes: 0 done or nothing to do, 1 something
failed and the rest was published, 2 usage or configuration, 3 refused to publish, 75 another run
holds the lock. A run that fails says so in one last line on standard error, by step and code, and
--notify hands that line to a command.
"""

import argparse
import errno
import importlib
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from catalog import database, lock
from catalog import journal as journals
from catalog.journal import Journal
from catalog.owner import Stranger, refuse_stranger
from catalog.releases import Releases
from scripts import arguments
from scripts.notify import notify

_WRITING = (
    *("fetch", "build", "render-new", "count", "regenerate", "deploy", "rollback", "prune"),
    *("push", "bucket"),  # the lock keeps still what they send
)
_READING = (
    *("plan", "status", "releases", "check", "nginx-conf", "serve"),
    *("doctor", "backup", "restore"),  # these take the lock themselves, if they need it
)
_INTERRUPTED = 130
_HELD = 75
_MEANING = {
    1: "something failed",
    2: "usage or configuration",
    3: "refused to publish",
    _HELD: "another run holds the lock",
    _INTERRUPTED: "interrupted",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the steps named on the command line, and give the exit code."""
    args = _arguments(argv)
    journal = Journal()
    code = 1  # what Python ends with if what follows raises
    try:
        code = _main(args, journal)
        return code
    except SystemExit as end:  # argparse: help, or wrong words
        code = end.code if isinstance(end.code, int) else 1
        raise
    finally:
        if code:
            _tell(args, journal, code)


def _tell(args: argparse.Namespace, journal: Journal, code: int) -> None:
    """Name the step and the code in a line, here and to the operator's command.

    A run that was refused because another one is under way is no news: a timer meets that daily.
    """
    step = args.steps[0] if args.steps else "scripts"
    if journal.steps:  # the worst, the first of these; one without a code has raised
        step = max(journal.steps, key=lambda one: one.get("exit", 256))["step"]
    means = _MEANING.get(code, "failed")
    where = f"{args.data or 'no data folder'} on {socket.gethostname()}"
    line = f"{step} ended with exit code {code}: {means} ({where})"
    print(f"scripts: {line}", file=sys.stderr)
    if args.notify and code != _HELD:
        notify(args.notify, f"frontispiece: {line}")


def _main(args: argparse.Namespace, journal: Journal) -> int:
    steps = _steps(args.steps)
    unknown = [step[0] for step in steps if step[0] not in (*_WRITING, *_READING)]
    if unknown or not steps:
        return _usage(unknown)
    if "--help" in args.steps or "-h" in args.steps:
        return _call(steps[0])
    if args.data is None:
        print("scripts: say where the data goes: --data DIR, before the step", file=sys.stderr)
        return 2
    try:
        if all(step[0] in _READING for step in steps):
            return max(_call(_with_data(step, args.data)) for step in steps)
        refuse_stranger(args.data)  # or its owner's next run could not change what this one writes
        with lock.hold(args.data, " then ".join(step[0] for step in steps), args.wait):
            return _run(steps, args.data, journal)
    except lock.Held as held:
        print(f"{steps[0][0]}: refused: {held}", file=sys.stderr)
        return _HELD
    except Stranger as error:
        print(f"{steps[0][0]}: refused: {error}", file=sys.stderr)
        return 2
    except database.DatabaseError as error:
        print(f"{_at(steps, journal)}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{_at(steps, journal)}: {_in_words(error, args.data)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; the next run goes on from here", file=sys.stderr)
        return _INTERRUPTED


def _at(steps: Sequence[Sequence[str]], journal: Journal) -> str:
    return str(journal.steps[-1]["step"]) if journal.steps else steps[0][0]


def _in_words(error: OSError, data: Path) -> str:
    """Say what a disk that is full, or refuses, means for the operator."""
    where = error.filename2 or error.filename or data
    way_out = (
        "make room on the disk"
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        else "mend that"
    )
    return (
        f"{where}: {error.strerror or error}. The published site goes on as it is: "
        f"{way_out} and run this again, it goes on from here"
    )


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"steps that write: {', '.join(_WRITING)}\nothers: {', '.join(_READING)}",
    )
    parser.add_argument("--data", type=Path, metavar="DIR")
    parser.add_argument(
        "--wait",
        type=arguments.whole,
        default=0,
        metavar="SECONDS",
        help="how long to wait for a run that holds the lock (default: not at all)",
    )
    parser.add_argument(
        "--notify",
        metavar="COMMAND",
        help="told, in a line on its standard input, of a run that fails; not of exit code 75",
    )
    parser.add_argument("steps", nargs=argparse.REMAINDER, metavar="STEP [arguments] [then …]")
    return parser.parse_args(argv)


def _steps(words: Sequence[str]) -> list[list[str]]:
    steps: list[list[str]] = [[]]
    for word in words:
        if word == "then":
            steps.append([])
        else:
            steps[-1].append(word)
    return [step for step in steps if step]


def _usage(unknown: Sequence[str]) -> int:
    for name in unknown:
        print(f"scripts: there is no step {name!r}", file=sys.stderr)
    print(f"scripts: the steps are {', '.join((*_WRITING, *_READING))}", file=sys.stderr)
    return 2


def _with_data(step: Sequence[str], data: Path) -> list[str]:
    return [step[0], "--data", str(data), *step[1:]]


def _call(step: Sequence[str], *more: Journal) -> int:
    """Import the step's module, only now, and run it."""
    module = importlib.import_module(f"scripts.{step[0].replace('-', '_')}")
    return int(module.main(step[1:], *more))


def _run(steps: Sequence[Sequence[str]], data: Path, journal: Journal) -> int:
    started, clock = int(time.time()), time.monotonic()
    worst = 0
    for step in steps:
        began = time.monotonic()
        journal.begin(step[0])
        code = _call(_with_data(step, data), journal)
        journal.note(seconds=round(time.monotonic() - began, 3), exit=code)
        worst = max(worst, code)
        if code > 1:
            break
    seconds = time.monotonic() - clock
    if worst or _changed(journal):
        with database.writing(data) as db:
            journals.remember(db, journal, started, seconds, worst)
    if len(steps) > 1:
        print(_summary(journal, data, seconds, worst))
    return worst


def _changed(journal: Journal) -> bool:
    figures = ("changes", "drawn", "pruned", "pushed", "sent")
    return any(journal.total(figure) for figure in figures) or bool(journal.latest("release"))


def _summary(journal: Journal, data: Path, seconds: float, worst: int) -> str:
    release = journal.latest("release") or Releases(data).current() or "none"
    end = {0: "", 1: "; something failed, see above"}.get(worst, "; stopped, see above")
    if not worst and not _changed(journal):
        end = "; there was nothing to do"
    return (
        f"release {release}: {journal.latest('packages', 'the same')} packages, cards "
        f"{journal.total('drawn'):,} drawn, {int(journal.latest('kept', '0')):,} kept, "
        f"{journal.total('failed'):,} failed, {seconds:.1f} s{end}"
    )


if __name__ == "__main__":
    sys.exit(main())
