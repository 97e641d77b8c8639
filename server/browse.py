"""What a visitor asked the list for, from the query string of `/` and back into one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

TYPES = ("plugin", "theme")
SORTS = ("installs", "updated", "name")
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
    page: int = 1

    @classmethod
    def parse(cls, query: str) -> "Browse":
        """Read a query string as it came over the wire; never fails."""
        pairs = parse_qsl(query[:_LONGEST_QUERY], encoding="utf-8", errors="replace")
        said = dict(reversed(pairs))  # said twice: the first counts
        words = " ".join(_CONTROLS.sub(" ", said.get("q", "")).split())[:_LONGEST_WORDS].strip()
        type_, sort, page = said.get("type", ""), said.get("sort", ""), said.get("page", "")
        usual = "" if words else SORTS[0]
        return cls(
            words=words,
            type=type_ if type_ in TYPES else "",
            sort=sort if sort in SORTS and sort != usual else "",
            page=max(1, int(page)) if re.fullmatch(r"[0-9]{1,9}", page) else 1,
        )

    @property
    def query(self) -> str:
        """The one query string that says this: fixed order, nothing that goes without saying."""
        said: Mapping[str, str] = {
            "q": self.words,
            "type": self.type,
            "sort": self.sort,
            "page": str(self.page) if self.page > 1 else "",
        }
        return urlencode({key: value for key, value in said.items() if value})

    @property
    def offset(self) -> int:
        """How many entries come before this page."""
        return (self.page - 1) * PAGE_SIZE

    def of_type(self, type_: str) -> "Browse":
        """The same list for another type, from its first page."""
        return replace(self, type=type_, page=1)

    def sorted_by(self, sort: str) -> "Browse":
        """The same list in another order, from its first page."""
        usual = "" if self.words else SORTS[0]
        return replace(self, sort="" if sort == usual else sort, page=1)

    def at(self, page: int) -> "Browse":
        """Another page of the same list."""
        return replace(self, page=page)

    def within(self, count: int) -> "Browse":
        """This page, or the last there is when the list has only `count` entries."""
        last = max(1, -(-count // PAGE_SIZE))
        return self.at(min(self.page, last))
