"""One advisory: an entry of OSV's or of Composer's own form, checked and made plain.

OSV: https://ossf.github.io/osv-schema/ · Composer's: what packagist.org/api/security-advisories/
answers, an object a package's advisory. An OSV entry may speak of several packages.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from catalog.composer.constraint import Constraint, InvalidRange
from release.text import clean

# What others call the packages of WordPress.org.
_NAME = re.compile(r"(?:wp|wpackagist|wordpress)-(plugin|theme)/([a-z0-9_-]{1,200})", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,12}")
_SEVERITIES = ("none", "low", "medium", "high", "critical")
_LONGEST_TITLE = 300
_LONGEST_URL = 2_000
_MOST = 200  # packages, sources and references of one entry


class Refused(Exception):
    """An entry that cannot be used, with the reason as a sentence."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """An advisory of a package. facts: as Composer reads it but for the package's name."""

    type: str
    slug: str
    id: str
    facts: dict[str, Any]

    @property
    def text(self) -> str:
        """The facts as catalog.db keeps them."""
        return json.dumps(self.facts, ensure_ascii=False)


def read(entry: object) -> list[Advisory]:
    """Read an entry of the feed. Raises Refused."""
    if not isinstance(entry, dict):
        raise Refused("it is not a JSON object")
    if "advisoryId" in entry or "packageName" in entry:
        return [_composer(entry)]
    if "affected" in entry:
        return list(_osv(entry))
    raise Refused("it is neither an entry of OSV nor an advisory as Composer knows it")


def _composer(entry: Mapping[str, Any]) -> Advisory:
    sources = entry.get("sources")
    return _made(
        *(entry.get("packageName"), entry.get("advisoryId"), entry.get("affectedVersions")),
        title=entry.get("title"),
        link=entry.get("link"),
        cve=entry.get("cve"),
        severity=entry.get("severity"),
        reported=entry.get("reportedAt"),
        sources=sources if isinstance(sources, list) else [],
    )


def _osv(entry: Mapping[str, Any]) -> Iterator[Advisory]:
    affected = _list(entry, "affected")
    if not affected:
        raise Refused("it names no package")
    id = entry.get("id")
    aliases = [one for one in (id, *_list(entry, "aliases")) if isinstance(one, str)]
    specific = entry.get("database_specific")
    for one in affected:
        if not isinstance(one, dict):
            raise Refused(f"it names {str(one)[:80]!r}, which is no package")
        package = one.get("package")
        yield _made(
            package.get("name") if isinstance(package, dict) else None,
            id,
            _range(one),
            title=entry.get("summary") or entry.get("details"),
            link=_reference(entry),
            cve=next(filter(_CVE.fullmatch, aliases), None),
            severity=specific.get("severity") if isinstance(specific, dict) else None,
            reported=entry.get("published") or entry.get("modified"),
            sources=[],
        )


def _list(entry: Mapping[str, Any], key: str) -> list[Any]:
    value = entry.get(key)
    return value[:_MOST] if isinstance(value, list) else []


def _reference(entry: Mapping[str, Any]) -> object:
    urls = [one.get("url") for one in _list(entry, "references") if isinstance(one, dict)]
    return next(filter(_url, urls), f"https://osv.dev/vulnerability/{entry.get('id')}")


def _range(affected: Mapping[str, Any]) -> str:
    """Spell OSV's events, or its list of versions, as a range of Composer's."""
    parts = [
        part
        for one in _list(affected, "ranges")
        if isinstance(one, dict) and one.get("type") in ("ECOSYSTEM", "SEMVER")
        for part in _between(_list(one, "events"))
    ]
    return "|".join(parts or [str(one) for one in _list(affected, "versions")])


def _between(events: list[Any]) -> Iterator[str]:
    low: str | None = None
    for event in events:
        kind, version = next(iter(event.items()), ("", "")) if isinstance(event, dict) else ("", "")
        if kind == "introduced":
            if low is not None:
                raise Refused("its range is introduced twice before it ends")
            low = str(version)
        elif kind in ("fixed", "last_affected") and low is not None:
            yield ",".join([*_from(low), f"{'<' if kind == 'fixed' else '<='}{version}"])
            low = None
        else:
            raise Refused(f"its range has an event that is not understood: {str(event)[:80]}")
    if low is not None:
        yield ",".join(_from(low)) or "*"


def _from(low: str) -> list[str]:
    return [] if low == "0" else [f">={low}"]


def _made(
    name: object,
    id: object,
    affected: object,
    *,
    title: object,
    link: object,
    cve: object,
    severity: object,
    reported: object,
    sources: list[Any],
) -> Advisory:
    found = _NAME.fullmatch(name) if isinstance(name, str) else None
    if found is None:
        raise Refused(f"{str(name)[:80]!r} is no package like 'wp-plugin/akismet'")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise Refused(f"its id {str(id)[:80]!r} is none")
    try:
        constraint = Constraint.parse(affected if isinstance(affected, str) else "")
    except InvalidRange as error:
        raise Refused(str(error)) from None
    facts = {
        "advisoryId": id,
        "affectedVersions": constraint.text,
        "title": clean(title[:4_000], _LONGEST_TITLE) if isinstance(title, str) and title else id,
        "link": link if _url(link) else None,
        "cve": cve if isinstance(cve, str) and _CVE.fullmatch(cve) else None,
        "severity": _severity(severity),
        "reportedAt": _moment(reported),
        "sources": list(_sources(sources)) or [{"name": id.partition("-")[0], "remoteId": id}],
    }
    return Advisory(found[1].lower(), found[2].lower(), id, facts)


def _severity(severity: object) -> str | None:
    word = severity.lower() if isinstance(severity, str) else ""
    word = {"moderate": "medium"}.get(word, word)
    return word if word in _SEVERITIES else None


def _sources(sources: list[Any]) -> Iterator[dict[str, str]]:
    for one in sources[:_MOST]:
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            remote = one.get("remoteId")
            yield {
                "name": clean(one["name"][:400], 100),
                "remoteId": clean(remote[:400], 100) if isinstance(remote, str) else "",
            }


def _moment(reported: object) -> str:
    """Write a moment as PHP reads it, too: one that it cannot read would end a user's run."""
    try:
        moment = datetime.fromisoformat(str(reported))
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(f"it was reported at {str(reported)[:80]!r}, which is no date") from None
    return moment.isoformat(timespec="seconds")


def _url(link: object) -> bool:
    if not isinstance(link, str) or len(link) > _LONGEST_URL or not link.isprintable():
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in link
