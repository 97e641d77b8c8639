"""Which word was meant."""

import pytest

from server.queries.typos import distance, near

_WORDS = {
    "akismet": 5,
    "woocommerce": 90,
    "woocommerces": 1,
    "elementor": 20,
    "form": 50,
    "farm": 2,
}


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
        ("akismett", "akismet"),
        ("kaismet", "akismet"),
        ("woocomerce", "woocommerce"),
        ("elemntor", "elementor"),
        ("elemnt", "elementor"),
        ("firm", "form"),
        ("zzzzzz", ""),
    ],
)
def test_near(typed: str, meant: str) -> None:
    """The nearest word wins, of equally near ones the commonest; far ones are not guessed."""
    assert near(typed, _WORDS) == meant
