"""The chart of the last runs: a bar a run, a segment a step. views/status.tpl draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

WIDTH, HEIGHT = 720, 160  # in units of the chart's own viewBox
_GAP = 0.25  # of a bar's room
_FEWEST = 20  # bars there is room for: a few stay narrow


class Step(TypedDict):
    """A step of a run, as deploy tells it."""

    step: str
    seconds: float


class Run(TypedDict):
    """A run, as deploy tells it. started_at: Unix seconds.

    Of the run that made the release, seconds is None, and exit_code is that of the steps before its
    deploy. (Older releases have None there.)
    """

    started_at: int
    seconds: float | None
    exit_code: int | None
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Segment:
    """A step of a run: a rectangle, the number of its step, and what it says."""

    x: float
    y: float
    width: float
    height: float
    step: int
    label: str


@dataclass(frozen=True, slots=True)
class RunChart:
    """The segments, oldest run on the left, and the steps in the order in which they first come."""

    steps: tuple[str, ...]
    segments: tuple[Segment, ...]
    width: int = WIDTH
    height: int = HEIGHT


def draw(runs: Sequence[Run]) -> RunChart:
    """Stack the steps of each run, the newest run first; the longest fills the height."""
    steps = tuple(dict.fromkeys(step["step"] for run in runs for step in run["steps"]))
    longest = max((sum(step["seconds"] for step in run["steps"]) for run in runs), default=0.0)
    if not longest:
        return RunChart(steps, ())
    room = WIDTH / max(len(runs), _FEWEST)
    segments = []
    for number, run in enumerate(reversed(runs)):
        floor = float(HEIGHT)
        for step in run["steps"]:
            height = step["seconds"] / longest * HEIGHT
            floor -= height
            segments.append(
                Segment(
                    x=round(number * room + room * _GAP / 2, 1),
                    y=round(floor, 1),
                    width=round(room * (1 - _GAP), 1),
                    height=round(height, 1),
                    step=steps.index(step["step"]),
                    label=f"{step['step']}: {step['seconds']:.1f} s",
                )
            )
    return RunChart(steps, tuple(segments))
