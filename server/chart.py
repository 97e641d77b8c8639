"""The chart of a package's installs: where its bars and rules stand. views/chart.tpl draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from server import figures

MONTHS = 12
WIDTH, HEIGHT = 480, 170
_LEFT, _TOP, _BOTTOM = 52, 8, 24  # room for the labels
_MOST_RULES = 4
_GAP = 0.3  # of a bar's place


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: its bar, its label under it, and the same in words."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str  # 'Nov'
    words: str  # 'November 2026: 1,204'


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across, and its figure."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is drawn, in units of its own viewBox."""

    bars: tuple[Bar, ...]
    rules: tuple[Rule, ...]
    left: int = _LEFT
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def words(self) -> str:
        """The chart for those who do not see it."""
        return "; ".join(bar.words for bar in self.bars)


def chart(months: Sequence[tuple[int, int]]) -> Chart:
    """Draw months, oldest first, each with its count: [(202611, 120), …]."""
    rules = scale(max((count for _, count in months), default=0))
    top, floor = rules[-1], HEIGHT - _BOTTOM

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
        for number, (month, count) in enumerate(months)
    )
    return Chart(bars, tuple(Rule(at(one), label(one)) for one in rules))


def scale(highest: int) -> list[int]:
    """Choose at most five round figures from 0 to `highest` or a little more, no two alike."""
    step = 1
    while -(-highest // step) > _MOST_RULES:
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
