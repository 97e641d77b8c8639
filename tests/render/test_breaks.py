"""Where lines may end and texts may be cut."""

import pytest

from render.breaks import joined, soften, unbroken, word_end


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain words, and more", "plain|words,|and|more"),
        ("a well-known one", "a|well-known|one"),
        ("one – two three", "one – two|three"),
        ("one - two", "one - two"),
        ("one- two", "one- two"),
        ("one | two · three", "one | two · three"),
        ("x—y z", "x—y|z"),
    ],
)
def test_separators_are_joined_to_their_words(text: str, parts: str) -> None:
    """A blank beside a separator is one at which no line ends."""
    said = joined(text).replace(" ", "\n").replace("\u00a0", " ").replace("\u2060", "")

    assert said.split("\n") == (parts.split("|") if "|" not in text else [text])


@pytest.mark.parametrize(
    ("text", "kept"),
    [("plain – words", []), ("한국어 문의 a", ["한국어", "문의"]), ("コピー機", ["コピー"])],
)
def test_some_words_stay_whole(text: str, kept: list[str]) -> None:
    """Korean is broken at blanks only, and a word in katakana is not broken."""
    assert [text[start:end] for start, end in unbroken(text)] == kept


def test_a_text_is_cut_at_a_words_end() -> None:
    """The last whole word is taken; a part of a joined one only where there is nothing else."""
    assert word_end("some e-mail here", [4, 6, 11, 16], 9) == 4
    assert word_end("some e-mail here", [4, 6, 11, 16], 12) == 11
    assert word_end("2025.1-beta.2", [6, 11, 13], 12) == 11
    assert word_end("unbroken", [8], 6) == 0


def test_soften_breaks_long_words_at_joints() -> None:
    """Places to break come after - _ / and between the parts of camel case, in long words only."""
    assert soften("wp_superCache/x", 5) == "wp_\u200bsuper\u200bCache/\u200bx"
    assert soften("WordPress WooCommerce", 11) == "WordPress WooCommerce"


def test_soften_breaks_long_words_between_syllables() -> None:
    """A compound without a joint has soft hyphens, none of them near its ends.

    Latin words that stand in other scripts are not taken for parts of one.
    """
    softened = soften("Betriebswerkbauverwaltungsprogramm", 20)

    assert "Betriebs\u00adwerk\u00adbau" in softened
    assert min(map(len, (softened.split("\u00ad")[0], softened.split("\u00ad")[-1]))) >= 5
    assert soften("把ASC改成DESC就可以了", 5) == "把ASC改成DESC就可以了"
