"""Which release is served: the one that `current` leads to, or the last one that can be read.

The only module that knows what `current` is. A release is never changed once published and its
name is never used twice, so a connection is kept for as long as its release is served, without
locks and without watching the file.
"""

import errno
import logging
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from release import database, identity
from release.data import SITE, Data
from release.database import UnreadableRelease
from server.queries import lists, meta, offers
from server.queries.lists import Filter
from server.queries.offers import Examples
from server.settings import Settings

_log = logging.getLogger(__name__)


class NoRelease(Exception):
    """There is nothing to serve; the message is a sentence that may be shown to anyone.

    release: the id of the release that cannot be read; '' when nothing names one.
    """

    def __init__(self, reason: str, release: str = "") -> None:
        super().__init__(reason)
        self.release = release


@dataclass(frozen=True)
class Snapshot:
    """A release as one thread sees it. meta: what the release says of itself."""

    release: str
    folder: Path
    connection: sqlite3.Connection
    meta: Mapping[str, str]

    @cached_property
    def listed(self) -> Mapping[str, int]:
        """How many open packages of each type there are; counted once, since nothing changes."""
        return lists.count(self.connection, Filter())

    @cached_property
    def examples(self) -> Examples:
        """Packages that show how things are asked for."""
        return offers.examples(self.connection)

    @property
    def written_at(self) -> int:
        """The Unix seconds when the release was written."""
        return int(self.meta.get("stamp", 0)) // 10_000

    @cached_property
    def data_of(self) -> int:
        """The Unix seconds of the newest change of any package: how old a thing is counts back
        from there, for nothing is known of what came later."""
        return lists.newest_update(self.connection, self.written_at) or self.written_at

    @property
    def installs_until(self) -> int:
        """The Unix seconds of the newest install by Composer that is counted; 0 without any."""
        return int(self.meta.get("installs_until") or 0)

    @property
    def made(self) -> datetime | None:
        """When the release was made, from its id; None for a folder with another name."""
        return identity.made(self.release) if identity.is_id(self.release) else None


@dataclass(frozen=True, slots=True)
class Unserved:
    """The release that `current` leads to ('' without a link), and why it is not served."""

    release: str
    reason: str


@dataclass(frozen=True, slots=True)
class Served:
    """What a request is answered from; `instead_of` tells when it is not the current release."""

    snapshot: Snapshot
    instead_of: Unserved | None = None


class CurrentRelease:
    """Hands each thread the release that is to be served.

    A current release that cannot be read is tried anew by each request, which costs far less than
    a page; meanwhile all threads serve the release that was served before or, when none was, the
    newest kept one that can be read.
    """

    def __init__(self, settings: Settings) -> None:
        self._data = None if settings.data is None else Data(settings.data.absolute())
        self._fixed = None if settings.release is None else settings.release.resolve()
        self._local = threading.local()
        self._lock = threading.Lock()
        self._last: Path | None = None  # the release that any thread served last
        self._reported: set[str] = set()

    def served(self) -> Served:
        """Choose a release; use it for one whole request, on the thread that asked.

        Raises NoRelease when there is none that this code can read.
        """
        if self._data is None:
            return Served(self._fixed_release())
        try:
            return Served(self._current(self._data))
        except NoRelease as error:
            return self._instead(self._data, error)

    def _fixed_release(self) -> Snapshot:
        if self._fixed is None:
            raise NoRelease("No data folder is set.")
        try:
            return self._opened(self._fixed)
        except UnreadableRelease as error:
            raise NoRelease(str(error)) from error

    def _current(self, data: Data) -> Snapshot:
        folder = _led_to(data)
        while True:
            try:
                snapshot = self._opened(folder)
            except UnreadableRelease as error:
                # It may have been pruned since the link was read: look once more.
                before, folder = folder, _led_to(data)
                if folder == before:
                    raise NoRelease(str(error), folder.name) from error
            else:
                self._last = folder
                return snapshot

    def _instead(self, data: Data, error: NoRelease) -> Served:
        for folder in self._others(data, error.release):
            try:
                snapshot = self._opened(folder)
            except UnreadableRelease:
                continue
            self._last = folder
            unserved = Unserved(error.release, str(error))
            self._report(snapshot, unserved)
            return Served(snapshot, unserved)
        raise error

    def _others(self, data: Data, release: str) -> Iterator[Path]:
        """Give the release served last and then the kept ones, newest first.

        Without a link nothing says that a kept one was ever published.
        """
        if self._last is not None:
            yield self._last
        kept = data.releases.iterdir() if release and data.releases.is_dir() else ()
        ids = sorted((path.name for path in kept if identity.is_id(path.name)), reverse=True)
        yield from (data.releases / id for id in ids if id != release)

    def _report(self, snapshot: Snapshot, unserved: Unserved) -> None:
        with self._lock:
            if unserved.release in self._reported:
                return
            self._reported.add(unserved.release)
        _log.error("%s Release %s is served instead.", unserved.reason, snapshot.release)

    def _opened(self, folder: Path) -> Snapshot:
        held: Snapshot | None = getattr(self._local, "snapshot", None)
        if held is not None and held.folder == folder:
            return held
        opened = _open(folder)
        if held is not None:
            held.connection.close()
        self._local.snapshot = opened
        return opened


def _led_to(data: Data) -> Path:
    """Read the link to the current release."""
    try:
        return data.folder / data.current.readlink()
    except FileNotFoundError:
        raise NoRelease("No release has been published yet.") from None
    except OSError as error:
        why = "is not a link" if error.errno == errno.EINVAL else "cannot be read"
        raise NoRelease(f"The link to the current release {why}.") from error


def _open(folder: Path) -> Snapshot:
    connection = database.open_release(folder / SITE)
    try:
        told = meta.read(connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise UnreadableRelease(f"Release {folder.name} is damaged: {error}.") from error
    if "site_url" not in told:
        connection.close()
        raise UnreadableRelease(f"Release {folder.name} does not say what its site_url is.")
    return Snapshot(folder.name, folder, connection, told)
