"""The Composer files that nginx serves, in store/p2: kept equal to one release's metadata.

Each file has a compressed twin of the same modification time; a file whose bytes stay keeps its
time, for that is the only cache Composer has, and one whose bytes change gets another, in whole
seconds, as HTTP tells them. `list.json`, the summary of the filter list and `packages.json` lie
beside them and are written last. A marker names the release that the folder equals; while it is
being changed there is none, and then every file is compared. A folder that is not there is made
beside, and gets its name when it is whole: so nothing in it needs a look or a rename of its own.
"""

import json
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from catalog.composer import filters
from catalog.composer.metadata import filter_summary, package_list, root
from catalog.composer.remembered import packed
from catalog.durable import begin, fsync, sync
from publish.begun import Begun
from publish.releases import Releases
from publish.site import published
from release.data import SITE, Data

_DEV = "~dev"
_SECOND = 1_000_000_000  # in nanoseconds
_GZIP = 16 + zlib.MAX_WBITS  # the form that zlib is to read


class Folder:
    """store/p2 under the data folder."""

    def __init__(self, data: Path) -> None:
        self._folder = Data(data).composer
        self._begun = Begun(self._folder)
        self._marker = Data(data).composer_release

    def equals(self) -> str | None:
        """Name the release whose metadata lies here, whole; None if it was being changed."""
        try:
            return self._marker.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def show(
        self,
        release: str,
        site: Path,
        changed: Sequence[str] | None,
        reached: Callable[[str], None],
    ) -> int:
        """Make the folder equal to a release; give the number of packages whose files changed.

        `changed` names the packages in which the release may differ from what lies here; None
        compares everything.
        """
        if self._marker.exists():
            self._marker.unlink()
            fsync(self._marker.parent)  # no file may change before that is known
        # Mirrors ask that a file is not older than its entry among the changes.
        since = published.stamp(site) // 10_000 * _SECOND
        if self._folder.exists():
            touched = self._change(site, changed, since, reached)
        else:
            touched = self._make(site, since, reached)
        sync(self._folder)  # before the marker says that all of it is there
        self._marker.write_text(release + "\n", encoding="utf-8")
        return touched

    def _make(self, site: Path, since: int, reached: Callable[[str], None]) -> int:
        """Make a folder of all packages, and give it its name; give the number of packages."""
        at = max(since, time.time_ns())
        names = []
        for name, main, dev in published.metadata(site, None):
            names.append(name)
            for file, content in ((name, main), (f"{name}{_DEV}", dev)):
                self._begin(f"{file}.json", content, at)
        reached("p2: packages shown")
        self._begin("list.json", packed(package_list(published.metadata_names(site))), at)
        for file, content in self._about_all(site):
            self._begin(file, content, at)
        self._begun.finish()
        return len(names)

    def _change(
        self,
        site: Path,
        changed: Sequence[str] | None,
        since: int,
        reached: Callable[[str], None],
    ) -> int:
        """Change what differs; give the number of packages whose files changed."""
        asked = self._on_disk() if changed is None else changed
        after, touched = set(), 0
        for name, main, dev in published.metadata(site, changed):
            after.add(name)
            touched += self._put(name, main, dev, since)
        touched += sum(self._remove(name) for name in asked if name not in after)
        for file in published.announced(site):
            self._date(f"{file}.json", since)
        reached("p2: packages shown")
        if changed is None or self._listed(changed) != published.offered(site, changed):
            self._write("list.json", packed(package_list(published.metadata_names(site))), since)
        for file, content in self._about_all(site):
            self._write(file, content, since)
        return touched

    def _about_all(self, site: Path) -> Iterator[tuple[str, bytes]]:
        """Yield name and compressed content of the files that are of no package, the root last."""
        yield filters.SUMMARY, packed(filter_summary(published.closed_names(site)))
        yield "packages.json", packed(root(published.site_url(site)))

    def show_release(
        self,
        releases: Releases,
        id: str,
        reached: Callable[[str], None],
        changed: Sequence[str] | None = None,
    ) -> int:
        """Make the folder equal to a kept release, as `show` does.

        Without `changed`, the release that lies here is asked what differs, if it is still kept.
        """
        shown = self.equals()
        if changed is None and shown is not None and shown in releases.ids():
            changed = _between(releases, *sorted((shown, id)))
        return self.show(id, releases.path(id) / SITE, changed, reached)

    def mend(self) -> None:
        """Remove what a killed run left half written."""
        self._begun.mend()
        for path in self._folder.glob("**/*.tmp") if self.equals() is None else ():
            path.unlink(missing_ok=True)

    def _begin(self, name: str, packed: bytes, at: int) -> None:
        """Write a file and its twin, of the time `at`, into the folder that is being made."""
        self._begun.write(name, zlib.decompress(packed, _GZIP), at)
        self._begun.write(f"{name}.gz", packed, at)

    def _put(self, name: str, main: bytes, dev: bytes, since: int) -> bool:
        changed = self._write(f"{name}.json", main, since)
        return self._write(f"{name}{_DEV}.json", dev, since) or changed

    def _write(self, name: str, packed: bytes, since: int) -> bool:
        """Write a file and its twin, unless they are there; the twin is renamed last.

        They get a time of at least `since`, and a second after the one that they replace.
        """
        path = f"{self._folder}/{name}"
        twin = f"{path}.gz"
        before = [time for one in (path, twin) if (time := _time(one)) is not None]
        whole = len(before) == 2 and before[0] == before[1]  # else a run was killed in between
        content = zlib.decompress(packed, _GZIP)
        # Both are looked at: a power cut may have left the one and not the other.
        if whole and _read(twin) == packed and _read(path) == content:
            return False
        after = max([since, *(old + _SECOND for old in before)])
        try:
            _replace(path, content, twin, packed, after)
        except FileNotFoundError:  # the first of its folder
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            _replace(path, content, twin, packed, after)
        return True

    def _date(self, name: str, since: int) -> None:
        """Give a file and its twin a time of at least `since`.

        After a rollback a release may announce what lies here already, from before it was made.
        """
        for path in (self._folder / name, self._folder / f"{name}.gz"):
            if path.stat().st_mtime_ns < since:
                os.utime(path, ns=(since, since))

    def _listed(self, names: Sequence[str]) -> set[str]:
        """Give those of some packages that list.json names."""
        path = self._folder / "list.json"
        listed = json.loads(path.read_bytes())["packageNames"] if path.exists() else ()
        return set(names).intersection(listed)

    def _there(self, name: str) -> bool:
        return (self._folder / f"{name}.json.gz").exists()

    def _remove(self, name: str) -> bool:
        there = self._there(name)
        for file in (name, f"{name}{_DEV}"):
            (self._folder / f"{file}.json").unlink(missing_ok=True)
            (self._folder / f"{file}.json.gz").unlink(missing_ok=True)
        return there

    def _on_disk(self) -> list[str]:
        names = {
            f"{path.parent.name}/{path.name.partition('.json')[0].removesuffix(_DEV)}"
            for path in self._folder.glob("wp-*/*")
        }
        return sorted(names)


# A catalogue has hundreds of thousands of these files: here pathlib would be half of the time.


def _time(path: str) -> int | None:
    """Tell a file's time in nanoseconds; None without one."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116
    except FileNotFoundError:
        return None


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return file.readall()


def _replace(path: str, content: bytes, twin: str, packed: bytes, after: int) -> None:
    """Write a file and its twin, of one time: now, or `after`, if that is later."""
    opened: list[int] = []
    try:
        opened.append(begin(f"{path}.tmp", content))
        opened.append(begin(f"{twin}.tmp", packed))
        at = max(after, os.fstat(opened[-1]).st_mtime_ns)
        for one in opened:
            os.utime(one, ns=(at, at))
    finally:
        for one in opened:
            os.close(one)
    os.replace(f"{path}.tmp", path)  # noqa: PTH105
    os.replace(f"{twin}.tmp", twin)  # noqa: PTH105


def _between(releases: Releases, older: str, newer: str) -> list[str] | None:
    """Name the packages whose metadata may differ between two kept releases.

    The newer one has a log of what changed since the older, unless that was too long ago or it was
    made from nothing: then both are compared.
    """
    old, new = (releases.path(id) / SITE for id in (older, newer))
    try:
        logged = published.packages_since(new, published.stamp(old))
    except (sqlite3.DatabaseError, KeyError):
        return None
    return published.differing(old, new) if logged is None else logged
