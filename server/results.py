"""The packages that a list shows, found by words or only filtered."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.browse import PAGE_SIZE, Browse, last_page
from server.queries import lists, search
from server.queries.lists import Entry, Filter
from server.queries.search import Found
from server.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Results:
    """One page of a list. shown: what was asked for, its page no further than there is one."""

    shown: Browse
    found: Found
    entries: list[Entry]

    @property
    def count(self) -> int:
        """How many packages the whole list has."""
        return total(self.found.counts, self.shown.type)

    @property
    def last(self) -> int:
        """The number of its last page."""
        return last_page(self.count)


def results(snapshot: Snapshot, asked: Browse) -> Results:
    """Look for what was asked for."""
    asked = asked.in_known_order(counted=snapshot.installs_until > 0)
    wanted = asked.filter(snapshot.data_of)
    found = find(snapshot, asked.words, wanted)
    shown = asked.within_count(total(found.counts, asked.type))
    entries = page(snapshot, found, wanted, shown.order, PAGE_SIZE, shown.offset)
    return Results(shown, found, entries)


def find(snapshot: Snapshot, words: str, wanted: Filter) -> Found:
    """Count what words find or, without words, what passes a filter."""
    if words:
        return search.find(snapshot.connection, words, wanted)
    if wanted.is_bare:
        return Found(None, snapshot.listed)
    return Found(None, lists.count(snapshot.connection, wanted))


def page(
    snapshot: Snapshot, found: Found, wanted: Filter, sort: str, limit: int, offset: int
) -> list[Entry]:
    """Give a page of what was found. sort: '' puts the best match first."""
    if found.match is not None:
        return search.page(snapshot.connection, found.match, sort, limit, offset)
    if sort and found.counts:
        return lists.page(snapshot.connection, wanted, sort, limit, offset)
    return []


def total(counts: Mapping[str, int], type: str) -> int:
    """Add up counts by type: those of one, or of both for ''."""
    return counts.get(type, 0) if type else sum(counts.values())
