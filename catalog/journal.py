"""What a run did, step by step: shown at its end, remembered if it changed something or failed."""

import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from catalog.database import transaction

_KEPT_RUNS = 500
_NAMED = 20


def _go_on(_boundary: str) -> None:
    pass


@dataclass(slots=True)
class Step:
    """One step of a run. A figure that the step has nothing to say of is None.

    seconds and exit are those of a step that has ended.
    """

    step: str
    seconds: float | None = None
    exit: int | None = None
    # fetch
    asked: int | None = None
    requests: int | None = None
    unanswered: int | None = None
    # fetch-pictures
    prepared: int | None = None
    # fetch-zips: kept; not kept, for what they are; served with other contents; left for later runs
    kept_zips: int | None = None
    refused_zips: int | None = None
    differing_zips: int | None = None
    waiting_zips: int | None = None
    # build: packages whose facts changed, refused lines
    changes: int | None = None
    rejected: int | None = None
    # count
    installs: int | None = None
    refused: int | None = None
    # render-new, regenerate: cards
    drawn: int | None = None
    kept: int | None = None
    failed: int | None = None
    # deploy, rollback, prune
    mended: str | None = None
    packages: int | None = None
    touched: int | None = None
    release: str | None = None
    rolled_back_from: str | None = None
    pruned: int | None = None
    # push, bucket
    pushed: int | None = None
    hosts_failed: int | None = None
    sent: int | None = None
    deleted: int | None = None
    # The first of what the step complained of.
    reason: str | None = None

    def told(self) -> dict[str, int | float | str]:
        """Give what there is to tell, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def changed(self) -> bool:
        """Whether the step changed anything that is published, or is to be."""
        figures = (self.changes, self.prepared, self.drawn, self.pruned, self.pushed, self.sent)
        return any((*figures, self.kept_zips, self.differing_zips)) or bool(self.release)

    @classmethod
    def read(cls, told: dict[str, Any]) -> Self:
        """Read what `told` gave, perhaps of an older or newer version."""
        names = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in told.items() if name in names})


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that has ended, as remembered; it began at `started_at`, in Unix seconds."""

    started_at: int
    seconds: float
    exit_code: int
    steps: list[Step]


@dataclass(slots=True)
class Journal:
    """The steps of the run under way.

    `reached` is called at every named boundary between two durable acts, for example
    'deploy: release finished'; a test stops the process there.
    """

    reached: Callable[[str], None] = _go_on
    steps: list[Step] = field(default_factory=list)

    def begin(self, step: str) -> None:
        """Open a step; the figures noted from now on are its own."""
        self.steps.append(Step(step))

    def note(self, **figures: int | float | str) -> None:
        """Add figures, named as the fields of Step, to the open step."""
        if not self.steps:
            self.begin("")
        for name, value in figures.items():
            setattr(self.steps[-1], name, value)

    def complain(self, *sentences: str) -> None:
        """Say on standard error what is wrong, a line each; the first is the step's reason."""
        if not self.steps:
            self.begin("")
        step = self.steps[-1]
        if sentences and step.reason is None:
            step.reason = sentences[0].removeprefix(f"{step.step}: ")
        for sentence in sentences:
            print(sentence, file=sys.stderr)

    @property
    def changed(self) -> bool:
        """Whether any step changed anything."""
        return any(step.changed for step in self.steps)


def capped(sentences: Sequence[str], rest: str) -> list[str]:
    """Keep the first twenty of a list of complaints; `rest` says how many there were besides."""
    named = list(sentences[:_NAMED])
    return [*named, rest.format(len(sentences) - _NAMED)] if len(sentences) > _NAMED else named


def remember(
    db: sqlite3.Connection, journal: Journal, started_at: int, seconds: float, exit_code: int
) -> None:
    """Keep the run for `status`; old ones go."""
    steps = json.dumps([step.told() for step in journal.steps])
    with transaction(db):
        db.execute(
            "INSERT INTO run (steps, started_at, seconds, exit_code) VALUES (?, ?, ?, ?)",
            (steps, started_at, round(seconds, 3), exit_code),
        )
        db.execute(
            "DELETE FROM run WHERE id <= (SELECT max(id) FROM run) - ?",
            (_KEPT_RUNS,),
        )


def last_runs(db: sqlite3.Connection, most: int) -> list[Ended]:
    """Give the latest runs, newest first."""
    rows = db.execute(
        "SELECT started_at, seconds, exit_code, steps FROM run ORDER BY id DESC LIMIT ?", (most,)
    ).fetchall()
    return [
        Ended(at, took, code, [Step.read(one) for one in json.loads(steps)])
        for at, took, code, steps in rows
    ]
