"""Run one command.

  python -m scripts --data DIR pipeline --source FILE --site-url URL
  python -m scripts --data DIR build --source FILE
  python -m scripts build --help

Commands that write hold one lock from the beginning to the end; a second run is refused with exit
75. Exit codes: 0 done or nothing to do, 1 something failed and the rest was done, 2 it cannot run
like this (wrong words, a disk, a right), 3 refused to publish, 75 another run holds the lock, 130
interrupted. A run that fails says so in one last line on standard error, by step and code, and
--notify hands that line to a command.
"""

import argparse
import importlib
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType

from catalog.journal import Journal
from publish.run import INTERRUPTED, UNUSABLE, Run, in_order
from scripts.arguments import values

_RUNS = ("pipeline", "regenerate")  # several steps each
_STEPS = (
    *("fetch", "build", "fetch-zips", "fetch-pictures", "render-new", "count", "redraw"),
    *("deploy", "prune"),
    *("push", "bucket"),  # the lock keeps still what they send
)
_DRAWING = (*_RUNS, "render-new", "redraw", "doctor")
_BY_HAND = ("rollback",)  # writes, and the operator is there: nobody else is told
_UNLOCKED = ("backup",)  # a run may go on meanwhile
_READING = (
    *("plan", "status", "releases", "check", "nginx-conf", "serve", "restart"),
    *("compare", "canary"),
    *("doctor", "restore"),  # these take the lock themselves, when they have checked
)
_WRITING = (*_RUNS, *_STEPS, *_BY_HAND, *_UNLOCKED)


def main(argv: Sequence[str] | None = None, **drawn_by: object) -> int:
    """Run the command that is named on the command line, and give the exit code.

    drawn_by: a `renderer` instead of the real one, `plates`, and an `executor` where they run.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Whatever the locale; and on a pipe, too, the verdict is the last line.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    args = _arguments(argv)
    name = args.command[0] if args.command else ""
    if name not in (*_WRITING, *_READING):
        if name:
            print(f"scripts: there is no command {name!r}", file=sys.stderr)
        print(f"scripts: the commands are {', '.join((*_WRITING, *_READING))}", file=sys.stderr)
        return UNUSABLE
    command = importlib.import_module(f"scripts.{name.replace('-', '_')}").main
    words = args.command[1:]
    if "--help" in words or "-h" in words:
        return int(command(words))
    if args.data is None:
        print("scripts: say where the data goes: --data DIR, before the command", file=sys.stderr)
        return UNUSABLE
    words = ["--data", str(args.data), *words]
    drawn_by = drawn_by if name in _DRAWING else {}
    if name in _READING:
        run = Run(name, args.data, wait=None, remembered=False)
        return run.do(lambda _: int(command(words, **drawn_by)))
    return _write(args, name, lambda journal: int(command(words, journal, **drawn_by)))


def _write(args: argparse.Namespace, name: str, command: Callable[[Journal], int]) -> int:
    run = Run(
        name,
        args.data,
        wait=None if name in _UNLOCKED else args.wait,
        notify=args.notify,
        quiet=args.quiet,
        by_hand=name in _BY_HAND,
    )
    try:
        if name in _RUNS:
            return run.do(command)
        return run.do(lambda journal: in_order(journal, [(name, partial(command, journal))]))
    except SystemExit:  # argparse has said what is wrong with the words
        return run.refuse("it was called with wrong words")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"commands that write: {', '.join(_WRITING)}\nothers: {', '.join(_READING)}",
    )
    parser.add_argument("--data", type=Path, metavar="DIR")
    parser.add_argument(
        "--wait",
        type=values.whole,
        default=0,
        metavar="SECONDS",
        help="how long to wait for a run that holds the lock (default: not at all)",
    )
    parser.add_argument(
        "--notify",
        metavar="COMMAND",
        help="told, in a line on its standard input, of a run that fails, once for each state, and "
        "when it is well again; not of exit code 75",
    )
    parser.add_argument(
        "--quiet", action="store_true", help="say nothing of a run that had nothing to do"
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND [arguments]")
    return parser.parse_args(argv)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End the run as Ctrl-C does, once: what a second one would interrupt is the ending."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _in_utf8() -> None:
    """Begin anew in Python's UTF-8 mode, and all that is started from here, in any other locale.

    Names of files, and what is written into nginx's configuration, are UTF-8 wherever this runs.
    The words are the kernel's: not every locale can give back what Python has decoded by it.
    """
    if sys.getfilesystemencoding() == "utf-8" or os.environ.get("PYTHONUTF8") == "1":
        return
    words = Path("/proc/self/cmdline").read_bytes().split(b"\0")[:-1]
    os.execve("/proc/self/exe", words, os.environ | {"PYTHONUTF8": "1"})  # noqa: S606


if __name__ == "__main__":
    _in_utf8()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # no shell has it ignored
        signal.signal(signal.SIGINT, _interrupt)
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # before there was a run, or after it
        sys.exit(INTERRUPTED)
