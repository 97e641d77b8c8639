"""What a program asked /api/packages for: what the list of the pages reads, and how much at once.

Of what only programs ask, a value that makes no sense is refused with a sentence: a program that
goes through the whole list must not be given another one than it meant.
"""

import base64
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from msgspec import Meta

from server.browse import PAGE_SIZE, SORTS, Browse, Type, read
from server.queries.lists import Filter
from server.queries.positions import Position

MOST_PER_PAGE = 1_000
_SECONDS = re.compile(r"[0-9]{9,11}")
# A date, or a date-time, of RFC 3339; a plus sign that nobody escaped comes as a blank.
_TIME = r"[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,20})?(?:[Zz]|[+ -][0-9]{2}:[0-9]{2})"
_MOMENT = re.compile(f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:{_TIME})?")
_Count = Annotated[int, Meta(ge=0, lt=1 << 53)]
_Figure = _Count | None
# What a cursor holds, by the order of its list: the order, the value, the type, the slug.
_CURSORS: Mapping[str, Any] = MappingProxyType(
    {
        "installs": tuple[Literal["installs"], _Figure, Type, str],
        "updated": tuple[Literal["updated"], _Figure, Type, str],
        "name": tuple[Literal["name"], str, Type, str],
        "composer": tuple[Literal["composer"], _Count, Type, str],
    }
)


class Unanswerable(ValueError):
    """A question that makes no sense; the message is a sentence for whoever asked.

    status: of the answer; 404 for a place in the list that there is not.
    """

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list as a program asks for it.

    browse: what the pages' list reads as well. size: packages at once. since: Unix seconds of
    their last update, None for any; said: that as it was written. after: where to go on; None for
    a page by its number.
    """

    browse: Browse
    size: int
    since: int | None
    said: str
    after: Position | None

    @classmethod
    def parse(cls, query: str) -> "ListQuery":
        """Read a query string as it came over the wire. Raises Unanswerable."""
        said, browse = read(query), Browse.parse(query)
        written, cursor = said.get("updated_since", ""), said.get("cursor", "")
        return cls(
            browse=browse,
            size=_size(said.get("per_page", "")),
            since=_moment(written) if written else None,
            said=written,
            after=_position(cursor, browse, said) if cursor else None,
        )

    @property
    def sort(self) -> str:
        """The order: '' puts the best match first."""
        return self.browse.order

    def filter(self, now: int) -> Filter:
        """What the list holds. now: Unix seconds from which "lately" counts back."""
        wanted = self.browse.filter(now)
        return replace(wanted, since=max(wanted.since, self.since or 0))

    def at(self, page: int) -> str:
        """The query string of another page of the same list."""
        return self._with({"page": str(page)} if page > 1 else {})

    def behind(self, position: Position) -> str:
        """The query string of what follows a position in the same list."""
        parts = (self.sort, position.value, position.type, position.slug)
        packed = base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")
        return self._with({"cursor": packed})

    def _with(self, where: Mapping[str, str]) -> str:
        more = {
            "per_page": str(self.size) if self.size != PAGE_SIZE else "",
            "updated_since": self.said,
            **where,
        }
        said = urlencode({name: value for name, value in more.items() if value})
        return "&".join(filter(None, (self.browse.at(1).query, said)))


def _size(text: str) -> int:
    if not text:
        return PAGE_SIZE
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST_PER_PAGE:
        raise Unanswerable(f"per_page is a whole number from 1 to {MOST_PER_PAGE}.")
    return int(text)


def _moment(text: str) -> int:
    """Read a day, which begins in UTC, a moment, or Unix seconds."""
    if _SECONDS.fullmatch(text):
        return int(text)
    try:
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text.replace(" ", "+").upper())
            return math.ceil(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
    except (ValueError, OverflowError):
        pass  # a day that no calendar has
    raise Unanswerable(
        "updated_since is a day like 2026-11-01, a moment like 2026-11-01T00:00:00Z, or Unix "
        "seconds like 1793491200."
    )


def _position(cursor: str, browse: Browse, said: Mapping[str, str]) -> Position:
    """Read what `behind` wrote."""
    if browse.words or said.get("page"):
        raise Unanswerable(
            "A cursor goes with neither q nor page: a search is asked for by page.", 404
        )
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        _, value, type, slug = msgspec.json.decode(packed, type=_CURSORS[browse.sort or SORTS[0]])
    except ValueError:
        raise Unanswerable(
            "This is no cursor of a list in this order: take the address that is given as next.",
            404,
        ) from None
    return Position(value, slug, type)
