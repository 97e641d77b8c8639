"""Figures and dates as pages print them."""

from datetime import UTC, datetime

_STEPS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K"))
# Not strftime: its names follow the locale of whoever started the server.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def short(count: int) -> str:
    """A lower bound in few characters, rounded down: 5000000 -> '5M+', 1999 -> '1.9K+'."""
    for step, letter in _STEPS:
        if count >= step:
            tenths = count * 10 // step
            whole, tenth = divmod(tenths, 10)
            return f"{whole}.{tenth}{letter}+" if tenth and whole < 100 else f"{whole}{letter}+"
    return f"{count}+" if count else "0"


def long(count: int) -> str:
    """A lower bound in full: 5000000 -> '5,000,000+'."""
    return f"{count:,}+" if count else "0"


def day(seconds: int) -> str:
    """Unix seconds -> '3 May 2026', in UTC."""
    when = datetime.fromtimestamp(seconds, UTC)
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def month(seconds: int) -> str:
    """Unix seconds -> 'May 2026', in UTC."""
    when = datetime.fromtimestamp(seconds, UTC)
    return f"{_MONTHS[when.month - 1]} {when.year}"


def iso_day(seconds: int) -> str:
    """Unix seconds -> '2026-05-03', in UTC, for machines."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
