"""Atom feeds: what was released, what is new, what was closed.

Deploy asks for those of the whole site once and keeps them as files of the release; nginx sends
those.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote

from server.answer import ATOM, Answer, Site, moved
from server.errors import not_found
from server.figures import iso
from server.links import SITE_NAME
from server.machines.documents import document
from server.queries import authors, lists, news, packages
from server.queries import releases as releases_  # the module: `releases` is a feed
from server.queries.lists import Entry
from server.queries.news import Event, News
from server.queries.packages import Package
from server.queries.releases import Release

_MOST = 50  # entries of a feed
_NAMED = 100  # packages that are named of those closed together
_IN_FRAGMENTS = "+:*"  # besides letters, digits and -._~: these stood in ids from the beginning


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed. id: an absolute IRI that no other entry has. when: Unix seconds.

    changelog: the address of what its authors say of it; '' where nothing is kept.
    """

    id: str
    title: str
    link: str
    when: int
    author: str
    summary: str
    changelog: str = ""


def releases(site: Site) -> Answer:
    """The newest releases, one a package."""
    items = _releases(site, releases_.latest(site.snapshot.connection, _MOST))
    return _feed(site, "Releases", site.links.home, "feed.xml", items)


def new(site: Site) -> Answer:
    """The packages that came last."""
    items = [
        _item(site, one.entry, one.added, one.entry.name, one.entry.description)
        for one in lists.newest(site.snapshot.connection, _MOST)
    ]
    return _feed(site, "New packages", site.links.home, "new/feed.xml", items)


def closed(site: Site) -> Answer:
    """The packages that were closed, or opened again, last."""
    pieces = news.newest(site.snapshot.connection, _MOST, shown=_NAMED)
    items = [_news(site, one) for one in pieces]
    return _feed(site, "Closed packages", site.links.to("closed"), "closed/feed.xml", items)


def package_releases(site: Site, type: str, slug: str) -> Answer:
    """A package's releases and, when it is closed, that; nothing else is left when it is gone."""
    connection = site.snapshot.connection
    found = packages.find(connection, type, slug)
    if found is None or (found.withdrawn_at is not None and found.closure is None):
        return not_found(site, slug.replace("-", " "))
    items = [
        *_releases(site, releases_.of_package(connection, found.id, _MOST)),
        *(_event(site, one) for one in news.of_package(connection, found.id, _MOST)),
    ]
    path = site.links.package(type, slug)
    return _feed_of(site, f"Releases of {found.name}", path, items, _changed(site, found))


def author_releases(site: Site, key: str) -> Answer:
    """The newest release of each of an author's open packages, and those that were closed."""
    connection = site.snapshot.connection
    found = authors.find(connection, key)
    if found is None:
        namesakes = authors.named(connection, key)
        if len(namesakes) == 1:
            return moved(f"{site.links.author(namesakes[0].key)}/feed.xml")
        return not_found(site, key.replace("-", " "))
    items = [
        *_releases(site, releases_.of_author(connection, key, _MOST)),
        *(_news(site, one) for one in news.of_author(connection, key, _MOST, shown=_NAMED)),
    ]
    changed = authors.changed(connection, key)
    return _feed_of(site, f"Releases by {found.name}", site.links.author(key), items, changed)


def _changed(site: Site, found: Package) -> int:
    """Tell when a package changed last, as its source says or as it was seen here."""
    if found.updated is not None:
        return found.updated
    return packages.changed(site.snapshot.connection, found.id)


def _releases(site: Site, found: Iterable[Release]) -> list[Item]:
    return [replace(_release(site, one), changelog=_changelog(site, one)) for one in found]


def _release(site: Site, one: Release) -> Item:
    title = f"{one.entry.name} {one.version}"
    return _item(site, one.entry, one.released, title, one.entry.description, one.version)


def _changelog(site: Site, one: Release) -> str:
    if not one.told:
        return ""
    package = site.links.package(one.entry.type, one.entry.slug)
    return site.links.absolute(f"{package}/changelog#v{one.told.replace('.', '-')}")


def _news(site: Site, piece: News) -> Item:
    """Make an entry of a piece of news: of one event, or of closures that belong together."""
    if piece.count == 1:
        return _event(site, piece.events[0])
    author = piece.events[0].entry.author
    page = site.links.absolute(site.links.author(piece.author_key))
    named = [f"{one.entry.name} ({_why(one)})" for one in piece.events]
    more = [f"and {piece.count - len(named):,} more"] if piece.count > len(named) else []
    title = f"{piece.count:,} packages by {author} were closed"
    id = f"{page}#closed-{piece.first}"
    return Item(id, title, page, piece.at, author, "; ".join([*named, *more]))


def _event(site: Site, one: Event) -> Item:
    title = f"{one.entry.name} {'was closed' if one.closed else 'is open again'}"
    summary = _why(one) if one.closed else f"It was: {_why(one)}"
    return _item(site, one.entry, one.at, title, summary, f"{one.kind}-{one.at}")


def _why(one: Event) -> str:
    kind = "Closed for good" if one.why.permanent else "Closed"
    return ". ".join(part for part in (kind, one.why.why) if part)


def _item(site: Site, entry: Entry, when: int, title: str, summary: str, part: str = "") -> Item:
    """Make an entry. part: what tells it from others of the same package."""
    page = site.links.absolute(site.links.package(entry.type, entry.slug))
    id = f"{page}#{quote(part, safe=_IN_FRAGMENTS)}" if part else page
    return Item(id, title, page, when, entry.author, summary)


def _feed_of(site: Site, title: str, path: str, items: list[Item], changed: int) -> Answer:
    """Print the feed of one page. changed: Unix seconds of the page, for a feed without entries."""
    newest = sorted(items, key=lambda item: item.when, reverse=True)
    address = f"{path}/feed.xml".removeprefix(site.links.home)
    return _feed(site, title, path, address, newest[:_MOST], changed)


def _feed(
    site: Site, title: str, path: str, address: str, items: list[Item], changed: int | None = None
) -> Answer:
    """Print a feed. path: of its page. address: its own, below the site."""
    absolute, links = site.links.absolute, site.links
    unchanged = site.snapshot.written_at if changed is None else changed
    return document(
        *(site, ATOM, "feed"),
        title=f"{title} · {SITE_NAME}",
        page=absolute(path),
        address=absolute(links.to(address)),
        home=absolute(links.home),
        updated=iso(max((one.when for one in items), default=unchanged)),
        items=items,
    )
