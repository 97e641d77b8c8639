"""A fault: what is wrong, where, and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in two half sentences; `safe`: mend() mends it, and nothing can be lost by that."""

    what: str  # with the path or the name of the thing
    how: str
    safe: bool = False

    def __str__(self) -> str:
        """Say it in one line."""
        how = f"`make doctor MEND=1` {self.how}" if self.safe else self.how
        return f"{self.what}: {how}".replace("\n", " ")


class Examination(Protocol):
    """One thing looked at."""

    name: str

    def look(self) -> Iterator[Finding]:
        """Tell the faults, and note what of them is safe to mend."""
        ...

    def mend(self) -> None:
        """Mend what the last look noted; the lock is held."""
        ...
