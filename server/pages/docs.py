"""The documentation."""

from server.answer import Page, Site
from server.pages.head import Head, page_image


def page(site: Site) -> Page:
    """How to use the site: install, configure, move from elsewhere, the API, counting."""
    links = site.links
    head = Head(
        title="Documentation",
        description="How to install WordPress plugins and themes with Composer from here: "
        "configuration, moving from wpackagist, the API, and how installs are counted.",
        url=links.absolute(links.to("docs")),
        image=page_image(site.snapshot.meta, links, "docs"),
        markdown=links.to("docs.md"),
    )
    return Page("docs", head, {"examples": site.snapshot.examples})
