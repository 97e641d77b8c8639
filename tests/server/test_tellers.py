"""Pages, twins, feeds and the API tell the same, in words meant for where they stand."""

import gzip
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from release.closure import Closure
from server import Settings, make_app
from tests.server.conftest import FIRST, SITE_URL, NewVisitor, Visitor, make_release, record, switch

_ATOM = "{http://www.w3.org/2005/Atom}"
_MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_SHUT = {"closed": True, "closed_date": "2026-04-09", "reason": "guideline-violation"}
_ZIP = "https://example.org/a.zip?<b>*c*"
RECORDS = (
    record("odd", "Odd", requires="WordPress 5.0 or higher", requires_php="PHP 7.4+"),
    record("ahead", "Ahead", version="2.0", download_link="https://downloads.wordpress.org/plugin/ahead.zip"),
    record("shut", "Shut", "Made <b>well</b>.", tags={"spam": "Spam"}, author="Alice", **_SHUT),
    record("open", "Open", tags={"spam": "Spam"}, author="Alice"),
    record("far", "Far", tags={"spam": "Spam"}, author="Bob"),
    record("buried", "Buried", author="Bob", **_SHUT, permanent=True),
    record("undated", "Undated", author="Carol", last_updated=None),
    record("tagless", "Tagless", author="Dora", version="3.0", versions=()),
    record("linked", "Linked", "1. *First* of all", homepage="https://example.org/a> <b*c*d",
           versions={"1.0": _ZIP}),
    record("left", "Left", last_updated="2012-03-04"),
    record("frame", "Frame", type="theme", tags={"a": "Two Columns", "b": "Block Editor Styles",
                                                 "c": "Blog"}),
)  # fmt: skip


@pytest.fixture(name="visitor", scope="module")
def _visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A visitor of these packages; nothing may have been logged at the end."""
    data = tmp_path_factory.mktemp("tellers")
    make_release(data, records=RECORDS)
    switch(data, FIRST)
    visitor = Visitor(make_app(Settings(data=data)))
    yield visitor
    assert visitor.errors.getvalue() == ""


def _facts(visitor: Visitor, slug: str) -> Mapping[str, str]:
    page = visitor.get(f"/packages/plugin/{slug}")
    return dict(zip(page.words(".//dt"), page.words(".//dd"), strict=True))


def _feed(visitor: Visitor, path: str) -> Element:
    return ElementTree.fromstring(visitor.get(path).body)


def _entries(visitor: Visitor, path: str, part: str = "title") -> list[str]:
    feed = _feed(visitor, path)
    return [one.findtext(_ATOM + part) or "" for one in feed.iterfind(f"{_ATOM}entry")]


def _tokens(markdown: str) -> Iterator[Token]:
    """Read Markdown as CommonMark says."""
    for block in MarkdownIt("commonmark").parse(markdown):
        yield block
        yield from block.children or ()


def test_the_plugins_that_one_needs_are_told(visit: NewVisitor, tmp_path: Path) -> None:
    """On the page, with a link to each that is here, in the twin and in the API."""
    needy = record("addon", requires_plugins=["base", "elsewhere", "<b>"])
    make_release(tmp_path, records=[needy, record("base")])
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)
    page = visitor.get("/packages/plugin/addon")
    facts = dict(zip(page.words(".//dt"), page.words(".//dd"), strict=True))
    twin = visitor.get("/packages/plugin/addon.md").text

    assert facts["Plugins"] == "base elsewhere"
    assert page.words(".//section[@aria-labelledby='needs']//a") == ["base"]
    assert "- Requires plugins: `wp-plugin/base`, `wp-plugin/elsewhere`\n" in twin
    assert json.loads(visitor.get("/api/packages/plugin/addon").body)["requires"]["plugins"] == [
        *("base", "elsewhere"),
    ]
    assert "Plugins" not in visitor.get("/packages/plugin/base").words(".//dt")


def test_or_later_is_said_once(visitor: Visitor) -> None:
    """What an author writes in words is a version, under a label that names its software."""
    page = visitor.get("/packages/plugin/odd")
    (block, *_) = (tag.text for tag in page.dom.iter("script") if "ld+json" in tag.get("type", ""))
    said = json.loads(block or "")
    api = json.loads(visitor.get("/api/packages/plugin/odd").body)["requires"]
    twin = visitor.get("/packages/plugin/odd.md").text

    assert _facts(visitor, "odd")["WordPress"] == "5.0 or later"
    assert _facts(visitor, "odd")["PHP"] == "7.4 or later"
    assert said["operatingSystem"] == "WordPress 5.0 or later"
    assert said["softwareRequirements"] == "PHP 7.4 or later"
    assert (api["wordpress"], api["php"]) == ("5.0", "7.4")
    assert "\n- Requires WordPress: 5.0 or later\n" in twin
    assert "\n- Requires PHP: 7.4 or later\n" in twin


def test_an_author_s_feed_names_what_the_package_s_own_names(visitor: Visitor) -> None:
    """Both tell of versions that can be had, not of those that are announced."""
    own = _entries(visitor, "/packages/plugin/odd/feed.xml")
    authors = _entries(visitor, "/authors/an-author/feed.xml")

    assert own == ["Odd 1.0"]
    assert "Odd 1.0" in authors
    assert not any("2.0" in title for title in authors + _entries(visitor, "/feed.xml"))
    assert "Ahead 2.0" not in _entries(visitor, "/packages/plugin/ahead/feed.xml")


@pytest.mark.parametrize("path", ["/packages/plugin/tagless", "/authors/dora"])
def test_a_feed_without_entries_is_of_the_last_change(visitor: Visitor, path: str) -> None:
    """Where no version can be had, the feed is as old as its package."""
    feed = _feed(visitor, f"{path}/feed.xml")

    assert feed.find(f"{_ATOM}entry") is None
    assert feed.findtext(f"{_ATOM}updated") == "2026-09-21T14:13:20Z"


@pytest.mark.parametrize("path", ["/packages/plugin/undated", "/authors/carol"])
def test_a_feed_without_any_date_is_of_when_the_package_came(visitor: Visitor, path: str) -> None:
    """Not of 1970."""
    assert _feed(visitor, f"{path}/feed.xml").findtext(f"{_ATOM}updated") == "2026-09-21T14:13:20Z"


@pytest.mark.parametrize(
    ("path", "slug", "name"),
    [
        ("/packages/plugin/shut/feed.xml", "shut", "Shut"),
        ("/authors/alice/feed.xml", "shut", "Shut"),
        ("/packages/plugin/buried/feed.xml", "buried", "Buried"),
        ("/authors/bob/feed.xml", "buried", "Buried"),
    ],
)
def test_feeds_tell_of_a_closure(visitor: Visitor, path: str, slug: str, name: str) -> None:
    """In the package's own feed and in its author's, with when and why."""
    closure = next(
        one
        for one in _feed(visitor, path).iterfind(f"{_ATOM}entry")
        if one.findtext(f"{_ATOM}title") == f"{name} was closed"
    )

    assert "Guideline Violation" in (closure.findtext(f"{_ATOM}summary") or "")
    assert closure.findtext(f"{_ATOM}updated") == "2026-04-09T00:00:00Z"
    ids = _entries(visitor, "/closed/feed.xml", "id")
    assert closure.findtext(f"{_ATOM}id") in ids
    assert all(id.startswith(f"{SITE_URL}/packages/plugin/") for id in ids)


def test_entries_come_newest_first(visitor: Visitor) -> None:
    """Releases and closures in one order."""
    for path in ("/feed.xml", "/authors/alice/feed.xml", "/packages/plugin/shut/feed.xml"):
        moments = _entries(visitor, path, "updated")

        assert moments
        assert moments == sorted(moments, reverse=True)


def test_ids_are_iris(tmp_path: Path, visit: NewVisitor) -> None:
    """Whatever a version is called, and one that needs no escape keeps the id that it had."""
    _publish(tmp_path, "UPDATE version SET version = '1.0 beta 2', raw = '1.0 beta 2'")
    changed = _entries(visit(tmp_path), "/packages/plugin/odd/feed.xml", "id")

    assert changed == [f"{SITE_URL}/packages/plugin/odd#1.0%20beta%202"]
    assert not any(re.search(r"[\s\"<>\\^`{|}]", id) for id in changed)


def test_usual_ids_stay(visitor: Visitor) -> None:
    """A reader does not see old entries anew."""
    ids = _entries(visitor, "/packages/plugin/odd/feed.xml", "id")

    assert ids == [f"{SITE_URL}/packages/plugin/odd#1.0"]


@pytest.mark.parametrize(
    "path",
    [
        "/feed.xml",
        "/new/feed.xml",
        "/closed/feed.xml",
        "/packages/plugin/odd/feed.xml",
        "/authors/alice/feed.xml",
        "/sitemap.xml",
        "/sitemaps/pages.xml",
        "/sitemaps/packages-0.xml",
        "/opensearch.xml",
    ],
)
def test_xml_is_xml_whatever_the_release_holds(
    tmp_path: Path, visit: NewVisitor, path: str
) -> None:
    """Controls and noncharacters, as an older release may hold them, are no XML at all."""
    odd = "'<&' || char(1) || char(11) || char(0xfffe) || char(0xffff)"
    _publish(tmp_path, f"UPDATE package SET name = {odd}, description = {odd}, author = {odd}",
             f"UPDATE version SET version = {odd} WHERE position = 0")  # fmt: skip
    page = visit(tmp_path).get(path)

    assert page.status == 200
    ElementTree.fromstring(page.body)


def _publish(data: Path, *changes: str) -> None:
    site = make_release(data, records=RECORDS) / "site.db"
    with closing(sqlite3.connect(site)) as db, db:
        for change in changes:
            db.execute(change)
    switch(data, FIRST)


def test_the_sitemap_s_index_names_no_empty_part(tmp_path: Path, visit: NewVisitor) -> None:
    """A part of which all packages are closed or gone is none; what is named answers."""
    where = "(SELECT id FROM package WHERE slug IN ('shut', 'buried'))"
    _publish(
        tmp_path,
        f"UPDATE history SET package_id = package_id + 5000 WHERE package_id IN {where}",
        "UPDATE package SET id = id + 5000 WHERE slug IN ('shut', 'buried')",
    )
    visitor = visit(tmp_path)
    index = ElementTree.fromstring(visitor.get("/sitemap.xml").body)
    parts = [one.text or "" for one in index.iter(f"{_MAP}loc")]

    assert parts == [f"{SITE_URL}/sitemaps/{name}.xml" for name in ("pages", "packages-0")]
    for part in parts:
        answer = visitor.get(part.removeprefix(SITE_URL))
        assert answer.status == 200
        assert ElementTree.fromstring(answer.body).find(f"{_MAP}url") is not None


def test_neighbours_are_told_once_and_marked(visitor: Visitor) -> None:
    """By the same author the closed is marked, and what stands there is not related as well."""
    page = visitor.get("/packages/plugin/open")
    (same,) = page.dom.iterfind(".//section[@aria-labelledby='same-author']//ul")
    (related,) = page.dom.iterfind(".//section[@aria-labelledby='related']//ul")
    twin = visitor.get("/packages/plugin/open.md").text

    assert [" ".join(one.itertext()).split() for one in same] == [
        ["Shut", "closed", "Made", "well."]
    ]
    assert [one.findtext("a/bdi") for one in related] == ["Far"]
    assert "(`wp-plugin/shut`, closed)" in twin.partition("## By the same author")[2]
    assert "shut" not in twin.partition("## Related")[2]


def test_related_does_not_repeat_the_author_s(tmp_path: Path, visit: NewVisitor) -> None:
    """An author's own packages do not take the places of others."""
    spam = {"spam": "Spam"}
    mine = [record(f"mine-{n}", author="Alice", tags=spam, active_installs=900) for n in range(5)]
    others = [record(f"other-{n}", author="Bob", tags=spam, active_installs=5) for n in range(5)]
    make_release(tmp_path, records=[*mine, *others])
    switch(tmp_path, FIRST)
    page = visit(tmp_path).get("/packages/plugin/mine-0")
    same, related = (
        page.words(f".//section[@aria-labelledby='{name}']//li/a")
        for name in ("same-author", "related")
    )

    assert same == ["Mine-1", "Mine-2", "Mine-3", "Mine-4"]
    assert related == ["Other-0", "Other-1", "Other-2", "Other-3"]


def test_purposes_are_no_layouts(visitor: Visitor) -> None:
    """What a theme looks like, or is for, is found under its tag, but is no plugin's purpose."""
    purposes = visitor.get("/").words(".//section[@aria-labelledby='tags']//bdi")

    assert sorted(purposes) == ["Spam"]
    assert visitor.get("/tags/two-columns").status == 200


@pytest.mark.parametrize("slug", ["shut", "buried"])
def test_a_closed_package_says_so_in_words(visitor: Visitor, slug: str) -> None:
    """Title and description say it, for previews that show no picture."""
    page = visitor.get(f"/packages/plugin/{slug}")
    (description,) = page.meta("description")

    assert page.words(".//title") == [f"{slug.title()} (closed) · Frontispiece"]
    assert page.words(".//h1")[0].startswith(slug.title())
    assert description.startswith("Closed")
    assert "Guideline Violation" in description


def test_a_closed_package_s_preview_says_so(visitor: Visitor) -> None:
    """In each tag that a preview may read."""
    page = visitor.get("/packages/plugin/shut")

    for name in ("og:title", "twitter:title"):
        assert page.meta(name) == ["Shut (closed)"]
    for name in ("description", "og:description", "twitter:description"):
        assert page.meta(name) == ["Closed on 9 April 2026: Guideline Violation. Made well."]


@pytest.mark.parametrize(
    "path",
    [
        "/packages/plugin/shut",
        "/packages/plugin/shut.md",
        "/packages/plugin/buried",
        "/closed",
        "/closed.md",
        "/closed/feed.xml",
        "/api/packages/plugin/shut",
        "/packages/plugin/shut/versions.json",
    ],
)
def test_a_reason_without_a_text_is_put_in_words(visitor: Visitor, path: str) -> None:
    """The directory's code for it stands where machines read it, and nowhere else."""
    text = visitor.get(path).text

    assert "Guideline Violation" in text
    assert text.count("guideline-violation") == text.count('"reason":"guideline-violation"')


def test_a_twin_has_every_notice_of_its_page(visitor: Visitor) -> None:
    """Closed, not tagged, long without an update: what the page warns of, its twin warns of."""
    seen = set()
    for one in RECORDS:
        address = f"/packages/{one['type']}/{one['slug']}"
        page = visitor.get(address)
        for notice in page.words(".//div[@class='notice']/h2") + page.words(
            ".//div[@class='notice mild']/h2"
        ):
            seen.add(notice)
            assert f"**{notice}**" in visitor.get(f"{address}.md").text, address

    assert {"Closed", "Long without an update"} < seen


def test_a_twin_obeys_no_mark_of_its_package(visitor: Visitor) -> None:
    """Addresses are links to where they lead, whatever they hold; words are words."""
    tokens = list(_tokens(visitor.get("/packages/plugin/linked.md").text))
    links = [one.attrs["href"] for one in tokens if one.type == "link_open"]

    assert "https://example.org/a%3E%20%3Cb*c*d" in links
    assert _ZIP.replace("<b>", "%3Cb%3E") in links
    assert {one.type for one in tokens} & {"html_inline", "html_block", "em_open",
                                           "ordered_list_open"} == set()  # fmt: skip
    assert "1. *First* of all" in [_words(one) for one in tokens if one.type == "inline"]


def _words(inline: Token) -> str:
    return "".join(one.content for one in inline.children or ())


@pytest.mark.parametrize(
    "path",
    [
        "/feed.xml",
        "/packages/plugin/odd/feed.xml",
        "/authors/alice/feed.xml",
        "/sitemap.xml",
        "/llms.txt",
        "/release.json",
        "/packages/plugin/odd.md",
        "/api/packages/plugin/odd",
        "/api/packages/plugin/never-was",
        "/metadata/changes.json?since=0",
        "/metadata/changes.json",
        "/search.json?q=odd",
    ],
)
def test_other_sites_scripts_may_read_what_is_no_page(visitor: Visitor, path: str) -> None:
    """As they may read the files that nginx sends."""
    assert visitor.get(path).headers["access-control-allow-origin"] == "*"


def test_pages_are_for_people(visitor: Visitor) -> None:
    """No other site's script reads those."""
    assert "access-control-allow-origin" not in visitor.get("/packages/plugin/odd").headers


@pytest.mark.parametrize("path", ["/docs", "/docs.md"])
def test_the_docs_tell_how_installs_are_counted(visitor: Visitor, path: str) -> None:
    """As catalog/installs counts them, and what a farm behind one address loses."""
    text = " ".join(visitor.get(path).text.split())

    assert "a package, network and hour" in text
    assert "package, version, network" not in text
    assert "10,000" in text
    assert "400 packages every hour" in text
    assert "composer search --format=json" in text


@pytest.mark.parametrize("path", ["/docs", "/docs.md", "/llms.txt"])
def test_examples_are_packages_of_this_release(
    visitor: Visitor, tmp_path: Path, visit: NewVisitor, path: str
) -> None:
    """Open ones that can be had; where there are none, the place of a name is told."""
    text = visitor.get(path).text
    named = set(re.findall(r"wp-(plugin|theme)/([a-z0-9_-]+)", text))
    linked = set(re.findall(r"/packages/(plugin|theme)/([a-z0-9_-]+)", text))
    make_release(tmp_path, records=[])
    switch(tmp_path, FIRST)
    bare = visit(tmp_path).get(path).text

    assert named or linked
    for type, slug in named | linked:
        facts = json.loads(visitor.get(f"/api/packages/{type}/{slug}").body)
        assert facts["versions"]
        assert facts["closed"] is None
    assert not re.findall(r"wp(?:ackagist)?-(?:plugin|theme)/[a-z0-9]", bare)
    assert not re.findall(r"/packages/(?:plugin|theme)/[a-z0-9]", bare)


@pytest.mark.parametrize(
    ("slug", "offered"), [("odd", "1.0"), ("tagless", ""), ("shut", ""), ("ahead", "1.0")]
)
def test_linked_data_offers_what_is_offered(visitor: Visitor, slug: str, offered: str) -> None:
    """Nothing of a package that nobody can install now, and else the version that one gets."""
    page = visitor.get(f"/packages/plugin/{slug}")
    blocks = [json.loads(tag.text or "") for tag in page.dom.iter("script") if tag.text]
    (said,) = (one for one in blocks if one["@type"] == "SoftwareApplication")

    assert (said["softwareVersion"] if "offers" in said else "") == offered


def test_composer_is_told_in_words(tmp_path: Path) -> None:
    """The advisory of a closed package holds the reason as pages word it."""
    leaky = {"closed": True, "closed_date": "2026-04-09", "reason": "security-issue"}
    site = make_release(tmp_path, records=[record("leaky", **leaky)]) / "site.db"
    with closing(sqlite3.connect(site)) as db:
        ((main,),) = db.execute("SELECT main FROM metadata").fetchall()
    (advisory,) = json.loads(gzip.decompress(main))["security-advisories"]

    assert advisory["title"] == "Closed by WordPress.org on 2026-04-09: Security Issue"


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ("Broke guideline 5.", "guideline-violation", "Broke guideline 5"),
        ("", "merged-into-core", "Merged into Core"),
        ("merged-into-core", "merged-into-core", "Merged into Core"),
        ("", "some-new-reason", "Some new reason"),
        ("", "", ""),
    ],
)
def test_a_reason_is_words_that_a_sentence_can_hold(words: str, code: str, why: str) -> None:
    """The directory's own words before ours, and no second full stop."""
    assert Closure("2026-04-09", code, words, permanent=False).why == why
