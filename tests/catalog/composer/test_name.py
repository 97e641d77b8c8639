"""Composer's rule for names, judged by Composer itself."""

import random

import pytest

from catalog.composer.name import InvalidName, package_name
from tests.catalog.composer.judge import Judge

_GOOD = ["akismet", "foo--bar", "foo.bar", "foo_bar", "1", "404-to-301", "a", "con-air", "com10"]
_BAD = [
    *("foo---bar", "-foo", "foo-", "_foo", "foo_", "foo__bar", "foo..bar", "foo-_bar", "Foo", ""),
    *(
        "%e3%83%86",
        "foo+bar",
        "foo bar",
        "foo/bar",
        "foo\n",
        "fóo",
        "foo１",
        "foo.json",
        "a.b.json",
    ),
    *("con", "aux", "nul", "prn", *(f"com{n}" for n in range(1, 10)), "lpt1", "lpt9"),
]


def _ours(slug: str) -> str | None:
    try:
        return package_name("plugin", slug)
    except InvalidName:
        return None


@pytest.mark.parametrize("slug", _GOOD)
def test_a_good_slug_becomes_a_name(slug: str) -> None:
    assert package_name("plugin", slug) == f"wp-plugin/{slug}"
    assert package_name("theme", slug) == f"wp-theme/{slug}"


@pytest.mark.parametrize("slug", _BAD)
def test_a_bad_slug_is_refused_with_a_sentence(slug: str) -> None:
    with pytest.raises(InvalidName, match=r"\.$"):
        package_name("plugin", slug)


def test_composer_says_the_same_of_every_slug(judge: Judge) -> None:
    """But for capitals, which its rule lets pass and its next line refuses as well."""
    chance = random.Random(3)
    slugs = {"".join(chance.choices("aaab1._-", k=chance.randint(1, 7))) for _ in range(8_000)}
    slugs |= {*_GOOD, *(slug for slug in _BAD if slug and slug == slug.lower() and "/" not in slug)}
    ordered = sorted(slugs)
    errors = judge.ask("names", [f"wp-plugin/{slug}" for slug in ordered])
    theirs = [slug for slug, error in zip(ordered, errors, strict=True) if error is None]
    assert len(theirs) > 500
    assert [slug for slug in ordered if _ours(slug)] == theirs
