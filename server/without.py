"""What a search or a list would find without one of the things that were asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from server.browse import WITHIN_WORDS, Browse
from server.queries import search
from server.queries.typed import Typed
from server.snapshot import Snapshot

_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Without:
    """What is asked for but for one word or filter.

    left_out: that word or filter, as people say it. count: the packages that are found then, or
    more than that where `more` is true.
    """

    left_out: str
    asked: Browse
    count: int
    more: bool


def without(snapshot: Snapshot, shown: Browse, *, words_alone: bool, now: int) -> list[Without]:
    """Leave out one thing after the other; give what finds something then, the most first.

    All of it takes no longer than a search may: what is not known by then is not given.
    """
    ways = [*([] if words_alone else _filters(shown)), *_words(shown)]
    questions = [(asked.words, asked.filter(now)) for _, asked in ways]
    counted = search.count_each(snapshot.connection, questions)
    found = [
        Without(left_out, asked, one.count, one.more)
        for (left_out, asked), one in zip(ways, counted, strict=False)
        if one.count
    ]
    return sorted(found, key=lambda one: -one.count)


def _filters(shown: Browse) -> Iterator[tuple[str, Browse]]:
    if shown.type:
        yield f"only {shown.type}s", shown.but(type="")
    if shown.php:
        yield f"PHP {shown.php}", shown.but(php="")
    if shown.within:
        yield f"updated within {WITHIN_WORDS[shown.within]}", shown.but(within="")
    if shown.closed:
        yield "closed", shown.but(closed=False)
    if shown.installable:
        yield "only installable", shown.but(installable=False)


def _words(shown: Browse) -> Iterator[tuple[str, Browse]]:
    words = shown.words.split()[:_MOST_WORDS]
    terms = Typed.parse(shown.words).terms
    for at, word in enumerate(words):
        rest = " ".join((*words[:at], *words[at + 1 :]))
        if rest and Typed.parse(rest).terms != terms:  # else the word says nothing
            yield f"“{word}”", shown.but(words=rest)
