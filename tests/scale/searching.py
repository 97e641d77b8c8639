"""Measure the search of a site.db: how long it takes, whether it finds what is meant, at its worst.

  python -m tests.scale.searching data/current/site.db

Milliseconds are of processor time, for the search and its first page, without the page's HTML. The
dearest query is looked for by a climb from random ones: it is what anyone could ask.
"""

import argparse
import random
import re
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from release import database
from server.queries import search
from server.queries.lists import Filter

_PAGE = 24
_QUERIES = 1_000
_POPULAR = 200  # plugins that are asked for in every way
_LONGEST = 200  # characters of a query
_STARTS, _CLIMBS = 150, 350
_SORTS = ("", "installs", "updated", "name", "composer")
_SUBTITLE = re.compile(r"\s+[–—|-]\s+|:\s+|\s+\(")

Name = tuple[str, str]  # slug and name


def short(name: str) -> str:
    """Give a name without what is said after a dash, colon or bracket."""
    return _SUBTITLE.split(name, 1)[0].strip()


def swapped(text: str) -> str:
    """Give a text with two letters swapped in the middle of its longest word."""
    word = max(text.split(), key=len, default="")
    at = len(word) // 2
    wrong = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    return text.replace(word, wrong, 1) if len(word) > 4 else text


def _typing(slug: str, name: str) -> str:
    return short(name)[: max(4, len(short(name)) * 2 // 3)]


WAYS: dict[str, Callable[[str, str], str]] = {
    "slug": lambda slug, name: slug,
    "full name": lambda slug, name: name,
    "short name": lambda slug, name: short(name),
    "its first two words": lambda slug, name: " ".join(short(name).split()[:2]),
    "without blanks": lambda slug, name: re.sub(r"\W", "", short(name)).lower(),
    "two letters swapped": lambda slug, name: swapped(short(name)),
    "while typing": _typing,
}


@dataclass(frozen=True, slots=True)
class Question:
    """A search: what is typed, the order, and what is sifted."""

    words: str
    sort: str = ""
    wanted: Filter = field(default_factory=Filter)


def ask(connection: sqlite3.Connection, question: Question) -> tuple[float, list[str]]:
    """Search as the list does; give the milliseconds of processor time and the first slugs."""
    began = time.thread_time()
    found = search.find(connection, question.words, question.wanted)
    match = found.match
    entries = search.page(connection, match, question.sort, _PAGE, 0) if match else []
    return (time.thread_time() - began) * 1_000, [entry.slug for entry in entries]


def queries(connection: sqlite3.Connection, count: int, seed: int = 1) -> list[str]:
    """Draw queries as people type them, half of them for what has a thousand installs."""
    chance = random.Random(seed)
    rows = _names(connection, "active_installs > 1000") or _names(connection, "1")
    every = _names(connection, "1")
    drawn = []
    for _ in range(count):
        slug, name = chance.choice(rows if chance.random() < 0.5 else every)
        words = name.split() or [slug]
        drawn.append(
            chance.choice(
                (
                    *(way(slug, name) for way in WAYS.values()),
                    " ".join(chance.sample(words, min(2, len(words)))),
                    chance.choice(words),
                    chance.choice(words)[: chance.randint(1, 5)],
                )
            )[:_LONGEST]
        )
    return drawn


def _names(connection: sqlite3.Connection, condition: str) -> list[Name]:
    return connection.execute(
        "SELECT slug, name FROM package WHERE withdrawn_at IS NULL AND closure IS NULL"
        f" AND {condition} ORDER BY id"
    ).fetchall()


def popular(connection: sqlite3.Connection) -> list[Name]:
    """Give the most installed plugins."""
    return connection.execute(
        "SELECT slug, name FROM package WHERE withdrawn_at IS NULL AND closure IS NULL"
        " AND type = 'plugin' ORDER BY active_installs DESC, slug LIMIT ?",
        (_POPULAR,),
    ).fetchall()


def dearest(
    connection: sqlite3.Connection, seed: int = 1, starts: int = _STARTS, climbs: int = _CLIMBS
) -> tuple[float, Question]:
    """Look for the search that costs most, orders and filters included; give its milliseconds."""
    chance = random.Random(seed)
    parts = _parts(connection)
    filters = [Filter(), Filter(php=704), Filter(since=_lately(connection)), Filter(closed=True)]
    tried = [Question(words) for words in known()]
    tried += [
        Question(_random(chance, parts), chance.choice(_SORTS), chance.choice(filters))
        for _ in range(starts)
    ]
    cost, best = max(((_cost(connection, one), one) for one in tried), key=itemgetter(0))
    for _ in range(climbs):
        way = chance.randrange(8)
        words = _changed(chance, parts, best.words) if way > 1 else best.words
        sort = chance.choice(_SORTS) if way == 0 else best.sort
        other = Question(words, sort, chance.choice(filters) if way == 1 else best.wanted)
        cost, best = max((cost, best), (_cost(connection, other), other), key=itemgetter(0))
    return cost, best


def _lately(connection: sqlite3.Connection) -> int:
    newest = connection.execute("SELECT max(updated) FROM package").fetchone()[0]
    return int(newest or 0) - 31 * 86_400


def _cost(connection: sqlite3.Connection, question: Question) -> float:
    return min(ask(connection, question)[0] for _ in range(3))


def known() -> list[str]:
    """Give queries that cost more than others once."""
    letters = "多".join("tscwpiabofem" * 8)[:97]
    pairs = "词汇表中文插件多合一搜索引擎优化"
    return [
        f"{letters} {letters}",
        " ".join(f"{letter}{letter}" for letter in "tscwpiabofem"),
        " ".join("tscwpiabofem"),
        *(pairs * 12, " ".join(pairs), " ".join([pairs] * 12)),
        *("a", "s p", "for wordpress", "wordpress plugin for the", "x" * _LONGEST),
        "wordprses pulgin wooocommerse elementro contcat fomrs simpel galery sldier",
    ]


def _parts(connection: sqlite3.Connection) -> list[str]:
    """Give what queries are made of: letters, beginnings, words, misspelt ones, CJK letters."""
    chance = random.Random(1)
    words = [word for _, name in _names(connection, "1") for word in name.split()]
    some = chance.sample(words, min(600, len(words)))
    unspaced = [letter for word in words if not word.isascii() for letter in word]
    return [
        *"abcdefghijklmnopqrstuvwxyz0123456789",
        *some,
        *(word[: chance.randint(1, 4)] for word in some),
        *(swapped(word) for word in some if len(word) > 4),
        *chance.sample(unspaced, min(200, len(unspaced))),
        *("-", "wordpress", "woocommerce", "plugin", "and"),
    ]


def _random(chance: random.Random, parts: Sequence[str]) -> str:
    joint = chance.choice((" ", " ", "", "-"))
    return joint.join(chance.choices(parts, k=chance.randint(1, 14)))[:_LONGEST]


def _changed(chance: random.Random, parts: Sequence[str], words: str) -> str:
    every = words.split(" ")
    at = chance.randrange(len(every))
    way = chance.randrange(3)
    if way == 0:
        every[at] = chance.choice(parts)
    elif way == 1:
        every.insert(at, chance.choice(parts))
    elif len(every) > 1:
        del every[at]
    return " ".join(every)[:_LONGEST]


def report(site: Path) -> Iterable[tuple[str, str, float]]:
    """Yield what was measured: what, its figures, and the number of which a slope is."""
    with closing(database.open_release(site)) as db:
        asked = queries(db, _QUERIES)
        for sort in _SORTS:
            some = asked[:: 5 if sort else 1]
            name = f"search by {sort}" if sort else "search"
            yield from _spread(name, [ask(db, Question(words, sort))[0] for words in some])
        for way, spelled in WAYS.items():
            yield _way(db, way, spelled)
        cost, question = dearest(db)
        yield "search, dearest found", f"{cost:.1f} ms", cost
        print(f"  {question}", file=sys.stderr)


def _spread(what: str, taken: Sequence[float]) -> Iterable[tuple[str, str, float]]:
    cuts = statistics.quantiles(taken, n=100)
    for name, cut in (("p50", cuts[49]), ("p99", cuts[98]), ("worst", max(taken))):
        yield f"{what}, {name}", f"{cut:.2f} ms", cut


def _way(
    connection: sqlite3.Connection, way: str, spelled: Callable[[str, str], str]
) -> tuple[str, str, float]:
    first = among = 0
    taken, missed = [], []
    names = popular(connection)
    for slug, name in names:
        cost, slugs = ask(connection, Question(spelled(slug, name)))
        taken.append(cost)
        first += slugs[:1] == [slug]
        among += slug in slugs[:3]
        if slug not in slugs[:3]:
            missed.append(f"{spelled(slug, name)!r} -> {slug}")
    cuts = statistics.quantiles(taken, n=100)
    share = 100 * among / len(names)
    figures = f"{100 * first / len(names):.0f} · {share:.1f} % · {cuts[49]:.1f} · {cuts[98]:.1f} ms"
    for one in missed[:5]:
        print(f"  {way}: {one}", file=sys.stderr)
    return f"asked for by {way}: first · first three", figures, share


def main() -> int:
    """Measure one site.db and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", type=Path)
    for what, figures, _ in report(parser.parse_args().site):
        print(f"{what}: {figures}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
