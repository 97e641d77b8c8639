"""Figures as they are printed: honest (rounded down), short, and steady from day to day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

_PLAIN = re.compile(r"(?<![\w.])[A-Z][a-z]+(?![\w.])")

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def floor_step(count: int) -> tuple[int, int]:
    """Return the round figure at or under `count` and the distance to the next one.

    Two significant digits from a hundred on; tens below; and 1 and 5 below ten.
    """
    if count < 10:
        floor = 5 if count >= 5 else min(count, 1)
        return floor, {0: 1, 1: 4, 5: 5}[floor]
    step = 10 if count < 1000 else 10 ** (len(str(count)) - 2)
    return count // step * step, step


def spelled(figure: int) -> str:
    """Spell a round figure: 900, 1,200, 12K, 1.2M, 10M, 1B (never 1000K)."""
    if figure < 10_000:
        return f"{figure:,}"
    for unit, suffix in ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K")):
        if figure >= unit:
            return f"{figure / unit:.1f}".removesuffix(".0") + suffix
    raise AssertionError(figure)


def at_least(count: int, shown: str = "", *, rounded_at_source: bool = False) -> str:
    """Return `count` as a lower bound, '5M+'; '' for none at all.

    `shown` is the label last printed. A label falls as soon as it would be untrue, but rises only
    when the count is a quarter of a step past the border: a count that hovers there is not redrawn
    daily, and what is printed stays true. A figure that the source has rounded itself
    (`rounded_at_source`, and it is round) does not hover by ones, so it is printed at once.
    """
    if count <= 0:
        return ""
    floor, step = floor_step(count)
    label = spelled(floor) + "+"
    if shown and shown != label and not (rounded_at_source and count == floor):
        below, _ = floor_step(floor - 1)
        if shown == spelled(below) + "+" and count < floor + step / 4:
            return shown
    return label


def active_installs(count: int | None, shown: str = "") -> str:
    """Return the active installs as printed; under ten the directory does not count."""
    if count is None or count < 0:
        return ""
    if count < 10:
        return "<10"
    return at_least(count, shown, rounded_at_source=True)


def vulnerable_note(cves: Sequence[str], *, short: bool = False) -> str:
    """Return 'Vulnerable: CVE-2026-1234', of advisories by their CVE ids ('' for one without).

    Of several it tells how many; `short`, where there is little room, that there are any.
    """
    if not cves:
        return ""
    which = f"{len(cves)} advisories" if len(cves) > 1 else cves[0]
    return f"Vulnerable: {which}" if which and not short else "Vulnerable"


def closed_note(day: str, reason: str) -> str:
    """Return 'Closed 12 May 2026 · security issue', with what is known of `day` and `reason`.

    `day` begins with an ISO date, '2026-05-12'; a day that is none is left out.
    """
    try:
        when = date.fromisoformat(day[:10])
    except ValueError:
        first = "Closed"
    else:
        first = f"Closed {when.day} {_MONTHS[when.month - 1]} {when.year}"
    # A reason is a heading at its source; what is no plain word keeps its capitals.
    reason = _PLAIN.sub(lambda word: word[0].lower(), reason.strip(" ."))
    return f"{first} · {reason}" if reason else first
