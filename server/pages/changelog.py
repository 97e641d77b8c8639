"""What a package's authors say of each version."""

import re
from html import unescape

from server.answer import A_MINUTE, Answer, Page, Site
from server.errors import not_found
from server.pages.head import Head, package_image
from server.queries import changelogs, packages
from server.queries.changelogs import Changelog

# Of the markup that publish/site/changelogs.py leaves.
_LINES = re.compile(r"<(/?)(h2|h3|p|li|br|ul|ol|pre)\b[^>]*>")
_REST = re.compile(r"<[^>]*>")
_MARKS = {"h2": "\n\n## ", "h3": "\n\n### ", "li": "\n- "}


def page(site: Site, type: str, slug: str) -> Page | Answer:
    """The changelog of a package, or where else one might be."""
    connection, links = site.snapshot.connection, site.links
    found = packages.find(connection, type, slug)
    if found is None or found.withdrawn_at is not None:
        return not_found(site, slug.replace("-", " "))
    told = changelogs.of_package(connection, found.id) or Changelog("", "")
    address = f"{links.package(type, slug)}/changelog"
    head = Head(
        title=f"Changelog of {found.name}",
        description=f"What changed in each version of {found.name}, as its authors say.",
        url=links.absolute(address),
        image=package_image(links, found),
        indexed=bool(told.html),
        markdown=f"{address}.md",
    )
    values = {"package": found, "html": told.html, "lines": _plain(told.html)}
    return Page("changelog", head, values, A_MINUTE)


def _plain(html: str) -> list[str]:
    """Give the lines of a changelog as Markdown, with nothing that is a mark there."""
    text = _LINES.sub(lambda one: "\n" if one[1] else _MARKS.get(one[2], "\n"), html)
    lines = (unescape(_REST.sub("", line)).strip() for line in text.split("\n"))
    return [line for line in lines if line not in ("", "-", "##", "###")]
