"""Names parted into title and subtitle, and their initials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release.name import initial, split
from release.text import clean


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Akismet Anti-spam: Spam Protection", ("Akismet Anti-spam", "Spam Protection")),
        ("Site Kit by Google – Analytics | AdSense", ("Site Kit by Google", "Analytics | AdSense")),
        ("Rank Math SEO — AI SEO Tools", ("Rank Math SEO", "AI SEO Tools")),
        ("Rank Math SEO - AI SEO Tools", ("Rank Math SEO", "AI SEO Tools")),
        ("CollabPay \u2011 Split Profits", ("CollabPay", "Split Profits")),
        ("Prices \u2212 for those who buy", ("Prices", "for those who buy")),
        ("Yoast SEO | Advanced SEO tools", ("Yoast SEO", "Advanced SEO tools")),
        ("Polylang for two · languages", ("Polylang for two", "languages")),
        ("Welcart e-Commerce（日本のショップ）", ("Welcart e-Commerce", "日本のショップ")),
        ("Advanced Custom Fields (ACF®)", ("Advanced Custom Fields", "ACF®")),
        ("A long name (of one) and another", ("A long name", "(of one) and another")),
        ("直骨角 – 简体中文插件", ("直骨角", "简体中文插件")),
        ("Short – of it", ("Short – of it", "")),
        ("Opens at 12:30 every single day", ("Opens at 12:30 every single day", "")),
        ("Product Feed Manager- WooCommerce", ("Product Feed Manager", "WooCommerce")),
        ("A well-known name without a sign", ("A well-known name without a sign", "")),
        ("– – – – – – – – – – – – – – – –", ("– – – – – – – – – – – – – – – –", "")),
        ("", ("", "")),
    ],
)
def test_a_long_name_is_parted_at_its_first_separator(name: str, parts: tuple[str, str]) -> None:
    """The separator goes, everything else is there, in order; a short name stays whole."""
    assert split(name) == parts


@given(st.text(st.sampled_from("ab –—|·:（）()-字"), max_size=40))
def test_no_letter_is_lost(name: str) -> None:
    """Whatever is parted, both parts say something, and all letters are there in their order."""
    title, subtitle = split(clean(name, 100))

    letters = [char for char in name if char.isalnum()]
    assert [char for char in title + subtitle if char.isalnum()] == letters
    assert title or not letters


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("WP-Optimize", "O"),
        ("WP Super Cache", "C"),
        ("All-in-One WP Migration", "I"),
        ("WooCommerce", "W"),
        ("WPForms", "W"),
        ("The Events Calendar", "E"),
        ("elementor", "E"),
        ("10up", "1"),
        ("🚀 launch", "L"),
        ("1️⃣ one", "O"),
        ("“quoted”", "Q"),
        ("ووکامرس فارسی", "و"),
        ("हिन्दी", "हि"),
        ("คลิก", "ค"),
        ("เว็บ", "ว"),
        ("한국어", "한"),
        ("多合一", "多"),
        ("ქართული", "ქ"),
        ("ßtraße", "ß"),
        ("🚀", "S"),
        ("", "S"),
    ],
)
def test_the_initial_tells_names_apart(name: str, letter: str) -> None:
    """It is the first letter of the first telling word, in any script; else the slug's."""
    assert initial(name, "slug") == letter
