"""A clock that jumps back, or was far ahead: order is kept, nothing young is taken for old."""

import time
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from publish.cards.store import CardStore
from publish.releases import Releases
from scripts import deploy
from tests.conftest import Source
from tests.faults.command import command, pipeline
from tests.faults.whole import complete, feeds

_HOUR, _DAY = 3600, 86_400


def _clock(seconds: int) -> Callable[[], None]:
    """Set the clock of a child off by so much."""

    def set_off() -> None:
        real, now = time.time, datetime.now

        class Shifted(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> "Shifted":
                return cls.fromtimestamp(now().timestamp() + seconds, tz)

        time.time = lambda: real() + seconds
        deploy.datetime = Shifted  # type: ignore[misc]

    return set_off


@pytest.mark.parametrize(
    "clocks",
    [
        (0, -_HOUR, -2 * _HOUR, 0),
        (0, -20 * 365 * _DAY, 0, -1),
        (10 * 365 * _DAY, 0, -_DAY, 0),
        (0, 0, -1, -1),
    ],
    ids=["an hour back", "a dead battery", "years ahead and back", "a second"],
)
def test_releases_keep_their_order(data: Path, source: Source, clocks: tuple[int, ...]) -> None:
    """Each release's name is after the one before it, whatever the clock says, and is live."""
    turns, seen, times = feeds(), [], []
    listing = data / "store" / "p2" / "list.json"
    for clock in clocks:
        feed = next(turns)
        ended = command(data, *pipeline(source(*feed)), before=_clock(clock))
        assert ended.code == 0, ended.said
        complete(data, feed)
        seen.append(str(Releases(data).current()))
        times.append(int(listing.stat().st_mtime))

    assert sorted(set(seen)) == seen
    assert sorted(set(times)) == times, "what changed has a newer date each time"


def test_a_jump_back_does_not_cut_a_grace_short(data: Path, source: Source) -> None:
    """A card replaced while the clock was right stays for the shares made before."""
    turns = feeds()
    words = [*pipeline(source(*next(turns)))[:-1], "30"]
    assert command(data, *words).code == 0
    store = CardStore(data / "store" / "og")
    before = set(store.all())
    for clock in (0, -40 * _DAY, 0):
        words[2] = str(source(*next(turns)))
        assert command(data, *words, before=_clock(clock)).code == 0
        assert command(data, "redraw", before=_clock(clock)).code == 0

    assert before <= set(store.all())
