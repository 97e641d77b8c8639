"""Every package that is closed, and all that was closed or opened again, for other programs.

Deploy asks for it once and keeps it as a file of the release; nginx sends that.
"""

from typing import Literal, TypedDict

from server.answer import Answer, Site, data
from server.figures import iso, iso_day
from server.machines.api import Moment, Type, Url, type_of
from server.queries import news
from server.queries.news import Event


class ClosedPackage(TypedDict):
    """A package that is closed. date: YYYY-MM-DD. page: null for one that is closed for good."""

    type: Type
    package: str
    name: str
    author: str | None
    date: str
    reason: str | None
    text: str | None
    permanent: bool
    page: Url | None


class ClosureEvent(TypedDict):
    """A package was closed, or opened again; reason: of the closure, which then had ended."""

    package: str
    what: Literal["closed", "reopened"]
    when: Moment
    reason: str | None
    text: str | None
    permanent: bool


class Closures(TypedDict):
    """What is closed now, and what happened; the newest first."""

    closed: list[ClosedPackage]
    events: list[ClosureEvent]


def every(site: Site) -> Answer:
    """/closed.json: whole, those that are closed for good among them."""
    connection = site.snapshot.connection
    return data(
        Closures(
            closed=[_closed(site, one) for one in news.every_closed(connection)],
            events=[_event(one) for one in news.every_event(connection)],
        )
    )


def _closed(site: Site, one: Event) -> ClosedPackage:
    entry, why = one.entry, one.why
    page = site.links.absolute(site.links.package(entry.type, entry.slug))
    return ClosedPackage(
        type=type_of(entry.type),
        package=f"wp-{entry.type}/{entry.slug}",
        name=entry.name,
        author=entry.author or None,
        date=iso_day(one.at),
        reason=why.reason or None,
        text=why.why or None,
        permanent=why.permanent,
        page=page if one.has_page else None,
    )


def _event(one: Event) -> ClosureEvent:
    return ClosureEvent(
        package=f"wp-{one.entry.type}/{one.entry.slug}",
        what="closed" if one.closed else "reopened",
        when=iso(one.at),
        reason=one.why.reason or None,
        text=one.why.why or None,
        permanent=one.why.permanent,
    )
