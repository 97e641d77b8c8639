"""The front page; with any wish in the query string it is the list instead."""

import json

from server.answer import A_MINUTE, Page, Site
from server.browse import Browse
from server.links import SITE_NAME
from server.pages import linked_data, listing
from server.pages.head import Head, page_image, site_feeds
from server.queries import lists, news
from server.queries.lists import Filter
from server.queries.tags import TagCount

_POPULAR, _THEMES, _RECENT, _CLOSED = 6, 3, 5, 4  # how many of each are shown


def page(site: Site, query: str = "") -> Page:
    """The most installed, themes by their looks, the just released and closed, the purposes."""
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
    connection = snapshot.connection
    values = {
        "counts": snapshot.listed,
        "popular": lists.page(connection, Filter("plugin"), "installs", _POPULAR, 0),
        "themes": lists.page(connection, Filter("theme"), "installs", _THEMES, 0),
        "recent": lists.page(connection, Filter(), "updated", _RECENT, 0),
        "closed": news.closed_last(connection, _CLOSED),
        "tags": [TagCount(*one) for one in json.loads(snapshot.meta.get("tags", "[]"))],
    }
    return Page("home", head, values, A_MINUTE)
