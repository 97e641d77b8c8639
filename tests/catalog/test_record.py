"""Records: every odd shape the API has been seen to answer, and every impossible one."""

import json

import pytest

from catalog.record import MAX_BYTES, Record, Refused, parse

_ZIP = "https://downloads.wordpress.org/plugin/akismet.5.3.zip"


def _parse(**fields: object) -> Record:
    return parse(json.dumps({"type": "plugin", "slug": "akismet", **fields}).encode())


def test_missing_fields_close_up() -> None:
    """A record of a type and a slug is a package: its name is its slug, the rest is empty."""
    record = _parse()

    assert record.name == "akismet"
    assert (record.description, record.version, record.author, record.homepage) == ("", "", "", "")
    assert (record.installs, record.updated, record.versions) == (None, None, ())


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("SEOPress &#8211; On-site SEO", "SEOPress – On-site SEO"),
        ("Schema &amp; Structured Data", "Schema & Structured Data"),
        ("&lt;b&gt;bold&lt;/b&gt;", "<b>bold</b>"),
        ("a &amp;amp; b", "a &amp; b"),
        ("  two\n\tlines  ", "two lines"),
        ("bell\u0007 and c1\u0085", "bell and c1"),
        ("half \ud83d a pair", "half a pair"),
        ("safe\u202egpj.exe\u202c \u2067x\u2069", "safegpj.exe x"),
    ],
)
def test_entities_are_decoded_once_and_blanks_fold(written: str, plain: str) -> None:
    """Names and descriptions come out as plain text, decoded exactly once."""
    record = _parse(name=written, short_description=written)

    assert (plain, plain) == (record.name, record.description)


@pytest.mark.parametrize(
    ("author", "name", "url"),
    [
        ('<a href="https://a.example/x">Tom &amp; Co</a>', "Tom & Co", "https://a.example/x"),
        ("Plain Name", "Plain Name", ""),
        ('<a href="javascript:alert(1)">Sly</a>', "Sly", ""),
        (
            {"user_nicename": "wp", "display_name": "The Team", "profile": "https://p.example/wp"},
            "The Team",
            "https://p.example/wp",
        ),
        ({"user_nicename": "wp", "display_name": False}, "wp", ""),
        (False, "", ""),
        (None, "", ""),
    ],
)
def test_an_author_is_a_link_a_text_or_an_object(author: object, name: str, url: str) -> None:
    """All three shapes give a plain name, and a web address or nothing."""
    record = _parse(author=author)

    assert (name, url) == (record.author, record.author_url)


@pytest.mark.parametrize(
    ("versions", "read"),
    [
        ([], ()),
        (None, ()),
        ({}, ()),
        ([_ZIP], (("0", _ZIP),)),
        ({"1.0": _ZIP, "trunk": _ZIP}, (("1.0", _ZIP), ("trunk", _ZIP))),
        ({" 1.0 ": "ftp://x.example/"}, ((" 1.0 ", ""),)),
        ({"1.\ud800": _ZIP}, (("1.?", _ZIP),)),
    ],
)
def test_versions_are_a_map_or_what_php_makes_of_one(versions: object, read: object) -> None:
    """PHP's empty array and its list with the index as version are read as the maps they mean."""
    assert read == _parse(versions=versions).versions


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"last_updated": "2018-12-21 7:07pm GMT"}, 1545419220),
        ({"last_updated": "2018-12-21"}, 1545350400),
        ({"last_updated": "2018-12-21 19:07:00"}, 1545419220),
        ({"last_updated": "2018-12-21", "last_updated_time": "2018-12-21 19:07:00"}, 1545419220),
        ({"last_updated": ""}, None),
        ({"last_updated": False}, None),
    ],
)
def test_dates_of_both_apis_are_read(fields: dict[str, object], seconds: int | None) -> None:
    """Plugins and themes write their dates differently; both become Unix seconds, UTC."""
    assert seconds == _parse(**fields).updated


def test_the_type_of_a_raw_answer_is_told_by_its_zips() -> None:
    """An answer of the API does not name its type, but its zip URLs do."""
    theme = {"slug": "astra", "download_link": "https://downloads.wordpress.org/theme/astra.4.zip"}

    assert parse(json.dumps(theme).encode()).type == "theme"


def test_false_means_none_and_numbers_are_versions() -> None:
    """`requires: false` is no requirement; a bare number is its text; 0.0 is no version."""
    record = _parse(requires=False, requires_php=7.4, version="0.0", tags={"seo": "S &amp; O"})

    assert (record.requires, record.requires_php, record.version) == ("", "7.4", "")
    assert record.tags == ("S & O",)


def test_a_theme_description_may_stand_in_its_sections() -> None:
    """Without a short description the long one serves, as words without markup."""
    record = _parse(sections={"description": "<p>Made for <b>blogs</b>.</p><p>Fast.</p>"})

    assert record.description == "Made for blogs. Fast."


@pytest.mark.parametrize(
    ("fields", "closure"),
    [
        ({}, None),
        ({"closed": False}, None),
        (
            {"closed": True, "closed_date": "2026-04-09", "reason": "security-issue"},
            ("2026-04-09", "security-issue", "security-issue", False),
        ),
        (
            {
                "error": "closed",
                "closed_date": False,
                "reason": False,
                "reason_text": "Author Request",
                "description": "This plugin has been closed. This closure is permanent.",
            },
            ("", "", "Author Request", True),
        ),
        ({"closed": True, "permanent": True}, ("", "", "", True)),
    ],
)
def test_a_closure_keeps_date_reason_and_whether_it_is_for_good(
    fields: dict[str, object], closure: object
) -> None:
    """`false` stands for what the directory does not tell."""
    assert closure == _parse(**fields).closure


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b'{"slug": NaN', "not JSON"),
        (b"[1]", "not a JSON object but a list"),
        (b"null", "not a JSON object but null"),
        (b'"text"', "not a JSON object but a text"),
        (b'{"type":"plugin"}', "no slug"),
        (b'{"type":"plugin","slug":7}', "slug is not a text but a number"),
        (b'{"type":"plugin","slug":"../etc"}', "impossible"),
        (b'{"type":"plugin","slug":"UPPER"}', "impossible"),
        (b'{"type":"plugin","slug":"a b"}', "impossible"),
        (b'{"type":"plugin","slug":"' + b"a" * 201 + b'"}', "impossible"),
        (b'{"slug":"a"}', "no type"),
        (b'{"type":"widget","slug":"a"}', "not 'plugin' or 'theme'"),
        (b'{"type":"plugin","slug":"a","slug":"b"}', "stands in it twice"),
        (b'{"type":"plugin","slug":"a","name":["x"]}', "name is not a text but a list"),
        (b'{"type":"plugin","slug":"a","name":true}', "name is not a text"),
        (b'{"type":"plugin","slug":"a","active_installs":"5"}', "not a whole number but a text"),
        (b'{"type":"plugin","slug":"a","active_installs":-1}', "impossible"),
        (b'{"type":"plugin","slug":"a","active_installs":true}', "not a whole number"),
        (b'{"type":"plugin","slug":"a","versions":"1.0"}', "versions are not a map"),
        (b'{"type":"plugin","slug":"a","versions":{"1.0":null}}', "URL of its version '1.0'"),
        (b'{"type":"plugin","slug":"a","last_updated":"yesterday"}', "not a date"),
        (b'{"type":"plugin","slug":"a","name":"x\\u0000y"}', "NUL"),
        (b'{"type":"plugin","slug":"a"}\0', "NUL byte"),
        (b'{"type":"plugin","slug":"\xff"}', "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"type":"plugin","slug":"a","active_installs":' + b"9" * 5_000 + b"}", "not JSON"),
        (b" " * (MAX_BYTES + 1), "longer than"),
    ],
)
def test_an_impossible_record_is_refused_with_a_sentence(line: bytes, reason: str) -> None:
    """Each bad line is refused with its own reason, and with no other error."""
    with pytest.raises(Refused, match=reason):
        parse(line)
