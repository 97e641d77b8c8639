"""The Composer files in store/p2: equal to the live release's metadata, and nothing besides."""

import gzip
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from catalog import progress
from catalog.composer import filters
from catalog.composer.metadata import filter_summary, package_list, root
from publish.composer import p2
from publish.releases import Releases
from publish.site import published
from publish.upkeep.examination.catalogue import files_fault, name_fault
from publish.upkeep.examination.finding import Finding
from release import database
from release.data import SITE, Data

_SECOND = 1_000_000_000  # in nanoseconds


class Shown:
    """What Composer is shown."""

    name = "Composer files"

    def __init__(self, data: Path) -> None:
        self._folder = Data(data).composer
        self._p2 = p2.Folder(data)
        self._releases = Releases(data)
        self._differing: dict[str, Path] = {}  # by the path in the folder, the file itself
        self._foreign: list[Path] = []

    def look(self) -> Iterator[Finding]:
        """Compare every file, and its compressed twin, with the live release."""
        self._differing, self._foreign = {}, []
        live = self._releases.current()
        if live is None:  # told among the releases
            return
        if self._p2.equals() != live:
            what = f"{self._folder} is of release {self._p2.equals() or 'none'}, and {live} is live"
            yield Finding(what, "makes it equal", safe=True)
        site = self._releases.path(live) / SITE
        try:
            yield from self._compared(site)
        except (database.UnreadableRelease, sqlite3.DatabaseError, KeyError) as error:
            yield Finding(f"{site}: {error}", "see the releases")

    def mend(self) -> None:
        """Write the differing files anew, by the way that keeps the others' times."""
        for path in self._foreign:
            path.unlink(missing_ok=True)
        for path in self._differing.values():
            if path.exists():  # of another time than its twin: that is written anew
                stamp = path.stat().st_mtime_ns + _SECOND
                os.utime(path, ns=(stamp, stamp))
        live = self._releases.current()
        if live is not None:
            site = self._releases.path(live) / SITE
            self._p2.show(live, site, None, lambda _boundary: None)

    def _compared(self, site: Path) -> Iterator[Finding]:
        expected = set()
        with closing(database.open_release(site)) as db:
            total = db.execute("SELECT count(*) FROM metadata").fetchone()[0]
            rows = db.execute(
                "SELECT type, slug, metadata.name, main, dev FROM metadata"
                " JOIN package ON id = package_id ORDER BY metadata.name"
            )
            for type, slug, name, main, dev in progress.shown(rows, "Composer files", total):
                if fault := name_fault(type, slug, name) or files_fault(name, main, dev):
                    what = f"{site}: the metadata of {type}/{slug}: {fault}"
                    yield Finding(what, "`make pipeline`; if it stays, `make doctor` says why")
                    continue
                for file, packed in ((f"{name}.json", main), (f"{name}~dev.json", dev)):
                    expected.add(file)
                    yield from self._file(file, gzip.decompress(packed))
            site_url = dict(db.execute("SELECT key, value FROM meta").fetchall())["site_url"]
        for file, content in (
            ("list.json", package_list(published.metadata_names(site))),
            (filters.SUMMARY, filter_summary(published.closed_names(site))),
            ("packages.json", root(site_url)),
        ):
            expected.add(file)
            yield from self._file(file, content)
        yield from self._besides(expected)

    def _file(self, file: str, content: bytes) -> Iterator[Finding]:
        path, twin = self._folder / file, self._folder / f"{file}.gz"
        fault = _fault(path, twin, content)
        if fault:
            self._differing[file] = path
            yield Finding(f"{path} {fault}", "writes it anew", safe=True)

    def _besides(self, expected: set[str]) -> Iterator[Finding]:
        for folder, _, files in os.walk(self._folder):
            for file in sorted(files):
                path = Path(folder, file)
                name = str(path.relative_to(self._folder)).removesuffix(".gz")
                if name not in expected and not file.endswith(".tmp"):
                    self._foreign.append(path)
                    yield Finding(f"{path} is of no package", "removes it", safe=True)


def _fault(path: Path, twin: Path, content: bytes) -> str:
    try:
        if path.read_bytes() != content:
            return "differs from the live release"
        if gzip.decompress(twin.read_bytes()) != content:
            return "has another content in its compressed twin"
    except FileNotFoundError as error:
        return "is missing" if error.filename == str(path) else "has no compressed twin"
    except (OSError, EOFError, zlib.error) as error:
        return f"or its compressed twin cannot be read ({error})"
    if path.stat().st_mtime_ns != twin.stat().st_mtime_ns:
        return "is not of the same time as its compressed twin"
    return ""
