"""The page of closed packages."""

from server.answer import A_MINUTE, Page, Site
from server.pages.head import FeedLink, Head, page_image
from server.pages.paging import Paging
from server.queries import closures

_SIZE = 50  # packages on a page


def page(site: Site, query: str = "") -> Page:
    """The closed packages, those closed last first, with the reasons."""
    snapshot, links = site.snapshot, site.links
    address = links.to("closed")
    count = closures.count(snapshot.connection)
    paging = Paging.parse(query, count, _SIZE, address)
    head = Head(
        title=f"Closed packages{paging.title}",
        description="WordPress plugins and themes that were closed, when, and for what reason.",
        url=links.absolute(paging.here),
        image=page_image(snapshot.meta, links, "closed"),
        previous=paging.previous,
        next=paging.next,
        feeds=(FeedLink("Closed packages", f"{address}/feed.xml"),),
        markdown=f"{address}.md",
    )
    entries = closures.newest(snapshot.connection, _SIZE, paging.offset)
    return Page("closed", head, {"paging": paging, "entries": entries}, A_MINUTE)
