"""The files that pages need: the icon, the script, and the way to a package's current card."""

import json

from server.answer import A_DAY, FIVE_MINUTES, FOR_GOOD, Answer, Site, text
from server.errors import not_found
from server.links import SITE_NAME
from server.queries import packages


def stable_card(site: Site, type: str, slug: str) -> Answer:
    """The way to a package's current card. Withdrawn ones keep theirs: old shares show it."""
    found = packages.find(site.snapshot.connection, type, slug)
    if found is None:
        return not_found(site, slug.replace("-", " "))
    headers = {"Location": site.links.card(found.card), "Cache-Control": FIVE_MINUTES}
    return Answer(302, headers=headers)


def icon(site: Site) -> Answer:
    """The site's icon."""
    return text("image/svg+xml", site.templates.icon, A_DAY)


def manifest(site: Site) -> Answer:
    """What a telephone needs to keep the site among its apps: https://www.w3.org/TR/appmanifest/"""
    links = site.links
    facts = {
        "name": SITE_NAME,
        "description": "WordPress plugins and themes for Composer.",
        "start_url": links.home,
        "scope": links.home,
        "display": "minimal-ui",
        "background_color": "#f9f5ea",
        "theme_color": "#2f5d50",
        "icons": [
            {"src": links.to("icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": links.to("favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    return text("application/manifest+json", json.dumps(facts) + "\n", A_DAY)


def script(site: Site, digest: str) -> Answer:
    """The pages' script, under a name that carries a digest of it."""
    if digest != site.templates.script_digest:
        return not_found(site)
    return text("text/javascript; charset=utf-8", site.templates.script, FOR_GOOD)
