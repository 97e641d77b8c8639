"""Up to four packages side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from release import terms
from release.closure import Closure
from server import figures
from server.answer import A_MINUTE, Page, Site
from server.browse import cleaned, read
from server.pages.head import Head, Image, package_image, page_image
from server.pages.vitals import Vitals, vitals
from server.queries import installs, packages
from server.queries.packages import Package
from server.queries.typed import Typed

_MOST_VERSIONS = 300  # that are looked at for the releases of a year
_NAME = re.compile(r"(plugin|theme)/([^/\s]+)")


@dataclass(frozen=True, slots=True)
class Compared:
    """A package as a column. closed_at: Unix seconds; None for an open one. name: 'plugin/x'."""

    package: Package
    vitals: Vitals
    versions: int
    closure: Closure | None
    closed_at: int | None
    card: Image

    @property
    def name(self) -> str:
        """What the package is asked for by."""
        return f"{self.package.type}/{self.package.slug}"


def page(site: Site, query: str = "") -> Page:
    """The packages named by a, b, c and d; what there is not is said."""
    said = read(query)
    written = [said.get(name, "") for name in ("a", "b", "c", "d")]
    columns: dict[int, Compared] = {}
    missing: list[str] = []
    for text in map(cleaned, written):
        found = _find(site, text) if text else None
        if found is None or found.withdrawn_at is not None:
            missing += [_why_not(text, found)] if text else []
        elif found.id not in columns:
            columns[found.id] = _compared(site, found)
    shown = [*columns.values()]
    return Page(
        "compare",
        _head(site, shown, asked=any(written)),
        {"compared": shown, "missing": missing, "names": [one.name for one in shown]},
        A_MINUTE,
    )


def _head(site: Site, shown: Sequence[Compared], *, asked: bool) -> Head:
    links = site.links
    names = figures.listed([terms.short(one.package.name) for one in shown])
    query = urlencode(list(zip("abcd", (one.name for one in shown), strict=False)), safe="/")
    return Head(
        title=f"{names} compared" if shown else "Compare packages",
        description="Last release, releases a year, installs, requirements and closures of "
        f"{names or 'up to four WordPress plugins or themes'}, side by side.",
        url=links.absolute(links.compare(query)),
        image=page_image(site.snapshot.meta, links, "compare"),
        indexed=not asked,  # there are more comparisons than packages
        markdown=links.compare(query, twin=True),
    )


def _find(site: Site, text: str) -> Package | None:
    """Find what is named: 'plugin/x', a name for Composer, an address, a slug of either type."""
    connection = site.snapshot.connection
    if named := _NAME.fullmatch(text.lower()):
        return packages.find(connection, *named.groups())
    typed = Typed.parse(text)
    types = (typed.type,) if typed.type else ("plugin", "theme")
    every = (packages.find(connection, type, typed.slug or text.lower()) for type in types)
    return next(filter(None, every), None)


def _why_not(text: str, found: Package | None) -> str:
    if found is None:
        return f"There is no package {text} here."
    state = "closed for good" if found.closure else "withdrawn"
    return f"The {found.type} {found.slug} was {state}."


def _compared(site: Site, found: Package) -> Compared:
    snapshot, connection = site.snapshot, site.snapshot.connection
    versions = packages.versions(connection, found.id, _MOST_VERSIONS)
    counted = installs.counts(connection, found.id, snapshot.installs_until)
    return Compared(
        package=found,
        vitals=vitals(found, versions, counted, snapshot.data_of),
        versions=packages.version_count(connection, found.id),
        closure=found.why_closed,
        closed_at=packages.closed_at(connection, found.id),
        card=package_image(site.links, found),
    )
