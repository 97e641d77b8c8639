"""What a page says of itself to link previews, browsers and search engines."""

import base64
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from publish.cards import wanted
from tests.server.conftest import FIRST, PLATE, SITE_URL, NewVisitor, Visitor, make_release, switch

CARD = f"{SITE_URL}/og/01/0123456789abcdef0123456789abcdef.png"
ALT = (
    "Akismet Anti-spam, a WordPress plugin by An Author, version 1.0. Keeps comments free of spam. "
    "6M+ active installs. composer require wp-plugin/akismet."
)


def test_package_page_has_every_tag_once(visitor: Visitor) -> None:
    """The tags that previews read are all there, once each, with the card's own facts."""
    page = visitor.get("/packages/plugin/akismet")
    wanted = {
        "og:site_name": "Frontispiece",
        "og:locale": "en_US",
        "og:type": "website",
        "og:url": f"{SITE_URL}/packages/plugin/akismet",
        "og:title": "Akismet Anti-spam",
        "og:description": "Keeps comments free of spam.",
        "og:image": CARD,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": ALT,
        "twitter:card": "summary_large_image",
        "twitter:title": "Akismet Anti-spam",
        "twitter:description": "Keeps comments free of spam.",
        "twitter:image": CARD,
        "twitter:image:alt": ALT,
        "description": "Keeps comments free of spam.",
    }

    assert {key: page.meta(key) for key in wanted} == {key: [text] for key, text in wanted.items()}
    assert len(page.meta("theme-color")) == 2
    assert page.meta("robots") == ["max-image-preview:large"]


def test_og_goes_by_property_and_twitter_by_name(visitor: Visitor) -> None:
    """Facebook reads only property=, X only name=."""
    for tag in visitor.get("/packages/plugin/akismet").dom.iter("meta"):
        assert not tag.get("name", "").startswith("og:")
        assert not tag.get("property", "").startswith("twitter:")


def test_the_page_leads_to_its_card(visitor: Visitor) -> None:
    """The head of the page is the card set in type; the picture is the one that the page names."""
    page = visitor.get("/packages/plugin/akismet")
    links = {"".join(link.itertext()): link.get("href") for link in page.dom.iter("a")}

    assert links["Card image"] == CARD.removeprefix(SITE_URL)


def test_a_plate_stands_where_a_package_is_named(visitor: Visitor) -> None:
    """Before anything else of the page at once, in lists when it comes into view; without a plate
    the initial stands there, which nobody reads out."""
    page = visitor.get("/packages/plugin/akismet")
    (first, *others) = page.dom.iterfind(".//img[@class='tile']")
    (bare,) = visitor.get("/packages/plugin/bare").dom.iterfind(".//div[@class='plate']/span")

    assert first.get("src") == f"/plates/{PLATE[:2]}/{PLATE}.svg"
    assert "loading" not in first.attrib
    for one in (*others, *visitor.get("/?type=plugin").dom.iterfind(".//ol//img")):
        assert (one.get("alt"), one.get("loading")) == ("", "lazy")
    assert (bare.get("data-initial"), bare.get("aria-hidden")) == ("B", "true")


def test_package_without_a_card_of_its_own_shows_the_default(visitor: Visitor) -> None:
    """The site's default card stands in, described as what it is."""
    page = visitor.get("/packages/plugin/bare")

    assert page.meta("og:image") == [f"{SITE_URL}/og/dd/{'d' * 32}.png"]
    assert page.meta("og:image:alt") == [wanted.PAGES["default"].alt]
    assert page.meta("og:description") == ["A WordPress plugin for Composer."]


def test_list_names_the_site_card_in_full_or_not_at_all(
    visitor: Visitor, tmp_path: Path, visit: NewVisitor
) -> None:
    """Without size and alt text of the default card there is neither image nor large card."""
    folder = make_release(tmp_path / "bare")
    switch(tmp_path / "bare", FIRST)
    with closing(sqlite3.connect(folder / "site.db")) as db, db:
        db.execute("DELETE FROM meta WHERE key LIKE '%card%_alt'")
    bare, full = visit(tmp_path / "bare").get("/"), visitor.get("/")

    assert bare.meta("og:image") == bare.meta("twitter:card") == []
    assert full.meta("og:image") == [f"{SITE_URL}/og/dd/{'d' * 32}.png"]
    assert full.meta("og:image:alt") == [wanted.PAGES["default"].alt]
    assert full.meta("twitter:card") == ["summary_large_image"]


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("/?page=1&sort=installs", "/?sort=installs"),
        ("/?sort=name&type=theme&utm_source=feed", "/?type=theme&sort=name"),
        ("/packages/plugin/akismet?utm_source=feed", "/packages/plugin/akismet"),
    ],
)
def test_canonical_link_is_absolute_and_plain(visitor: Visitor, path: str, canonical: str) -> None:
    """The canonical link leaves out what does not make another page."""
    page = visitor.get(path)
    link = page.dom.find(".//link[@rel='canonical']")

    assert link is not None
    assert link.get("href") == SITE_URL + canonical
    assert page.meta("og:url") == [SITE_URL + canonical]


def test_results_and_errors_are_not_indexed(visitor: Visitor) -> None:
    """Search engines are kept off results and error pages; errors have no preview."""
    for path in ("/?q=spam", "/nope", "/packages/plugin/gone"):
        assert visitor.get(path).meta("robots") == ["noindex"]
    assert visitor.get("/nope").meta("og:title") == []


def test_titles_tell_pages_apart(visitor: Visitor) -> None:
    """Each page's title says which it is."""
    paths = ("/", "/?type=theme", "/?sort=name", "/?q=a", "/packages/plugin/akismet", "/nope")
    titles = [visitor.get(path).words(".//title")[0] for path in paths]

    assert titles == [
        "Frontispiece",
        "Themes · Frontispiece",
        "Plugins and themes by name · Frontispiece",
        "a: plugins and themes · Frontispiece",
        "Akismet Anti-spam · Frontispiece",
        "Not found · Frontispiece",
    ]


@pytest.mark.parametrize(
    "path", ["/", "/?q=a", "/packages/plugin/akismet", "/compare", "/docs", "/nope"]
)
def test_policy_allows_the_page_its_own_style(visitor: Visitor, path: str) -> None:
    """The style that stands in a page is the one that its policy names; there is no other."""
    page = visitor.get(path)
    (style,) = page.dom.iter("style")
    digest = hashlib.sha256((style.text or "").encode()).digest()

    assert (
        f"'sha256-{base64.b64encode(digest).decode()}'" in page.headers["content-security-policy"]
    )
    assert len(style.text or "") < 14_000
    assert not [tag for tag in page.dom.iter() if "style" in tag.attrib]
