"""What a visitor asked the list for, from the query string of `/` and back into one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from server.queries.packages import Sieve

TYPES = ("plugin", "theme")
SORTS = ("installs", "updated", "name")
PHPS = ("7.4", "8.0", "8.1", "8.2", "8.3", "8.4")
WITHIN = {"month": 31, "year": 365, "2years": 730}  # days
PAGE_SIZE = 24
_LONGEST_QUERY = 8_000  # characters of a query string that are looked at
_LONGEST_WORDS = 200
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]+")


@dataclass(frozen=True, slots=True)
class Browse:
    """A list's state. Anything that makes no sense reads as if it had not been said."""

    words: str = ""
    type: str = ""  # '' for both
    sort: str = ""  # '' for the usual order: best match, or most installed without words
    php: str = ""  # one of PHPS: what runs on it
    within: str = ""  # one of WITHIN: what was updated so lately
    closed: bool = False  # the closed packages instead of the open ones
    page: int = 1

    @classmethod
    def parse(cls, query: str) -> "Browse":
        """Read a query string as it came over the wire; never fails."""
        pairs = parse_qsl(query[:_LONGEST_QUERY], encoding="utf-8", errors="replace")
        said = dict(reversed(pairs))  # said twice: the first counts
        words = " ".join(_CONTROLS.sub(" ", said.get("q", "")).split())[:_LONGEST_WORDS].strip()
        type_, sort, page = said.get("type", ""), said.get("sort", ""), said.get("page", "")
        php, within = said.get("php", ""), said.get("within", "")
        asked = cls(
            words=words,
            type=type_ if type_ in TYPES else "",
            sort=sort if sort in SORTS else "",
            php=php if php in PHPS else "",
            within=within if within in WITHIN else "",
            closed=said.get("closed", "") == "1",
            page=max(1, int(page)) if re.fullmatch(r"[0-9]{1,9}", page) else 1,
        )
        return asked._settled() if asked != cls() else asked

    @property
    def query(self) -> str:
        """The one query string that says this: fixed order, nothing that goes without saying."""
        said: Mapping[str, str] = {
            "q": self.words,
            "type": self.type,
            "php": self.php,
            "within": self.within,
            "closed": "1" if self.closed else "",
            "sort": self.sort,
            "page": str(self.page) if self.page > 1 else "",
        }
        return urlencode({key: value for key, value in said.items() if value})

    def sieve(self, now: int) -> Sieve:
        """What the list holds; now: Unix seconds from which "lately" counts back."""
        return Sieve(
            type=self.type,
            php=_number(self.php),
            since=now - WITHIN[self.within] * 86_400 if self.within else 0,
            closed=self.closed,
        )

    @property
    def offset(self) -> int:
        """How many entries come before this page."""
        return (self.page - 1) * PAGE_SIZE

    def but(self, **changes: str | bool) -> "Browse":
        """The same list but for some of its fields, from its first page."""
        return replace(self, page=1, **changes)._settled()  # type: ignore[arg-type]

    def _settled(self) -> "Browse":
        """Leave out an order that goes without saying; `/` alone is the front page, no list."""
        usual = "" if self.words else SORTS[0]
        unsaid = replace(self, sort="" if self.sort == usual else self.sort)
        return replace(self, sort=usual) if unsaid == Browse(page=self.page) else unsaid

    def at(self, page: int) -> "Browse":
        """Another page of the same list."""
        return replace(self, page=page)

    def within_count(self, count: int) -> "Browse":
        """This page, or the last there is when the list has only `count` entries."""
        last = max(1, -(-count // PAGE_SIZE))
        return self.at(min(self.page, last))


def _number(php: str) -> int:
    major, _, minor = php.partition(".")
    return int(major) * 100 + int(minor) if php else 0
