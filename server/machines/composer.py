"""What Composer and mirrors ask beyond the files that nginx sends: JSON, from the same release."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from server.answer import JSON, Answer, Site, data, report
from server.browse import Browse
from server.queries import composer, packages, search
from server.queries.composer import Version
from server.queries.packages import Entry, Sieve

_TYPES = {"": "", "wordpress-plugin": "plugin", "wordpress-theme": "theme"}
_PER_PAGE, _MOST_PER_PAGE = 30, 100
_LONGEST = 8_000  # characters of a query string that are looked at
_LONGEST_PATTERN = 200
_STAMP = re.compile(r"[0-9]{1,18}")
_WORDPRESS_ZIPS = "downloads.wordpress.org"
_ASKED_ANEW = "public, no-cache"  # may be kept, but is asked for again each time


def found(site: Site, query: str) -> Answer:
    """/search.json, for `composer search`: the open packages that the words find, best first."""
    said, words, page = _said(query), Browse.parse(query).words, Browse.parse(query).page
    type_ = _TYPES.get(said.get("type", ""))
    if type_ is None:  # a type of packages that there are none of here
        return data({"results": [], "total": 0})
    limit = _per_page(said.get("per_page", ""))
    entries, total = _found(site, words, type_, limit, (page - 1) * limit)
    facts: dict[str, object] = {"results": _results(site, entries), "total": total}
    if page * limit < total:
        again = {name: said[name] for name in ("type", "per_page") if said.get(name)}
        following = urlencode({"q": words, **again, "page": page + 1})
        facts["next"] = site.links.absolute(f"{site.links.base}/search.json?{following}")
    return data(facts)


def listed(site: Site, query: str) -> Answer:
    """/list.json: the names of the packages offered, those that fit ?filter= and ?vendor=."""
    said = _said(query)
    pattern, vendor = (said.get(name, "")[:_LONGEST_PATTERN] for name in ("filter", "vendor"))
    names = composer.names(site.snapshot.connection, pattern, vendor)
    return data({"packageNames": names})


def changes(site: Site, query: str) -> Answer:
    """/metadata/changes.json, for mirrors: the files that changed from ?since= on.

    Stamps are 1/10,000 s since 1970. Each answer gives the stamp to ask from next: one after the
    release's, since the next release's is greater. Whoever asks from before the log begins, or from
    a release that a rollback has taken back, has to read everything again.
    """
    meta = site.snapshot.meta
    stamp, oldest = int(meta["stamp"]), int(meta["changes_since"])
    following = stamp + 1
    since = _said(query).get("since", "")
    if not _STAMP.fullmatch(since):
        error = (
            'Missing or invalid "since" query parameter. Store the timestamp given here, read '
            "all packages, then ask for what changed since the timestamp."
        )
        return report(400, {"error": error, "timestamp": following})
    if not oldest <= int(since) <= following:
        all_anew = {"type": "resync", "package": "*", "time": stamp // 10_000}
        return _feed([all_anew], following)
    actions = [
        {"type": one.action, "package": one.name, "time": one.stamp // 10_000}
        for one in composer.changes(site.snapshot.connection, int(since))
    ]
    return _feed(actions, following)


def versions(site: Site, type_: str, slug: str) -> Answer:
    """/packages/<type>/<slug>/versions.json: what is offered, what is not, and why."""
    connection = site.snapshot.connection
    package = composer.package(connection, type_, slug)
    if package is None:
        return report(404, {"error": f"There is no {type_} {slug} here."})
    facts = {
        "package": f"wp-{type_}/{slug}",
        "page": site.links.absolute(site.links.package(type_, slug)),
        "closed": _closure(package.closure),
    }
    if package.withdrawn_at is not None:
        error = f"The {type_} {slug} has not been offered since {_moment(package.withdrawn_at)}."
        return report(410, {"error": error, **facts})
    every = composer.versions(connection, package.id)
    if not package.name:
        why = "The package is closed." if package.closure else "Composer refuses its name."
        held_back = [_held_back(one, one.why_not or why) for one in every]
        return data({**facts, "published": [], "not_published": held_back})
    held_back = [_held_back(one, one.why_not) for one in every if one.why_not]
    offered = [_offered(one) for one in every if not one.why_not]
    return data({**facts, "published": offered, "not_published": held_back})


def _feed(actions: list[dict[str, object]], timestamp: int) -> Answer:
    body = json.dumps({"actions": actions, "timestamp": timestamp}) + "\n"
    return Answer(200, body, {"Content-Type": JSON, "Cache-Control": _ASKED_ANEW}, lasting=True)


def _found(site: Site, words: str, type_: str, limit: int, offset: int) -> tuple[list[Entry], int]:
    connection, sieve = site.snapshot.connection, Sieve(type=type_)
    if words:
        outcome = search.find(connection, words, sieve)
        counts: Mapping[str, int] = outcome.counts
        entries = search.page(connection, outcome.match, "", limit, offset) if outcome.match else []
    else:
        counts = site.snapshot.listed
        entries = packages.browse(connection, sieve, "installs", limit, offset)
    return entries, counts.get(type_, 0) if type_ else sum(counts.values())


def _results(site: Site, entries: Iterable[Entry]) -> list[dict[str, object]]:
    """Spell packages as Packagist's search does; one that Composer cannot have is left out."""
    named = {f"wp-{one.type}/{one.slug}": one for one in entries}
    offers = composer.offers(site.snapshot.connection, named)
    return [
        {
            "name": name,
            "description": one.description,
            "url": site.links.absolute(site.links.package(one.type, one.slug)),
            "repository": _repository(one, offers[name].newest),
            "downloads": offers[name].downloads,
            "favers": 0,
        }
        for name, one in named.items()
        if name in offers and not one.closed
    ]


def _repository(one: Entry, zip_: str) -> str:
    """Name the code's repository. A package of the same name elsewhere is not WordPress.org's."""
    if urlsplit(zip_).hostname != _WORDPRESS_ZIPS:
        return ""
    return f"https://{one.type}s.svn.wordpress.org/{one.slug}/"


def _offered(one: Version) -> dict[str, object]:
    return {
        "version": one.version,
        "tag": one.raw,
        "time": None if one.released is None else _moment(one.released),
        "php": one.php or None,
        "zip": one.url,
    }


def _held_back(one: Version, why: str) -> dict[str, object]:
    return {"version": one.version, "why": why}


def _closure(closure: str | None) -> dict[str, object] | None:
    if closure is None:
        return None
    date, reason, words, permanent = json.loads(closure)
    return {"date": date or None, "reason": reason, "text": words, "permanent": permanent}


def _per_page(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        return _PER_PAGE
    return min(max(1, int(text)), _MOST_PER_PAGE)


def _said(query: str) -> dict[str, str]:
    """Read a query string as it came over the wire; said twice, the first counts. Never fails."""
    pairs = parse_qsl(query[:_LONGEST], encoding="utf-8", errors="replace", separator="&")
    return dict(reversed(pairs))


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
