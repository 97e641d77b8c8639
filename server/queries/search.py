"""Finding packages: what was typed, turned into a few bounded questions to SQLite.

No question looks at everything that matches: the index gives the most installed first, the best of
those are weighed here, and a count ends at MOST_COUNTED.
"""

import heapq
import sqlite3
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from release import terms
from release.rank import IDS, by_installs, packages, span, type_of
from server.queries import lists, typos
from server.queries.lists import ENTRY, ORDERS, Entry, Filter
from server.queries.relevance import MOST, Candidate, score, worth
from server.queries.typed import Typed

MOST_COUNTED = 1_000  # packages of a type
_MOST_LOOSE = 50  # of those that have only some of the words
SECONDS = 0.025  # of processor time: the dearest known search of 75,000 packages takes less
_STEPS = 20_000  # of SQLite's machine, some milliseconds, between two looks at the time
_SIFTED = 10  # matches that are looked at, in the mean, for one to pass; MOST_COUNTED in all
_BY_NAME, _BY_KEY = 60, 20  # of each type that may be weighed
_FIRST = 24  # a page: so many of each type are found by all that is told, so many are in order
_FEW = 3  # results, or fewer: perhaps something else was meant
_LEAST_BEGUN = 3  # letters of a key that may be the beginning of one
_MOST_KNOWN = 200  # packages that are counted with a word that may be mistyped
_TRUST = 0.7  # in a name that is a mistake away
_TYPES = ("plugin", "theme")
_BEYOND = "\U0010ffff"
# Packages by a JSON list of their ids: a statement that is the same for all is prepared once.
_OF_IDS = "json_each(:ids) CROSS JOIN package ON package.id = json_each.value"


@dataclass(frozen=True, slots=True)
class Match:
    """What a search found: ids of packages, at most MOST_COUNTED of each type.

    A page of the best comes first; the farther behind, the more it goes by installs alone.
    """

    best: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    counts: packages of each type, at most MOST_COUNTED. beyond: the types that have, or may have,
    more.
    instead: the words that were looked for, where those that were typed found nothing.
    loosely: nothing had all the words; these have some.
    perhaps: words that would find far more; '' for none.
    too_much: it took too long and was given up; nothing is known of what it would find.
    """

    match: Match | None
    counts: Mapping[str, int]
    instead: str = ""
    loosely: bool = False
    perhaps: str = ""
    beyond: frozenset[str] = field(default=frozenset())
    too_much: bool = False


def find(
    connection: sqlite3.Connection, words: str, wanted: Filter, seconds: float = SECONDS
) -> Found:
    """Look for words as typed; then for words near to them; then for some of them.

    seconds: of processor time after which it is given up.
    """
    typed = Typed.parse(words)
    if not typed.terms:
        return Found(None, {})
    try:
        with _bounded(connection, seconds):
            look = _find if _has_ranks(connection) else _find_older
            return look(connection, typed, wanted)
    except _TooLong:
        return Found(None, {}, too_much=True)


def page(
    connection: sqlite3.Connection, wanted: Match, sort: str, limit: int, offset: int
) -> list[Entry]:
    """Return a page of what a search found; sort '' puts the best match first.

    Another order is one of the same packages: of more than are counted, of the most installed.
    """
    if sort not in ORDERS:
        return _entries(connection, wanted.best[offset : offset + limit])
    rows = connection.execute(
        f"SELECT package.id FROM {_OF_IDS} ORDER BY {ORDERS[sort]} LIMIT :limit OFFSET :offset",  # noqa: S608
        {"ids": _listed(wanted.best), "limit": limit, "offset": offset},
    ).fetchall()
    return _entries(connection, [id for (id,) in rows])


@dataclass(frozen=True, slots=True)
class Count:
    """How many packages a question finds, at most MOST_COUNTED of a type; more: or more."""

    count: int
    more: bool


def count_each(
    connection: sqlite3.Connection,
    questions: Iterable[tuple[str, Filter]],
    seconds: float = SECONDS,
) -> list[Count]:
    """Count what words, as typed, and filters find; '' for no words. Fewer answers than questions
    where all of them took longer than `seconds` of processor time.
    """
    counts: list[Count] = []
    try:
        with _bounded(connection, seconds):
            counts.extend(_count(connection, words, wanted) for words, wanted in questions)
    except _TooLong:
        pass  # what is counted is told
    return counts


def _count(connection: sqlite3.Connection, words: str, wanted: Filter) -> Count:
    if not words:
        found = lists.count(connection, wanted)
        return Count(found.get(wanted.type, 0) if wanted.type else sum(found.values()), more=False)
    typed = Typed.parse(words)
    if not typed.terms or not _has_ranks(connection):
        return Count(0, more=False)
    expression = _expression(typed, " AND ")
    scans = [
        _scan(connection, "search", expression, type, wanted, MOST_COUNTED + 1)
        for type in _types(wanted)
    ]
    counts = [min(len(scan.ranks), MOST_COUNTED) for scan in scans]
    return Count(sum(counts), any(scan.more for scan in scans))


class _TooLong(Exception):
    """A search that was given up."""


@contextmanager
def _bounded(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    end = time.thread_time() + seconds
    connection.set_progress_handler(lambda: time.thread_time() > end, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        raise _TooLong from error
    finally:
        connection.set_progress_handler(None, 0)


@dataclass(frozen=True, slots=True)
class _Scan:
    """Ranks in order, and whether there may be more."""

    ranks: list[int]
    more: bool


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The answer to one expression.

    best: ranks of the types asked for, best first. found: of each type. named: how many have it in
    their names, of those weighed.
    """

    best: Sequence[int]
    found: Mapping[str, Sequence[int]]
    beyond: frozenset[str]
    named: int

    @property
    def total(self) -> int:
        return sum(map(len, self.found.values()))

    def told(self) -> Found:
        counts = {type: len(ranks) for type, ranks in self.found.items() if ranks}
        return Found(Match(tuple(packages(self.best))), counts, beyond=self.beyond)


def _find(connection: sqlite3.Connection, typed: Typed, wanted: Filter) -> Found:
    exact = _look(connection, typed, wanted)
    if exact.named and exact.total > _FEW:
        return exact.told()
    words = _corrected(connection, typed)
    if words != typed.terms:
        changed = " ".join(words)
        if exact.named:
            return replace(exact.told(), perhaps=changed)
        meant = _look(connection, typed.corrected(words), wanted)
        if meant.total:
            return replace(_joined(meant, exact).told(), instead=changed)
    if not exact.total and len(typed.terms) > 1:
        telling = tuple(word for word in words if len(word) > 1) or words
        some = _look(connection, typed.corrected(telling), wanted, " OR ", _MOST_LOOSE)
        return replace(some.told(), loosely=bool(some.total))
    return exact.told()


def _joined(meant: _Outcome, typed: _Outcome) -> _Outcome:
    """Put those that have what was typed behind the first of what was meant."""
    found = {
        type: _capped(ranks, typed.found[type], MOST_COUNTED) for type, ranks in meant.found.items()
    }
    others = {rank for ranks in found.values() for rank in ranks}.difference(meant.best)
    more = [rank for rank in typed.best if rank in others]
    best = (*meant.best[:_FEW], *more[:_FEW], *meant.best[_FEW:], *more[_FEW:])
    return replace(meant, best=best, found=found, beyond=meant.beyond | typed.beyond)


def _look(
    connection: sqlite3.Connection,
    typed: Typed,
    wanted: Filter,
    operator: str = " AND ",
    most: int = MOST_COUNTED,
) -> _Outcome:
    expression = _expression(typed, operator)
    types = _types(wanted)
    keyed = _keyed(connection, typed)
    named = [*keyed]
    for type in types:
        named += _scan(connection, "search_name", expression, type, wanted, _BY_NAME).ranks
    scans = {
        type: _scan(connection, "search", expression, type, wanted, most + 1) for type in _TYPES
    }
    weighed = {*named, *(rank for type in types for rank in scans[type].ranks[:_FIRST])}
    best = _best(connection, weighed, typed, wanted, keyed)
    found = {
        type: _capped([rank for rank in best if type_of(rank) == type], scan.ranks, most)
        for type, scan in scans.items()
    }
    rest = {rank for type in types for rank in found[type]}.difference(best)
    return _Outcome(
        (*best, *by_installs(rest)),
        found,
        frozenset(type for type, scan in scans.items() if scan.more),
        len(named),
    )


def _capped(best: Sequence[int], matches: Iterable[int], most: int) -> list[int]:
    """Give the best and then the most installed of the rest, `most` in all."""
    others = set(best)
    return [*best, *[rank for rank in matches if rank not in others]][:most]


def _types(wanted: Filter) -> Sequence[str]:
    return [wanted.type] if wanted.type else _TYPES


def _expression(typed: Typed, operator: str) -> str:
    """Build what FTS5 looks for. Every term is quoted, so that no word is an operator.

    Words may also stand in one: `woo commerce` finds WooCommerce.
    """
    expression = operator.join(map(_phrase, typed.terms))
    if len(typed.terms) > 1 and _LEAST_BEGUN <= len(typed.key) <= terms.LONGEST:
        return f"({expression}) OR {_phrase(typed.key)}"
    return expression


def _phrase(term: str) -> str:
    return f'"{term[: terms.LONGEST]}"' + "*" * (len(term) < terms.LONGEST)


def _keyed(connection: sqlite3.Connection, typed: Typed) -> list[int]:
    """Find the packages that are called exactly so, or begin so where no term is as long."""
    question = "SELECT rank FROM search_key WHERE key = ? ORDER BY rank LIMIT ?"
    rows = connection.execute(question, (typed.key, _BY_KEY)).fetchall()
    if len(typed.key) > terms.LONGEST:
        question = "SELECT rank FROM search_key WHERE key > ? AND key < ? LIMIT ?"
        rows += connection.execute(question, (typed.key, typed.key + _BEYOND, _BY_KEY)).fetchall()
    return [rank for (rank,) in rows]


def _scan(
    connection: sqlite3.Connection,
    table: str,
    expression: str,
    type: str,
    wanted: Filter,
    most: int,
) -> _Scan:
    """Find the ranks of the most installed packages of a type that match and pass the wanted."""
    first, last = span(type, wanted.closed)
    matches = (
        f"SELECT rowid AS rank FROM {table} WHERE {table} MATCH :expression"  # noqa: S608
        " AND rowid BETWEEN :first AND :last ORDER BY rowid LIMIT :limit"
    )
    values: dict[str, str | int] = {"expression": expression, "first": first, "last": last}
    if not (wanted.php or wanted.since or wanted.offered):
        rows = connection.execute(matches, values | {"limit": most})
        ranks = [rank for (rank,) in rows]
        return _Scan(ranks, len(ranks) == most)
    both = wanted.of_both_types
    values |= {"limit": min(MOST_COUNTED, most * _SIFTED), "most": most, "ids": IDS}
    rows = connection.execute(
        f"SELECT rank FROM ({matches}) CROSS JOIN package ON package.id = rank & :ids"  # noqa: S608
        f" WHERE {both.sql} LIMIT :most",
        both.values | values,
    )
    ranks = [rank for (rank,) in rows]
    if len(ranks) == most:
        return _Scan(ranks, more=True)
    count = f"SELECT count(*) FROM ({matches})"  # noqa: S608
    looked_at = connection.execute(count, values).fetchone()[0]
    return _Scan(ranks, more=looked_at == values["limit"])


def _best(
    connection: sqlite3.Connection,
    ranks: Collection[int],
    typed: Typed,
    wanted: Filter,
    keyed: Collection[int],
) -> list[int]:
    """Give the ranks of those that pass the wanted, the best first as far as a page goes.

    What is worth too little to be among those is not weighed, unless it is `keyed`: called just so.
    """
    of = dict(zip(packages(ranks), ranks, strict=True))
    now = _moment(connection)
    scores = [0.0] * _FIRST  # a heap of the best
    weighed, others = [], []
    for less, one in sorted((-worth(one, now), one) for one in _candidates(connection, of, wanted)):
        rank = of[one.id]
        if not one.fits and not (wanted.is_bare and terms.key(one.slug) == typed.key):
            continue  # though a closed one is found by its slug
        if -less * MOST < scores[0] and rank not in keyed:
            others.append(rank)
            continue
        weight = score(one, typed, -less)
        heapq.heappushpop(scores, weight)
        weighed.append((-weight, one.length, one.slug, rank))
    return [*(rank for *_, rank in sorted(weighed)), *others]


def _candidates(
    connection: sqlite3.Connection, ids: Iterable[int], wanted: Filter
) -> list[Candidate]:
    both = wanted.of_both_types
    rows = connection.execute(
        "SELECT package.id, package.type, slug, name, active_installs, updated, tags,"  # noqa: S608
        f" length(description), {both.sql} FROM {_OF_IDS}"
        " WHERE withdrawn_at IS NULL AND :type IN ('', package.type)",
        both.values | {"type": wanted.type, "ids": _listed(ids)},
    )
    return list(map(Candidate._make, rows))


def _moment(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT value FROM meta WHERE key = 'stamp'").fetchone()
    return int(row[0]) // 10_000 if row else 0


def _entries(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Entry]:
    rows = connection.execute(
        f"SELECT package.id, {ENTRY} FROM {_OF_IDS}",  # noqa: S608
        {"ids": _listed(ids)},
    )
    found = {row[0]: Entry(*row[1:]) for row in rows}
    return [found[id] for id in ids]


def _listed(ids: Iterable[int]) -> str:
    return f"[{','.join(map(str, ids))}]"


def _corrected(connection: sqlite3.Connection, typed: Typed) -> tuple[str, ...]:
    """Give the words that were meant: of those near to the typed ones, those of one known name."""
    choices = [
        {term: 0.0} | typos.near(connection, term, _known(connection, term)) for term in typed.terms
    ]
    if all(len(choice) == 1 for choice in choices):
        return typed.terms
    expression = " AND ".join(f"({' OR '.join(map(_phrase, choice))})" for choice in choices)
    ranks = [
        rank
        for type in _TYPES
        for rank in _scan(connection, "search_name", expression, type, Filter(), _BY_NAME).ranks
    ]
    now = _moment(connection)
    best = 0.0, tuple([*choice][:2][-1] for choice in choices)  # each by itself the nearest
    for one in _candidates(connection, packages(ranks), Filter()):
        has = [*terms.words(one.name), *one.slug.split("-")]
        words = tuple(_borne(choice, has) for choice in choices)
        mistakes = sum(choice[word] for choice, word in zip(choices, words, strict=True))
        best = max(
            best, (score(one, typed.corrected(words), worth(one, now)) * _TRUST**mistakes, words)
        )
    return best[1]


def _borne(choice: Mapping[str, float], has: Sequence[str]) -> str:
    """Give the word with the fewest mistakes that a name has, or has the beginning of."""
    return next(
        (word for word in choice if any(one.startswith(word) for one in has)), next(iter(choice))
    )


def _known(connection: sqlite3.Connection, term: str) -> int:
    """Count the packages that have a term, up to a few."""
    question = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)"
    return int(connection.execute(question, (_phrase(term), _MOST_KNOWN)).fetchone()[0])


def _has_ranks(connection: sqlite3.Connection) -> bool:
    """Tell whether the release's schema has an index of names; the one before had none."""
    question = "SELECT 1 FROM main.sqlite_master WHERE name = 'search_name'"
    return connection.execute(question).fetchone() is not None


def _find_older(connection: sqlite3.Connection, typed: Typed, wanted: Filter) -> Found:
    """Search a release of the schema before: as typed only, and not the most installed first.

    Its index holds ids and whole texts. It is asked only from an update to the next release.
    """
    both = wanted.of_both_types
    rows = connection.execute(
        "SELECT package.id, type, slug, name, active_installs, updated, tags,"  # noqa: S608
        " length(description), 1"
        " FROM (SELECT rowid AS match FROM search WHERE search MATCH :expression LIMIT :most)"
        f" JOIN package ON package.id = match WHERE {both.sql} ORDER BY active_installs DESC, slug",
        both.values | {"expression": _expression(typed, " AND "), "most": MOST_COUNTED},
    )
    found = [Candidate(*row) for row in rows]
    asked = [one for one in found if wanted.type in ("", one.type)]
    now, weighed = _moment(connection), asked[: 2 * _BY_NAME]
    best = sorted(weighed, key=lambda one: (-score(one, typed, worth(one, now)), one.slug))
    counts = Counter(one.type for one in found)
    more = _TYPES if len(found) == MOST_COUNTED else ()
    ids = tuple(one.id for one in (*best, *asked[len(weighed) :]))
    return Found(Match(ids), counts, beyond=frozenset(more))
