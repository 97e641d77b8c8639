"""JSON-LD in schema.org's words: what search engines read of a page."""

from server import figures
from server.links import SITE_NAME, Links
from server.queries.packages import Package

_CONTEXT = "https://schema.org"
Thing = dict[str, object]


def web_site(links: Links) -> Thing:
    """The site, and how it is searched."""
    home = links.absolute(links.home)
    return {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "name": SITE_NAME,
        "url": home,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{home}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def application(links: Links, found: Package, card: str, version: str) -> Thing:
    """A package as software; only what is known is said."""
    address = links.absolute(links.package(found.type, found.slug))
    said: Thing = {
        "@context": _CONTEXT,
        "@type": "SoftwareApplication",
        "@id": address,
        "url": address,
        "name": found.name,
        "description": found.description,
        "image": card,
        "applicationCategory": f"WordPress {found.type}",
        "operatingSystem": f"WordPress {found.requires} or later"
        if found.requires
        else "WordPress",
        "softwareRequirements": f"PHP {found.requires_php} or later" if found.requires_php else "",
        "softwareVersion": version,
        "dateModified": "" if found.updated is None else figures.iso_day(found.updated),
        "sameAs": found.homepage,
    }
    if found.author:
        said["author"] = _author(links, found)
    if found.closure is None:
        said["offers"] = {"@type": "Offer", "price": "0", "priceCurrency": "USD"}
    if found.active_installs:
        said["interactionStatistic"] = {
            "@type": "InteractionCounter",
            "interactionType": f"{_CONTEXT}/InstallAction",
            "userInteractionCount": found.active_installs,
        }
    return {name: value for name, value in said.items() if value != ""}


def breadcrumbs(links: Links, found: Package) -> Thing:
    """The way from the front page to a package."""
    steps = (
        (SITE_NAME, links.home),
        (f"{found.type.title()}s", links.list(f"type={found.type}")),
        (found.name, links.package(found.type, found.slug)),
    )
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": links.absolute(path)}
            for n, (name, path) in enumerate(steps, start=1)
        ],
    }


def _author(links: Links, found: Package) -> Thing:
    said: Thing = {"@type": "Organization", "name": found.author}
    if found.author_key:
        said["url"] = links.absolute(links.author(found.author_key))
    return said
