"""What a visitor asked a list for, read from a query string and written back into one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import parse_qsl, urlencode

from release.words import php_number
from server.queries.lists import Filter

Type = Literal["plugin", "theme"]
Sort = Literal["installs", "updated", "name", "composer"]
Php = Literal["7.4", "8.0", "8.1", "8.2", "8.3", "8.4"]
Within = Literal["month", "year", "2years"]
TYPES: tuple[str, ...] = get_args(Type)
SORTS: tuple[str, ...] = get_args(Sort)
BY_COMPOSER = "composer"
PHPS: tuple[str, ...] = get_args(Php)
WITHIN = {"month": 31, "year": 365, "2years": 730}  # days
WITHIN_WORDS = {"month": "a month", "year": "a year", "2years": "two years"}
PAGE_SIZE = 24
LONGEST_WORDS = 200
_LONGEST_QUERY = 8_000  # characters of a query string that are looked at
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]+")


def read(query: str) -> dict[str, str]:
    """Read a query string as it came over the wire; said twice, the first counts. Never fails."""
    pairs = parse_qsl(query[:_LONGEST_QUERY], encoding="utf-8", errors="replace")
    return dict(reversed(pairs))


def cleaned(words: str) -> str:
    """Bring what was typed into one line, of a bounded length, without what nobody can see."""
    return " ".join(_CONTROLS.sub(" ", words).split())[:LONGEST_WORDS].strip()


@dataclass(frozen=True, slots=True)
class Browse:
    """A list's state. Anything that makes no sense reads as if it had not been said.

    type: '' for both. sort: '' for the usual order, the best match or, without words, the most
    installed; 'composer' goes by the installs that were counted here. php: one of PHPS, what runs
    on it. within: one of WITHIN, what was updated so lately. closed: the closed packages instead
    of the open ones. installable: what Composer can have.
    """

    words: str = ""
    type: str = ""
    sort: str = ""
    php: str = ""
    within: str = ""
    closed: bool = False
    installable: bool = False
    page: int = 1

    @classmethod
    def parse(cls, query: str) -> "Browse":
        """Read a query string as it came over the wire; never fails."""
        said = read(query)
        page = said.get("page", "")
        asked = cls(
            words=cleaned(said.get("q", "")),
            type=_one_of(TYPES, said.get("type")),
            sort=_one_of(SORTS, said.get("sort")),
            php=_one_of(PHPS, said.get("php")),
            within=_one_of(WITHIN, said.get("within")),
            closed=said.get("closed", "") == "1",
            installable=said.get("installable", "") == "1",
            page=max(1, int(page)) if re.fullmatch(r"[0-9]{1,9}", page) else 1,
        )
        return asked._settled() if asked != cls() else asked

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """What is asked for besides words, order and page: names and values, in a fixed order."""
        said = {
            "type": self.type,
            "php": self.php,
            "within": self.within,
            "closed": "1" if self.closed else "",
            "installable": "1" if self.installable else "",
        }
        return tuple((name, value) for name, value in said.items() if value)

    @property
    def query(self) -> str:
        """The one query string that says this: fixed order, nothing that goes without saying."""
        page = str(self.page) if self.page > 1 else ""
        said = (("q", self.words), *self.filters, ("sort", self.sort), ("page", page))
        return urlencode([(name, value) for name, value in said if value])

    def filter(self, now: int) -> Filter:
        """What the list holds. now: Unix seconds from which "lately" counts back."""
        return Filter(
            type=self.type,
            php=php_number(self.php),
            since=now - WITHIN[self.within] * 86_400 if self.within else 0,
            closed=self.closed,
            offered=self.installable,
        )

    @property
    def order(self) -> str:
        """The order that the list is in: '' puts the best match first."""
        return self.sort if self.words else self.sort or SORTS[0]

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

    def in_known_order(self, counted: bool) -> "Browse":
        """The same, in the usual order where it asks for that of installs and none were counted."""
        return self if counted or self.sort != BY_COMPOSER else self.but(sort="").at(self.page)

    def at(self, page: int) -> "Browse":
        """Another page of the same list."""
        return replace(self, page=page)

    def within_count(self, count: int) -> "Browse":
        """This page, or the last there is when the list has only `count` entries."""
        return self.at(min(self.page, last_page(count)))


def last_page(count: int, size: int = PAGE_SIZE) -> int:
    """Tell how many pages a list of `count` entries has; an empty one has one page."""
    return max(1, -(-count // size))


def _one_of(known: "tuple[str, ...] | Mapping[str, int]", said: str | None) -> str:
    return said if said is not None and said in known else ""
