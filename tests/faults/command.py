"""The commands as a user runs them, in a forked child with a stand-in renderer: cheap, and real.

What stands in is only what draws; lock, steps, messages and exit codes are those of
`python -m scripts`.
"""

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scripts import __main__ as scripts
from scripts import doctor, redraw, regenerate, render_new
from scripts import pipeline as whole_pipeline
from tests.conftest import SITE_URL
from tests.runs import Here
from tests.stub import blank, plain


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and all that it said."""

    code: int
    said: str


PUBLISH = ("deploy", "--site-url", SITE_URL, "--keep", "2", "--grace-days", "0")
DAILY = ("regenerate", *PUBLISH[1:])


def pipeline(source: Path | str) -> tuple[str, ...]:
    """Give the words of `make pipeline`, which keeps two releases and no replaced card."""
    return (
        *("pipeline", "--source", str(source)),
        *PUBLISH[1:],
    )


def command(data: Path, *words: str, before: Callable[[], object] = lambda: None) -> Ended:
    """Run steps on `data`; `before` is called in the child first."""
    with tempfile.TemporaryFile("w+", errors="backslashreplace") as said:
        sys.stdout.flush()
        child = os.fork()
        if not child:
            _as_a_process(data, words, before, said.fileno())
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        return Ended(code, said.read())


def _as_a_process(
    data: Path, words: tuple[str, ...], before: Callable[[], object], said: int
) -> None:
    code = 1
    try:
        os.dup2(said, 1)
        os.dup2(said, 2)
        sys.stdout = sys.stderr = open(said, "w", buffering=1, closefd=False)  # noqa: SIM115
        stand_in()
        before()
        code = scripts.main(["--data", str(data), *words])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  (as the interpreter does it)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def stand_in() -> None:
    """Let the steps that draw draw blanks, in this very process."""
    for step in (render_new, redraw, regenerate, whole_pipeline):
        drawing = partial(step.main, renderer=blank, executor=Here(), plates=plain)
        step.main = drawing  # type: ignore[assignment]
    draws = {"renderer": blank, "plates": plain, "executor": Here()}
    doctor.main = partial(doctor.main, **draws)  # type: ignore[assignment, arg-type]


if __name__ == "__main__":
    stand_in()
    sys.exit(scripts.main())
