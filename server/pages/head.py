"""What a page says of itself to browsers, search engines and link previews."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from server.links import SITE_NAME, Links
from server.queries import page_cards
from server.queries.packages import Package


class FeedLink(NamedTuple):
    """A feed that a page tells of. address: site-relative."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Image:
    """A card as a page names it. path: site-relative; url: absolute; width, height: pixels."""

    path: str
    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Head:
    """The facts behind a page's <head>; views/head.tpl is the one place that prints them.

    url: canonical, absolute; '' for a page that has none, such as an error. previous, next: of a
    list's pages. markdown: the page's twin. data: JSON-LD. searched: the page has a search of its
    own, so that the masthead needs none. words: what the masthead's search holds; kept: what it
    asks for besides, names and values. Addresses but `url` are site-relative.
    """

    title: str
    description: str = ""
    url: str = ""
    image: Image | None = None
    indexed: bool = True
    previous: str = ""
    next: str = ""
    feeds: tuple[FeedLink, ...] = ()
    markdown: str = ""
    data: tuple[Mapping[str, object], ...] = ()
    searched: bool = False
    words: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def full_title(self) -> str:
        """The title as a tab shows it."""
        return self.title if self.title == SITE_NAME else f"{self.title} · {SITE_NAME}"

    @property
    def data_blocks(self) -> list[str]:
        """The JSON-LD, safe inside a <script>: there, `<` could end it or begin a comment."""
        return [json.dumps(one, ensure_ascii=False).replace("<", "\\u003c") for one in self.data]


def page_image(meta: Mapping[str, str], links: Links, page: str) -> Image | None:
    """Give the card of a page that is no package; None unless the release describes it in full."""
    own = f"card_{page}" if meta.get(f"card_{page}") else "default_card"
    names = (own, f"{own}_width", f"{own}_height", f"{own}_alt")
    if not all(meta.get(name) for name in names):
        return None
    card, width, height, alt = (meta[name] for name in names)
    return image(links, card, int(width), int(height), alt)


def group_image(
    connection: sqlite3.Connection, meta: Mapping[str, str], links: Links, page: str
) -> Image | None:
    """Give the card of an author's or a tag's page, 'tags/seo': its own, or that of its kind."""
    own = page_cards.find(connection, page)
    if own is None:
        return page_image(meta, links, page.partition("s/")[0])
    return image(links, own.card, own.width, own.height, own.alt)


def package_image(links: Links, of: Package) -> Image:
    """Give the card of a package."""
    return image(links, of.card, of.card_width, of.card_height, of.card_alt)


def image(links: Links, card: str, width: int, height: int, alt: str) -> Image:
    """Describe a card by its fingerprint, its size and its alt text."""
    path = links.card(card)
    return Image(path, links.absolute(path), width, height, alt)


def site_feeds(links: Links) -> tuple[FeedLink, ...]:
    """Give the feeds of the whole site."""
    return (
        FeedLink("Releases", links.to("feed.xml")),
        FeedLink("New packages", links.to("new/feed.xml")),
    )
