"""SIGKILL in the middle of `fetch-zips`: the next run goes on from there."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from publish.zips.store import ZipStore
from release.data import Data
from tests.conftest import ROOT, SITE_URL, Source
from tests.publish.zips.hosts import Handler, Zips
from tests.publish.zips.test_fetch import Site, untagged
from tests.runs import killing_itself


def _start(data: Path, hosts: Zips, boundary: int = 0) -> "subprocess.Popen[bytes]":
    words = ["--data", str(data), "--site-url", SITE_URL, "--zips", "untagged"]
    command = killing_itself("fetch_zips", boundary, *words, "--through", hosts.base)
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def test_a_run_killed_in_a_zip_is_gone_on_with(data: Path, source: Source) -> None:
    """Of what came nothing comes again; the zip is whole, byte by byte."""
    with Zips().served() as hosts:
        site = Site(data, source, hosts)
        one = hosts.has("one", "1.2", more={"one/data.bin": os.urandom(600_000)})
        site.build(untagged("one"))
        half, hold = threading.Event(), threading.Event()

        def stop(handler: Handler) -> None:
            del hosts.faults["plugin/one.zip"]
            handler.begin(one)
            handler.wfile.write(one[:400_000])
            half.set()
            hold.wait(60)

        hosts.faults["plugin/one.zip"] = stop
        run = _start(data, hosts)
        assert half.wait(60)
        part = site.store.folder / "unfinished"
        while sum(path.stat().st_size for path in part.glob("*.tmp")) < 400_000:
            assert run.poll() is None
        run.send_signal(signal.SIGKILL)
        assert run.wait() == -signal.SIGKILL
        hold.set()
        assert site.kept() == {}

        assert _start(data, hosts).wait() == 0
        assert site.kept() == {"one 1.2": one}
        (begun,) = hosts.ranges
        assert int(begun.rstrip("-")) >= 400_000
        assert site.unfinished == []


@pytest.mark.parametrize("boundary", [1, 2, 3])
def test_a_killed_run_loses_no_zip(data: Path, source: Source, boundary: int) -> None:
    """All are there in the end, and all are offered; what was remembered is not asked for again."""
    with Zips().served() as hosts:
        site = Site(data, source, hosts)
        slugs = [f"p{number}" for number in range(20)]  # more than a batch
        for slug in slugs:
            hosts.has(slug, "1.2")
        site.build(*map(untagged, slugs))
        assert _start(data, hosts, boundary).wait() == -signal.SIGKILL
        done = len(site.kept())
        assert done == (0, 0, 16, 16)[boundary]
        assert _start(data, hosts).wait() == 0

        assert len(site.kept()) == 20
        assert sum(hosts.asked.count(f"plugin/{slug}.zip") == 1 for slug in slugs) >= done
        assert site.unfinished == []
        store = ZipStore(Data(data).zips)
        assert all(map(store.whole, store.all()))
        site.build(*map(untagged, slugs))
        assert {site.offer(slug)["case"] for slug in slugs} == {"announced"}
