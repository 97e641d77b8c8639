"""An author's page."""

from server.answer import A_MINUTE, Answer, Page, Site
from server.browse import PAGE_SIZE
from server.errors import not_found
from server.figures import packages_counted
from server.pages.head import FeedLink, Head, group_image
from server.pages.paging import Paging
from server.queries import authors


def page(site: Site, key: str, query: str = "") -> Page | Answer:
    """An author's packages, the most installed first."""
    snapshot, links = site.snapshot, site.links
    found = authors.find(snapshot.connection, key)
    if found is None:
        return not_found(site, key.replace("-", " "))
    address = links.author(key)
    paging = Paging.parse(query, found.packages, PAGE_SIZE, address)
    head = Head(
        title=found.name + paging.title,
        description=f"{packages_counted(found.packages)} by {found.name}, for Composer.",
        url=links.absolute(paging.here),
        image=group_image(snapshot.connection, snapshot.meta, links, f"authors/{key}"),
        previous=paging.previous,
        next=paging.next,
        feeds=(FeedLink(f"Releases by {found.name}", f"{address}/feed.xml"),),
        markdown=f"{address}.md",
    )
    entries = authors.packages(snapshot.connection, key, PAGE_SIZE, paging.offset)
    values = {"author": found, "paging": paging, "entries": entries}
    return Page("author", head, values, A_MINUTE)
