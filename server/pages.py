"""The answers of the site: a release and what was asked in, status, headers and body out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server import queries
from server.browse import PAGE_SIZE, SORTS, TYPES, Browse
from server.head import SITE_NAME, Head, Image
from server.links import Links
from server.queries import Package
from server.snapshot import Snapshot
from server.views import Views

_HTML = "text/html; charset=utf-8"
_A_MINUTE = "public, max-age=60"
_FIVE_MINUTES = "public, max-age=300"
_A_DAY = "public, max-age=86400"
_NEVER = "no-store"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. A `lasting` answer is the same as long as its release: it gets an ETag."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """One release, dressed: all that an answer is made from."""

    snapshot: Snapshot
    links: Links
    views: Views


def index(site: Site, query: str) -> Answer:
    """The list: browse or search, by type, in three orders, page by page."""
    asked = Browse.parse(query)
    connection = site.snapshot.connection
    wanted = queries.match(asked.words)
    if wanted is not None:
        counts = queries.found(connection, wanted)
    else:
        counts = {} if asked.words else site.snapshot.listed
    count = counts.get(asked.type, 0) if asked.type else sum(counts.values())
    shown = asked.within(count)
    if wanted is not None:
        page = (shown.type, shown.sort, PAGE_SIZE, shown.offset)
        entries = queries.search(connection, wanted, *page)
    elif shown.words:
        entries = []
    else:
        sort = shown.sort or SORTS[0]
        entries = queries.browse(connection, shown.type, sort, PAGE_SIZE, shown.offset)
    links = site.links
    last = Browse(page=count + 1).within(count).page
    head = Head(
        title=_list_title(shown),
        description="WordPress plugins and themes for Composer: search them, read about them, "
        "install them with one command.",
        url=links.absolute(links.list(shown.query)),
        image=_site_image(site),
        indexed=not shown.words,
        previous=links.list(shown.at(shown.page - 1).query) if shown.page > 1 else "",
        next=links.list(shown.at(shown.page + 1).query) if shown.page < last else "",
    )
    body = site.views.render(
        "index",
        head=head,
        links=links,
        shown=shown,
        entries=entries,
        count=count,
        counts=counts,
        last=last,
        types=TYPES,
        sorts=SORTS,
        total=sum(site.snapshot.listed.values()),
    )
    return Answer(200, body, {"Content-Type": _HTML, "Cache-Control": _A_MINUTE}, lasting=True)


def package(site: Site, type_: str, slug: str) -> Answer:
    """A package's page; 410 when it was withdrawn, 404 when it never was."""
    connection = site.snapshot.connection
    found = queries.package(connection, type_, slug)
    if found is None:
        lower = slug.lower()
        if lower != slug and queries.package(connection, type_, lower) is not None:
            return moved(site.links.package(type_, lower))
        return not_found(site, slug.replace("-", " "))
    if found.withdrawn_at is not None:
        return _gone(site, found)
    head = Head(
        title=found.name,
        description=_one_line(found.description) or f"A WordPress {type_} for Composer.",
        url=site.links.absolute(site.links.package(type_, slug)),
        image=_image(site, found),
    )
    body = site.views.render(
        "package",
        head=head,
        links=site.links,
        package=found,
        command=f"composer require wp-{type_}/{slug}",
        versions=queries.versions(connection, found.id),
        version_count=queries.version_count(connection, found.id),
    )
    return Answer(200, body, {"Content-Type": _HTML, "Cache-Control": _A_MINUTE}, lasting=True)


def stable_card(site: Site, type_: str, slug: str) -> Answer:
    """The way to a package's current card. Withdrawn ones keep theirs: old shares show it."""
    found = queries.package(site.snapshot.connection, type_, slug)
    if found is None:
        return not_found(site, slug.replace("-", " "))
    headers = {"Location": site.links.card(found.card), "Cache-Control": _FIVE_MINUTES}
    return Answer(302, headers=headers)


def icon(site: Site) -> Answer:
    """The site's icon."""
    headers = {"Content-Type": "image/svg+xml", "Cache-Control": _A_DAY}
    return Answer(200, site.views.icon, headers, lasting=True)


def health(snapshot: Snapshot, now: datetime) -> Answer:
    """What a monitor wants to know: which release, how many seconds old, how many packages."""
    made = snapshot.made
    facts = {
        "status": "ok",
        "release": snapshot.release,
        "age_seconds": None if made is None else int((now - made).total_seconds()),
        "packages": sum(snapshot.listed.values()),
    }
    return _json(200, facts)


def moved(path: str) -> Answer:
    """The one address of a thing, to someone who came by another."""
    return Answer(301, headers={"Location": path, "Cache-Control": _A_DAY})


def not_found(site: Site, words: str = "") -> Answer:
    """404, with a search that already holds what the address seemed to ask for."""
    return _message(site, 404, "Not found", "not_found", words=words)


def not_allowed(site: Site) -> Answer:
    """405: everything here is for reading."""
    answer = _message(site, 405, "Only for reading", "not_allowed")
    return Answer(405, answer.body, {**answer.headers, "Allow": "GET, HEAD"})


def broken(site: Site) -> Answer:
    """500: the fault is ours, and has been logged."""
    return _message(site, 500, "Something broke", "broken")


def unavailable(views: Views, reason: str) -> Answer:
    """503: there is no release to answer from."""
    head = Head(title="Not available just now", indexed=False)
    body = views.render("unavailable", head=head, links=Links(""), reason=reason)
    headers = {"Content-Type": _HTML, "Cache-Control": _NEVER, "Retry-After": "60"}
    return Answer(503, body, headers)


def unhealthy(reason: str) -> Answer:
    """503 for a monitor."""
    return _json(503, {"status": "unavailable", "reason": reason})


def _gone(site: Site, found: Package) -> Answer:
    return _message(site, 410, found.name, "gone", package=found)


def _message(site: Site, status: int, title: str, view: str, **values: object) -> Answer:
    head = Head(title=title, indexed=False)
    body = site.views.render(view, head=head, links=site.links, **values)
    return Answer(status, body, {"Content-Type": _HTML, "Cache-Control": _NEVER})


def _json(status: int, facts: Mapping[str, object]) -> Answer:
    headers = {"Content-Type": "application/json", "Cache-Control": _NEVER}
    return Answer(status, json.dumps(facts, ensure_ascii=False) + "\n", headers)


def _image(site: Site, found: Package) -> Image:
    path = site.links.card(found.card)
    return Image(
        path, site.links.absolute(path), found.card_width, found.card_height, found.card_alt
    )


def _site_image(site: Site) -> Image | None:
    """The site's own card; None when the release does not describe it in full."""
    meta = site.snapshot.meta
    names = ("default_card", "default_card_width", "default_card_height", "default_card_alt")
    if not all(meta.get(name) for name in names):
        return None
    card, width, height, alt = (meta[name] for name in names)
    path = site.links.card(card)
    return Image(path, site.links.absolute(path), int(width), int(height), alt)


def _list_title(shown: Browse) -> str:
    kinds = {"": "Plugins and themes", "plugin": "Plugins", "theme": "Themes"}[shown.type]
    if shown == Browse():
        return SITE_NAME
    title = f"{shown.words}: {kinds.lower()}" if shown.words else kinds
    order = {"": "", "installs": " by installs", "updated": " by date", "name": " by name"}
    page = f", page {shown.page}" if shown.page > 1 else ""
    return title + order[shown.sort] + page


def _one_line(text: str) -> str:
    return " ".join(text.split())
