"""A tag's page."""

from server.answer import A_MINUTE, Answer, Page, Site
from server.browse import PAGE_SIZE
from server.errors import not_found
from server.figures import packages_counted
from server.pages.head import Head, group_image
from server.pages.paging import Paging
from server.queries import tags


def page(site: Site, tag: str, query: str = "") -> Page | Answer:
    """The packages that bear a tag, the most installed first."""
    snapshot, links = site.snapshot, site.links
    found = tags.find(snapshot.connection, tag)
    if found is None:
        return not_found(site, tag.replace("-", " "))
    paging = Paging.parse(query, found.packages, PAGE_SIZE, links.tag(tag))
    head = Head(
        title=f"Tagged {found.label}{paging.title}",
        description=f"{packages_counted(found.packages)} tagged {found.label}, for Composer.",
        url=links.absolute(paging.here),
        image=group_image(snapshot.connection, snapshot.meta, links, f"tags/{tag}"),
        previous=paging.previous,
        next=paging.next,
        markdown=f"{links.tag(tag)}.md",
    )
    entries = tags.packages(snapshot.connection, tag, PAGE_SIZE, paging.offset)
    return Page("tag", head, {"tag": found, "paging": paging, "entries": entries}, A_MINUTE)
