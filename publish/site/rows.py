"""The rows of a package in a release: its page, versions, tags, dates and words to be found by."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from catalog.composer import decided
from catalog.composer.offer import stored
from publish.site import search
from release import author, words
from release.closure import Closure

# What a release takes from the catalogue as it stands.
_FACTS = (
    *("type", "slug", "package.name", "description", "version", "author", "author_url", "homepage"),
    *("active_installs", "updated", "requires", "tested", "requires_php", "tags"),
    "requires_plugins",
    *("withdrawn_at", "closure", "installs", "extras"),
)


_COLUMNS = tuple(name.removeprefix("package.") for name in _FACTS)

DefaultCard = tuple[str, str, int, int]  # fingerprint, alt text, width and height in pixels


@dataclass(frozen=True, slots=True)
class Made:
    """What is written of some packages: by table, the columns and the rows; and what finds them."""

    tables: dict[str, tuple[tuple[str, ...], list[tuple[object, ...]]]]
    entries: dict[int, search.Entry]


# What makes the rows of batches of packages, in order.
Maker = Callable[[sqlite3.Connection, Sequence[Sequence[int]], DefaultCard], Iterator[Made]]


def in_turn(
    db: sqlite3.Connection, batches: Sequence[Sequence[int]], default: DefaultCard
) -> Iterator[Made]:
    """Make the rows of batches of packages here, each when it is asked for."""
    return (made(db, ids, default) for ids in batches)


def made(db: sqlite3.Connection, ids: Sequence[int], default: DefaultCard) -> Made:
    """Make the rows of some packages (at most 500 ids); those without a card get `default`."""
    marks = ", ".join("?" * len(ids))
    found = db.execute(
        f"SELECT id, {', '.join(_FACTS)}, account,"  # noqa: S608
        " fingerprint, alt, width, height, plate, package.versions AS given,"
        " metadata.versions AS decided, offer, first_seen, changed_at, drawn_at, closed_at"
        " FROM package LEFT JOIN card ON card.package_id = id"
        f" LEFT JOIN metadata ON metadata.package_id = id WHERE id IN ({marks})",
        ids,
    )
    names = [column[0] for column in found.description]
    rows = [_as_listed(dict(zip(names, row, strict=True))) for row in found.fetchall()]
    listed = [row for row in rows if row["withdrawn_at"] is None]
    told = {
        "package": [_package(row, default) for row in rows],
        "version": [one for row in rows for one in _versions(row)],
        "advisory": _advisories(db, ids),
        "history": [_history(row) for row in rows],
        "tag": [one for row in listed for one in _tags(row)],
    }
    tables = {
        table: (tuple(some[0]), [tuple(one.values()) for one in some])
        for table, some in told.items()
        if some
    }
    return Made(tables, {row["id"]: search.entry(row) for row in listed})


def store(site: sqlite3.Connection, ids: Sequence[int], made: Made) -> None:
    """Write what was made of some packages in place of what stands there of them."""
    marks = ", ".join("?" * len(ids))
    searched = search.entries(site, ids)
    for table in ("version", "advisory", "history", "tag"):
        site.execute(f"DELETE FROM {table} WHERE package_id IN ({marks})", ids)  # noqa: S608
    for table, (names, rows) in made.tables.items():
        site.executemany(
            f"INSERT OR REPLACE INTO {table} ({', '.join(names)})"  # noqa: S608
            f" VALUES ({', '.join('?' * len(names))})",
            rows,
        )
    search.replace(site, searched, made.entries)


def _as_listed(row: dict[str, Any]) -> dict[str, Any]:
    """Take a package that was closed for good for withdrawn since then."""
    if row["withdrawn_at"] is None and row["closure"] is not None:
        closure = Closure.parse(row["closure"])
        if closure.permanent:
            return row | {"withdrawn_at": closed_at(closure.date, row["closed_at"])}
    return row


def _package(row: Mapping[str, Any], default: Sequence[object]) -> dict[str, object]:
    drawn = (row["fingerprint"], row["alt"], row["width"], row["height"])
    card, alt, width, height = drawn if drawn[0] else default
    offer = stored(row["offer"], row["version"])
    printed = words.key(row["author"])
    key = author.key(row["account"], row["author"])
    return {
        "id": row["id"],
        **{name: row[name] for name in _COLUMNS},
        "author_key": key,
        "author_alias": "" if printed == key else printed,
        "php": words.php_number(row["requires_php"]),
        "card": card,
        "card_alt": alt,
        "card_width": width,
        "card_height": height,
        "card_own": bool(drawn[0]),
        "plate": row["plate"] or "",
        "offer": offer.case,
        "offer_version": offer.version,
        "offer_command": offer.command,
        "offer_why": offer.why,
        "offer_trunk": offer.trunk,
        "wordpress_org": offer.wordpress_org,
        "untagged": offer.untagged,
    }


def _versions(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    versions = decided.read(row["decided"])
    # The zip is not told of what is not offered, nor by what the first code remembered.
    urls = dict(json.loads(row["given"])) if any(one.url is None for one in versions) else {}
    for position, one in enumerate(versions):
        yield {
            "package_id": row["id"],
            "position": position,
            "version": one.version or one.raw,
            "raw": one.raw,
            "url": urls.get(one.raw, "") if one.url is None else one.url,
            "sha256": one.sha256,
            "untagged": one.untagged,
            "released": one.released,
            "published": one.published,
            "revision": one.revision,
            "changed": one.changed,
            "advisories": " ".join(one.advisories),
            "php": one.php,
            "why_not": one.why_not,
        }


def _advisories(db: sqlite3.Connection, ids: Sequence[int]) -> list[dict[str, object]]:
    rows = db.execute(
        f"SELECT package_id, facts FROM advisory WHERE package_id IN ({', '.join('?' * len(ids))})",  # noqa: S608
        ids,
    ).fetchall()
    return [
        {
            "package_id": id,
            "id": facts["advisoryId"],
            "title": facts["title"],
            "link": facts["link"] or "",
            "cve": facts["cve"] or "",
            "severity": facts["severity"] or "",
            "affected": facts["affectedVersions"],
            "reported": facts["reportedAt"],
        }
        for id, facts in ((id, json.loads(text)) for id, text in rows)
    ]


def _history(row: Mapping[str, Any]) -> dict[str, object]:
    closure = row["closure"]
    return {
        "package_id": row["id"],
        "added": row["first_seen"],
        "changed": max(row["changed_at"], row["drawn_at"] or 0),
        "closed": closed_at(Closure.parse(closure).date, row["closed_at"]) if closure else None,
    }


def closed_at(date: str, first_seen: int) -> int:
    """Tell the Unix seconds of a closure: of the day the source names, or of when it was seen."""
    try:
        return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return first_seen


def _tags(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    if row["closure"] is not None:
        return
    labels = {words.key(label): label for label in json.loads(row["tags"])}
    for tag, label in labels.items():
        if tag:
            rank = -(row["active_installs"] or 0)
            yield {"tag": tag, "rank": rank, "package_id": row["id"], "label": label}
