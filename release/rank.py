"""The number that a package stands under in the search: open before closed, most installed first.

An index in this order answers with the most installed first, and can stop early. A package moves
only when its installs grow or shrink by about a twelfth, when it is closed or opened.
"""

import math
from collections.abc import Iterable

IDS = (1 << 40) - 1  # a rank's bits that are the package's id
_ID_BITS = 40
_TYPE_BIT = 1 << 60
_WHATEVER_TYPE = _TYPE_BIT - 1
_CLOSED_BIT = 1 << 61
_STEPS = 30  # of installs, to a factor of ten
_LEAST = 255


def rank(id: int, type: str, closed: bool, installs: int | None) -> int:
    """Give a package's rank, unique as its id is; the smaller, the more installed."""
    step = _LEAST - min(_LEAST, int(_STEPS * math.log10(1 + max(0, installs or 0))))
    return closed * _CLOSED_BIT | (type == "theme") * _TYPE_BIT | step << _ID_BITS | id


def span(type: str, closed: bool) -> tuple[int, int]:
    """Give the first and the last rank that packages of a type, open or closed, can have."""
    first = rank(0, type, closed, None) & (_CLOSED_BIT | _TYPE_BIT)
    return first, first + _TYPE_BIT - 1


def packages(ranks: Iterable[int]) -> list[int]:
    """Give the ids of the packages under some ranks."""
    return [rank & IDS for rank in ranks]


def type_of(rank: int) -> str:
    """Give the type of the package under a rank."""
    return "theme" if rank & _TYPE_BIT else "plugin"


def by_installs(ranks: Iterable[int]) -> list[int]:
    """Order ranks of whatever type: the most installed first, then by id."""
    return sorted(ranks, key=_WHATEVER_TYPE.__and__)
