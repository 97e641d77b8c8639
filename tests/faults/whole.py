"""What must hold of DATA after any fault, and after the run that follows it."""

import gzip
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from catalog import database
from publish.composer import p2
from publish.releases import Releases
from publish.site import published
from publish.stores import Stores
from release.data import Data
from tests import site
from tests.conftest import record

PACKAGES = 8


def feeds(packages: int = PACKAGES) -> Iterator[list[dict[str, Any]]]:
    """Yield one feed after another: a package new, one gone, one renamed, one more popular."""
    for turn in count():
        yield [
            record(
                f"package-{number}",
                name=f"Package {number} of turn {turn - (turn + number) % 3}",
                active_installs=1000 * (1 + (turn + number) // 4),
            )
            for number in range(turn, turn + packages)
        ]


def served(data: Path) -> str | None:
    """Ask for every page: one whole release, with its cards; name it, None if none is published."""
    live = Releases(data).current()
    if live is not None:
        assert len(site.pages(data)) >= PACKAGES
    return live


def complete(data: Path, feed: Iterable[dict[str, Any]], damaged: Iterable[str] = ()) -> None:
    """Check that the feed is the site, every card and Composer file there, and no litter.

    damaged: older releases that nobody can ask any more.
    """
    live = served(data)
    assert live is not None
    slugs = {one["slug"] for one in feed}
    with database.reading(data) as db:
        rows = db.execute(
            "SELECT slug FROM package JOIN card ON id = package_id WHERE withdrawn_at IS NULL"
        ).fetchall()
    assert {slug for (slug,) in rows} == slugs
    releases, stores = Releases(data), Stores.of(Data(data))
    for id in set(releases.ids()) - set(damaged):
        named = published.cards_of(releases.path(id) / "site.db")
        assert all(stores.cards.whole(card) for _, card in named), id
        plates = published.plates_of(releases.path(id) / "site.db")
        assert all(stores.plates.whole(plate) for _, plate in plates), id
    assert metadata_faults(data) == [], metadata_faults(data)
    litter = [path for path in data.rglob("*") if path.name.endswith((".tmp", "-journal"))]
    assert litter == []


def metadata_faults(data: Path) -> list[str]:
    """Name the Composer files that are not those of the live release, twin included."""
    folder, live = data / "store" / "p2", Releases(data).current()
    assert p2.Folder(data).equals() == live
    with closing(sqlite3.connect(data / "current" / "site.db")) as db:
        rows = db.execute("SELECT name, main, dev FROM metadata").fetchall()
    wanted = {f"{name}.json": main for name, main, _ in rows}
    wanted |= {f"{name}~dev.json": dev for name, _, dev in rows}
    faults = [
        name
        for name, packed in wanted.items()
        if not (folder / name).exists()
        or (folder / name).read_bytes() != gzip.decompress(packed)
        or (folder / f"{name}.gz").read_bytes() != packed
    ]
    there = {str(path.relative_to(folder)) for path in folder.glob("wp-*/*.json")}
    return faults + sorted(there - wanted.keys())
