"""The read-only JSON API: what the pages say, for scripts."""

import json
from collections.abc import Iterable

from server import pages
from server.answer import Answer, Site, data, report
from server.browse import PAGE_SIZE, Browse
from server.closure import Closure
from server.figures import iso
from server.machines.feeds import status_of
from server.queries import packages as queries
from server.queries.packages import Entry

_MOST_VERSIONS = 5_000


def packages(site: Site, query: str) -> Answer:
    """The list, asked as the list of the pages is: q, type, php, within, closed, sort, page."""
    shown, found, entries = pages.results(site, Browse.parse(query))
    count = found.counts.get(shown.type, 0) if shown.type else sum(found.counts.values())
    more = count > shown.page * PAGE_SIZE
    facts: dict[str, object] = {
        "total": count,
        "counts": {type_: found.counts.get(type_, 0) for type_ in ("plugin", "theme")},
        "page": shown.page,
        "per_page": PAGE_SIZE,
        "next": _api(site, "packages?" + shown.at(shown.page + 1).query) if more else None,
        "packages": [_entry(site, one) for one in entries],
    }
    if found.instead:
        facts["searched_instead"] = found.instead
    if found.beyond:
        facts["at_least"] = True
    if found.too_much:
        facts["too_much"] = True
    return data(facts)


def package(site: Site, type_: str, slug: str) -> Answer:
    """All that is known of a package."""
    connection = site.snapshot.connection
    found = queries.package(connection, type_, slug)
    if found is None:
        return report(404, {"error": f"There is no {type_} {slug} here."})
    if found.withdrawn_at is not None:
        when = iso(found.withdrawn_at)
        return report(410, {"error": f"The {type_} {slug} was withdrawn.", "withdrawn": when})
    versions = queries.versions(connection, found.id, _MOST_VERSIONS)
    missing = queries.missing_versions(connection, found.id, _MOST_VERSIONS)
    closed = queries.closed_at(connection, found.id)
    closure = Closure.parse(found.closure) if found.closure else None
    absolute, links = site.links.absolute, site.links
    return data(
        {
            "type": found.type,
            "slug": found.slug,
            "package": f"wp-{found.type}/{found.slug}",
            "name": found.name,
            "description": found.description,
            "author": {
                "name": found.author,
                "url": found.author_url or None,
                "page": absolute(links.author(found.author_key)) if found.author_key else None,
            },
            "homepage": found.homepage or None,
            "version": found.version or None,
            "active_installs": found.installs,
            "updated": None if found.updated is None else iso(found.updated),
            "requires": {
                "wordpress": found.requires or None,
                "tested": found.tested or None,
                "php": found.requires_php or None,
            },
            "tags": [label for _, label in queries.tags(connection, found.id)],
            "closed": None
            if closure is None
            else {
                "date": iso(closed) if closed is not None else None,
                "reason": closure.reason or None,
                "text": closure.words or None,
                "permanent": closure.permanent,
            },
            "page": absolute(links.package(found.type, found.slug)),
            "card": absolute(links.card(found.card)),
            "versions": [
                {
                    "version": one.version,
                    "zip": one.url or None,
                    "released": None if one.released is None else iso(one.released),
                    "php": one.php or None,
                }
                for one in versions
            ],
            "not_published": [{"version": one.version, "why": one.why_not} for one in missing],
        }
    )


def author(site: Site, key: str) -> Answer:
    """An author and the most installed of the author's packages."""
    found = queries.author(site.snapshot.connection, key)
    if found is None or not key:
        return report(404, {"error": f"There is no author {key} here."})
    name, url, count = found
    entries = queries.by_author(site.snapshot.connection, key, 100, 0)
    return data(
        {"name": name, "url": url or None, "total": count, "packages": _entries(site, entries)}
    )


def tag(site: Site, tag: str) -> Answer:
    """A tag and the most installed packages that bear it."""
    connection = site.snapshot.connection
    label = queries.tag_label(connection, tag)
    if not label:
        return report(404, {"error": f"No package is tagged {tag}."})
    entries = queries.tagged(connection, tag, 100, 0)
    count = queries.tag_count(connection, tag)
    return data({"tag": label, "total": count, "packages": _entries(site, entries)})


def status(site: Site) -> Answer:
    """How the site is, as of its release."""
    snapshot = site.snapshot
    made, packages = iso(snapshot.moment), int(snapshot.meta.get("packages", 0))
    facts = {"release": snapshot.release, "made": made, "packages": packages}
    return data({**facts, **status_of(site)})


def description(site: Site) -> Answer:
    """The OpenAPI description of all this."""
    told = json.loads(site.views.openapi)
    told["servers"] = [{"url": site.links.absolute(site.links.home).rstrip("/")}]
    return data(told)


def _api(site: Site, path: str) -> str:
    return site.links.absolute(site.links.to(f"api/{path}"))


def _entries(site: Site, entries: Iterable[Entry]) -> list[dict[str, object]]:
    return [_entry(site, one) for one in entries]


def _entry(site: Site, one: Entry) -> dict[str, object]:
    return {
        "type": one.type,
        "slug": one.slug,
        "package": f"wp-{one.type}/{one.slug}",
        "name": one.name,
        "description": one.description,
        "version": one.version or None,
        "author": one.author or None,
        "active_installs": one.installs,
        "updated": None if one.updated is None else iso(one.updated),
        "closed": bool(one.closed),
        "page": site.links.absolute(site.links.package(one.type, one.slug)),
    }
