"""What each page answers."""

import json
import re
from pathlib import Path

import pytest

from publish.site import write
from tests.server.conftest import (
    CARD,
    FIRST,
    SITE_URL,
    NewVisitor,
    Visitor,
    make_release,
    record,
    switch,
)

KINDS = (
    "/",
    "/?q=spam",
    "/?q=nothing-like-it",
    "/?type=theme&sort=name",
    "/packages/plugin/akismet",
    "/packages/plugin/arabic",
    "/packages/plugin/hostile",
    "/packages/plugin/bare",
    "/packages/plugin/gone",
    "/packages/plugin/never-was",
    "/no/such/page",
)


@pytest.mark.parametrize("path", KINDS)
def test_html_is_valid(visitor: Visitor, path: str) -> None:
    """Every kind of page parses strictly, says its language and has one h1 and one main."""
    dom = visitor.get(path).dom

    assert dom.get("lang") == "en"
    assert len(list(dom.iter("h1"))) == 1
    assert len(list(dom.iter("main"))) == 1
    ids = [tag.attrib["id"] for tag in dom.iter() if "id" in tag.attrib]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("path", [*KINDS, "/health", "/og/plugin/akismet.png", "/favicon.svg"])
def test_every_answer_names_its_release(visitor: Visitor, path: str) -> None:
    """X-Release stands on every answer, errors and redirects included, and allows no script."""
    page = visitor.get(path)

    assert page.headers["x-release"] == FIRST
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]


def test_list_leads_with_the_most_installed(visitor: Visitor) -> None:
    """Without a wish, packages come by installs; unknown counts last, withdrawn ones not at all."""
    names = visitor.get("/?sort=installs").words(".//ol[@class='contents']//h2")

    assert names[:3] == ["Akismet Anti-spam", "Astra", "SEOPress"]
    assert names[-1] == "Bare"
    assert "Gone Gallery" not in names
    assert len(names) == 7


def test_list_can_be_sorted_and_filtered(visitor: Visitor) -> None:
    """type= keeps one type, sort=name goes by name."""
    page = visitor.get("/?type=theme&sort=name")

    assert page.words(".//ol[@class='contents']//h2") == ["Astra", "Café Thème"]
    assert page.words(".//nav[@aria-label='Type']//a[@aria-current]") == ["Themes 2"]
    assert page.words(".//nav[@aria-label='Order']//a[@aria-current]") == ["By name"]


def test_updated_order_puts_the_newest_first(tmp_path: Path, visit: NewVisitor) -> None:
    """sort=updated puts the newest first and those without a date last."""
    rows = [
        record("old", last_updated="2011-01-01"),
        record("none", last_updated=None),
        record("new", last_updated="2011-01-02"),
    ]
    make_release(tmp_path, records=rows)
    switch(tmp_path, FIRST)

    names = visit(tmp_path).get("/?sort=updated").words(".//ol[@class='contents']//h2")

    assert names == ["New", "Old", "None"]


def test_pages_of_the_list_hold_everything_once(tmp_path: Path, visit: NewVisitor) -> None:
    """Following `next` shows every package exactly once; each link has one spelling."""
    make_release(tmp_path, records=[record(f"plugin-{number:03}") for number in range(60)])
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)
    seen: list[str] = []
    links = []
    at: str | None = "/?sort=installs"
    while at is not None:
        page = visitor.get(at)
        links.append(at)
        seen += page.words(".//ol[@class='contents']//h2")
        forward = page.dom.find(".//nav[@aria-label='Pages']/a[@rel='next']")
        at = None if forward is None else forward.attrib["href"]

    assert links == [
        "/?sort=installs",
        "/?sort=installs&page=2",
        "/?sort=installs&page=3",
    ]
    assert len(seen) == 60
    assert len(set(seen)) == 60


def test_package_page_says_all_that_is_known(visitor: Visitor) -> None:
    """Name, author, description, command, figures, links, versions and the card are there."""
    page = visitor.get("/packages/plugin/akismet")
    facts = dict(zip(page.words(".//dt"), page.words(".//dd"), strict=True))
    rows = page.words(".//section[@id='versions']//tbody/tr")
    links = [tag.attrib["href"] for tag in page.dom.iter("a")]

    assert page.status == 200
    assert page.words(".//h1") == ["Akismet Anti-spam"]
    assert page.words(".//pre") == ["composer require wp-plugin/akismet"]
    assert "Keeps comments free of spam." in page.text
    assert page.words(".//ul[@class='told']/li") == ["6M+ active installs", "1.0"]
    assert facts == {
        "Last release": "21 Sep 2026 the day the data ends",
        "Releases in a year": "Unknown not all dates of releases are known",
        "Installs by Composer": "None counted here so far",
        "Tested with WordPress": "Unknown",
        "PHP": "not said",
        "WordPress": "not said",
    }
    assert [row.split()[0] for row in rows] == ["1.0", "0.9"]
    assert "https://plugin.example.org/" in links
    assert "https://author.example.org/" in links
    assert "https://downloads.wordpress.org/plugin/akismet.0.9.zip" in links
    assert page.words(".//h2[@id='versions-title']") == ["Versions 2"]


def test_package_page_closes_up(visitor: Visitor) -> None:
    """A package of which little is known has no empty label, link or list."""
    page = visitor.get("/packages/plugin/bare")

    assert page.words(".//dl[@class='vital']//dd") == [
        *("Unknown", "Unknown not all dates of releases are known"),
        *("None counted here so far", "Unknown"),
    ]
    assert page.words(".//h2") == [
        *("Not to be had by Composer", "Versions", "Requirements", "Follow"),
    ]
    assert page.words(".//ul[@class='told']/li") == []
    assert "" not in [tag.attrib["href"] for tag in page.dom.iter("a")]


def test_versions_are_bounded(tmp_path: Path, visit: NewVisitor) -> None:
    """Of a very long history the newest are shown, and how many there are is said."""
    versions = tuple(f"1.{number}" for number in range(1000, 0, -1))
    make_release(tmp_path, records=[record("old", version="1.1000", versions=versions)])
    switch(tmp_path, FIRST)
    page = visit(tmp_path).get("/packages/plugin/old")

    shown = page.words(".//section[@id='versions']//tr/td[1]")

    assert shown[0].split()[0] == "1.1000"
    assert len(shown) == 200
    assert "The newest 200 of 1,000" in page.text


def test_names_are_text(visitor: Visitor) -> None:
    """Markup in a name, description, author or search is shown and never obeyed."""
    for path in (
        "/packages/plugin/hostile",
        "/",
        "/?sort=name",
        "/?q=%3Cscript%3E",
        "/packages/plugin/<script>",
    ):
        page = visitor.get(path)

        assert {tag.get("type", tag.get("src", "")[:8]) for tag in page.dom.iter("script")} <= {
            "application/ld+json",
            "/assets/",
        }
        assert not list(page.dom.iter("b"))
    assert visitor.get("/packages/plugin/hostile").words(".//h1") == [
        '<script>alert(1)</script> &amp; "it\'s"'
    ]


def test_names_keep_their_direction(visitor: Visitor) -> None:
    """A name stands in <bdi>, prose has dir=auto: neither turns the words around it."""
    page = visitor.get("/packages/plugin/arabic")

    assert page.words(".//h1/bdi") == ["إضافة البطاقات"]
    assert page.words(".//div[@class='card']//p[@dir='auto']") == ["تعمل مع كل المتاجر"]


def test_withdrawn_package_is_gone(visitor: Visitor) -> None:
    """A withdrawn package answers 410 and says since when."""
    page = visitor.get("/packages/plugin/gone")

    assert page.status == 410
    assert page.words(".//main//time") == ["3 October 2026"]
    assert page.meta("robots") == ["noindex"]


def test_unknown_page_offers_a_search(visitor: Visitor) -> None:
    """404 shows a search that already holds the words of the slug."""
    page = visitor.get("/packages/plugin/some-gallery")
    field = page.dom.find(".//input[@name='q']")

    assert page.status == 404
    assert field is not None
    assert field.get("value") == "some gallery"


@pytest.mark.parametrize("path", ["/packages/plugin/aki%FFsmet", "/%ff", "/packages/block/x", "//"])
def test_odd_paths_name_nothing(visitor: Visitor, path: str) -> None:
    """Bytes that are not UTF-8, unknown types and doubled slashes are 404, not something else."""
    assert visitor.get(path).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/packages/plugin/akismet", "/health"])
def test_other_methods_are_refused(visitor: Visitor, method: str, path: str) -> None:
    """Anything but GET and HEAD is 405 with an Allow header."""
    page = visitor.get(path, method)

    assert page.status == 405
    assert page.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", [*KINDS, "/health", "/og/plugin/akismet.png"])
def test_head_is_get_without_a_body(visitor: Visitor, path: str) -> None:
    """HEAD has the status and headers of GET, the length included, and no body."""
    get, head = visitor.get(path), visitor.get(path, "HEAD")

    assert head.body == b""
    assert head.status == get.status
    assert head.headers == get.headers


def test_health(visitor: Visitor) -> None:
    """/health tells release, age and packages, and is never kept by a cache."""
    page = visitor.get("/health")
    facts = json.loads(page.text)

    assert page.status == 200
    assert page.headers["cache-control"] == "no-store"
    assert facts["release"] == FIRST
    assert facts["packages"] == 7
    assert isinstance(facts["age_seconds"], int)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/packages/plugin/akismet/", "/packages/plugin/akismet"),
        ("/packages/theme/caf%C3%A9/", "/packages/theme/caf%C3%A9"),
        ("/packages/plugin/Akismet", "/packages/plugin/akismet"),
        ("/health/", "/health"),
        ("/packages/plugin/%0d%0aX:y/", "/packages/plugin/%0D%0AX%3Ay"),
    ],
)
def test_each_page_has_one_address(visitor: Visitor, path: str, to: str) -> None:
    """Another spelling redirects, by a Location that stays on the host."""
    page = visitor.get(path)

    assert page.status == 301
    assert page.headers["location"] == to


def test_no_redirect_leaves_the_host(visitor: Visitor) -> None:
    """A path that begins like another host's address redirects nowhere."""
    for path in ("//evil.example/", "/\\evil.example/", "//evil.example/packages/plugin/x/"):
        assert visitor.get(path).status == 404


def test_stable_card_address(visitor: Visitor) -> None:
    """/og/<type>/<slug>.png leads to the current card, for a short while, withdrawn or not."""
    for slug in ("akismet", "gone"):
        page = visitor.get(f"/og/plugin/{slug}.png")

        assert page.status == 302
        assert page.headers["location"] == f"/og/01/{CARD}.png"
        assert page.headers["cache-control"] == "public, max-age=300"
    assert visitor.get("/og/plugin/never-was.png").status == 404


def test_site_below_a_path(tmp_path: Path, visit: NewVisitor) -> None:
    """A site_url with a path puts that path before every link, and the app answers there."""
    make_release(tmp_path, settings=write.Settings("https://example.org/wp"))
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)
    page = visitor.get("/wp/packages/plugin/akismet")
    inner = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text + visitor.get("/wp/").text)

    assert page.status == 200
    assert inner
    assert all(link.startswith("/wp/") for link in inner)
    assert page.meta("og:url") == ["https://example.org/wp/packages/plugin/akismet"]
    assert page.meta("og:image")[0].startswith("https://example.org/wp/og/01/")
    assert visitor.get("/wp").headers["location"] == "/wp/"
    moved = visitor.get("/wp/packages/plugin/akismet/")
    assert moved.headers["location"] == "/wp/packages/plugin/akismet"


def test_proxy_may_take_the_path_off(tmp_path: Path, visit: NewVisitor) -> None:
    """A proxy that strips the site's path gets the same pages."""
    make_release(tmp_path, settings=write.Settings("https://example.org/wp"))
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)

    assert (
        visitor.get("/packages/plugin/akismet").body
        == visitor.get("/wp/packages/plugin/akismet").body
    )


def test_failure_is_a_page(data: Path, visit: NewVisitor) -> None:
    """A release that breaks while it is read gives a 500 page and an entry in the log."""
    folder = make_release(data, "20261103T000000Z")
    visitor = visit(data)
    switch(data, folder.name)
    assert visitor.get("/").status == 200
    site = folder / "site.db"
    site.write_bytes(site.read_bytes()[:4096])

    page = visitor.get("/packages/plugin/akismet")

    assert page.status == 500
    assert page.headers["x-release"] == folder.name
    assert page.words(".//h1") == ["Something broke"]
    assert "Traceback" not in page.text
    assert "Traceback" in visitor.errors.getvalue()
    assert SITE_URL not in page.text
