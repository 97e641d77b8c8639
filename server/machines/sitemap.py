"""How search engines, browsers and programs that read find their way: sitemaps and their like.

Deploy asks for most of these once and keeps them as files of the release; nginx sends those.
"""

from dataclasses import dataclass

from release.pages import OWN_PAGES
from server.answer import XML, Answer, Site, text
from server.errors import not_found
from server.machines.documents import document
from server.queries import parts

_OPENSEARCH = "application/opensearchdescription+xml"
_PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Location:
    """An address in a sitemap, absolute. changed: Unix seconds, None when unknown."""

    url: str
    changed: int | None


def index(site: Site) -> Answer:
    """The sitemap's parts, with the time of each one's last change."""
    links = site.links
    locations = [
        Location(links.absolute(links.sitemap_part(part.number)), part.changed)
        for part in parts.every_part(site.snapshot.connection)
    ]
    pages = links.absolute(links.to("sitemaps/pages.xml"))
    return document(site, XML, "sitemap_index", parts=locations, pages=pages)


def pages(site: Site) -> Answer:
    """The part that holds the pages that are no package."""
    every = parts.every_part(site.snapshot.connection)
    changed = max((part.changed for part in every), default=None)
    paths = {"": changed, "?type=plugin": changed, "?type=theme": changed}
    paths |= {one.name: None for one in OWN_PAGES if one.found}
    links = site.links
    urls = [Location(links.absolute(links.to(path)), when) for path, when in paths.items()]
    return document(site, XML, "sitemap", urls=urls)


def packages(site: Site, number: str) -> Answer:
    """A part that holds open packages, and when their pages last changed."""
    links = site.links
    urls = [
        Location(links.absolute(links.package(one.type, one.slug)), one.changed)
        for one in parts.packages(site.snapshot.connection, int(number))
    ]
    return document(site, XML, "sitemap", urls=urls) if urls else not_found(site)


def opensearch(site: Site) -> Answer:
    """How a browser searches the site."""
    return document(site, _OPENSEARCH, "opensearch", absolute=site.links.absolute)


def llms(site: Site) -> Answer:
    """What the site is, for those who read it by machine."""
    values = {"absolute": site.links.absolute, "examples": site.snapshot.examples}
    return text(_PLAIN, site.render("llms.txt", **values))
