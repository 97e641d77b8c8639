"""Two machines' runs on one folder: one works, the other is told which machine does.

Each "machine" has a host name and a network of its own (two namespaces). They share a kernel, which
keeps the lock. Over NFS it is the server that does (flock is a lock of the whole file there, since
Linux 2.6.12); a file system that has no locks at all is not for DATA.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog import lock
from tests.conftest import ROOT, Source
from tests.faults.command import Ended, command, pipeline
from tests.faults.whole import complete, feeds

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make namespaces")


def _on(host: str, data: Path, *words: str) -> Ended:
    """Run steps on a machine of this name."""
    inner = 'hostname "$0" && exec "$@"'
    run = [sys.executable, "-m", "tests.faults.command", "--data", str(data), *words]
    done = subprocess.run(
        ["unshare", "--uts", "--net", "sh", "-c", inner, host, *run],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return Ended(done.returncode, done.stdout + done.stderr)


def test_the_second_machine_is_told_who_is_at_work(data: Path, source: Source) -> None:
    """75, and a line that names the process and the machine; nothing is touched."""
    feed = next(feeds())
    with lock.hold(data, "build"):
        ended = _on("second", data, *pipeline(source(*feed)))
    assert ended.code == 75
    assert f"on {os.uname().nodename}" in ended.said
    assert not (data / "catalog.db").exists()

    assert _on("second", data, *pipeline(source(*feed))).code == 0
    complete(data, feed)


def test_many_runs_of_two_machines_at_once(data: Path, source: Source) -> None:
    """Each one works or is refused; after all of them the site is whole, and made once."""
    feed = next(feeds())
    path = source(*feed)
    with ThreadPoolExecutor(4) as pool:
        hosts = ["first", "second"] * 3
        ended = list(pool.map(lambda host: _on(host, data, *pipeline(path)), hosts))

    assert {one.code for one in ended} <= {0, 75}
    assert sum("published" in one.said for one in ended) == 1
    assert command(data, *pipeline(path)).code == 0
    complete(data, feed)
