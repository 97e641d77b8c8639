"""The front page; with any wish in the query string it is the list instead."""

import json

from server.answer import A_MINUTE, Page, Site
from server.browse import TYPES, Browse
from server.links import SITE_NAME
from server.pages import linked_data, listing
from server.pages.head import Head, page_image, site_feeds
from server.queries import lists
from server.queries.lists import Filter
from server.queries.tags import TagCount

_ROW = 3  # packages beside one another


def page(site: Site, query: str = "") -> Page:
    """The most installed, the just released, the commonest tags."""
    asked = Browse.parse(query)
    if asked != Browse():
        return listing.page(site, asked)
    snapshot, links = site.snapshot, site.links
    head = Head(
        title=SITE_NAME,
        description=listing.DESCRIPTION,
        url=links.absolute(links.home),
        image=page_image(snapshot.meta, links, "home"),
        feeds=site_feeds(links),
        markdown=links.to("index.md"),
        searched=True,
        data=(linked_data.web_site(links),),
    )
    popular = [
        one
        for type in TYPES
        for one in lists.page(snapshot.connection, Filter(type), "installs", _ROW, 0)
    ]
    values = {
        "counts": snapshot.listed,
        "popular": popular,
        "recent": lists.page(snapshot.connection, Filter(), "updated", 2 * _ROW, 0),
        "tags": [TagCount(*one) for one in json.loads(snapshot.meta.get("tags", "[]"))],
    }
    return Page("home", head, values, A_MINUTE)
