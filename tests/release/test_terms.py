"""What the search holds of a text, and what it looks for."""

import pytest

from release.terms import asked, correctable, held, key, keys, short, shortened, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Contact Form 7", ["contact", "form", "7"]),
        ("C++ and C# (F#), a+b", ["c++", "and", "c#", "f#", "a", "b"]),
        ("Sub\u00adlime_text", ["sublime", "text"]),
        ("हिन्दी भाषा।", ["हिन्दी", "भाषा"]),
        ("😀 !?", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    """Letters and digits make words, signs part them; C++ is a word, and vowel signs belong."""
    assert words(text) == found


def test_held() -> None:
    """Words as far as twelve letters, humps of names, and pairs of letters without spaces."""
    assert held("WooCommerce Internationalization") == {"woocommerce", "commerce", "internationa"}
    assert held("多合一 abc 推") == {"多合", "合一", "一", "abc", "推"}
    assert held("ไทย") == {"ไท", "ทย", "ย"}
    assert held("wp多合") == {"wp", "多合", "合"}


def test_what_is_asked_is_held() -> None:
    """Every term of a search is the beginning of one that is held of the same text."""
    for text in ("WP Super Cache", "多合一", "一", "Łódź C++", "관리 페이지", "ショップ", "کاش"):
        has = {one[:12] for one in held(text)}
        assert all(any(one.startswith(term[:12]) for one in has) for term in asked(text)), text


def test_keys() -> None:
    """A package is found by slug, name and short name in one word."""
    assert keys("wordpress-seo", "Yoast SEO – Advanced SEO") == {
        *("wordpressseo", "yoastseo", "yoastseoadvancedseo")
    }
    assert short("ACF: Fields") == "ACF"
    assert key("!!!") == ""


def test_what_may_be_mistyped() -> None:
    """Words of four letters and more, that have spaces around them and are no numbers."""
    some = ["seo", "yoast", "2026", "mc4wp", "多合一多合", "x" * 25]

    assert correctable(some) == {"yoast", "mc4wp"}


@pytest.mark.parametrize(
    "typed",
    ["woocomerce", "wocommerce", "wooocommerce", "woocommecre", "woocommercee", "owocommerce"],
)
def test_a_mistyped_word_shares_a_beginning_with_the_right_one(typed: str) -> None:
    """A letter more, less or other, or two swapped: both have a shortened beginning in common."""
    assert shortened(typed) & shortened("woocommerce")
