"""Strings made safe to set."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release.text import clean
from render.text import language, sentence


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a \t\n b\u2028c\u00a0d ", "a b c d"),
        ("a\x00b\x1bc", "a b c"),
        ("a\u200bb\ufeffc\u2060d\u00ade", "abcde"),
        ("\u202eevil\u202c \u2067x\u2069\u200f", "evil x"),
        ("\ud800a\udfff", "a"),
        ("\ue000\uffff\ufffd", ""),
        ("\u0301a", "a"),
        ("a" + "\u0316" * 30, "a\u0316\u0316"),
        ("e\u0302\u0323", "ệ"),
        ("s\u0336o\u0338 =\u0338", "so ≠"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("a\u200db", "ab"),
        ("\u3164\u115f\u2800", ""),
        ("", ""),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    """What cannot be printed goes, what shapes a script stays."""
    assert cleaned == clean(text, 100)


@given(st.text(st.characters()), st.integers(1, 60))
def test_clean_text_is_one_printable_line(text: str, limit: int) -> None:
    """Whatever goes in, what comes out is bounded, encodable and in logical order."""
    cleaned = clean(text, limit)

    assert len(cleaned) <= limit + 1
    cleaned.encode()
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Co") for char in cleaned)
    assert not set(cleaned) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    )
    assert cleaned == cleaned.strip()


def test_a_cut_keeps_a_letter_and_its_marks_together() -> None:
    """A text that is cut ends before a letter, never before its mark."""
    assert clean("कि" * 10, 5) == "किकि…"


def test_a_cut_comes_at_a_words_end() -> None:
    """A text that is cut keeps whole words, and no comma before the ellipsis."""
    assert clean("several words, and more of them", 16) == "several words…"


@pytest.mark.parametrize("end", [*".!?…。।۔։።！？؟", ".)", "!”", "。」"])
def test_a_sentence_has_one_full_stop(end: str) -> None:
    """What has an end, in whatever script, is given no other."""
    assert sentence(f"words{end}") == f"words{end}"
    assert sentence("words") == sentence("words.") == "words."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("plain", "en"),
        ("мир", "en"),
        ("直し方", "ja"),
        ("한국어 文", "ko"),
        ("简体中文", "zh-cn"),
        ("繁體中文", "zh-tw"),
    ],
)
def test_language(text: str, code: str) -> None:
    """Han characters take the forms of the language around them."""
    assert code == language(text)
