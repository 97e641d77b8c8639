"""What packages are found by, written beside their rows in a site.db.

The index keeps no texts, so what leaves it has to be told again: it is made anew from the package's
row as that was.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from release import terms
from release.rank import rank

_FOUND_BY = (
    *("id", "type", "closure", "active_installs"),
    *("slug", "name", "author", "description", "tags"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A package in the search: its rank, its terms, its keys, and the words of its names."""

    rank: int
    names: str
    terms: str
    keys: frozenset[str]
    words: frozenset[str]


def entries(site: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Entry]:
    """Give the entries of those of some packages that are listed, from their rows in `site`."""
    marks = ", ".join("?" * len(ids))
    rows = site.execute(
        f"SELECT {', '.join(_FOUND_BY)} FROM package"  # noqa: S608
        f" WHERE withdrawn_at IS NULL AND id IN ({marks})",
        ids,
    ).fetchall()
    return {row[0]: entry(dict(zip(_FOUND_BY, row, strict=True))) for row in rows}


def entry(row: Mapping[str, Any]) -> Entry:
    """Give the entry of a listed package, from its row."""
    ranked = rank(row["id"], row["type"], row["closure"] is not None, row["active_installs"])
    slug, name = row["slug"], row["name"]
    keys = terms.keys(slug, name)
    names = terms.held(slug, name) | {key[: terms.LONGEST] for key in keys}
    told = (row["author"], row["description"], *json.loads(row["tags"]))
    words = terms.correctable((*terms.words(slug), *terms.words(name)))
    return Entry(
        ranked, _told(names), _told(names | terms.held(*told)), frozenset(keys), frozenset(words)
    )


def replace(
    site: sqlite3.Connection, before: Mapping[int, Entry], after: Mapping[int, Entry]
) -> None:
    """Take the entries `before` out of the search and put those `after` in; equal ones stay."""
    old = _besides(before, after)
    new = _besides(after, before)
    for table, field in (("search", "terms"), ("search_name", "names")):
        site.executemany(
            f"INSERT INTO {table} ({table}, rowid, terms) VALUES ('delete', ?, ?)",  # noqa: S608
            [(entry.rank, getattr(entry, field)) for entry in old],
        )
        site.executemany(
            f"INSERT INTO {table} (rowid, terms) VALUES (?, ?)",  # noqa: S608
            [(entry.rank, getattr(entry, field)) for entry in new],
        )
    site.executemany("DELETE FROM search_key WHERE key = ? AND rank = ?", _keys(old))
    site.executemany("INSERT INTO search_key VALUES (?, ?)", _keys(new))
    _count_words(site, old, new)


def finish(site: sqlite3.Connection) -> None:
    """Put a search that was made from nothing in its final form."""
    for table in ("search", "search_name"):
        site.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608


def _besides(some: Mapping[int, Entry], others: Mapping[int, Entry]) -> list[Entry]:
    """Give the entries that the others do not hold, by rank: FTS5 is slow in any other order."""
    found = (entry for id, entry in some.items() if others.get(id) != entry)
    return sorted(found, key=lambda entry: entry.rank)


def _told(found: set[str]) -> str:
    return " ".join(sorted(found))


def _keys(some: Iterable[Entry]) -> list[tuple[str, int]]:
    return sorted((key, entry.rank) for entry in some for key in entry.keys)


def _count_words(site: sqlite3.Connection, old: Iterable[Entry], new: Iterable[Entry]) -> None:
    counts = Counter(word for entry in new for word in entry.words)
    counts.subtract(word for entry in old for word in entry.words)
    changed = sorted((word, count) for word, count in counts.items() if count)
    site.executemany(
        "INSERT INTO search_word VALUES (?, ?)"
        " ON CONFLICT DO UPDATE SET packages = packages + excluded.packages",
        changed,
    )
    site.executemany(
        "INSERT OR IGNORE INTO search_near VALUES (?, ?)",
        [(part, word) for word, count in changed if count > 0 for part in terms.shortened(word)],
    )
    gone = site.execute("DELETE FROM search_word WHERE packages <= 0 RETURNING word").fetchall()
    site.executemany(
        "DELETE FROM search_near WHERE part = ? AND word = ?",
        [(part, word) for (word,) in gone for part in terms.shortened(word)],
    )
