"""What a page says of itself to browsers, search engines and link previews."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

SITE_NAME = "Frontispiece"


@dataclass(frozen=True, slots=True)
class Image:
    """A card as a page names it. Address, size and alt text stand together or not at all."""

    path: str  # site-relative
    url: str  # absolute
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Head:
    """The facts behind a page's <head>; views/head.tpl is the one place that prints them."""

    title: str
    description: str = ""
    url: str = ""  # canonical, absolute; '' for a page that has none, such as an error
    image: Image | None = None
    indexed: bool = True
    previous: str = ""
    next: str = ""
    feeds: tuple[tuple[str, str], ...] = ()  # title and site-relative address
    markdown: str = ""  # the page's twin
    data: tuple[Mapping[str, object], ...] = ()  # JSON-LD
    searched: bool = False  # the page has a search of its own, so that the masthead needs none

    @property
    def full_title(self) -> str:
        """The title as a tab shows it."""
        return self.title if self.title == SITE_NAME else f"{self.title} · {SITE_NAME}"

    @property
    def data_blocks(self) -> list[str]:
        """The JSON-LD, safe inside a <script>: there, `<` could end it or begin a comment."""
        return [json.dumps(one, ensure_ascii=False).replace("<", "\\u003c") for one in self.data]
