"""Figures and dates as pages print them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from release.closure import Closure

_STEPS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K"))
_MARKS = re.compile(r"[\\`*_{}\[\]<>()#+!|~&=-]|(?<=[0-9])\.(?= |$)")  # "1. " begins a list
_NO_LINK = re.compile(r"[\s\"<>\\^`{|}]")
# Not strftime: its names follow the locale of whoever started the server.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def short(count: int) -> str:
    """A lower bound in few characters, rounded down: 5_000_000 -> '5M+', 12_999 -> '12.9K+'."""
    if count < 10_000:
        return long(count)
    step, letter = next(pair for pair in _STEPS if count >= pair[0])
    whole, tenth = divmod(count * 10 // step, 10)
    return f"{whole}.{tenth}{letter}+" if tenth and whole < 100 else f"{whole}{letter}+"


def long(count: int) -> str:
    """A lower bound in full: 5_000_000 -> '5,000,000+'. Nothing under ten is counted: '<10'."""
    return f"{count:,}+" if count >= 10 else "<10"


def packages_counted(count: int) -> str:
    """1_204 -> '1,204 WordPress packages'."""
    return f"{count:,} WordPress {'package' if count == 1 else 'packages'}"


def listed(names: Sequence[str]) -> str:
    """['a', 'b', 'c'] -> 'a, b and c'."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def day(seconds: int) -> str:
    """Unix seconds -> '3 May 2026', in UTC."""
    when = datetime.fromtimestamp(seconds, UTC)
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def short_day(seconds: int) -> str:
    """Unix seconds -> '3 May 2026' with the month in three letters, in UTC."""
    when = datetime.fromtimestamp(seconds, UTC)
    return f"{when.day} {_MONTHS[when.month - 1][:3]} {when.year}"


def minute(seconds: int) -> str:
    """Unix seconds -> '3 May, 04:05', in UTC."""
    when = datetime.fromtimestamp(seconds, UTC)
    return f"{when.day} {_MONTHS[when.month - 1][:3]}, {when:%H:%M}"


def month(seconds: int) -> str:
    """Unix seconds -> 'May 2026', in UTC."""
    when = datetime.fromtimestamp(seconds, UTC)
    return f"{_MONTHS[when.month - 1]} {when.year}"


def short_month(seconds: int) -> str:
    """Unix seconds -> 'May 2026' with the month in three letters, in UTC."""
    when = datetime.fromtimestamp(seconds, UTC)
    return f"{_MONTHS[when.month - 1][:3]} {when.year}"


def month_name(number: int) -> str:
    """1 -> 'January'."""
    return _MONTHS[number - 1]


def iso_day(seconds: int) -> str:
    """Unix seconds -> '2026-05-03', in UTC, for machines."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def iso(seconds: int) -> str:
    """Unix seconds -> '2026-05-03T04:05:06Z', for machines."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def span(seconds: float) -> str:
    """A length of time in one unit, rounded down: 7_300 -> '2 hours'; under a second '0.25 s'."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    for step, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= step:
            count = int(seconds // step)
            return f"{count:,} {unit}{'' if count == 1 else 's'}"
    raise AssertionError(seconds)


def closed(closure: Closure, when: int | None) -> str:
    """A closure in words: 'Closed for good on 3 May 2026: Security Issue'. when: Unix seconds."""
    kind = "Closed for good" if closure.permanent else "Closed"
    date = f" on {day(when)}" if when is not None else ""
    return f"{kind}{date}{': ' if closure.why else ''}{closure.why}"


def markdown(text: str) -> str:
    """Words as Markdown prints them: one line, and no mark of theirs obeyed."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def markdown_link(url: str) -> str:
    """An address as Markdown prints it, a link that it cannot end."""
    return f"<{_NO_LINK.sub(lambda one: quote(one[0]), url)}>"
