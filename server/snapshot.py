"""One published release, opened for reading.

The only module that knows what `current` is and how a site.db is opened. A release is never
changed once published and its name is never used twice, so a connection can be kept for as long
as `current` names the release that it was opened on, without locks and without watching the file.
"""

import errno
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from server.queries import packages
from server.settings import Settings

SCHEMA_VERSION = 1
_STAMP_LENGTH = len("20261123T153012Z")


class NoRelease(Exception):
    """There is nothing to serve; the message is a sentence that may be shown to anyone."""


@dataclass(frozen=True)
class Snapshot:
    """A release as one thread sees it: its name, its database and what it says of itself."""

    release: str
    folder: Path
    connection: sqlite3.Connection
    meta: Mapping[str, str]

    @cached_property
    def listed(self) -> Mapping[str, int]:
        """How many packages of each type are listed; counted once, since nothing changes."""
        return packages.listed(self.connection)

    @property
    def moment(self) -> int:
        """The Unix seconds that "lately" counts back from: when the release was written."""
        return int(self.meta.get("stamp", 0)) // 10_000

    @property
    def made(self) -> datetime | None:
        """When the release was made, from its name; None for a folder that bears no stamp."""
        try:
            made = datetime.fromisoformat(self.release[:_STAMP_LENGTH])
        except ValueError:
            return None
        return made if made.tzinfo is UTC else None


class Shelf:
    """Hands each thread a snapshot of the release that is current."""

    def __init__(self, settings: Settings) -> None:
        self._data = None if settings.data is None else settings.data.absolute()
        self._fixed = None if settings.release is None else settings.release.resolve()
        self._local = threading.local()

    def snapshot(self) -> Snapshot:
        """Return the current release; use it for one whole request, on the thread that asked.

        Raises NoRelease when none is published, or when it is not one that this code can read.
        """
        folder = self._folder()
        while True:
            held: Snapshot | None = getattr(self._local, "snapshot", None)
            if held is not None and held.folder == folder:
                return held
            if held is not None:
                del self._local.snapshot
                held.connection.close()
            try:
                self._local.snapshot = _open(folder)
            except NoRelease:
                # It may have been pruned since the link was read: look once more.
                before, folder = folder, self._folder()
                if folder == before:
                    raise

    def _folder(self) -> Path:
        if self._fixed is not None:
            return self._fixed
        if self._data is None:
            raise NoRelease("No data folder is set.")
        link = self._data / "current"
        try:
            return link.parent / link.readlink()
        except FileNotFoundError:
            raise NoRelease("No release has been published yet.") from None
        except OSError as error:
            why = "is not a link" if error.errno == errno.EINVAL else "cannot be read"
            raise NoRelease(f"The link to the current release {why}.") from error


def _open(folder: Path) -> Snapshot:
    # mode=ro as well: with immutable=1 alone SQLite creates a file that is missing. as_uri()
    # because a `?` or `#` in the path would otherwise end it and name another file.
    uri = f"{(folder / 'site.db').as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise NoRelease(f"Release {folder.name} has no site.db that can be opened.") from error
    try:
        return _read(folder, connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise NoRelease(f"Release {folder.name} is damaged: {error}.") from error
    except NoRelease:
        connection.close()
        raise


def _read(folder: Path, connection: sqlite3.Connection) -> Snapshot:
    version = packages.schema_version(connection)
    if version != SCHEMA_VERSION:
        raise NoRelease(
            f"Release {folder.name} has schema version {version}; "
            f"this server reads version {SCHEMA_VERSION}."
        )
    meta = packages.meta(connection)
    if "site_url" not in meta:
        raise NoRelease(f"Release {folder.name} does not say what its site_url is.")
    return Snapshot(folder.name, folder, connection, meta)
