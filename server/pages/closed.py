"""The page of closed packages, and of those that opened again."""

from server.answer import A_MINUTE, Page, Site
from server.pages.head import FeedLink, Head, page_image
from server.pages.paging import Paging
from server.queries import news

_SIZE = 50  # pieces of news on a page
_SHOWN = 60  # packages named of each: the largest known closure at once was of 65


def page(site: Site, query: str = "") -> Page:
    """What was closed, and what opened again, the newest first, with the reasons."""
    snapshot, links = site.snapshot, site.links
    address = links.to("closed")
    count = news.count(snapshot.connection)
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
    pieces = news.newest(snapshot.connection, _SIZE, paging.offset, shown=_SHOWN)
    return Page("closed", head, {"paging": paging, "pieces": pieces}, A_MINUTE)
