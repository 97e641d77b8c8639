"""Finding packages: what a visitor typed, turned into questions to SQLite, and their answers."""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from release.words import PLAIN, UNSPACED
from server.queries.lists import ENTRY, ORDERS, Entry, Filter
from server.queries.typos import near

_MOST_WORDS = 12
_LEAST_TYPED = 4  # letters of a word that may be mistyped
_FEW = 3  # results, or fewer: perhaps something else was meant
_FAR_MORE = 20  # times as many packages have the word that may have been meant
# Scripts without spaces are stored as pairs of neighbours: see release/words.py.
_UNSPACED = re.compile(f"[{UNSPACED}]+")
# Said in passing: everything here is for WordPress, and most of it a plugin.
_FILLING = frozenset(("a", "an", "and", "for", "in", "of", "on", "or", "the", "to", "with")) | {
    *("wordpress", "plugin", "plugins")
}
# bm25 is the more negative the better the match. A hit in the name or slug weighs most; installs,
# by their order of magnitude, lift the popular above the forgotten.
_RELEVANCE = """
    (package.slug = :exact) DESC,
    (package.name = :name COLLATE NOCASE OR package.slug = :joined) DESC,
    bm25(search, 10, 8, 4, 1, 3, 5) * pow(1 + log10(1 + coalesce(package.active_installs, 0)), 1.5),
    package.slug
"""


@dataclass(frozen=True, slots=True)
class Match:
    """A search that SQLite can run: an FTS5 expression, and what counts as an exact hit."""

    expression: str
    exact: str
    name: str
    joined: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    counts: packages of each type.
    instead: the words that were looked for, where those that were typed found nothing.
    loosely: nothing had all the words; these have some.
    perhaps: words that would find far more; '' for none.
    """

    match: Match | None
    counts: Mapping[str, int]
    instead: str = ""
    loosely: bool = False
    perhaps: str = ""


def find(connection: sqlite3.Connection, words: str, sieve: Filter) -> Found:
    """Look for words as typed; then for words near to them; then for some of them."""
    terms = _terms(words)
    if not terms:
        return Found(None, {})
    exact = _match(words, terms)
    counts = _count(connection, exact, sieve)
    if sum(counts.values()) > _FEW:
        return Found(exact, counts)
    corrected = [_corrected(connection, term) for term in terms]
    changed = " ".join(corrected) if corrected != terms else ""
    if counts:
        return Found(exact, counts, perhaps=changed)
    if changed:
        match = _match(changed, corrected)
        if counts := _count(connection, match, sieve):
            return Found(match, counts, instead=changed)
    if len(terms) > 1:
        match = _match(words, corrected, " OR ")
        if counts := _count(connection, match, sieve):
            return Found(match, counts, loosely=True)
    return Found(exact, {})


def page(
    connection: sqlite3.Connection,
    wanted: Match,
    sieve: Filter,
    sort: str,
    limit: int,
    offset: int,
) -> list[Entry]:
    """Return a page of what a search finds; sort '' puts the best match first."""
    sql = f"""
        SELECT {ENTRY} FROM search JOIN package ON package.id = search.rowid
        WHERE search MATCH :expression AND {sieve.sql}
        ORDER BY {ORDERS.get(sort, _RELEVANCE)} LIMIT :limit OFFSET :offset
    """  # noqa: S608  a choice among our own clauses
    values = {
        "expression": wanted.expression,
        "exact": wanted.exact,
        "name": wanted.name,
        "joined": wanted.joined,
        "limit": limit,
        "offset": offset,
    }
    return [Entry(*row) for row in connection.execute(sql, values | sieve.values)]


def _count(connection: sqlite3.Connection, wanted: Match, sieve: Filter) -> dict[str, int]:
    rows = connection.execute(
        f"""
        SELECT package.type, count(*) FROM search JOIN package ON package.id = search.rowid
        WHERE search MATCH :expression AND {sieve.of_both_types.sql} GROUP BY package.type
        """,  # noqa: S608
        {"expression": wanted.expression, **sieve.of_both_types.values},
    )
    return dict(rows)


def _terms(words: str) -> list[str]:
    """Take apart what was typed. A package as Composer names it is looked for by its slug."""
    wanted = re.sub(r"^\s*wp-(plugin|theme)/", "", words.translate(PLAIN))
    terms = [term for term in wanted.split() if any(map(_searchable, term))][:_MOST_WORDS]
    telling = [term for term in terms if term.casefold() not in _FILLING]
    return telling or terms


def _match(words: str, terms: list[str], operator: str = " AND ") -> Match:
    """Build a search that finds every term as the beginning of a word.

    Every word is quoted, so that no word is an operator. Two words may also stand in one:
    `woo commerce` finds WooCommerce.
    """
    expression = operator.join(part for term in terms for part in _parts(term))
    joined = re.sub(r"[^a-z0-9]", "", "".join(terms).casefold())
    if 1 < len(terms) < 5 and all(term.isascii() for term in terms) and len(joined) > _LEAST_TYPED:
        expression = f'({expression}) OR "{joined}"*'
    whole = re.sub(r"^\s*wp-(plugin|theme)/", "", words).split()
    slug = "-".join(whole).casefold()
    return Match(expression, slug, " ".join(whole), joined)


def _parts(term: str) -> Iterator[str]:
    """Yield the phrases of a term: its runs of unspaced script letter by letter, the rest whole."""
    at = 0
    for run in _UNSPACED.finditer(term):
        yield from _phrase(term[at : run.start()])
        letters = [one for one in run[0] if unicodedata.category(one)[0] == "L"]
        pairs = ["".join(letters[n : n + 2]) for n in range(max(1, len(letters) - 1))]
        yield from _phrase(" ".join(pairs))
        at = run.end()
    yield from _phrase(term[at:])


def _phrase(text: str) -> Iterator[str]:
    if any(map(_searchable, text)):
        yield '"' + text.replace('"', '""') + '"*'


def _corrected(connection: sqlite3.Connection, term: str) -> str:
    """Give the known word that a term is nearest to, if the term itself is (almost) unknown."""
    plain = "".join(
        one
        for one in unicodedata.normalize("NFD", term.casefold())
        if not unicodedata.combining(one)
    )
    if len(plain) < _LEAST_TYPED or not plain.isalpha() or _UNSPACED.search(plain):
        return term
    known = connection.execute(
        "SELECT coalesce(max(doc), 0) FROM word WHERE term >= ? AND term < ?",
        (plain, plain + "\U0010ffff"),
    ).fetchone()[0]
    # The first letter is seldom wrong, unless it changed places with the second.
    words = {
        word: count
        for first in {plain[0], plain[1]}
        for word, count in connection.execute(
            "SELECT term, doc FROM word WHERE term >= ? AND term < ? AND doc > ?",
            (first, first + "\U0010ffff", known * _FAR_MORE),
        )
    }
    return near(plain, words) or term


def _searchable(character: str) -> bool:
    # The letters, digits and private characters of FTS5's unicode61 tokenizer: a phrase without
    # one of them is empty, and an empty phrase makes the whole search find nothing.
    return unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "Co"
