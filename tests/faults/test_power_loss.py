"""A power cut at every call of a run: what was not synced is gone; the site is one whole release.

How that is played is told in tests/faults/loss.py.
"""

import random
import shutil
from itertools import islice
from pathlib import Path

import pytest

from tests.conftest import Source, Tell
from tests.faults import loss
from tests.faults.command import DAILY, command, pipeline
from tests.faults.loss import Loss
from tests.faults.whole import complete, feeds, served

_RUNS = {"pipeline": (), "first pipeline": (), "regenerate": DAILY, "rollback": ("rollback",)}


@pytest.mark.parametrize("name", _RUNS)
@pytest.mark.parametrize("share", [72, pytest.param(4, marks=pytest.mark.soak)])
def test_what_was_not_synced_is_gone(
    data: Path, source: Source, name: str, share: int, tell: Tell
) -> None:
    """At each cut the site is the old release or the new one; after one in `share` a run mends."""
    turns, before = feeds(), data.parent / "before"
    feed = next(turns)
    for _ in range(0 if name == "first pipeline" else 2):
        assert command(data, *pipeline(source(*feed))).code == 0
        feed = next(turns)
    data.mkdir(exist_ok=True)
    if name == "regenerate":  # its changes are read, but not yet drawn or published
        assert command(data, "build", *pipeline(source(*feed))[1:3]).code == 0
    shutil.copytree(data, before, symlinks=True)
    calls = loss.record(data, *(_RUNS[name] or pipeline(source(*feed))))
    old, new = served(before), served(data)
    data.rename(data.parent / "after")
    before.rename(data)
    seen = mended = 0
    for kind in Loss:
        for _, state in islice(
            loss.cuts(data, calls, kind, random.Random(seen)), 0, None, max(1, share // 4)
        ):
            place = data.parent / f"cut-{seen}"
            loss.lay_out(state, place)
            assert served(place) in {old, new}, kind
            if seen % share == 0:
                ended = command(place, *pipeline(source(*feed)))
                assert ended.code == 0, (kind, ended.said)
                complete(place, feed)
                mended += 1
            shutil.rmtree(place)
            seen += 1
    tell(f"{name}: {seen} power cuts in {len(calls)} calls, {mended} mended")
    assert old != new
    assert seen >= 160 // share
