"""The commands as a user runs them, with a stand-in renderer: in a forked child, or in a process.

What stands in is only what draws; lock, steps, messages and exit codes are those of
`python -m scripts`.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.__main__ import main
from tests import runs
from tests.conftest import SITE_URL


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
    done = runs.command(data, *words, before=before)
    return Ended(done.returncode, done.stdout + done.stderr)


if __name__ == "__main__":
    sys.exit(main(**runs.STAND_IN))
