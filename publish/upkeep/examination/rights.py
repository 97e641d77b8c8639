"""Whose the files under DATA are, who may read and write them, and what a killed run left."""

import grp
import os
import pwd
import re
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog import progress
from catalog.owner import name_of
from publish.upkeep.examination.finding import Finding

_UNFINISHED = re.compile(r"\.tmp(-[a-z]+)?$")
_OTHERS = {"log", "backup"}  # nginx writes one; a backup needs no lock, and may be under way
_READ = ("releases", "store", "last-runs.json", "certificate-ends")  # what the site is, and tells


@dataclass(frozen=True, slots=True)
class Reader:
    """A user who must be able to read what is published."""

    name: str
    uid: int
    groups: frozenset[int]

    @classmethod
    def named(cls, name: str) -> "Reader":
        """Find a user by name; KeyError if there is none."""
        entry = pwd.getpwnam(name)
        return cls(name, entry.pw_uid, frozenset(os.getgrouplist(name, entry.pw_gid)))

    def may(self, status: os.stat_result) -> bool:
        """Tell whether the mode lets it read a file, or enter and read a folder."""
        if self.uid == 0:
            return True
        wanted = 0o5 if stat.S_ISDIR(status.st_mode) else 0o4
        shift = 6 if self.uid == status.st_uid else 3 if status.st_gid in self.groups else 0
        return status.st_mode >> shift & wanted == wanted


class Rights:
    """Every file and folder under DATA."""

    name = "rights"

    def __init__(self, data: Path, readers: Sequence[Reader]) -> None:
        self._data = data
        self._readers = readers
        self._unfinished: list[Path] = []
        self._open: list[Path] = []

    def look(self) -> Iterator[Finding]:
        """Tell what others may write, what the owner may not, what readers may not read."""
        self._unfinished, self._open = [], []
        yield from self._way()
        owner = self._data.stat().st_uid
        for path, status in progress.shown(self._walk(self._data), "files"):
            if _UNFINISHED.search(path.name):
                self._unfinished.append(path)
                yield Finding(f"{path} is left of a run that was killed", "removes it", safe=True)
                continue
            if status.st_uid != owner:
                what = f"{path} belongs to {name_of(status.st_uid)}, not to {name_of(owner)}"
                yield Finding(what, f"as root, chown -h {name_of(owner)} {path}")
            if status.st_mode & stat.S_IWOTH and not stat.S_ISLNK(status.st_mode):
                self._open.append(path)
                yield Finding(f"{path} can be written by anybody", "takes that right", safe=True)
            yield from self._unreadable(path, status)

    def mend(self) -> None:
        """Remove what was left, and let nobody else write."""
        for path in self._unfinished:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for path in self._open:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~stat.S_IWOTH)

    def _walk(self, folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
        """Yield what is under a folder, which comes first; an unfinished one is not entered."""
        yield folder, folder.lstat()
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
        for entry in inside:
            path = Path(entry.path)
            if folder == self._data and entry.name in _OTHERS:
                continue
            if entry.is_dir(follow_symlinks=False) and not _UNFINISHED.search(entry.name):
                yield from self._walk(path)
            else:
                yield path, entry.stat(follow_symlinks=False)

    def _way(self) -> Iterator[Finding]:
        """Tell the folders above DATA through which a reader may not pass."""
        for folder in reversed(self._data.resolve().parents):
            status = folder.stat()
            for reader in self._readers:
                entered = os.stat_result((status.st_mode | 0o444, *status[1:]))
                if not reader.may(entered):
                    what = f"{folder} does not let {reader.name} pass"
                    yield Finding(what, f"chmod o+x {folder}, or let it belong to a common group")

    def _unreadable(self, path: Path, status: os.stat_result) -> Iterator[Finding]:
        parts = path.relative_to(self._data).parts
        if (parts and parts[0] not in _READ) or stat.S_ISLNK(status.st_mode):
            return
        for reader in self._readers:
            if not reader.may(status):
                group = _group(status.st_gid)
                what = f"{path} cannot be read by {reader.name}"
                yield Finding(what, f"chmod g+rX {path}, and {reader.name} into the group {group}")


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
