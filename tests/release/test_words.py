"""Words folded, and addresses made of names."""

import pytest

from release.words import account, fold, key, php_number


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


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://profiles.wordpress.org/SergeyBiryukov/", "sergeybiryukov"),
        ("http://profiles.wordpress.org/yoast", "yoast"),
        ("//profiles.wordpress.org/users/a_b-c/", "a_b-c"),
        ("https://example.org/", ""),
        ("https://profiles.wordpress.org.example.org/yoast/", ""),
        ("https://profiles.wordpress.org/a/b/", ""),
        ("https://profiles.wordpress.org/../x", ""),
        ("yoast", ""),
    ],
)
def test_an_account_is_read_from_its_profile(url: str, name: str) -> None:
    """From an address on that host alone; what is no such address is no account."""
    assert account(url) == name


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
