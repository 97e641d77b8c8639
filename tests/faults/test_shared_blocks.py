"""A file system that shares blocks between files: a release costs the room of what changed."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from publish.releases import Releases
from tests.conftest import Source, record
from tests.faults.command import command, pipeline
from tests.faults.whole import served
from tests.mounts import mount

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system")


@pytest.fixture(name="disk")
def _disk(tmp_path: Path) -> Iterator[Path]:
    image, folder = tmp_path / "image", tmp_path / "disk"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(400 << 20)
    subprocess.run(["mkfs.xfs", "-q", "-m", "reflink=1", str(image)], check=True)
    mount(folder, "-o", "loop", str(image))
    try:
        yield folder
    finally:
        # Lazily: this process may still have a release open.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_release_shares_the_blocks_of_the_one_before(disk: Path, source: Source) -> None:
    """One package of three hundred changes: the new site.db takes less than half of its size."""
    many = {f"1.{minor}": f"https://example.org/{minor}.zip" for minor in range(150)}
    feed = [record(f"p{n}", versions=many, version="1.149") for n in range(300)]
    assert command(disk / "data", *pipeline(source(*feed))).code == 0
    before = _free(disk)
    assert command(disk / "data", *pipeline(source(record("p0", name="New"), *feed[1:]))).code == 0
    taken = before - _free(disk)
    first, second = (Releases(disk / "data").path(id) for id in Releases(disk / "data").ids())
    size = (second / "site.db").stat().st_size

    assert size > 3 << 20
    assert 0 < taken < size / 2
    assert (first / "site.db").stat().st_size > 3 << 20
    assert served(disk / "data") is not None


def _free(folder: Path) -> int:
    """Give the bytes that are free, once all that was written is on disk."""
    subprocess.run(["sync", "-f", str(folder)], check=True)
    found = os.statvfs(folder)
    return found.f_bfree * found.f_bsize
