"""Logs of installs as nginx writes them, and what the catalogue made of them."""

import json
from pathlib import Path
from typing import Any

from catalog import database, packages
from catalog.packages import Allowance
from catalog.source import Line, Source
from tests.conftest import record

AGENT = "Composer/2.5.5 (Linux; 6.18.44; PHP 8.2.36; streams)"

Totals = dict[tuple[str, str], int]  # (slug, version) -> installs


def line(at: float, *downloads: str, address: str = "192.0.2.7", agent: str = AGENT) -> bytes:
    """Write a line of installs such as 'wp-plugin/one 1.0.0.0', as nginx does."""
    pairs = [one.split(" ") for one in downloads]
    listed = [{"name": name, "version": version} for name, version in pairs]
    return whole(at, json.dumps({"downloads": listed}).replace("/", "\\/"), address, agent)


def whole(at: float, body: str, address: str = "192.0.2.7", agent: str = AGENT) -> bytes:
    """Write a line with any body."""
    entry = {"at": at, "address": address, "agent": agent, "body": body}
    return json.dumps(entry, ensure_ascii=False).encode() + b"\n"


def build(data: Path, *records: dict[str, Any], now: int = 0) -> None:
    """Make a catalogue of some records."""
    lines = [json.dumps(one).encode() for one in records]
    with database.writing(data) as db:
        packages.take(
            db,
            [Source("test", [Line(n, one, len(one)) for n, one in enumerate(lines, 1)])],
            Allowance(share=1),
            now,
        )


def with_versions(slug: str, *versions: str, **fields: Any) -> dict[str, Any]:
    """Make a record with versions."""
    zips = {one: f"https://downloads.wordpress.org/plugin/{slug}.{one}.zip" for one in versions}
    return record(slug, versions=zips, **fields)


def totals(data: Path, table: str = "install_month") -> Totals:
    """Read what has been counted, by slug and version."""
    with database.reading(data) as db:
        rows = db.execute(
            f"SELECT slug, {table}.version, sum(count) FROM {table}"
            " JOIN package ON package_id = id GROUP BY 1, 2"
        ).fetchall()
        per_package = dict(db.execute("SELECT slug, installs FROM package").fetchall())
    found = {(slug, version): count for slug, version, count in rows}
    for slug, downloads in per_package.items():
        assert downloads == sum(count for (one, _), count in found.items() if one == slug)
    return found
