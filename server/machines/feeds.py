"""What is read by machines that come again: feeds, sitemaps, and how the site is searched.

Deploy asks for most of these once and keeps them as files of the release; nginx sends those.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from server.answer import ATOM, FIVE_MINUTES, XML, Answer, Site, data, text
from server.closure import Closure
from server.errors import not_found
from server.figures import iso
from server.head import SITE_NAME
from server.queries import packages
from server.queries.packages import Entry, Sieve

_MOST = 50  # entries of a feed
_BEGINNING = 0  # the time of a feed without entries
_OPENSEARCH = "application/opensearchdescription+xml"
_PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of an Atom feed. `id` is what makes it another entry: an absolute URL."""

    id: str
    title: str
    link: str
    when: int  # Unix seconds
    author: str
    summary: str


def releases(site: Site) -> Answer:
    """The packages released last."""
    entries = packages.browse(site.snapshot.connection, Sieve(), "updated", _MOST, 0)
    return _feed(site, "Releases", "", "feed.xml", _released(site, entries))


def new(site: Site) -> Answer:
    """The packages that came last."""
    found = packages.newest(site.snapshot.connection, _MOST)
    items = [_item(site, one, when, one.name, one.description) for one, when in found]
    return _feed(site, "New packages", "", "new/feed.xml", items)


def closures(site: Site) -> Answer:
    """The packages closed last."""
    items = []
    for one, when, told, _ in packages.closures(site.snapshot.connection, _MOST, 0):
        closure = Closure.parse(told)
        kind = "Closed for good" if closure.permanent else "Closed"
        summary = ". ".join(part for part in (kind, closure.why) if part)
        items.append(_item(site, one, when, f"{one.name} was closed", summary, f"#closed-{when}"))
    return _feed(site, "Closed packages", "closed", "closed/feed.xml", items)


def package(site: Site, type_: str, slug: str) -> Answer:
    """A package's releases, those whose time is known."""
    connection = site.snapshot.connection
    found = packages.package(connection, type_, slug)
    if found is None or found.withdrawn_at is not None:
        return not_found(site, slug.replace("-", " "))
    path = site.links.package(type_, slug)
    page = site.links.absolute(path)
    items = [
        Item(
            f"{page}#{one.version}",
            f"{found.name} {one.version}",
            page,
            one.released,
            found.author,
            found.description,
        )
        for one in packages.versions(connection, found.id, _MOST)
        if one.released is not None
    ]
    address = f"{path}/feed.xml".removeprefix(site.links.home)
    return _feed(site, f"Releases of {found.name}", path, address, items)


def author(site: Site, key: str) -> Answer:
    """An author's releases."""
    found = packages.author(site.snapshot.connection, key)
    if found is None or not key:
        return not_found(site, key.replace("-", " "))
    entries = packages.by_author(site.snapshot.connection, key, _MOST, 0)
    path = site.links.author(key)
    address = f"{path}/feed.xml".removeprefix(site.links.home)
    return _feed(site, f"Releases by {found[0]}", path, address, _released(site, entries))


def sitemap(site: Site) -> Answer:
    """The index of the sitemap's parts, with the time of each one's last change."""
    parts = [
        (site.links.absolute(site.links.to(f"sitemaps/packages-{number}.xml")), changed)
        for number, changed in packages.shards(site.snapshot.connection)
    ]
    pages = site.links.absolute(site.links.to("sitemaps/pages.xml"))
    return text(XML, site.render("sitemap_index", parts=parts, pages=pages))


def sitemap_pages(site: Site) -> Answer:
    """The part of the sitemap that holds the pages that are no package."""
    shards = packages.shards(site.snapshot.connection)
    changed = max((when for _, when in shards), default=None)
    paths = {"": changed, "?type=plugin": changed, "?type=theme": changed, "closed": None}
    paths |= {"docs": None}
    urls = [(site.links.absolute(site.links.to(path)), when) for path, when in paths.items()]
    return text(XML, site.render("sitemap", urls=urls))


def sitemap_part(site: Site, number: str) -> Answer:
    """A part of the sitemap: open packages, and when their pages last changed."""
    found = packages.shard(site.snapshot.connection, int(number))
    urls = [
        (site.links.absolute(site.links.package(type_, slug)), changed)
        for type_, slug, changed in found
    ]
    return text(XML, site.render("sitemap", urls=urls)) if urls else not_found(site)


def opensearch(site: Site) -> Answer:
    """How a browser searches the site."""
    return text(_OPENSEARCH, site.render("opensearch", absolute=site.links.absolute))


def llms(site: Site) -> Answer:
    """What the site is, for those who read it by machine."""
    return text(_PLAIN, site.render("llms.txt", absolute=site.links.absolute))


def release(site: Site) -> Answer:
    """Which release this is, and of when: pages ask for it to tell how fresh they are."""
    snapshot = site.snapshot
    packages = {f"{type_}s": count for type_, count in snapshot.listed.items()}
    return data({"made": iso(snapshot.moment), "packages": packages})


def status_of(site: Site) -> dict[str, object]:
    """What deploy told of its work; {} in a release that does not say."""
    told: dict[str, object] = json.loads(site.snapshot.meta.get("status", "{}"))
    return told


def _released(site: Site, entries: Iterable[Entry]) -> list[Item]:
    dated = [one for one in entries if one.updated is not None]
    dated.sort(key=lambda one: one.updated or 0, reverse=True)
    return [
        _item(
            site,
            one,
            one.updated or 0,
            f"{one.name} {one.version}".strip(),
            one.description,
            f"#{one.version}",
        )
        for one in dated
    ]


def _item(site: Site, entry: Entry, when: int, title: str, summary: str, part: str = "") -> Item:
    page = site.links.absolute(site.links.package(entry.type, entry.slug))
    return Item(page + part, title, page, when, entry.author, summary)


def _feed(site: Site, title: str, path: str, address: str, items: Iterable[Item]) -> Answer:
    """Print a feed: path is that of its page, address its own, below the site."""
    every = list(items)
    absolute, links = site.links.absolute, site.links
    body = site.render(
        "feed",
        title=f"{title} · {SITE_NAME}",
        page=absolute(path if path.startswith("/") else links.to(path)),
        address=absolute(links.to(address)),
        home=absolute(links.home),
        updated=iso(max((one.when for one in every), default=_BEGINNING)),
        items=every,
    )
    return text(ATOM, body, FIVE_MINUTES)
