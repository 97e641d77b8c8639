"""Which versions are offered, and why the others are not."""

import itertools
from urllib.parse import urlsplit

import pytest

from catalog.composer.rule import Rule
from catalog.composer.selection import Published, host, published, stable_version
from tests.catalog.composer.strings import AVOIDED, REFUSED, VALID


def _zips(*raws: str) -> dict[str, str]:
    return {raw: f"https://downloads.wordpress.org/plugin/foo.{raw.strip()}.zip" for raw in raws}


def _offered(*raws: str, stable: str) -> Published:
    return published(_zips(*raws), stable, slug="foo")


def _kept(decision: Published) -> list[str]:
    return [kept.raw for kept in decision.kept]


def _why(decision: Published) -> dict[str, str]:
    assert all(dropped.reason.endswith(".") for dropped in decision.dropped)
    return {dropped.raw: dropped.rule.value for dropped in decision.dropped}


def test_newest_first_and_trunk_is_no_release() -> None:
    decision = _offered("1.0", "trunk", "1.10", "1.9", stable="1.10")
    assert _kept(decision) == ["1.10", "1.9", "1.0"]
    assert _why(decision) == {"trunk": "trunk"}


def test_one_bad_version_leaves_the_others_alone() -> None:
    decision = _offered("3.0.0", "3.1.0-dev1", "3.1.0", "latest", stable="3.1.0")
    assert _kept(decision) == ["3.1.0", "3.0.0"]
    assert _why(decision) == {"3.1.0-dev1": "unreadable", "latest": "unreadable"}


def test_every_version_of_the_table_is_kept_or_dropped_by_its_rule() -> None:
    """Nothing gets lost between the two lists."""
    versions = [*VALID, *REFUSED, *AVOIDED]
    decision = published(dict.fromkeys(versions, "https://example.org/a.zip"), "", slug="foo")
    assert sorted([*_kept(decision), *_why(decision)]) == sorted(versions)
    expected = {**REFUSED, **AVOIDED, "trunk": "trunk"}
    assert {raw: rule for raw, rule in _why(decision).items() if rule != "duplicate"} == expected


def test_versions_above_the_stable_one_wait_but_pre_releases_do_not() -> None:
    decision = _offered("2.0", "2.1", "2.1-beta1", "2.0-p1", "3.0-dev", "3.x-dev", stable="2.0")
    assert _kept(decision) == ["3.x-dev", "3.0-dev", "2.1-beta1", "2.0"]
    assert _why(decision) == {"2.0-p1": "unreleased", "2.1": "unreleased"}
    assert [kept.raw for kept in decision.releases] == ["2.1-beta1", "2.0"]
    assert [kept.raw for kept in decision.dev] == ["3.x-dev", "3.0-dev"]


@pytest.mark.parametrize("stable", ["", "0.0", "trunk", "1.0.1 Lite"])
def test_a_stable_version_that_tells_nothing_holds_nothing_back(stable: str) -> None:
    assert _kept(_offered("2.0", "1.0", stable=stable)) == ["2.0", "1.0"]


@pytest.mark.parametrize(
    ("raws", "stable", "chosen"),
    [
        (["1.0", "v1.0"], "1.0", "1.0"),
        (["1.0", "v1.0"], "v1.0", "v1.0"),
        (["1.1", "1.1.0"], "1.1.0", "1.1.0"),
        (["1.1", "1.1.0", "v1.1", "1.1.0.0"], "2.0", "1.1"),
        (["1.0", "1.0 ", "1.0."], "2.0", "1.0"),
        (["1.0_", "1.0-"], "2.0", "1.0-"),
        (["1.0", "01.0"], "2.0", "1.0"),
        (["1.0+5", "1.0+6", "1.0"], "1.0+6", "1.0+6"),
        (["1.0-b1.2", "1.0-b1-2"], "2.0", "1.0-b1-2"),
    ],
)
def test_of_equal_versions_one_is_chosen_whatever_the_order(
    raws: list[str], stable: str, chosen: str
) -> None:
    """The stable tag, else the shortest, else the first by code."""
    for some in itertools.permutations([*raws, "2.0"]):
        decision = _offered(*some, stable=stable)
        assert [raw for raw in _kept(decision) if raw != "2.0"] == [chosen]
        doubles = {raw for raw, rule in _why(decision).items() if rule == Rule.DUPLICATE}
        assert doubles == set(raws) - {chosen}


def test_the_raw_tag_is_kept_for_paths_and_a_plain_version_is_printed() -> None:
    (kept,) = _offered("v1.0 ", stable="1.0").kept
    assert (kept.raw, kept.version, kept.normalized) == ("v1.0 ", "1.0", "1.0.0.0")
    assert kept.url.endswith("/foo.v1.0.zip")


@pytest.mark.parametrize(
    ("raws", "current"),
    [
        (["1.9", "2.0-beta1"], "1.9"),
        (["2.0-beta1", "2.0-beta10"], "2.0-beta10"),
        (["1.0-dev"], None),
        ([], None),
    ],
)
def test_the_current_version_is_the_newest_stable_tag(raws: list[str], current: str | None) -> None:
    """Not what the header says: that may be ahead of every tag."""
    chosen = _offered(*raws, stable="4.0.12").current
    assert (chosen.raw if chosen else None) == current


def test_a_header_ahead_of_every_tag_is_reported() -> None:
    assert _why(_offered("2.0.26", stable="4.0.12")) == {"4.0.12": "untagged"}
    assert _why(_offered(stable="1.0")) == {"1.0": "untagged"}
    assert _why(_offered(stable="1.0 beta")) == {"1.0 beta": "untagged"}


def test_the_same_version_in_other_words_is_a_tag() -> None:
    assert _why(_offered("4.2.0", stable="4.2")) == {}


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("", "zip"),
        ("ftp://example.org/foo.zip", "zip"),
        ("https:///foo.zip", "zip"),
        ("https://[::1/foo.zip", "zip"),
        ("https://example.org/fo o.zip", "zip"),
        ("https://example.org/fo\no.zip", "zip"),
        ("https://example.org/\ud800.zip", "zip"),
        ("javascript:alert(1)", "zip"),
        ("https://downloads.wordpress.org/plugin/foo.zip", "moving-zip"),
        ("https://downloads.wordpress.org/plugin/f%6Fo.zip", "moving-zip"),
        ("https://downloads.wordpress.org/plugin/foo.latest-stable.zip", "moving-zip"),
    ],
)
def test_a_version_without_a_zip_that_stands_still_is_dropped(url: str, rule: str) -> None:
    assert _why(published({"1.0": url}, "1.0", slug="foo")) == {"1.0": rule}


@pytest.mark.parametrize(
    "url",
    [
        "https://downloads.wordpress.org/plugin/foo.zip?revision=7",
        "https://downloads.wordpress.org/plugin/foo.1.0.zip",
        "http://127.0.0.1:8080/zips/anything",
        "https://[::1]/foo-1.0.zip",
    ],
)
def test_any_other_web_address_will_do(url: str) -> None:
    assert _kept(published({"1.0": url}, "1.0", slug="foo")) == ["1.0"]


@pytest.mark.parametrize(
    ("link", "version"),
    [
        ("https://downloads.wordpress.org/plugin/easier-excerpts.1.8.0.zip", "1.8.0"),
        ("https://downloads.wordpress.org/plugin/easier-excerpts.zip", "1.9.0"),
        ("https://downloads.wordpress.org/plugin/easier-excerpts.latest-stable.zip", "1.9.0"),
        ("https://downloads.wordpress.org/plugin/other.1.7.zip", "1.9.0"),
        ("https://downloads.wordpress.org/plugin/easier-excerpts.1.8%20b.zip", "1.8 b"),
        ("", "1.9.0"),
    ],
)
def test_the_stable_tag_stands_in_the_download_link(link: str, version: str) -> None:
    assert stable_version("easier-excerpts", "1.9.0", link) == version


@pytest.mark.parametrize(
    "url",
    [
        "https://downloads.wordpress.org/plugin/foo.1.0.zip",
        "https://downloads.wordpress.org?foo.zip",
        "https://downloads.wordpress.org",
        "https://Downloads.WordPress.org/foo.zip",
        "https://downloads.wordpress.org:8080/foo.zip",
        "https://ann@evil.example/downloads.wordpress.org/foo.zip",
        "https://downloads.wordpress.org@evil.example/foo.zip",
        "https://downloads.wordpress.org\\@evil.example/foo.zip",
        "https://[::1]/foo.zip",
        "https:///foo.zip",
        "",
    ],
)
def test_the_host_of_an_address_is_that_which_pythons_own_reader_finds(url: str) -> None:
    """What is read off an address at a glance is what urlsplit says of it."""
    assert host(url) == urlsplit(url).hostname


def test_an_address_with_open_brackets_has_no_host() -> None:
    """What urlsplit refuses names no host."""
    assert host("https://[::1/foo.zip") is None
