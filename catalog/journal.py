"""What a run did, step by step: shown at its end, remembered if it changed something or failed."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catalog.database import transaction

_KEPT_RUNS = 500


def _go_on(_boundary: str) -> None:
    pass


@dataclass(slots=True)
class Journal:
    """The steps of one run and their figures.

    `reached` is called at every named boundary between two durable acts, for example
    'deploy: release finished'; a test stops the process there.
    """

    reached: Callable[[str], None] = _go_on
    steps: list[dict[str, Any]] = field(default_factory=list)

    def begin(self, step: str) -> None:
        """Open a step; the figures noted from now on are its own."""
        self.steps.append({"step": step})

    def note(self, **figures: int | float | str) -> None:
        """Add figures to the open step."""
        if not self.steps:
            self.begin("")
        self.steps[-1].update(figures)

    def total(self, figure: str) -> int:
        """Sum a figure over all steps."""
        return sum(int(step.get(figure, 0)) for step in self.steps)

    def latest(self, figure: str, missing: str = "") -> Any:
        """Give a figure as the last step that noted it knows it."""
        return next((step[figure] for step in reversed(self.steps) if figure in step), missing)


def remember(
    db: sqlite3.Connection, journal: Journal, started_at: int, seconds: float, exit_code: int
) -> None:
    """Keep the run for `status`; old ones go."""
    with transaction(db):
        db.execute(
            "INSERT INTO run (steps, started_at, seconds, exit_code) VALUES (?, ?, ?, ?)",
            (json.dumps(journal.steps), started_at, round(seconds, 3), exit_code),
        )
        db.execute(
            "DELETE FROM run WHERE id <= (SELECT max(id) FROM run) - ?",
            (_KEPT_RUNS,),
        )


def last_runs(db: sqlite3.Connection, most: int) -> list[dict[str, Any]]:
    """Give the latest runs, newest first, as {started_at, seconds, exit_code, steps}."""
    rows = db.execute(
        "SELECT started_at, seconds, exit_code, steps FROM run ORDER BY id DESC LIMIT ?", (most,)
    ).fetchall()
    return [
        {"started_at": at, "seconds": took, "exit_code": code, "steps": json.loads(steps)}
        for at, took, code, steps in rows
    ]
