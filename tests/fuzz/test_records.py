"""Source records out of all bounds: taken or refused with a sentence, never more than that."""

import json
import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from defusedxml import ElementTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from webob import Request

from catalog import database
from catalog.record import Record, Refused, parse
from server import Settings, make_app
from tests.conftest import ROOT
from tests.faults.command import command, pipeline
from tests.fuzz.mutation import mutated
from tests.fuzz.site import MARKUP, reflected

_SAMPLE = (ROOT / "data" / "sources" / "sample.jsonl").read_bytes().splitlines()
_SLUG = re.compile(r"[a-z0-9_-]{1,200}")
_NUMBER = re.compile(r"[0-9.]+(-?(alpha|beta|rc)[0-9.]*)?", re.IGNORECASE)
# Controls, surrogates, noncharacters, what turns the reading direction, what is not seen.
_UNSENT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_EARLIEST, _NOW = 1_041_379_200, 1_767_312_000  # 2003 and 2026
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
_KILLERS = [
    *("Bob <![1", "<![<", "<![x[", "<!--", "<a href='", "&#" + "9" * 4_301 + ";", "&#xfffe;"),
    *("<a " * 300, "\uffff\ufffe", "\u200b", "\ud800", "a\u0316\u0301" * 99, "9" * 4_301),
]
_DATES = [
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "-0001-11-30 12:00am GMT"),
    *("2024-10-24 05:12:33", "2024-02-31", "0000-00-00 00:00:00", "2024-10-24T05:12:33.5Z"),
]
_WORDS = st.text(max_size=60) | st.sampled_from(
    [
        *(MARKUP, "\0", "\ud83d", "&#x3C;b&#x3E;", "javascript:alert(1)", "http://[", "{{7*7}}"),
        *("%(x)s", *_KILLERS),
    ]
)
_URLS = _WORDS | st.sampled_from(
    [
        "https://a.example/" + MARKUP,
        "http://user:pw@h/",
        "//h/x",
        "file:///etc/passwd",
        "https://\u202e/",
        "http://127.0.0.1/",
        "http://[::1]/",
    ]
)
_PATHS = st.lists(
    st.sampled_from(["..", ".", "a", "b.png", "", "/", "~", "\0", "\u202e", "C:", "\\"]), max_size=4
).map("/".join)
_ODD = {
    "type": st.sampled_from(["plugin", "theme", "plugin", "Theme", ""]),
    "slug": st.from_regex(r"\A[a-z0-9_-]{1,30}\Z") | _WORDS,
    "name": _WORDS,
    "short_description": _WORDS,
    "description": _WORDS,
    "sections": st.fixed_dictionaries({"description": _WORDS}),
    "version": _WORDS | st.floats(),
    "author": _WORDS | st.fixed_dictionaries({"display_name": _WORDS, "author_url": _URLS}),
    "author_profile": _URLS,
    "homepage": _URLS,
    "download_link": _URLS,
    "active_installs": st.integers() | st.booleans() | st.sampled_from(["900", "many"]),
    "svn_revision": st.integers(),
    "last_updated": _WORDS | st.datetimes().map(str) | st.sampled_from(_DATES),
    "requires": _WORDS,
    "requires_php": _WORDS | st.floats(),
    "tags": st.dictionaries(_WORDS, _WORDS, max_size=3) | st.lists(_WORDS, max_size=3),
    "versions": st.dictionaries(_WORDS, _URLS, max_size=4) | st.lists(_URLS, max_size=3),
    "icons": st.dictionaries(st.sampled_from(["svg", "2x", "1x", "default"]), _URLS | _PATHS),
    "screenshot_url": _URLS | _PATHS,
    "closed": st.booleans(),
    "error": st.sampled_from(["closed", "x"]),
    "closed_date": _WORDS | st.dates().map(str) | st.sampled_from(_DATES),
    "reason": _WORDS,
    "reason_text": _WORDS,
    "permanent": st.booleans(),
}
_RECORDS = st.fixed_dictionaries(
    {"type": _ODD["type"], "slug": _ODD["slug"]},
    optional={name: odd | _JSON for name, odd in _ODD.items() if name not in ("type", "slug")},
)


def _sound(record: Record) -> None:
    """Check what the rest of the house relies on."""
    assert _SLUG.fullmatch(record.slug)
    assert record.type in ("plugin", "theme")
    texts = [value for name in record.__slots__ if isinstance(value := getattr(record, name), str)]
    texts += [*record.tags, *(text for pair in record.versions for text in pair)]
    for text in texts:
        assert "\0" not in text
        text.encode("utf-8")
    urls = [record.author_url, record.homepage, record.download_link]
    for url in (*urls, *(url for _, url in record.versions)):
        assert url == "" or url.strip().lower().startswith(("http://", "https://")), url
    for number in (record.active_installs, record.revision):
        assert number is None or 0 <= number < 1 << 53
    assert record.updated is None or _EARLIEST <= record.updated <= _NOW + 86_400
    shown = [record.name, record.description, record.author, record.version, *record.tags]
    shown += record.closure[1:3] if record.closure else []
    for text in (*shown, *(raw for raw, _ in record.versions)):
        assert len(text) <= 2_001
        assert not _UNSENT.search(text), text
    assert record.name.strip()
    assert all(_NUMBER.fullmatch(one) for one in (record.requires, record.tested) if one)
    for _, url in record.versions:
        assert "@" not in urlsplit(url).netloc
        assert not re.search(r"[:\]]|(^|\.)\d+$", urlsplit(url).hostname or ""), url
    for picture in record.pictures:
        parts = urlsplit(picture)
        if parts.scheme:
            assert parts.scheme == "https"
            assert picture.isascii()
            assert picture.isprintable()
            assert "@" not in parts.netloc
        else:
            assert not any(part.startswith(".") or not part for part in picture.split("/"))
    if record.closure and record.closure[0]:
        assert date.fromisoformat(record.closure[0]).isoformat() == record.closure[0]


def _read(line: bytes) -> Record:
    return parse(line, _NOW)


def _told(refused: Refused) -> None:
    assert 10 < len(str(refused)) < 500, "a reason in a sentence"


@pytest.mark.parametrize("inputs", [500, pytest.param(40_000, marks=pytest.mark.soak)])
def test_any_value_in_any_field(inputs: int, tried: Callable[[int], None]) -> None:
    """A record of any shape is a sound Record, or Refused."""

    @settings(max_examples=inputs, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_RECORDS)
    def check(value: dict[str, Any]) -> None:
        try:
            _sound(_read(json.dumps(value).encode()))
        except Refused as refused:
            _told(refused)

    check()
    tried(inputs)


@pytest.mark.parametrize("inputs", [4_000, pytest.param(60_000, marks=pytest.mark.soak)])
def test_real_records_with_damage(inputs: int, tried: Callable[[int], None]) -> None:
    """Bytes flipped, cut, doubled and spliced: a sound Record, or Refused."""
    chance = random.Random(inputs)
    seeds = [line for line in _SAMPLE if len(line) < 4_000] + [b"{}", b"[]", b'{"slug":"x"}']
    taken = 0
    for _ in range(inputs):
        line = mutated(chance, seeds)
        try:
            _sound(_read(line))
        except Refused as refused:
            _told(refused)
        else:
            taken += 1
    assert inputs > taken > inputs // 20
    tried(inputs)


def _hostile(chance: random.Random, number: int) -> dict[str, Any]:
    texts = [
        *(MARKUP, f"x{MARKUP}y", "&lt;zqx zqa&gt;", "&#60;zqx&#62;", "</textarea>" + MARKUP),
        *("{{!zq}}", "% import zq", "\u202ezq", "😀" * 20, "a" * 1500, "]]><zqx/>", "--><zqx>"),
        *_KILLERS,
        *("\u2028\u2029", "<!--", "<![CDATA[", "zq\x85\x9f", "﷽" * 40, "'; DROP TABLE package; --"),
    ]

    def text() -> str:
        return chance.choice(texts)

    return {
        "type": chance.choice(["plugin", "theme"]),
        "slug": f"odd-{number}",
        "name": text(),
        "short_description": text(),
        "author": chance.choice([text(), f'<a href="https://h/{MARKUP}">{text()}</a>']),
        "homepage": f"https://h.example/{text()}",
        "version": text(),
        "requires": text(),
        "tested": text(),
        "requires_php": text(),
        "tags": {text(): text(), "b": text()},
        "versions": {text(): f"https://h/{text()}", "1.0": "https://h/1.0.zip", "2": text()},
        "active_installs": chance.choice([0, 9, 1_000, (1 << 53) - 1]),
        "last_updated": chance.choice(["2026-01-02 3:04am GMT", "9999-12-31", *_DATES]),
        **(
            {
                "closed": True,
                "closed_date": chance.choice([text(), *_DATES]),
                "reason": text(),
                "reason_text": text(),
            }
            if chance.random() < 0.2
            else {}
        ),
    }


@pytest.mark.parametrize("inputs", [150, pytest.param(1_500, marks=pytest.mark.soak)])
def test_a_catalogue_of_hostile_records(
    tmp_path: Path, inputs: int, tried: Callable[[int], None]
) -> None:
    """Built, published and asked for: every page stands, and no planted markup is markup."""
    chance = random.Random(inputs)
    source, data = tmp_path / "hostile.jsonl", tmp_path / "data"
    records = [_hostile(chance, number) for number in range(inputs)]
    source.write_text("".join(json.dumps(one) + "\n" for one in records))

    ended = command(data, *pipeline(source))

    assert ended.code in (0, 1), ended.said
    assert "Traceback" not in ended.said, ended.said
    with database.reading(data) as db:
        known = db.execute("SELECT type, slug FROM package ORDER BY id").fetchall()
    assert len(known) > inputs // 2
    app = make_app(Settings(data=data))
    paths = ["/", "/?q=zq", "/closed", "/status", "/feed.xml", "/llms.txt", "/search.json?q=zq"]
    paths += [
        "/new/feed.xml",
        "/sitemap.xml",
        "/api/packages?q=zqx",
        "/?page=2",
        "/closed/feed.xml",
    ]
    for type, slug in known:
        page = f"/packages/{type}/{slug}"
        paths += [page, f"{page}.md", f"{page}/versions.json", f"/api{page}", f"{page}/feed.xml"]
    for path in paths:
        answer = Request.blank(path).get_response(app)
        assert answer.status_int in (200, 404), path
        assert reflected(answer.headers["Content-Type"], answer.body) == [], path
        if "xml" in answer.content_type:
            ElementTree.fromstring(answer.body)
        if answer.content_type == "text/html":
            _no_bad_links(answer.text)
    tried(inputs)


def _no_bad_links(body: str) -> None:
    tree = html5lib.parse(body, namespaceHTMLElements=False)
    for one in tree.iter():
        for name in ("href", "src", "action"):
            assert not (one.get(name) or "").strip().lower().startswith(("javascript", "data:t"))
