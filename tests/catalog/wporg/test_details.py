"""The API's answers, one by one: what is a record, a closure, an unknown slug, a failure."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.record import parse
from catalog.wporg import details
from catalog.wporg.client import Unreadable
from catalog.wporg.details import Closed, Failure, Found, NotFound, read_answer, read_batch
from catalog.wporg.saved import record_of
from tests.catalog.wporg import fake

ZIP = "https://downloads.wordpress.org/plugin/x"

ODD_PLUGINS: dict[str, dict[str, Any]] = {
    "no tags in Subversion: PHP's empty list": {"versions": []},
    "the only tag is 0: a list": {"versions": [f"{ZIP}.0.zip"], "version": "0"},
    "trunk among the versions": {"versions": {"trunk": f"{ZIP}.zip", "1.0": f"{ZIP}.1.0.zip"}},
    "no version": {"version": "0.0"},
    "false for none": {"requires": False, "tested": False, "requires_php": False},
    "no topics": {"tags": []},
    "topics as false": {"tags": False},
    "an author without a link": {"author": "Ann &amp; Co"},
    "no homepage": {"homepage": ""},
    "no description": {"short_description": ""},
    "an old date": {"last_updated": "2018-12-21 7:07pm GMT"},
    "header and stable tag differ": {"version": "1.9.0", "download_link": f"{ZIP}.1.8.0.zip"},
    "the stable tag is trunk": {"download_link": f"{ZIP}.zip"},
    "a lone surrogate": {"name": "broken \ud83d emoji"},
    "a field of a later API": {"business_model": {"deep": [1, 2.5, None]}},
}
ODD_THEMES: dict[str, dict[str, Any]] = {
    "an author as an object": {"author": {"user_nicename": "ann", "author": False}},
    "an author as a text": {"author": "ann"},
    "a rating with a fraction": {"rating": 93.7},
    "a date and a time": {"last_updated": "2018-12-21", "last_updated_time": "2018-12-21 09:00:01"},
    "a version not yet live": {"version": "1.0", "versions": {"1.0": "", "1.1": ""}},
}


@pytest.mark.parametrize("odd", ODD_PLUGINS.values(), ids=ODD_PLUGINS)
def test_an_odd_plugin_is_a_record_with_its_own_fields(odd: dict[str, Any]) -> None:
    """Whatever the API sends of a plugin is kept as it came, and the build can read it."""
    answer = fake.plugin("x", **odd)
    [found] = read_batch(fake.php({"x": answer}).encode(), "plugin", ["x"]).values()
    assert isinstance(found, Found)
    assert found.fields == answer
    record = record_of("plugin", "x", found.fields, 12)
    assert record == {"type": "plugin", "slug": "x", **answer, "svn_revision": 12}
    assert parse(json.dumps(record).encode()).slug == "x"


@pytest.mark.parametrize("odd", ODD_THEMES.values(), ids=ODD_THEMES)
def test_an_odd_theme_is_a_record_with_its_own_fields(odd: dict[str, Any]) -> None:
    """Whatever the API sends of a theme is kept as it came, and the build can read it."""
    answer = fake.theme("x", **odd)
    [found] = read_batch(fake.php({"x": answer}).encode(), "theme", ["x"]).values()
    assert isinstance(found, Found)
    assert parse(json.dumps(record_of("theme", "x", found.fields, 0)).encode()).type == "theme"


def test_a_closure_keeps_date_and_reason() -> None:
    """The stub's `false` is none; its texts are kept."""
    assert read_answer(fake.closed("x"), "plugin", "x") == Closed(
        "2026-04-09", "security-issue", "Security Issue", fake.closed("x")["description"], False
    )
    bare = fake.closed("x", False, closed_date=False, reason_text=False, description=False)
    assert read_answer(bare, "plugin", "x") == details.NO_REASON


def test_a_permanent_closure_says_so() -> None:
    """The API says it in the text alone."""
    stub = fake.closed(
        "x", description="Closed. This closure is permanent. Reason: Author Request."
    )
    answer = read_answer(stub, "plugin", "x")
    assert isinstance(answer, Closed)
    assert answer.permanent


@pytest.mark.parametrize(
    ("type_", "value"), [("plugin", "Plugin not found."), ("theme", "Theme not found")]
)
def test_an_unknown_slug_is_no_closure(type_: str, value: str) -> None:
    """The API's own words for it, and only these."""
    assert read_answer({"error": value}, type_, "x") == NotFound()
    other = {"plugin": "theme", "theme": "plugin"}[type_]
    assert isinstance(read_answer({"error": value}, other, "x"), Failure)


@pytest.mark.parametrize(
    "value",
    [
        None,
        False,
        [],
        "closed",
        {},
        {"error": "Slug not provided"},
        {"error": None, "slug": "y", "name": "Y"},
        {"slug": "x"},
        fake.closed("y"),
        {"slug": "x", "name": False},
    ],
)
def test_anything_else_is_a_failure(value: object) -> None:
    """No answer, another package's, or a nameless one: what was known stays."""
    assert isinstance(read_answer(value, "plugin", "x"), Failure)


def test_a_slug_without_an_answer_fails_alone() -> None:
    """One missing from the map does not spoil the others."""
    body = fake.php({"a": fake.plugin("a")}).encode()
    answers = read_batch(body, "plugin", ["a", "b"])
    assert isinstance(answers["a"], Found)
    assert answers["b"] == Failure("no answer")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"false",
        b"42",
        b"<html></html>",
        b'{"a":',
        b'{"a":' + b"[" * 100_000,
        b'{"a":' + b"9" * 5_000 + b"}",
    ],
)
def test_a_body_that_is_no_map_is_unreadable(body: bytes) -> None:
    """Nothing is concluded from it for any of the slugs."""
    with pytest.raises(Unreadable):
        read_batch(body, "plugin", ["a", "b"])


@pytest.mark.parametrize(
    ("words", "unsupported"),
    [
        ("Slugs not provided", True),
        ("Slug not provided.", True),
        ("A maximum of 100 plugins can be queried at once.", False),
        ("Theme not found", False),
    ],
)
def test_one_error_for_a_batch_is_told_apart(words: str, unsupported: bool) -> None:
    """Nothing is concluded about any package; that slugs were not seen at all, is noticed."""
    with pytest.raises(details.OneForAll, match=words) as caught:
        read_batch(json.dumps({"error": words}).encode(), "theme", ["a", "b"])
    assert caught.value.unsupported is unsupported


@pytest.mark.parametrize("depth", [30, 400, 900])
def test_an_answer_nested_without_end_is_a_failure(depth: int) -> None:
    """What could be read but not be written down again costs its package alone."""
    deep = f'{{"name":"A","slug":"a","x":{"[" * depth}{"]" * depth}}}'
    answers = read_batch(
        f'{{"a":{deep},"b":{fake.php(fake.plugin("b"))}}}'.encode(), "plugin", "ab"
    )
    assert isinstance(answers["a"], Failure)
    assert isinstance(answers["b"], Found)


@pytest.mark.parametrize("type_", ["plugin", "theme"])
def test_figures_that_change_daily_are_not_kept(type_: str) -> None:
    """Ratings and support threads come unasked; a record is not new for them."""
    make = {"plugin": fake.plugin, "theme": fake.theme}[type_]
    daily = dict.fromkeys((*fake.DAILY, "downloaded", "rating", "ratings"), 7)
    assert read_answer(make("x", **daily), type_, "x") == Found(make("x"))


@pytest.mark.parametrize(
    ("stored", "day"),
    [
        ("2024-10-24 05:12:33", "2024-10-24"),
        ("2024-10-24", "2024-10-24"),
        ("0000-00-00 00:00:00", ""),
        ("October 24, 2024", ""),
        (False, ""),
    ],
)
def test_the_date_of_a_closure_is_a_day_or_nothing(stored: object, day: str) -> None:
    """The directory's own code stores a moment; its stub may hold anything."""
    answer = read_answer(fake.closed("x", closed_date=stored), "plugin", "x")
    assert isinstance(answer, Closed)
    assert answer.date == day


@pytest.mark.parametrize(
    ("version", "versions", "awaited"),
    [
        ("1.0", {"1.0": "", "1.1": ""}, "1.1"),
        ("1.9", {"1.10": "", "1.9": "", "1.11": "", "1.2": ""}, "1.11"),
        ("v1.0", {"1.0": "", "0.9": ""}, ""),
        ("1.0", {"1.0": "", "garbage": "", "2.0.0.0.0": ""}, ""),
        ("garbage", {"1.0": ""}, ""),
        ("1.0", [], ""),
        ("0", ["https://downloads.wordpress.org/theme/x.0.zip"], ""),
        (None, {"1.0": ""}, ""),
    ],
)
def test_a_version_above_the_announced_one_is_awaited(
    version: object, versions: object, awaited: str
) -> None:
    """The newest of them, in the order that Composer gives versions."""
    assert details.awaited({"version": version, "versions": versions}) == awaited


def test_numeric_slugs_come_as_a_list() -> None:
    """PHP writes the keys 0, 1 as a list: its places are the slugs."""
    body = fake.php({"0": fake.plugin("0"), "1": fake.plugin("1")}).encode()
    assert body.startswith(b"[")
    answers = read_batch(body, "plugin", ["0", "1"])
    assert all(isinstance(answer, Found) for answer in answers.values())


@pytest.mark.parametrize("stub", [fake.closed("a"), fake.NOT_FOUND["plugin"], fake.plugin("a")])
def test_one_slug_may_be_answered_without_a_map(stub: dict[str, Any]) -> None:
    """Asked for one package, a server may answer as for request[slug]."""
    alone = read_batch(json.dumps(stub).encode(), "plugin", ["a"])["a"]
    assert alone == read_answer(stub, "plugin", "a")
    assert not isinstance(alone, Failure)


@pytest.mark.parametrize("stub", [{"error": "closed", "closed": True}, fake.closed("b")])
def test_a_closure_that_names_no_package_closes_none(stub: dict[str, Any]) -> None:
    """Outside a map, only a stub with the package's own slug is about it."""
    with pytest.raises(Unreadable):
        read_batch(json.dumps(stub).encode(), "plugin", ["a"])


def test_a_package_may_be_called_error() -> None:
    """A slug that looks like a word of the API is a slug."""
    body = fake.php({"error": fake.plugin("error"), "slug": fake.plugin("slug")}).encode()
    answers = read_batch(body, "plugin", ["error", "slug"])
    assert all(isinstance(answer, Found) for answer in answers.values())


def test_a_request_is_for_at_most_a_hundred() -> None:
    """Also when the slugs are long: a URL has its limit, too."""
    assert [len(batch) for batch in details.batches(map(str, range(250)))] == [100, 100, 50]
    long = [f"{number:0200}" for number in range(100)]
    sizes = list(details.batches(long))
    assert [slug for batch in sizes for slug in batch] == long
    assert all(len(details.url("https://a.example/", "plugin", batch)) < 8_000 for batch in sizes)
    assert list(details.batches([])) == []


def test_a_request_names_slugs_and_fields() -> None:
    """The API is asked for what a directory shows, and not for what changes every day."""
    query = parse_qs(urlsplit(details.url("https://a.example", "theme", ["a", "b"])).query)
    assert query["action"] == ["theme_information"]
    assert query["request[slugs]"] == ["a,b"]
    assert query["request[fields][versions]"] == ["1"]
    assert query["request[fields][screenshot_url]"] == ["1"]
    for daily in ("downloaded", *fake.DAILY):
        assert query[f"request[fields][{daily}]"] == ["0"]
    alone = parse_qs(urlsplit(details.url("https://a.example", "plugin", ["a"])).query)
    assert alone["request[slug]"] == ["a"]
    assert "request[slugs]" not in alone
    assert alone["request[fields][icons]"] == ["1"]
