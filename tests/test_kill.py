"""SIGKILL at every named boundary and at random instants: the site is always one whole release."""

import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from catalog import database
from publish.releases import Releases
from publish.site import published
from publish.stores import Stores
from release.data import Data
from tests import runs, site
from tests.conftest import Source, record
from tests.runs import back, daily, pipeline, publish, tidy

_PACKAGES = 12
_RUNS = (pipeline, publish, daily, back, tidy)


def _feeds() -> Iterator[list[dict[str, Any]]]:
    """Yield one feed after another: a package new, one gone, one renamed, one more popular."""
    for turn in count():
        yield [
            record(
                f"package-{number}",
                name=f"Package {number} of turn {turn - (turn + number) % 3}",
                active_installs=1000 * (1 + (turn + number) // 4),
            )
            for number in range(turn, turn + _PACKAGES)
        ]


def _leftovers(data: Path) -> list[str]:
    names = [str(path.relative_to(data)) for path in data.rglob("*")]
    return [name for name in names if name.endswith((".tmp", "-journal"))]


def _nothing_lost_nothing_left(data: Path, feed: list[dict[str, Any]]) -> None:
    """After a run that ended well: the feed is the site, every card is there, and no litter."""
    site.pages(data)
    with database.reading(data) as db:
        listed = db.execute("SELECT slug FROM package WHERE withdrawn_at IS NULL").fetchall()
        undrawn = db.execute(
            "SELECT count(*) FROM package WHERE withdrawn_at IS NULL"
            " AND id NOT IN (SELECT package_id FROM card)"
        ).fetchone()[0]
    assert {slug for (slug,) in listed} == {one["slug"] for one in feed}
    assert undrawn == 0
    assert _leftovers(data) == []


@pytest.mark.parametrize("run", [pipeline, daily, back, tidy])
def test_a_kill_at_every_boundary_leaves_one_whole_release(
    data: Path, source: Source, run: runs.Run
) -> None:
    """Whatever the boundary, all pages are of one release, and the next run completes."""
    feeds = _feeds()
    for boundary in count():
        # The run that mends is the next one's past, too: there is a release to go back to.
        for _ in range(1 if boundary else 2):
            feed = next(feeds)
            assert runs.boundaries(pipeline, data, source(*feed))
        _nothing_lost_nothing_left(data, feed)
        assert len(Releases(data).ids()) == 2
        died = runs.killed_at(run, data, source(*next(feeds)), boundary)
        assert site.pages(data)
        if not died:
            break
    assert boundary >= {"pipeline": 9, "daily": 7, "back": 2, "tidy": 2}[run.__name__]


@pytest.mark.parametrize("kills", [10, pytest.param(500, marks=pytest.mark.soak)])
def test_kills_at_random_instants_lose_nothing(data: Path, source: Source, kills: int) -> None:
    """Seeded parts of what every kind of run lasts here; every tenth time one may end."""
    chance = random.Random(20261123 + kills)
    feeds = _feeds()
    feed = next(feeds)
    runs.boundaries(pipeline, data, source(*feed))
    lasts = {run: runs.lasted(run, data, source(*next(feeds))) for run in _RUNS}
    killed = tried = 0
    while killed < kills:
        tried += 1
        run = chance.choice(_RUNS)
        feed = next(feeds)
        killed += runs.killed_after(run, data, source(*feed), chance.uniform(0, lasts[run]))
        pages = site.pages(data)
        assert len(pages) >= _PACKAGES
        if tried % 10 == 0:
            lasts[pipeline] = runs.lasted(pipeline, data, source(*(feed := next(feeds))))
            _nothing_lost_nothing_left(data, feed)
    runs.boundaries(pipeline, data, source(*(feed := next(feeds))))
    _nothing_lost_nothing_left(data, feed)
    assert len(Releases(data).ids()) <= 2
    releases = Releases(data)
    sites = [releases.path(id) / "site.db" for id in releases.ids()]
    named = {card for path in sites for _, card in published.cards_of(path)}
    plates = {plate for path in sites for _, plate in published.plates_of(path)}
    stores = Stores.of(Data(data))
    assert named <= set(stores.cards.all())
    assert plates <= set(stores.plates.all())
    assert plates
