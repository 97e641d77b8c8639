"""What Composer and mirrors ask beyond the files that nginx sends: JSON, from the same release."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NotRequired, TypedDict
from urllib.parse import urlencode

from release.wordpress_org import repository
from server import browse
from server.answer import JSON, Answer, Site, data, report, text
from server.browse import Browse
from server.machines.api import (
    Change,
    HeldBackVersion,
    Moment,
    Problem,
    Url,
    change_of,
)
from server.queries import offers, packages
from server.queries.lists import Entry, Filter
from server.queries.offers import Offer
from server.queries.packages import MOST_VERSIONS, Package, Version
from server.results import find, page, total

_TYPES = {"": "", "wordpress-plugin": "plugin", "wordpress-theme": "theme"}
_PER_PAGE, _MOST_PER_PAGE = 30, 100
_LONGEST_PATTERN = 200
_MOST_NAMES = 10_000
_MOST_CHANGES = 10_000
_STAMP = re.compile(r"[0-9]{1,18}")
_ASKED_ANEW = "public, no-cache"  # may be kept, but is asked for again each time


class OfferedVersion(TypedDict):
    """A version that Composer is offered. tag: its name in the source.

    published: since when it stands here; null where it did before that was noted. changed: how its
    files were changed after its release; null where they were not. advisories: ids of those that
    affect it.
    """

    version: str
    advisories: list[str]
    tag: str
    time: Moment | None
    published: Moment | None
    changed: Change | None
    php: str | None
    zip: str


class ClosureFacts(TypedDict):
    """When (YYYY-MM-DD) and why a package was closed, as its directory tells it."""

    date: str | None
    reason: str
    text: str
    permanent: bool


class Versions(TypedDict):
    """The versions of a package. truncated: there are more, older or not published."""

    package: str
    page: Url
    closed: ClosureFacts | None
    published: list[OfferedVersion]
    not_published: list[HeldBackVersion]
    truncated: NotRequired[bool]


class SearchResult(TypedDict):
    """A package as Packagist's search spells it."""

    name: str
    description: str
    url: str
    repository: str
    downloads: int
    favers: int


class SearchResults(TypedDict):
    """A page of results."""

    results: list[SearchResult]
    total: int
    next: NotRequired[str]


class NameList(TypedDict):
    """Names of packages, in their order. truncated: there are more that fit."""

    packageNames: list[str]
    truncated: NotRequired[bool]


class Action(TypedDict):
    """A change that a mirror has to follow. time: Unix seconds."""

    type: str
    package: str
    time: int


def search(site: Site, query: str) -> Answer:
    """/search.json, for `composer search`: the open packages that the words find, best first."""
    said, asked = browse.read(query), Browse.parse(query)
    type = _TYPES.get(said.get("type", ""))
    if type is None:  # a type of packages that there are none of here
        return data(SearchResults(results=[], total=0))
    limit = _per_page(said.get("per_page", ""))
    wanted = Filter(type=type, offered=True)
    found = find(site.snapshot, asked.words, wanted)
    sort, offset = "" if asked.words else "installs", (asked.page - 1) * limit
    entries = page(site.snapshot, found, wanted, sort, limit, offset)
    count = total(found.counts, type)
    facts = SearchResults(results=_results(site, entries), total=count)
    if asked.page * limit < count:
        again = {name: said[name] for name in ("type", "per_page") if said.get(name)}
        following = urlencode({"q": asked.words, **again, "page": asked.page + 1})
        facts["next"] = site.links.absolute(site.links.to(f"search.json?{following}"))
    return data(facts)


def names(site: Site, query: str) -> Answer:
    """/list.json: the names of the packages offered, those that fit ?filter= and ?vendor=.

    All of them is a file, which nginx sends. Of a part only so many are told, in their order; that
    there are more, too.
    """
    said = browse.read(query)
    pattern, vendor = (said.get(name, "")[:_LONGEST_PATTERN] for name in ("filter", "vendor"))
    found = offers.names(site.snapshot.connection, pattern, vendor, _MOST_NAMES + 1)
    facts = NameList(packageNames=found[:_MOST_NAMES])
    if len(found) > _MOST_NAMES:
        facts["truncated"] = True
    return data(facts)


def changes(site: Site, query: str) -> Answer:
    """/metadata/changes.json, for mirrors: the files that changed from ?since= on.

    Stamps are 1/10,000 s since 1970. Each answer gives the stamp to ask from next: one after the
    release's, since the next release's is greater. Whoever asks from before the log begins, or from
    a release that a rollback has taken back, or when more has changed than one answer tells, has to
    read everything again.
    """
    meta = site.snapshot.meta
    stamp, oldest = int(meta["stamp"]), int(meta["changes_since"])
    following = stamp + 1
    since = browse.read(query).get("since", "")
    if not _STAMP.fullmatch(since):
        error = (
            'Missing or invalid "since" query parameter. Store the timestamp given here, read '
            "all packages, then ask for what changed since the timestamp."
        )
        return report(400, {"error": error, "timestamp": following})
    known = oldest <= int(since) <= following
    found = offers.changes(site.snapshot.connection, int(since), _MOST_CHANGES) if known else None
    if found is None:
        actions = [Action(type="resync", package="*", time=stamp // 10_000)]
    else:
        actions = [
            Action(type=one.action, package=one.name, time=one.stamp // 10_000) for one in found
        ]
    body = json.dumps({"actions": actions, "timestamp": following}) + "\n"
    return text(JSON, body, _ASKED_ANEW)


def versions(site: Site, type: str, slug: str) -> Answer:
    """/packages/<type>/<slug>/versions.json: what is offered, what is not, and why."""
    connection = site.snapshot.connection
    found = packages.find(connection, type, slug)
    if found is None:
        return report(404, Problem(error=f"There is no {type} {slug} here."))
    facts = Versions(
        package=f"wp-{type}/{slug}",
        page=site.links.absolute(site.links.package(type, slug)),
        closed=_closure(found),
        published=[],
        not_published=[],
    )
    if found.withdrawn_at is not None:
        error = f"The {type} {slug} has not been offered since {_moment(found.withdrawn_at)}."
        told = {name: facts[name] for name in ("package", "page", "closed")}
        return report(410, {"error": error, **told})
    every = packages.all_versions(connection, found.id, MOST_VERSIONS + 1)
    if len(every) > MOST_VERSIONS:
        every, facts["truncated"] = every[:MOST_VERSIONS], True
    if offers.is_offered(connection, found.id):
        facts["published"] = [_offered(one) for one in every if not one.why_not]
        every = [one for one in every if one.why_not]
    why = "The package is closed." if found.closure else found.offer_why
    facts["not_published"] = [
        HeldBackVersion(version=one.version, why=one.why_not or why) for one in every
    ]
    return data(facts)


def _results(site: Site, entries: Iterable[Entry]) -> list[SearchResult]:
    """Spell packages as Packagist's search does; one that Composer cannot have is left out."""
    named = {f"wp-{one.type}/{one.slug}": one for one in entries}
    offered = offers.named(site.snapshot.connection, named)
    return [
        SearchResult(
            name=name,
            description=one.description,
            url=site.links.absolute(site.links.package(one.type, one.slug)),
            repository=_repository(one, offered[name]),
            downloads=offered[name].installs,
            favers=0,
        )
        for name, one in named.items()
        if name in offered and not one.closed
    ]


def _repository(one: Entry, offer: Offer) -> str:
    """Name the code's repository. A package of the same name elsewhere is not WordPress.org's."""
    if not offer.wordpress_org:
        return ""
    return repository(one.type, one.slug)


def _offered(one: Version) -> OfferedVersion:
    return OfferedVersion(
        version=one.version,
        advisories=one.advisories.split(),
        tag=one.raw,
        time=None if one.released is None else _moment(one.released),
        published=None if one.published is None else _moment(one.published),
        changed=change_of(one),
        php=one.php or None,
        zip=one.url,
    )


def _closure(found: Package) -> ClosureFacts | None:
    why = found.why_closed
    if why is None:
        return None
    return ClosureFacts(
        date=why.date or None, reason=why.reason, text=why.why, permanent=why.permanent
    )


def _per_page(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        return _PER_PAGE
    return min(max(1, int(text)), _MOST_PER_PAGE)


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
