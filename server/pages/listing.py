"""The list: search, filters, orders, page by page."""

from server.answer import A_MINUTE, Page, Site
from server.browse import BY_COMPOSER, PHPS, SORTS, WITHIN_WORDS, Browse
from server.pages.head import Head, page_image, site_feeds
from server.results import Results, results
from server.without import Without, without

DESCRIPTION = (
    "WordPress plugins and themes for Composer: search them, read about them, install them "
    "with one command."
)
_KINDS = {"": "Plugins and themes", "plugin": "Plugins", "theme": "Themes"}
_COUNTED = {"": "package", "plugin": "plugin", "theme": "theme"}
_ORDERS = {
    "": "",
    "installs": " by installs",
    "updated": " by date",
    "name": " by name",
    BY_COMPOSER: " by Composer installs",
}


def page(site: Site, asked: Browse) -> Page:
    """The packages that were asked for; results of a search are not to be indexed."""
    listed, links = results(site.snapshot, asked), site.links
    shown, count = listed.shown, listed.count
    head = Head(
        title=_title(shown),
        description=DESCRIPTION,
        url=links.absolute(links.list(shown.query)),
        image=page_image(site.snapshot.meta, links, "home"),
        indexed=not shown.words,
        previous=links.list(shown.at(shown.page - 1).query) if shown.page > 1 else "",
        next=links.list(shown.at(shown.page + 1).query) if shown.page < listed.last else "",
        feeds=site_feeds(links),
        words=shown.words,
        kept=shown.filters,
    )
    values = {
        "shown": shown,
        "without": _without(site, listed),
        "entries": listed.entries,
        "found": listed.found,
        "count": count,
        "last": listed.last,
        "heading": _COUNTED[shown.type] + ("" if count == 1 else "s"),
        "sorts": [one for one in SORTS if one != BY_COMPOSER or site.snapshot.installs_until],
        "composer": shown.sort == BY_COMPOSER,
        "phps": PHPS,
    }
    return Page("list", head, values, A_MINUTE)


def _without(site: Site, listed: Results) -> list[Without]:
    """Where nothing was found, or only some of the words: what did it."""
    found, snapshot = listed.found, site.snapshot
    if found.too_much or (listed.count and not found.loosely):
        return []
    words_alone = listed.count > 0
    return without(snapshot, listed.shown, words_alone=words_alone, now=snapshot.data_of)


def _title(shown: Browse) -> str:
    kinds = _KINDS[shown.type]
    if shown.closed:
        kinds = f"Closed {kinds.lower()}"
    title = f"{shown.words}: {kinds.lower()}" if shown.words else kinds
    php = f" for PHP {shown.php}" if shown.php else ""
    lately = f", updated within {WITHIN_WORDS[shown.within]}" if shown.within else ""
    offered = ", installable" if shown.installable else ""
    page = f", page {shown.page}" if shown.page > 1 else ""
    return title + php + lately + offered + _ORDERS[shown.sort] + page
