"""Why a package was closed, as its directory tells it."""

import json
from dataclasses import dataclass
from typing import Self

# The codes of the plugin directory, as it words them itself.
_REASONS = {
    "security-issue": "Security Issue",
    "author-request": "Author Request",
    "guideline-violation": "Guideline Violation",
    "licensing-trademark-violation": "Licensing/Trademark Violation",
    "merged-into-core": "Merged into Core",
    "unused": "Unused",
}


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
        """The reason in words, without a full stop; '' when none is told.

        Where the directory gave a code alone, that may stand in both fields.
        """
        if self.words and self.words != self.reason:
            return self.words.rstrip(". ")
        return _REASONS.get(self.reason) or self.reason.replace("-", " ").strip().capitalize()

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
