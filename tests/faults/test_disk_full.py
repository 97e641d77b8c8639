"""A disk that fills up at every point of a run: the site goes on, and the next run mends it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import Source, Tell
from tests.faults.command import Ended, command, pipeline
from tests.faults.whole import complete, feeds, served
from tests.mounts import mount

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system")
_PAGE = 4096
_BYTES = 64 << 20


class Disk:
    """A small file system of its own, whose free room is set to the page, or to the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def leave(self, pages: int) -> None:
        """Leave room for so many pages of 4 KB."""
        self.make_room()
        now = os.statvfs(self.folder)
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, now.f_bavail - pages) * now.f_bsize)

    def leave_files(self, files: int) -> None:
        """Leave room for so many files."""
        now = os.statvfs(self.folder)
        self._remount(f"nr_inodes={now.f_files - now.f_ffree + files}")

    def make_room(self) -> None:
        """Leave all the room that there is."""
        self._ballast.unlink(missing_ok=True)
        self._remount("nr_inodes=100000")

    def _remount(self, options: str) -> None:
        where = str(self.folder)
        subprocess.run(["mount", "-o", f"remount,{options}", where], check=True)


@contextmanager
def _mounted(folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    options = f"size={_BYTES},nr_inodes=100000"
    mount(folder, "-t", "tmpfs", "-o", options, "tmpfs")
    try:
        yield Disk(folder)
    finally:
        # Lazily: this process may still have a release open.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(name="disk")
def _disk(tmp_path: Path) -> Iterator[Disk]:
    with _mounted(tmp_path / "disk") as disk:
        yield disk


def _until_it_fits(
    disk: Disk, source: Source, leave: Callable[[int], None], step: int
) -> list[Ended]:
    """Run with more and more room until it is enough; give how the runs before ended."""
    data, turns = disk.folder / "data", feeds()
    for _ in range(2):
        assert command(data, *pipeline(source(*next(turns)))).code == 0
    failed = []
    for room in count(0, step):
        feed = next(turns)
        leave(room)
        ended = command(data, *pipeline(source(*feed)))
        assert served(data) is not None
        disk.make_room()
        if ended.code == 0:
            complete(data, feed)
            break
        failed.append(ended)
        assert command(data, *pipeline(source(*feed))).code == 0
        complete(data, feed)
    return failed


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.soak)])
def test_no_page_left_at_any_point_of_a_run(
    disk: Disk, source: Source, step: int, tell: Tell
) -> None:
    """However many pages are left, the site stays whole, the message helps, the next run mends."""
    failed = _until_it_fits(disk, source, disk.leave, step)

    assert len(failed) >= 8
    _all_told_what_to_do(failed, tell)


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.soak)])
def test_no_file_left_at_any_point_of_a_run(
    disk: Disk, source: Source, step: int, tell: Tell
) -> None:
    """The same where a file system has room but no more inodes."""
    failed = _until_it_fits(disk, source, disk.leave_files, step)

    assert len(failed) >= 5
    _all_told_what_to_do(failed, tell)


def _all_told_what_to_do(failed: list[Ended], tell: Tell) -> None:
    tell(f"{len(failed)} runs met a full disk")
    for ended in failed:
        assert "Traceback" not in ended.said
        assert "room" in ended.said, ended.said
        assert "run this again" in ended.said, ended.said
