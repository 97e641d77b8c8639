"""How the site is, for people who wonder: the figures that deploy wrote into the release."""

import json

from server.answer import Page, Site
from server.pages import run_chart
from server.pages.head import Head, page_image
from server.queries import installs


def page(site: Site) -> Page:
    """The release, its cards, and the last runs as a chart."""
    links, snapshot = site.links, site.snapshot
    told = json.loads(snapshot.meta.get("status", "{}"))
    head = Head(
        title="Status",
        description="Which release is served, how its cards are, and how long the last runs took.",
        url=links.absolute(links.to("status")),
        image=page_image(snapshot.meta, links, "status"),
        markdown=links.to("status.md"),
    )
    values = {
        "told": told,
        "release": snapshot.release,
        "made": snapshot.written_at,
        "counted": installs.counts(snapshot.connection, installs.ALL, snapshot.installs_until),
        "chart": run_chart.draw(told.get("runs", [])),
    }
    return Page("status", head, values)
