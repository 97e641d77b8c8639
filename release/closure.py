"""Why a package was closed, as its directory tells it."""

import json
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Closure:
    """A closure as wordpress.org words it; each part is '' when it is not told.

    date: the day, YYYY-MM-DD. reason: a code such as 'security-issue'; words: the same for people.
    permanent: the package does not come back.
    """

    date: str
    reason: str
    words: str
    permanent: bool

    @property
    def why(self) -> str:
        """The reason in words, or its code where there are none."""
        return self.words or self.reason.replace("-", " ")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `text` wrote."""
        date, reason, words, permanent = json.loads(text)
        return cls(date or "", reason or "", words or "", bool(permanent))

    @property
    def text(self) -> str:
        """The closure as JSON, as catalog.db and site.db keep it."""
        parts = [self.date, self.reason, self.words, self.permanent]
        return json.dumps(parts, ensure_ascii=False)
