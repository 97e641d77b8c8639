"""SIGKILL between the durable acts of `fetch-pictures`: the next run goes on from there."""

import os
import signal
import sqlite3
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from publish.pictures.store import PictureStore
from release.data import Data
from scripts import build
from tests.conftest import ROOT, Source, record
from tests.publish.pictures.hosts import Pictures
from tests.publish.pictures.test_fetch import address, icon
from tests.runs import killing_itself

_COUNT = 70  # more than a batch


def _fetch(data: Path, hosts: Pictures, boundary: int) -> int:
    words = ["--data", str(data), "--source", "wporg", "--through", hosts.base]
    command = killing_itself("fetch_pictures", boundary, *words)
    return subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode


@pytest.mark.parametrize("boundary", [1, 2, 3, 4])
def test_a_killed_run_loses_no_picture(data: Path, source: Source, boundary: int) -> None:
    """What it remembered is not asked for again; the rest is, and all of it is whole in the end."""
    names = [f"p{number}" for number in range(_COUNT)]
    records = [record(name, icons={"2x": address(name)}) for name in names]
    assert build.main(["--data", str(data), "--source", str(source(*records))]) == 0
    with Pictures().served() as hosts:
        for number, name in enumerate(names):
            path = f"ps.w.org/{name}/assets/icon-256x256.png"
            hosts.files[path] = icon(f"#{number:02x}6699", (32, 32))

        assert _fetch(data, hosts, boundary) == -signal.SIGKILL
        with sqlite3.connect(Data(data).catalog) as db:
            done = db.execute("SELECT count(*) FROM picture WHERE digest <> ''").fetchone()[0]
        assert done == (0, 0, 64, 64, _COUNT)[boundary]
        store = PictureStore(Data(data).pictures)
        (store.folder / "unfinished.tmp").write_bytes(b"torn")
        assert _fetch(data, hosts, 0) == 0

        asked = Counter(hosts.asked)
        assert len(asked) == _COUNT
        assert sum(count == 1 for count in asked.values()) >= done
        assert max(asked.values()) <= 2
    with sqlite3.connect(Data(data).catalog) as db:
        digests = {digest for (digest,) in db.execute("SELECT digest FROM picture")}
    assert len(digests) == _COUNT
    assert set(store.all()) >= digests
    assert all(map(store.whole, digests))
    assert not os.path.lexists(store.folder / "unfinished.tmp")
