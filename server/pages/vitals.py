"""The vital signs of a package: its last release, how often there is one, who installs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server import figures
from server.queries.installs import InstallCounts
from server.queries.packages import Package, Version

_DAY = 86_400
_YEAR = 365 * _DAY
WIDTH, HEIGHT = 120, 22  # of the small drawings
_TALLEST = 20
_THICK = 8  # a bar, as views/package.tpl draws it


@dataclass(frozen=True, slots=True)
class Releases:
    """The releases of the year before the data ends. ticks: an SVG path, one line for each."""

    count: int
    ticks: str

    @property
    def often(self) -> str:
        """How often there was one, in words."""
        if self.count < 2:
            return "in the year before the data ends"
        return f"about every {figures.span(_YEAR / self.count)}"


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is known; None for what is not.

    age: how long before the end of the data the last release was, in words. bars: an SVG path, one
    bar for each of twelve months; months: the same in words.
    """

    age: str
    releases: Releases | None
    installs: InstallCounts | None
    bars: str
    months: str


def vitals(
    found: Package, versions: Sequence[Version], counted: InstallCounts | None, data_of: int
) -> Vitals:
    """Take the vital signs. versions: newest first. data_of: Unix seconds of the newest fact."""
    return Vitals(
        age="" if found.updated is None else age(data_of - found.updated),
        releases=yearly(versions, data_of),
        installs=counted,
        bars=bars(counted.year) if counted else "",
        months=_words(counted.year) if counted else "",
    )


def age(seconds: int) -> str:
    """Say how long before the end of the data something was."""
    if seconds < _DAY:
        return "the day the data ends"
    years, days = seconds // _YEAR, seconds // _DAY
    months = days // 30
    count, unit = (years, "year") if years else (months, "month") if months else (days, "day")
    return f"{count} {unit}{'' if count == 1 else 's'} before the data ends"


def yearly(versions: Sequence[Version], data_of: int) -> Releases | None:
    """Count the releases of a year; None where one may have been in it and nobody knows."""
    since = data_of - _YEAR
    for one in versions:
        if one.released is None:
            return None
        if one.released < since:
            break
    else:
        if not versions:
            return None
    dates = [one.released for one in versions if one.released is not None and one.released >= since]
    places = sorted(max(0, min(_YEAR, at - since)) * (WIDTH - 2) / _YEAR + 1 for at in dates)
    return Releases(len(dates), "".join(f"M{place:.3g} 5v16" for place in places))


def bars(months: Mapping[int, int]) -> str:
    """Draw months, oldest first, {202611: 120, …}, as an SVG path; one without any has no bar."""
    most, step = max(months.values()) or 1, WIDTH / len(months)
    return "".join(
        f"M{step * number + _THICK / 2:g} {HEIGHT}v-{max(0.1, _TALLEST * count / most):.3g}"
        for number, count in enumerate(months.values())
        if count
    )


def _words(months: Mapping[int, int]) -> str:
    return "; ".join(
        f"{figures.month_name(month % 100)} {month // 100}: {count:,}"
        for month, count in months.items()
    )
