"""A package's page."""

from server import figures
from server.answer import A_MINUTE, Answer, Page, Site, moved
from server.errors import gone, not_found
from server.pages import linked_data, version_shares, version_table
from server.pages.head import FeedLink, Head, package_image
from server.pages.places import places
from server.pages.vitals import vitals
from server.queries import advisories, authors, changelogs, installs, lists, news, packages
from server.queries.packages import Package

_NEIGHBOURS = 4
_MOST_VERSIONS = 200  # the longest histories go on for thousands
_MOST_HELD_BACK = 200
_MOST_EVENTS = 10
_MOST_ADVISORIES = 50
_STALE = 2 * 365 * 86_400  # seconds without an update
_NOTICES = {
    "trunk": "Only in trunk",
    "older": "Newest version not tagged",
    "none": "Not to be had by Composer",
}


def page(site: Site, type: str, slug: str) -> Page | Answer:
    """All that is known of a package; 410 when it was withdrawn, 404 when it never was."""
    connection = site.snapshot.connection
    found = packages.find(connection, type, slug)
    if found is None:
        lower = slug.lower()
        if lower != slug and packages.find(connection, type, lower) is not None:
            return moved(site.links.package(type, lower))
        return not_found(site, slug.replace("-", " "))
    return gone(site, found) if found.withdrawn_at is not None else _page(site, found)


def named(site: Site, vendor: str, slug: str) -> Answer:
    """The way to a package's page for those who put what Composer calls it into the address."""
    type = "theme" if "theme" in vendor else "plugin"
    found = packages.find(site.snapshot.connection, type, slug.lower())
    if found is None:
        return not_found(site, slug.replace("-", " "))
    return moved(site.links.package(type, found.slug))


def _page(site: Site, found: Package) -> Page:
    snapshot, connection = site.snapshot, site.snapshot.connection
    versions = packages.versions(connection, found.id, _MOST_VERSIONS)
    held_back = packages.held_back(connection, found.id, _MOST_HELD_BACK)
    counted = installs.counts(connection, found.id, snapshot.installs_until)
    closed_at = packages.closed_at(connection, found.id)
    its_tags = packages.tags(connection, found.id)
    same_author = authors.packages(connection, found.author_key, _NEIGHBOURS, besides=found.id)
    values = {
        "package": found,
        "notice": _NOTICES.get(found.offer, ""),
        "name": f"wp-{found.type}/{found.slug}",
        "versions": versions,
        "version_count": packages.version_count(connection, found.id),
        "table": version_table.table(found, versions, held_back),
        "closure": found.why_closed,
        "closed_at": closed_at,
        "advisories": advisories.of_package(connection, found.id, _MOST_ADVISORIES),
        "advisories_of": snapshot.meta.get("advisories_of", ""),
        "offered": next((one for one in versions if one.version == found.offer_version), None),
        "changelog": changelogs.versions(connection, found.id),
        "events": news.of_package(connection, found.id, _MOST_EVENTS),
        "stale": found.updated is not None and found.updated < snapshot.data_of - _STALE,
        "places": places(found.type, found.slug) if _is_at_home(found) else [],
        "tags": its_tags,
        "here": packages.listed(connection, "plugin", found.needs) if found.needs else set(),
        "same_author": same_author,
        "related": lists.related(connection, found.id, its_tags, _NEIGHBOURS, besides=same_author),
        "shares": version_shares.shares(
            installs.of_versions(connection, found.id, version_shares.MOST + 1), counted.total
        )
        if counted
        else [],
        "vitals": vitals(found, versions, counted, snapshot.data_of),
    }
    return Page("package", _head(site, found, closed_at), values, A_MINUTE)


def _head(site: Site, found: Package, closed_at: int | None) -> Head:
    links = site.links
    address = links.package(found.type, found.slug)
    card = package_image(links, found)
    description = " ".join(found.description.split()) or f"A WordPress {found.type} for Composer."
    closure = found.why_closed
    if closure:  # said in words, for previews without the card
        description = f"{figures.closed(closure, closed_at)}. {description}"
    return Head(
        title=f"{found.name} (closed)" if closure else found.name,
        description=description,
        url=links.absolute(address),
        image=card,
        feeds=(FeedLink(f"Releases of {found.name}", f"{address}/feed.xml"),),
        markdown=f"{address}.md",
        data=(
            linked_data.application(links, found, card.url),
            linked_data.breadcrumbs(links, found),
        ),
    )


def _is_at_home(found: Package) -> bool:
    """Tell whether a package has pages at WordPress.org, as closed ones have had."""
    return found.closure is not None or bool(found.wordpress_org)
