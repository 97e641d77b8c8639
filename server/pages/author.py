"""An author's page."""

from server.answer import A_MINUTE, Answer, Page, Site, moved
from server.browse import PAGE_SIZE
from server.errors import not_found
from server.figures import packages_counted
from server.pages.head import FeedLink, Head, group_image, page_image
from server.pages.paging import Paging
from server.queries import authors
from server.queries.authors import Author


def page(site: Site, key: str, query: str = "") -> Page | Answer:
    """An author's packages, the most installed first.

    A printed name leads to the account that prints it, or to a choice of those that do.
    """
    connection = site.snapshot.connection
    found = authors.find(connection, key)
    if found is not None:
        return _page(site, found, query)
    namesakes = authors.named(connection, key)
    if not namesakes:
        return not_found(site, key.replace("-", " "))
    if len(namesakes) == 1:
        return moved(site.links.author(namesakes[0].key))
    return _choice(site, key, namesakes)


def _page(site: Site, found: Author, query: str) -> Page:
    snapshot, links = site.snapshot, site.links
    address = links.author(found.key)
    paging = Paging.parse(query, found.packages, PAGE_SIZE, address)
    head = Head(
        title=found.name + paging.title,
        description=f"{packages_counted(found.packages)} by {found.name}, for Composer.",
        url=links.absolute(paging.here),
        image=group_image(snapshot.connection, snapshot.meta, links, f"authors/{found.key}"),
        previous=paging.previous,
        next=paging.next,
        feeds=(FeedLink(f"Releases by {found.name}", f"{address}/feed.xml"),),
        markdown=f"{address}.md",
    )
    entries = authors.packages(snapshot.connection, found.key, PAGE_SIZE, paging.offset)
    values = {"author": found, "paging": paging, "entries": entries}
    return Page("author", head, values, A_MINUTE)


def _choice(site: Site, alias: str, namesakes: list[Author]) -> Page:
    """Several authors print one name: whoever comes by it says which is meant."""
    links = site.links
    address = links.author(alias)
    head = Head(
        title="Authors of one name",
        description=f"{len(namesakes)} authors of WordPress packages print this name.",
        url=links.absolute(address),
        image=page_image(site.snapshot.meta, links, "author"),
        indexed=False,
        markdown=f"{address}.md",
    )
    return Page("namesakes", head, {"authors": namesakes}, A_MINUTE)
