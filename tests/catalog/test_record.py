"""Records: every odd shape the API has been seen to answer, and every impossible one."""

import json
import math

import pytest

from catalog.record import MAX_BYTES, Record, Refused, parse

_AS_VERSIONS = ('{"type":"plugin","slug":"a","versions":', "}")
_HEADER = '<a href="https://yoa.st/1uj">Team Yoast</a>'
_LINK = "https://a.example/?a=1&b=2&region=3"
_ZIP = "https://downloads.wordpress.org/plugin/akismet.5.3.zip"


def _parse(**fields: object) -> Record:
    return parse(json.dumps({"type": "plugin", "slug": "akismet", **fields}).encode())


def test_missing_fields_close_up() -> None:
    """A record of a type and a slug is a package: its name is its slug, the rest is empty."""
    record = _parse()

    assert record.name == "akismet"
    assert (record.description, record.version, record.author, record.homepage) == ("", "", "", "")
    assert (record.active_installs, record.updated, record.versions) == (None, None, ())


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
        ("<a href='https://a.example/?a=1&amp;b=2&region=3'>A</a>, <a>B</a>", "A, B", _LINK),
        ("<A\nTITLE='x > y' HREF = https://a.example/?a=1&b=2&region=3>A</A>", "A", _LINK),
        ('<a href="https://a.example/', "", ""),
        ("Bob <b@b.example>", "Bob", ""),
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
        ({"1.\ud800": _ZIP, "1\u200b": _ZIP}, (("1.\ufffd", _ZIP), ("1\ufffd", _ZIP))),
        ({"1.0\r": _ZIP, "1": None, "2": [_ZIP]}, (("1.0\r", _ZIP), ("1", ""), ("2", ""))),
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
        ({"last_updated": "2018-12-21T19:07:00.123456Z"}, 1545419220),
        ({"last_updated": "2018-12-21 20:07:00.5+01:00"}, 1545419220),
        ({"last_updated": "2018-12-21", "last_updated_time": "2018-12-21 19:07:00"}, 1545419220),
        ({"last_updated": "2018-12-21", "last_updated_time": "-0001-11-30 00:00"}, 1545350400),
        ({"last_updated": ""}, None),
        ({"last_updated": False}, None),
        ({"last_updated": "yesterday"}, None),
        ({"last_updated": "-0001-11-30 12:00am GMT"}, None),
        ({"last_updated": "0001-01-01T00:00:00+23:59"}, None),
        ({"last_updated": "9999-12-31T23:59:59-23:59"}, None),
        ({"last_updated": "1970-01-01"}, None),
        ({"last_updated": "2026-01-03 12:01am GMT"}, None),
        ({"last_updated": "2026-01-02 11:59pm GMT"}, 1767398340),
    ],
)
def test_dates_of_both_apis_are_read(fields: dict[str, object], seconds: int | None) -> None:
    """Both become Unix seconds; no date is older than WordPress or a day ahead of now."""
    now = 1767312000  # 2026-01-02 00:00 UTC
    line = json.dumps({"type": "plugin", "slug": "akismet", **fields}).encode()

    assert seconds == parse(line, now).updated


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
        (b'{"type":"plugin","slug":"a","versions":"1.0"}', "versions are not a map"),
        (b'{"type":"plugin","slug":"a"}\0', "NUL byte"),
        (b'{"type":"plugin","slug":"\xff"}', "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"type":' + b"[" * 900 + b"]" * 900 + b',"slug":"a"}', "its type is a list"),
        (b'{"slug":"a","download_link":' + b"[" * 900 + b"]" * 900 + b"}", "no type"),
        (json.dumps(dict.fromkeys(range(10_001), "")).join(_AS_VERSIONS).encode(), "10,001"),
        (b"{" + b"".join(b'"%d":0,' % one for one in range(200_000)) + b'"5":0}', "'5' stands in"),
        (b" " * (MAX_BYTES + 1), "longer than"),
    ],
)
def test_an_impossible_record_is_refused_with_a_sentence(line: bytes, reason: str) -> None:
    """Each bad line is refused with its own reason, and with no other error."""
    with pytest.raises(Refused, match=reason):
        parse(line)


@pytest.mark.parametrize(
    ("field", "odd", "kept"),
    [
        *(("name", odd, "akismet") for odd in (["x"], True, 7, "", "\u200b", "\u2060 \u00ad")),
        *(("author", odd, "") for odd in (["x"], True, 7, {"author": ["x"]})),
        *(("requires", odd, "") for odd in (["5.0"], True, {}, "latest", "9" * 5_000)),
        *(("active_installs", odd, None) for odd in ([], -1, True, "many", 1 << 53, 1e999, 5.5)),
        *(("active_installs", odd, 900) for odd in ("900", 900)),
        *(("svn_revision", odd, None) for odd in ("r12", -1, math.nan)),
        *(("version", odd, "") for odd in ([], math.inf, math.nan, 10**30)),
        *(("tags", odd, ()) for odd in ("a", 7, ["x" * 201, 7, "\u200b"])),
        *(("homepage", odd, "") for odd in (7, "x", "ftp://a.example/", "https://" + "a" * 2_000)),
        ("short_description", {"a": 1}, ""),
        ("download_link", "https://a.example/" + "a" * 2_000, ""),
    ],
)
def test_an_odd_field_costs_the_field(field: str, odd: object, kept: object) -> None:
    """The record is taken without it."""
    attribute = {"svn_revision": "revision"}.get(field, field)
    attribute = {"short_description": "description"}.get(attribute, attribute)
    record = _parse(**{field: odd, "tested": "6.7"})

    assert (getattr(record, attribute), record.tested) == (kept, "6.7")


def test_a_number_that_python_refuses_costs_its_field() -> None:
    """Digits by the thousand, in a field that is read and in one that is not."""
    nines = b"9" * 5_000
    line = b'{"type":"plugin","slug":"a","name":"A","active_installs":%s,"rating":-%s}'

    record = parse(line % (nines, nines))

    assert (record.name, record.active_installs) == ("A", None)


def test_a_byte_order_mark_before_a_record_is_none_of_it() -> None:
    """Some tools write one before the first line."""
    assert parse(b'\xef\xbb\xbf{"type":"plugin","slug":"a"}').slug == "a"


@pytest.mark.parametrize(
    ("description", "plain"),
    [
        (
            'Counts what <a href="https://a.example/?a=1&amp;b=2">Guard</a> caught &amp; shows'
            " the &lt;head&gt; element.",
            "Counts what Guard caught & shows the <head> element.",
        ),
        ("one<br />two<p>three</p>", "one two three"),
        ("i < 3 and j>4, I <3 it", "i < 3 and j>4, I <3 it"),
        ('a <b title="x > y">c</b> <!-- <i>no</i> --> d <!-- e', "a c d <!-- e"),
        ("a <b title=it's>c</b><!DOCTYPE x><?php f() ?> d", "a c d"),
        ('cut <a href="https://a.example/lo', "cut"),
        ("R&D, AT&amp;T, &region=1 &copy &notit; &#8211; &#x2014;", "R&D, AT&T, &region=1 &copy"),
    ],
)
def test_raw_tags_of_a_description_go_and_escaped_ones_stay(description: str, plain: str) -> None:
    """What is markup is markup once; an entity is one only with its semicolon."""
    assert _parse(short_description=description).description.startswith(plain)


def test_entities_without_a_semicolon_are_words() -> None:
    """Not even where a browser would guess."""
    record = _parse(name="&notit; &copy 2 &amp &#8211; &#x2014; &#38 &#00000000000038;")

    assert record.name == "&notit; &copy 2 &amp – — &#38 &"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://a.example/?a=1&region=2&copy=3&param=4&notify=5&currency=6", ""),
        ("https://a.example/?a=1&amp;b=2&#038;c=3", "https://a.example/?a=1&b=2&c=3"),
        ("  https://a.example/\u200b\u200e\ufeff\uffff ", "https://a.example/"),
        ("HTTPS://a.example/?&lt=1&lt;", "HTTPS://a.example/?&lt=1&lt;"),
    ],
)
def test_a_homepage_is_an_address_and_no_markup(written: str, kept: str) -> None:
    """Nothing in it is decoded but what WordPress encodes in addresses."""
    assert _parse(homepage=written).homepage == (kept or written)


@pytest.mark.parametrize(
    ("url", "sound"),
    [
        ("https://downloads.wordpress.org/plugin/a.1.zip", True),
        ("http://zips.example:8080/1.0.zip?x=a@b", True),
        ("https://1.example/a.zip", True),
        ("https://例え.jp/a.zip", True),
        ("https://user:pw@a.example/a.zip", False),
        ("https://a.example\\@b.example/a.zip", False),
        *((f"http://{host}/a.zip", False) for host in ("127.0.0.1", "2130706433", "0x7f.1")),
        *((f"http://{host}/a.zip", False) for host in ("[::1]", "10.1.", "１２７.０.０.１", "a:b")),
        *((f"http://{host}/a.zip", False) for host in ("%31.1", "0x", "a:99999", "a b", "")),
        *((f"{scheme}a.example/a.zip", False) for scheme in ("ftp://", "file://", "//", "gopher:")),
    ],
)
def test_a_zip_is_on_a_host_with_a_name(url: str, sound: bool) -> None:
    """Neither credentials nor bare addresses of machines: the version has no zip then."""
    assert _parse(versions={"1.0": url}).versions == (("1.0", url if sound else ""),)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *((odd, "5.0") for odd in ("5.0 or higher", "5.0+", "WordPress 5.0", "WP 5.0 or later")),
        *((odd, "5.0") for odd in ("WordPress: v5.0+", ">= 5.0", "≥5.0 and above", "version 5.0")),
        *((odd, "5.0") for odd in ("at least 5.0 (or newer)", "5.0.", "5.0 – 6.1", " 5.0 ")),
        *((same, same) for same in ("6.7-RC1", "4.9.8", "6", "")),
        *((none, "") for none in ("latest", "any version", "PHP 7.4", "20240101", "x5.0")),
    ],
)
def test_a_requirement_is_a_bare_number(written: str, number: str) -> None:
    """Without the name of what is required and without "or later": pages say both."""
    record = _parse(requires=written, tested=written)

    assert (record.requires, record.tested) == (number, number)


@pytest.mark.parametrize(
    ("written", "number"),
    [("7.4+", "7.4"), ("PHP 7.4 or higher", "7.4"), ("WP 5", ""), ("80", "80"), (8.1, "8.1")],
)
def test_a_required_php_is_a_bare_number(written: object, number: str) -> None:
    """As with WordPress, whose name is no number of PHP."""
    assert _parse(requires_php=written).requires_php == number


def test_the_author_of_a_theme_is_the_one_its_header_names() -> None:
    """As a plugin's is: both then stand on one page."""
    account = {"user_nicename": "ct", "display_name": "ct-account", "profile": "https://p.example/"}
    theme = {**account, "author": "Creative Themes", "author_url": "https://ct.example/"}

    assert _parse(author=theme).author == "Creative Themes"
    assert _parse(author=theme).author_url == "https://ct.example/"
    assert _parse(author={**account, "author": False, "author_url": ""}).author == "ct-account"


@pytest.mark.parametrize(
    ("fields", "account"),
    [
        ({"author_profile": "https://profiles.wordpress.org/yoast/", "author": _HEADER}, "yoast"),
        ({"author": {"profile": "https://profiles.wordpress.org/ct/", "author": "Themes"}}, "ct"),
        ({"author": {"user_nicename": "ct", "display_name": "Themes", "author": False}}, "ct"),
        ({"author": {"profile": "https://ct.example/", "user_nicename": "no nicename"}}, ""),
        ({"author": '<a href="https://profiles.wordpress.org/ann/">Ann</a>'}, "ann"),
        ({"author": "ann"}, ""),
        ({"author_profile": False, "author": _HEADER}, ""),
        ({"author_profile": {"a": 1}, "author": {"profile": 7, "user_nicename": ["x"]}}, ""),
        ({"author_profile": "https://profiles.wordpress.org/" + "x" * 3_000}, ""),
    ],
)
def test_whose_a_package_is(fields: dict[str, object], account: str) -> None:
    """The account on wordpress.org, wherever the answer tells it; what a header prints is none."""
    assert _parse(**fields).account == account


@pytest.mark.parametrize("field", ["name", "short_description", "author", "version", "reason_text"])
def test_what_cannot_be_seen_or_sent_is_in_no_text(field: str) -> None:
    """Invisible characters go, what XML forbids becomes U+FFFD."""
    record = _parse(**{field: "Sub\u00adlime\ufeff \ufffe\uffff\ud800\x0b\u0000!", "closed": True})
    assert record.closure is not None
    texts = (record.name, record.description, record.author, record.version, record.closure[2])

    assert "Sublime !" in texts


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2024-10-24 05:12:33", "2024-10-24"),
        ("2024-10-24T05:12:33Z", "2024-10-24"),
        ("2024-10-24", "2024-10-24"),
        *((odd, "") for odd in ("2024-02-31", "0000-00-00 00:00:00", "9999-12-31", "24 Oct 2024")),
        *(
            (odd, "")
            for odd in ("1999-01-01", "2024-10-2405:12", ["2024-10-24"], 20241024, "２０２４-10-24")
        ),
    ],
)
def test_a_closure_has_a_day_or_none(date: object, day: str) -> None:
    """What clients are told of it has to be a date to PHP, too."""
    line = {"type": "plugin", "slug": "a", "closed": True, "closed_date": date}
    closure = parse(json.dumps(line).encode(), now=1767312000).closure

    assert closure is not None
    assert closure[0] == day


_ENDLESS = {
    "<a ": "author",
    "<![": "author",
    "<!--": "author",
    "<a href='\"": "author",
    ' href="': "author",
    "&#9": "name",
    "&a": "short_description",
    "<": "short_description",
    "\u0316\u0301": "name",
    "\U0001f3f4\U000e0067": "name",
    "9": "last_updated",
    "9.": "requires",
    "a.": "homepage",
    "1.": "version",
    " ": "closed_date",
}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["woocommerce", "contact-form-7", "woocommerce"], ("woocommerce", "contact-form-7")),
        (["Woo Commerce", 7, None, "../etc", "a" * 201, ""], ()),
        *((odd, ()) for odd in ([], False, None, "woocommerce", {"a": "b"})),
        ([f"p{number}" for number in range(1_000)], tuple(f"p{number}" for number in range(100))),
    ],
)
def test_needed_plugins_are_slugs(given: object, read: tuple[str, ...]) -> None:
    """Each once, at most a hundred; whatever can be no slug is passed over."""
    assert _parse(requires_plugins=given).requires_plugins == read


@pytest.mark.parametrize(
    "noted",
    [
        *([], [1, "", 2], [1, "", "2", ""], [True, "", 1, ""], [0, "", 1, ""], [-1, "", 1, ""]),
        *(None, "x", {}, [1 << 53, "", 1, ""], [1.5, "", 2, ""], [1, "", 2, "", 3]),
    ],
)
def test_what_is_no_commit_into_a_tag_is_passed_over(noted: object) -> None:
    """And its date is one, or none."""
    good = [7, "2026-03-01T12:00:00.123456Z", 8, "9999-99-99"]
    read = _parse(svn_tags={"1.0": noted, "1.1": good}).tag_commits

    assert read == (("1.1", (7, 1_772_366_400), (8, None)),)
    assert _parse(svn_tags=[good]).tag_commits == ()


@pytest.mark.parametrize("piece", _ENDLESS)
def test_a_field_is_as_dear_as_it_is_long(piece: str) -> None:
    """Of endless repetitions only a beginning is read."""
    record = {"type": "plugin", "slug": "a", "closed": True, "sections": {}, "versions": {}}
    whole = piece * (100_000 // len(piece))
    record["versions"] = {whole[:50_000]: f"https://a.example/{whole}", "1.0": whole}
    record["sections"] = {"description": whole}
    record["tags"] = [whole[:200], whole]
    record[_ENDLESS[piece]] = f"<a {whole}" if "href" in piece else whole
    read = parse(json.dumps(record, ensure_ascii=False).encode())

    texts = (read.name, read.author, read.description, read.version, *read.tags)
    assert max(len(text) for text in texts) <= 2_001
    assert max(len(raw) for raw, _ in read.versions) <= 201
    assert [url for _, url in read.versions] == ["", ""]


@pytest.mark.parametrize(
    "fields",
    [
        *({"author": f"Bob {odd}"} for odd in ("<![1", "<![<", "<![x[", "<!", "</", "<?", "<a")),
        {"author": {"display_name": "<![1"}},
        {"sections": {"description": "<![1"}},
        {"name": "&#" + "9" * 4_301 + ";"},
        {"name": "&#x" + "f" * 4_301 + ";"},
        {"author": '<a href="&#' + "9" * 4_301 + ';">x</a>'},
        {
            "author": '<a href="http://[">x</a>',
            "homepage": "http://[",
            "versions": {"1": "http://["},
        },
        {"tags": ["&#" + "9" * 190 + ";"]},
        {"closed": True, "description": [[]], "reason": {"a": [1]}},
    ],
)
def test_no_field_ends_the_reading(fields: dict[str, object]) -> None:
    """What makes Python's own readers fail is a text like any other."""
    assert _parse(**fields).slug == "akismet"


_ICON = "https://ps.w.org/akismet/assets/icon"


@pytest.mark.parametrize(
    ("fields", "pictures"),
    [
        ({"icons": {"1x": f"{_ICON}-128x128.png?rev=1"}}, (f"{_ICON}-128x128.png?rev=1",)),
        (
            {"icons": {"1x": f"{_ICON}.png", "2x": f"{_ICON}2.png", "svg": f"{_ICON}.svg"}},
            (f"{_ICON}.svg", f"{_ICON}2.png", f"{_ICON}.png"),
        ),
        ({"icons": {"svg": f"{_ICON}.svg", "1x": f"{_ICON}.svg"}}, (f"{_ICON}.svg",)),
        ({"icons": {"default": "https://s.w.org/plugins/geopattern-icon/akismet.svg"}}, ()),
        ({"icons": []}, ()),
        ({"icons": False}, ()),
        ({"icons": {"1x": False, "2x": 7, "svg": ["a"]}}, ()),
        ({"icons": {"1x": "//ps.w.org/a.png"}}, ("https://ps.w.org/a.png",)),
        ({"icons": {"1x": "http://ps.w.org/a.png"}}, ("https://ps.w.org/a.png",)),
        ({"icons": {"2x": "pictures/a b.png", "1x": "b.png"}}, ("pictures/a b.png", "b.png")),
        ({"icons": {"2x": "a.png", "1x": "https://ps.w.org/a.png"}}, ("https://ps.w.org/a.png",)),
        ({"screenshot_url": "//ts.w.org/a.png"}, ()),  # of a plugin that is none
        ({"type": "theme", "screenshot_url": "//ts.w.org/a.png"}, ("https://ts.w.org/a.png",)),
        ({"type": "theme", "screenshot_url": False}, ()),
        ({"type": "theme", "icons": {"1x": "a.png"}}, ()),
    ],
)
def test_pictures_are_read(fields: dict[str, object], pictures: tuple[str, ...]) -> None:
    """A plugin's icon, the best first; a theme's screenshot; none that the directory made up."""
    assert _parse(**fields).pictures == pictures


@pytest.mark.parametrize(
    "address",
    [
        *(
            "../a.png",
            "a/../b.png",
            "/etc/passwd",
            ".git/config",
            "a/.b",
            "a//b",
            "./a",
            "a/",
            "~/a",
        ),
        *("C:\\a", "a\\b", "a\0b", "a\nb", "", " ", "a" * 2_001, "data:image/png;base64,AA=="),
        *("file:///etc/passwd", "ftp://ps.w.org/a", "javascript:x", "https://", "https://a b/"),
        *("https://me@ps.w.org/a", "https://ps.w.org:0/", "https://[::1]/a", "https://127.1/a"),
        *("https://ps.w.org/\r\nHost: x", "https://ps.w.org/é.png", "https://\u202e/"),
    ],
)
def test_no_picture_is_looked_for_elsewhere(address: str) -> None:
    """What is neither a web address nor a path that stays in its folder costs the picture."""
    for fields in ({"icons": {"2x": address}}, {"type": "theme", "screenshot_url": address}):
        assert _parse(**fields).pictures == ()
