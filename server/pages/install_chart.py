"""The chart of a package's installs: its bars and grid lines. views/chart.tpl draws it."""

from collections.abc import Mapping
from dataclasses import dataclass

from server import figures

WIDTH, HEIGHT = 480, 170
_LEFT, _TOP, _BOTTOM = 52, 8, 24  # room for the labels
_MOST_LINES = 4  # besides the one at 0
_GAP = 0.3  # of a bar's place


@dataclass(frozen=True, slots=True)
class Bar:
    """One month. label: 'Nov', under its middle. words: 'November 2026: 1,204'."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line across, and its figure."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class InstallChart:
    """All that is drawn, in units of its own viewBox."""

    bars: tuple[Bar, ...]
    lines: tuple[GridLine, ...]
    left: int = _LEFT
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def words(self) -> str:
        """The chart for those who do not see it."""
        return "; ".join(bar.words for bar in self.bars)


def draw(months: Mapping[int, int]) -> InstallChart:
    """Draw months, oldest first, each with its count: {202611: 120, …}."""
    marks = scale(max(months.values(), default=0))
    top, floor = marks[-1], HEIGHT - _BOTTOM

    def at(count: float) -> float:
        return round(floor - (floor - _TOP) * count / top, 1)

    place = (WIDTH - _LEFT) / max(1, len(months))
    bars = tuple(
        Bar(
            x=round(_LEFT + place * (number + _GAP / 2), 1),
            y=at(count),
            width=round(place * (1 - _GAP), 1),
            height=round(floor - at(count), 1),
            middle=round(_LEFT + place * (number + 0.5), 1),
            label=figures.month_name(month % 100)[:3],
            words=f"{figures.month_name(month % 100)} {month // 100}: {count:,}",
        )
        for number, (month, count) in enumerate(months.items())
    )
    return InstallChart(bars, tuple(GridLine(at(one), label(one)) for one in marks))


def scale(highest: int) -> list[int]:
    """Choose at most five round figures from 0 to `highest` or a little more, no two alike."""
    step = 1
    while -(-highest // step) > _MOST_LINES:
        # 1, 2, 5, 10, 20, 50, …
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return [step * number for number in range(max(1, -(-highest // step)) + 1)]


def label(figure: int) -> str:
    """Spell a round figure exactly and shortly: 900, 1,500, 20K, 1.5M."""
    if figure < 10_000:
        return f"{figure:,}"
    steps = ((10**9, "B"), (10**6, "M"), (10**3, "K"))
    unit, letter = next(step for step in steps if figure >= step[0])
    return f"{figure / unit:g}{letter}"
