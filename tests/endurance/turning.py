"""A catalogue that turns: with every turn some packages change, one goes, one comes.

What is told of a package says of which turn it is, in its name, description and version, so that
whatever shows a package shows of which feed it knows.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conftest import record

LISTED, NUMBERS = 24, 36  # listed at once, of so many that come and go and come again
PULSE = 0  # the number of the package that is always listed, and changes with every turn
_EVERY = 3  # turns from one change of a package to its next
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_NAME = re.compile(rb"P(\d+) in turn (\d+)")
_DESCRIPTION = re.compile(rb"What p(\d+) did in turn (\d+)")
_VERSION = re.compile(rb"\b(\d+)\.(\d+)\.77\b")

Mention = tuple[int, int]  # a package's number, and the turn it is shown as of


def label(number: int) -> str:
    """Name a package as the site does: 'plugin/p3'."""
    return f"{'theme' if number % 4 == 3 else 'plugin'}/p{number}"


def listed(turn: int) -> list[int]:
    """Give the packages of a turn's feed."""
    others = NUMBERS - 1
    return [PULSE, *(1 + (turn + one) % others for one in range(LISTED - 1))]


def changed(number: int, turn: int) -> int:
    """Tell the turn in which a package of a turn's feed last changed."""
    return turn if number == PULSE else turn - (turn + number) % _EVERY


def known(turn: int) -> dict[int, int]:
    """Tell of each package that was ever listed up to a turn how it was known last."""
    return {number: changed(number, one) for one in range(turn + 1) for number in listed(one)}


def feed(turn: int) -> Iterator[dict[str, Any]]:
    """Yield the records of a turn."""
    for number in listed(turn):
        type, slug = label(number).split("/")
        at = changed(number, turn)
        # Of the first feeds, some were last changed before there was a first.
        version, moment = f"{at + _EVERY}.{number}.77", _BEGINNING + timedelta(minutes=at)
        zip_url = f"https://downloads.wordpress.org/{type}/{slug}.{version}.zip"
        yield record(
            slug,
            type=type,
            name=f"P{number} in turn {at + _EVERY}",
            short_description=f"What p{number} did in turn {at + _EVERY}.",
            version=version,
            author=f"Author {number % 5}",
            active_installs=1000 * (1 + at + number),
            last_updated=f"{moment:%Y-%m-%d %I:%M}{moment:%p}".lower() + " GMT",
            tags={"turning": "Turning"},
            versions={version: zip_url},
            download_link=zip_url,
        )


def mentions(body: bytes) -> list[Mention]:
    """Find whatever a body says of packages."""
    named = [*_NAME.findall(body), *_DESCRIPTION.findall(body)]
    named += [(number, turn) for turn, number in _VERSION.findall(body)]
    return [(int(number), int(turn) - _EVERY) for number, turn in named]
