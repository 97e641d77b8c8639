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


def application(links: Links, found: Package, card: str) -> Thing:
    """A package as software; only what is known is said."""
    address = links.absolute(links.package(found.type, found.slug))
    # What is announced for WordPress and PHP is not said of an older version.
    older = found.offer == "older"
    wordpress, php = ("", "") if older else (found.requires, found.requires_php)
    said: Thing = {
        "@context": _CONTEXT,
        "@type": "SoftwareApplication",
        "@id": address,
        "url": address,
        "name": found.name,
        "description": found.description,
        "image": card,
        "applicationCategory": f"WordPress {found.type}",
        "operatingSystem": f"WordPress {wordpress} or later" if wordpress else "WordPress",
        "softwareRequirements": f"PHP {php} or later" if php else "",
        "softwareVersion": found.offer_version,
        "dateModified": "" if found.updated is None else figures.iso_day(found.updated),
        "sameAs": found.homepage,
    }
    if found.author:
        said["author"] = _author(links, found)
    if found.offer_command:
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
