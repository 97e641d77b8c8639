"""The pages: a release and what was asked in, a whole page out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from server import linked_data
from server.answer import A_MINUTE, HTML, MARKDOWN, Answer, Site, moved, text
from server.browse import PAGE_SIZE, PHPS, SORTS, TYPES, WITHIN, Browse
from server.closure import Closure
from server.errors import gone, not_found
from server.head import SITE_NAME, Head, Image
from server.machines import installs
from server.queries import packages, search
from server.queries.packages import MOST_VERSIONS, Entry, Package
from server.queries.search import Found

CLOSED_SIZE = 50  # closed packages on a page
_ROW = 3  # packages beside one another on the front page
_NEIGHBOURS = 4
_MOST_MISSING = 200
_SAYING = "WordPress plugins and themes for Composer: search them, read about them, install them "
_SAYING += "with one command."
_STALE = 2 * 365 * 86_400  # seconds without an update


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list that is cut into pages by ?page=."""

    number: int
    last: int
    address: str  # site-relative, of the list's first page

    @property
    def here(self) -> str:
        """The address of this page."""
        return self._at(self.number)

    @property
    def previous(self) -> str:
        """The page before; '' for the first."""
        return self._at(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The page after; '' for the last."""
        return self._at(self.number + 1) if self.number < self.last else ""

    def _at(self, number: int) -> str:
        return self.address if number == 1 else f"{self.address}?page={number}"


def index(site: Site, query: str) -> Answer:
    """The front page, or with any wish the list: search, filters, orders, page by page."""
    asked = Browse.parse(query)
    return _front(site, "home", HTML) if asked == Browse() else _list(site, asked)


def front_markdown(site: Site) -> Answer:
    """The front page for reading machines."""
    return _front(site, "home.md", MARKDOWN)


def _front(site: Site, view: str, content_type: str) -> Answer:
    connection, links = site.snapshot.connection, site.links
    head = Head(
        title=SITE_NAME,
        description=_SAYING,
        url=links.absolute(links.home),
        image=page_image(site, "home"),
        feeds=_feeds(site),
        markdown=links.to("index.md"),
        searched=True,
        data=(linked_data.web_site(links),),
    )
    body = site.render(
        view,
        head=head,
        counts=site.snapshot.listed,
        popular=[
            one
            for type_ in TYPES
            for one in packages.browse(connection, packages.Sieve(type_), "installs", _ROW, 0)
        ],
        recent=packages.browse(connection, packages.Sieve(), "updated", 2 * _ROW, 0),
        tags=json.loads(site.snapshot.meta.get("tags", "[]")),
    )
    return text(content_type, body, A_MINUTE)


def _list(site: Site, asked: Browse) -> Answer:
    shown, found, entries = results(site, asked)
    links, count = site.links, _count(shown, found)
    last = Browse(page=count + 1).within_count(count).page
    head = Head(
        title=_list_title(shown),
        description=_SAYING,
        url=links.absolute(links.list(shown.query)),
        image=page_image(site, "home"),
        indexed=not shown.words,
        previous=links.list(shown.at(shown.page - 1).query) if shown.page > 1 else "",
        next=links.list(shown.at(shown.page + 1).query) if shown.page < last else "",
        feeds=_feeds(site),
        searched=True,
    )
    body = site.render(
        "list",
        head=head,
        shown=shown,
        entries=entries,
        found=found,
        count=count,
        last=last,
        sorts=SORTS,
        phps=PHPS,
        withins=tuple(WITHIN),
    )
    return text(HTML, body, A_MINUTE)


def results(site: Site, asked: Browse) -> tuple[Browse, Found, list[Entry]]:
    """Return the list that is shown (its page within what there is), its counts and its entries."""
    connection = site.snapshot.connection
    sieve = asked.sieve(site.snapshot.moment)
    if asked.words:
        found = search.find(connection, asked.words, sieve)
    elif sieve.is_bare:
        found = Found(None, site.snapshot.listed)
    else:
        found = Found(None, packages.count(connection, sieve))
    shown = asked.within_count(_count(asked, found))
    page = (PAGE_SIZE, shown.offset)
    if found.match is not None:
        return shown, found, search.page(connection, found.match, shown.sort, *page)
    if shown.words:
        return shown, found, []
    return shown, found, packages.browse(connection, sieve, shown.sort or SORTS[0], *page)


def _count(shown: Browse, found: Found) -> int:
    return found.counts.get(shown.type, 0) if shown.type else sum(found.counts.values())


def package(site: Site, type_: str, slug: str) -> Answer:
    """A package's page; 410 when it was withdrawn, 404 when it never was."""
    found = _find(site, type_, slug)
    return found if isinstance(found, Answer) else _package(site, found, "package", HTML)


def package_markdown(site: Site, type_: str, slug: str) -> Answer:
    """A package's page for reading machines."""
    found = _find(site, type_, slug)
    return found if isinstance(found, Answer) else _package(site, found, "package.md", MARKDOWN)


def _find(site: Site, type_: str, slug: str) -> Package | Answer:
    """Return a package that is listed, or the answer to give instead."""
    connection = site.snapshot.connection
    found = packages.package(connection, type_, slug)
    if found is None:
        lower = slug.lower()
        if lower != slug and packages.package(connection, type_, lower) is not None:
            return moved(site.links.package(type_, lower))
        return not_found(site, slug.replace("-", " "))
    return gone(site, found) if found.withdrawn_at is not None else found


def _package(site: Site, found: Package, view: str, content_type: str) -> Answer:
    connection, links = site.snapshot.connection, site.links
    address = links.package(found.type, found.slug)
    closure = Closure.parse(found.closure) if found.closure else None
    image = _image(site, found)
    versions = packages.versions(connection, found.id, MOST_VERSIONS)
    version = versions[0].version if versions else found.version
    head = Head(
        title=found.name,
        description=one_line(found.description) or f"A WordPress {found.type} for Composer.",
        url=links.absolute(address),
        image=image,
        feeds=((f"Releases of {found.name}", f"{address}/feed.xml"),),
        markdown=f"{address}.md",
        data=(
            linked_data.application(links, found, image.url, version),
            linked_data.breadcrumbs(links, found),
        ),
    )
    same_author = packages.by_author(connection, found.author_key, _NEIGHBOURS, 0, found.id)
    body = site.render(
        view,
        head=head,
        package=found,
        command=f"composer require wp-{found.type}/{found.slug}",
        version=version,
        versions=versions,
        version_count=packages.version_count(connection, found.id),
        missing=_by_reason(packages.missing_versions(connection, found.id, _MOST_MISSING)),
        closure=closure,
        closed_at=packages.closed_at(connection, found.id),
        stale=found.updated is not None and found.updated < site.snapshot.moment - _STALE,
        places=_places(found, [one.url for one in versions]),
        tags=packages.tags(connection, found.id),
        same_author=same_author if found.author_key else [],
        related=packages.related(connection, found.id, _NEIGHBOURS),
        counted=installs.of(site, found.id),
    )
    return text(content_type, body, A_MINUTE)


def _by_reason(missing: Sequence[packages.Version]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for one in missing:
        reasons.setdefault(one.why_not, []).append(one.version)
    return reasons


def _places(found: Package, urls: Sequence[str]) -> list[tuple[str, str]]:
    """Give a package's places at wordpress.org as (name, URL), if that is where it lives."""
    if not found.closure and not any("//downloads.wordpress.org/" in url for url in urls):
        return []
    kind, slug = f"{found.type}s", found.slug
    return [
        ("WordPress.org", f"https://wordpress.org/{kind}/{slug}/"),
        ("Support", f"https://wordpress.org/support/{found.type}/{slug}/"),
        ("Subversion", f"https://{kind}.svn.wordpress.org/{slug}/"),
    ]


def author(site: Site, key: str, query: str = "", *, view: str = "author") -> Answer:
    """An author's packages."""
    connection, links = site.snapshot.connection, site.links
    found = packages.author(connection, key)
    if found is None or not key:
        return not_found(site, key.replace("-", " "))
    name, home, count = found
    leaf = _leaf(query, count, links.author(key))
    head = Head(
        title=name + _page_of(leaf),
        description=f"{count:,} WordPress {_packages(count)} by {name}, for Composer.",
        url=links.absolute(leaf.here),
        image=page_image(site, "author"),
        previous=leaf.previous,
        next=leaf.next,
        feeds=((f"Releases by {name}", f"{links.author(key)}/feed.xml"),),
        markdown=f"{links.author(key)}.md",
    )
    body = site.render(
        view,
        head=head,
        name=name,
        own_page=home,
        count=count,
        leaf=leaf,
        entries=packages.by_author(connection, key, PAGE_SIZE, (leaf.number - 1) * PAGE_SIZE),
    )
    return text(MARKDOWN if view.endswith(".md") else HTML, body, A_MINUTE)


def tag(site: Site, tag: str, query: str = "", *, view: str = "tag") -> Answer:
    """The packages that bear a tag."""
    connection, links = site.snapshot.connection, site.links
    label = packages.tag_label(connection, tag)
    if not label:
        return not_found(site, tag.replace("-", " "))
    count = packages.tag_count(connection, tag)
    leaf = _leaf(query, count, links.tag(tag))
    head = Head(
        title=f"Tagged {label}{_page_of(leaf)}",
        description=f"{count:,} WordPress {_packages(count)} tagged {label}, for Composer.",
        url=links.absolute(leaf.here),
        image=page_image(site, "tag"),
        previous=leaf.previous,
        next=leaf.next,
        markdown=f"{links.tag(tag)}.md",
    )
    body = site.render(
        view,
        head=head,
        label=label,
        count=count,
        leaf=leaf,
        entries=packages.tagged(connection, tag, PAGE_SIZE, (leaf.number - 1) * PAGE_SIZE),
    )
    return text(MARKDOWN if view.endswith(".md") else HTML, body, A_MINUTE)


def closed(site: Site, query: str = "", *, view: str = "closed") -> Answer:
    """The closed packages, those closed last first, with the reasons."""
    connection, links = site.snapshot.connection, site.links
    count = packages.closure_count(connection)
    address = links.to("closed")
    leaf = _leaf(query, count, address, CLOSED_SIZE)
    offset = (leaf.number - 1) * CLOSED_SIZE
    head = Head(
        title=f"Closed packages{_page_of(leaf)}",
        description="WordPress plugins and themes that were closed, when, and for what reason.",
        url=links.absolute(leaf.here),
        image=page_image(site, "closed"),
        previous=leaf.previous,
        next=leaf.next,
        feeds=(("Closed packages", f"{address}/feed.xml"),),
        markdown=f"{address}.md",
    )
    body = site.render(
        view,
        head=head,
        count=count,
        leaf=leaf,
        entries=[
            (entry, when, Closure.parse(told), has_page)
            for entry, when, told, has_page in packages.closures(connection, CLOSED_SIZE, offset)
        ],
    )
    return text(MARKDOWN if view.endswith(".md") else HTML, body, A_MINUTE)


def docs(site: Site, *, view: str = "docs") -> Answer:
    """How to use the site: install, configure, move from elsewhere, the API, counting."""
    links = site.links
    head = Head(
        title="Documentation",
        description="How to install WordPress plugins and themes with Composer from here: "
        "configuration, moving from wpackagist, the API, and how installs are counted.",
        url=links.absolute(links.to("docs")),
        image=page_image(site, "docs"),
        markdown=links.to("docs.md"),
    )
    body = site.render(view, head=head)
    return text(MARKDOWN if view.endswith(".md") else HTML, body)


def page_image(site: Site, page: str) -> Image | None:
    """The card of a page that is no package; None when the release does not describe it in full."""
    meta = site.snapshot.meta
    own = f"card_{page}" if meta.get(f"card_{page}") else "default_card"
    names = (own, f"{own}_width", f"{own}_height", f"{own}_alt")
    if not all(meta.get(name) for name in names):
        return None
    card, width, height, alt = (meta[name] for name in names)
    path = site.links.card(card)
    return Image(path, site.links.absolute(path), int(width), int(height), alt)


def one_line(words: str) -> str:
    """Fold all space to single blanks."""
    return " ".join(words.split())


def _image(site: Site, found: Package) -> Image:
    path = site.links.card(found.card)
    return Image(
        path, site.links.absolute(path), found.card_width, found.card_height, found.card_alt
    )


def _feeds(site: Site) -> tuple[tuple[str, str], ...]:
    return (
        ("Releases", site.links.to("feed.xml")),
        ("New packages", site.links.to("new/feed.xml")),
    )


def _leaf(query: str, count: int, address: str, size: int = PAGE_SIZE) -> Leaf:
    last = max(1, -(-count // size))
    return Leaf(min(Browse.parse(query).page, last), last, address)


def _page_of(leaf: Leaf) -> str:
    return f", page {leaf.number}" if leaf.number > 1 else ""


def _packages(count: int) -> str:
    return "package" if count == 1 else "packages"


def _list_title(shown: Browse) -> str:
    kinds = {"": "Plugins and themes", "plugin": "Plugins", "theme": "Themes"}[shown.type]
    if shown.closed:
        kinds = f"Closed {kinds.lower()}"
    title = f"{shown.words}: {kinds.lower()}" if shown.words else kinds
    order = {"": "", "installs": " by installs", "updated": " by date", "name": " by name"}
    php = f" for PHP {shown.php}" if shown.php else ""
    lately = f", updated within {WITHIN_SAID[shown.within]}" if shown.within else ""
    page = f", page {shown.page}" if shown.page > 1 else ""
    return title + php + lately + order[shown.sort] + page


WITHIN_SAID = {"month": "a month", "year": "a year", "2years": "two years"}
