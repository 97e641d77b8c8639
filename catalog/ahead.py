"""Calls made ahead of the one that is waited for: whoever makes them always has something to do."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

_Call = TypeVar("_Call")


def ahead(calls: Iterator[_Call], count: int) -> Iterator[_Call]:
    """Yield calls in order. Each is submitted as it is taken: so many before one yielded ends."""
    taken = deque(islice(calls, count))
    while taken:
        first = taken.popleft()
        taken.extend(islice(calls, 1))
        yield first
