"""Which word was meant."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from release import database, terms
from server.queries.typos import distance, near

_WORDS = {
    "akismet": 5,
    "woocommerce": 90,
    "woocommerces": 1,
    "elementor": 20,
    "form": 50,
    "farm": 2,
}


@pytest.fixture(name="known", scope="module")
def _known() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(database.tables())
        db.executemany("INSERT INTO search_word VALUES (?, ?)", _WORDS.items())
        pairs = [(part, word) for word in _WORDS for part in terms.shortened(word)]
        db.executemany("INSERT INTO search_near VALUES (?, ?)", pairs)
        yield db


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "ab", 1),
        ("abc", "abcd", 1),
        ("abc", "axc", 1),
        ("abcd", "badc", 2),
        ("abc", "xyz", 3),
        ("a", "abcdef", 3),
    ],
)
def test_distance(one: str, other: str, mistakes: int) -> None:
    """A letter added, dropped, changed or swapped is one mistake; three are endless."""
    assert distance(one, other, 2) == distance(other, one, 2) == mistakes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("akismett", ["akismet"]),
        ("kaismet", ["akismet"]),
        ("woocomerce", ["woocommerce", "woocommerces"]),
        ("elemntor", ["elementor"]),
        ("elemnt", ["elementor"]),
        ("firm", ["form", "farm"]),
        ("zzzzzz", []),
        ("abc", []),
        ("多合一多合一", []),
    ],
)
def test_near(known: sqlite3.Connection, typed: str, meant: list[str]) -> None:
    """The nearest word comes first, of equally near the commonest; far ones are not guessed."""
    assert list(near(known, typed, 0)) == meant


def test_a_known_word_gives_way_only_to_a_far_commoner_one(known: sqlite3.Connection) -> None:
    """What two packages hold is taken for a mistake only where more than forty hold the other."""
    assert list(near(known, "firm", 2)) == ["form"]
    assert list(near(known, "firm", 3)) == []
