"""Atom feeds: what was released, what is new, what was closed.

Deploy asks for those of the whole site once and keeps them as files of the release; nginx sends
those.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from server.answer import ATOM, Answer, Site, text
from server.errors import not_found
from server.figures import iso
from server.links import SITE_NAME
from server.queries import authors, closures, lists, packages
from server.queries.lists import Entry, Filter
from server.queries.packages import Package

_MOST = 50  # entries of a feed
_BEGINNING = 0  # the time of a feed without entries


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed. id: an absolute URL that no other entry has. when: Unix seconds."""

    id: str
    title: str
    link: str
    when: int
    author: str
    summary: str


def releases(site: Site) -> Answer:
    """The packages released last."""
    entries = lists.page(site.snapshot.connection, Filter(released=True), "updated", _MOST, 0)
    return _feed(site, "Releases", site.links.home, "feed.xml", _released(site, entries))


def new(site: Site) -> Answer:
    """The packages that came last."""
    items = [
        _item(site, one.entry, one.added, one.entry.name, one.entry.description)
        for one in lists.newest(site.snapshot.connection, _MOST)
    ]
    return _feed(site, "New packages", site.links.home, "new/feed.xml", items)


def closed(site: Site) -> Answer:
    """The packages closed last."""
    items = []
    for one in closures.newest(site.snapshot.connection, _MOST):
        kind = "Closed for good" if one.why.permanent else "Closed"
        summary = ". ".join(part for part in (kind, one.why.why) if part)
        title, part = f"{one.entry.name} was closed", f"#closed-{one.closed}"
        items.append(_item(site, one.entry, one.closed, title, summary, part))
    return _feed(site, "Closed packages", site.links.to("closed"), "closed/feed.xml", items)


def package_releases(site: Site, type: str, slug: str) -> Answer:
    """A package's releases, those whose time is known."""
    connection = site.snapshot.connection
    found = packages.find(connection, type, slug)
    if found is None or found.withdrawn_at is not None:
        return not_found(site, slug.replace("-", " "))
    path = site.links.package(type, slug)
    page = site.links.absolute(path)
    items = [
        Item(
            id=_id(page, one.version),
            title=f"{found.name} {one.version}",
            link=page,
            when=one.released,
            author=found.author,
            summary=found.description,
        )
        for one in packages.versions(connection, found.id, _MOST)
        if one.released is not None
    ]
    if found.offer == "trunk" and found.closure is None and found.updated is not None:
        items.insert(0, _trunk(found, page, found.updated))
    return _feed_of(site, f"Releases of {found.name}", path, items)


def _trunk(found: Package, page: str, when: int) -> Item:
    version = found.offer_version
    title = f"{found.name} {version}"
    return Item(_id(page, version), title, page, when, found.author, found.description)


def author_releases(site: Site, key: str) -> Answer:
    """An author's releases."""
    connection = site.snapshot.connection
    found = authors.find(connection, key)
    if found is None:
        return not_found(site, key.replace("-", " "))
    items = _released(site, authors.packages(connection, key, _MOST))
    return _feed_of(site, f"Releases by {found.name}", site.links.author(key), items)


def _released(site: Site, entries: Iterable[Entry]) -> list[Item]:
    items = [
        _item(
            *(site, one, one.updated),
            title=f"{one.name} {one.version}".strip(),
            summary=one.description,
            part=_id("", one.version),
        )
        for one in entries
        if one.updated is not None and one.released and not one.closed
    ]
    return sorted(items, key=lambda item: item.when, reverse=True)


def _id(page: str, version: str) -> str:
    """Name a version's entry. An id is an IRI, and versions hold blanks and signs."""
    return f"{page}#{quote(version, safe='+:*')}"


def _item(site: Site, entry: Entry, when: int, title: str, summary: str, part: str = "") -> Item:
    page = site.links.absolute(site.links.package(entry.type, entry.slug))
    return Item(page + part, title, page, when, entry.author, summary)


def _feed_of(site: Site, title: str, path: str, items: list[Item]) -> Answer:
    """Print the feed of one page."""
    address = f"{path}/feed.xml".removeprefix(site.links.home)
    return _feed(site, title, path, address, items)


def _feed(site: Site, title: str, path: str, address: str, items: list[Item]) -> Answer:
    """Print a feed. path: of its page. address: its own, below the site."""
    absolute, links = site.links.absolute, site.links
    body = site.render(
        "feed",
        title=f"{title} · {SITE_NAME}",
        page=absolute(path),
        address=absolute(links.to(address)),
        home=absolute(links.home),
        updated=iso(max((one.when for one in items), default=_BEGINNING)),
        items=items,
    )
    return text(ATOM, body)
