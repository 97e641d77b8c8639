"""How the site is: for a monitor, and for people who wonder."""

from dataclasses import dataclass
from datetime import datetime

from server.answer import HTML, MARKDOWN, Answer, Site, report, text
from server.head import Head
from server.machines.feeds import status_of
from server.pages import page_image
from server.snapshot import Snapshot

_WIDTH, _HEIGHT = 720, 160  # of a chart, in its own units
_GAP = 0.25  # of a bar's room
_FEWEST = 20  # bars there is room for: a few stay narrow


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a bar of a chart: a rectangle, which of the series it is, and what it says."""

    x: float
    y: float
    width: float
    height: float
    series: int
    label: str


def health(snapshot: Snapshot, now: datetime) -> Answer:
    """What a monitor wants to know: which release, how many seconds old, how many packages."""
    made = snapshot.made
    facts = {
        "status": "ok",
        "release": snapshot.release,
        "age_seconds": None if made is None else int((now - made).total_seconds()),
        "packages": sum(snapshot.listed.values()),
    }
    return report(200, facts)


def status(site: Site, *, view: str = "status") -> Answer:
    """The figures that deploy wrote into the release, and the last runs as a chart."""
    links = site.links
    told = status_of(site)
    runs = told.get("runs")
    head = Head(
        title="Status",
        description="Which release is served, how its cards are, and how long the last runs took.",
        url=links.absolute(links.to("status")),
        image=page_image(site, "status"),
        markdown=links.to("status.md"),
    )
    steps = _steps(runs if isinstance(runs, list) else [])
    body = site.render(
        view,
        head=head,
        told=told,
        release=site.snapshot.release,
        made=site.snapshot.moment,
        steps=steps,
        bars=_bars(runs if isinstance(runs, list) else [], steps),
        size=(_WIDTH, _HEIGHT),
    )
    return text(MARKDOWN if view.endswith(".md") else HTML, body)


def _steps(runs: list[dict[str, object]]) -> list[str]:
    """Name the steps of the runs, in the order in which they first come."""
    found: dict[str, None] = {}
    for run in runs:
        for step in _of(run):
            found[str(step["step"])] = None
    return list(found)


def _bars(runs: list[dict[str, object]], steps: list[str]) -> list[Bar]:
    """Stack the steps of each run, oldest run on the left; the longest run fills the height."""
    longest = max((_seconds(run) for run in runs), default=0.0)
    if not longest:
        return []
    room = _WIDTH / max(len(runs), _FEWEST)
    bars = []
    for number, run in enumerate(reversed(runs)):
        floor = float(_HEIGHT)
        for step in _of(run):
            height = float(step.get("seconds", 0)) / longest * _HEIGHT
            floor -= height
            said = f"{step['step']}: {float(step.get('seconds', 0)):.1f} s"
            x = number * room + room * _GAP / 2
            series = steps.index(str(step["step"]))
            bars.append(Bar(round(x, 1), round(floor, 1), round(room * (1 - _GAP), 1),
                            round(height, 1), series, said))  # fmt: skip
    return bars


def _seconds(run: dict[str, object]) -> float:
    return sum(float(step.get("seconds", 0)) for step in _of(run))


def _of(run: dict[str, object]) -> list[dict[str, float]]:
    steps = run.get("steps")
    return steps if isinstance(steps, list) else []
