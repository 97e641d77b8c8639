"""Words folded, and addresses made of names."""

import pytest

from release.words import author_key, fold, key, php_number


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Team Yoast", "team-yoast"),
        ("  Automattic - Anti-spam Team ", "automattic-anti-spam-team"),
        ("闪电博", "闪电博"),
        ("Lester 'GaMerZ' Chan", "lester-gamerz-chan"),
        ("ＡＢＣ", "abc"),
        ("../../etc", "etc"),
        ("!!!", ""),
        ("x" * 300, "x" * 80),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C", "c"),
        ("C++11, F# & Ｃ＋＋", "c-plus-plus-11-f-sharp-c-plus-plus"),
        ("google+ slider", "google-plus-slider"),
        ("A+B #1 + #", "a-b-1"),
        ("+" * 300, ""),
        ("c" + "+" * 300, ("c" + "-plus" * 16)[:80]),
    ],
)
def test_key(name: str, address: str) -> None:
    """Letters and digits of every script stay; all else is one hyphen, or nothing at the ends."""
    assert key(name) == address


def test_author_key_is_the_account_where_one_is_told() -> None:
    """A profile on wordpress.org names its author better than a name does."""
    profile = "https://profiles.wordpress.org/SergeyBiryukov/"

    assert author_key("Sergey", profile) == "sergeybiryukov"
    assert author_key("Sergey", "https://example.org/") == "sergey"
    assert author_key("", profile) == ""


@pytest.mark.parametrize(
    ("version", "number"),
    [("7.4", 704), ("8.0.30", 800), ("8.10", 810), ("7", 700), ("", 0), ("80", 0), ("latest", 0)],
)
def test_php_number(version: str, number: int) -> None:
    """Versions compare as numbers; what is no version is unknown."""
    assert php_number(version) == number


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café", "cafe"),
        ("Łódź", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("Đorđe", "dorde"),
        ("Straße", "strasse"),
        ("Æon", "aeon"),
        ("ＡＢＣ", "abc"),
        ("Sub\u00adlime", "sublime"),
        ("\u200bzero\u200d\ufeff", "zero"),
        ("İstanbul", "istanbul"),
        ("Ёлка", "елка"),
        ("كِتَاب", "كتاب"),
        ("한글", "한글"),
        ("ガラス", "ガラス"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    """Texts compare without case, accents and what is invisible; every script keeps its letters."""
    assert fold(text) == folded
