"""Why a package was closed, as its directory tells it."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Closure:
    """Why a package was closed; each part '' when it is not told."""

    date: str
    reason: str
    words: str
    permanent: bool

    @property
    def why(self) -> str:
        """The reason in words, or its code where there are none."""
        return self.words or self.reason.replace("-", " ")

    @classmethod
    def parse(cls, told: str) -> "Closure":
        """Read the release's JSON."""
        date, reason, words, permanent = json.loads(told)
        return cls(date or "", reason or "", words or "", bool(permanent))
