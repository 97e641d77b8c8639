"""Where pictures come from: the hosts of an allow-list, by https, or files beside the source's."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from catalog.pictures import Picture
from catalog.wporg.client import Client, Elsewhere, Reply, TooLong
from publish.pictures.judge import MOST_BYTES, Unfit

HOSTS = ("ps.w.org", "ts.w.org", "s.w.org")
_ANSWERS = frozenset({200, 403, 404, 410})  # no second try would change these
_LONGEST = 300  # characters of a header that is kept


class Origin(Protocol):
    """What gives pictures."""

    def ask(self, address: str, picture: Picture) -> Reply:
        """Ask for a picture; status 200, or 304 if it is still the prepared one.

        Raises Unfit for an address that is not asked or gives no picture, and Outage.
        """
        ...

    def seal(self, picture: Picture) -> str:
        """Tell what a picture may be from anything else it was, without reading; '' if unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that are asked, and no others.

    through: a mirror that is asked in their place, `<through>/<host>/<path>`.
    """

    allowed: tuple[str, ...] = HOSTS
    through: str = ""

    def url(self, address: str) -> str:
        """Give what to ask for a picture's address. Raises Unfit."""
        parts = urlsplit(address)
        if parts.scheme != "https" or parts.netloc not in self.allowed:
            raise Unfit(f"its host {parts.netloc[:80]!r} is not one of {', '.join(self.allowed)}")
        return f"{self.through}/{address.removeprefix('https://')}" if self.through else address


@dataclass(frozen=True, slots=True)
class Network:
    """Pictures that hosts are asked for, by a client that reads no more than a picture may be."""

    client: Client
    hosts: Hosts

    def seal(self, picture: Picture) -> str:
        """Tell nothing: hosts have to be asked."""
        return ""

    def ask(self, address: str, picture: Picture) -> Reply:
        """Ask for a picture, if it is not the one that we have."""
        known = ("", "")
        if picture.digest and address == picture.address:
            known = (picture.etag, picture.modified)
        try:
            reply = self.client.get(self.hosts.url(address), known=known, accept=_ANSWERS)
        except Elsewhere as elsewhere:
            raise Unfit(str(elsewhere)) from None
        except TooLong:
            raise Unfit(f"it is larger than {MOST_BYTES:,} bytes") from None
        if reply.status not in (200, 304):
            raise Unfit(f"status {reply.status}")
        return Reply(reply.status, reply.body, _kept(reply.etag), _kept(reply.modified))


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of a source file, and what is in it, however deep; None: there is none."""

    folder: Path | None

    def seal(self, picture: Picture) -> str:
        """Tell the files that a picture may be from any others that they were."""
        return " ".join(self._seal(path) for path in picture.addresses)

    def ask(self, address: str, picture: Picture) -> Reply:
        """Read a picture, as if it had been asked for."""
        seal = self.seal(picture)
        try:
            descriptor = os.open(self._inside(address), os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise Unfit("it is not a file")
                return Reply(200, file.read(MOST_BYTES + 1), seal)
        except OSError as error:
            raise Unfit(f"it cannot be read: {error.strerror}") from None

    def _seal(self, path: str) -> str:
        try:
            told = self._inside(path).stat()
        except (OSError, Unfit):
            return "-"
        return f"{told.st_size},{told.st_mtime_ns},{told.st_ctime_ns},{told.st_ino}"

    def _inside(self, path: str) -> Path:
        """Give where a path leads, which may go through links; never out of the folder."""
        if self.folder is None:
            raise Unfit("its source is no file that it could lie beside")
        here = self.folder.resolve()
        try:
            found = (here / path).resolve()
        except RuntimeError:  # links in a circle
            raise Unfit("it leads nowhere") from None
        if not found.is_relative_to(here):
            raise Unfit("it leads out of the folder of the source file")
        return found


def _kept(header: str) -> str:
    """Keep what is sent back as it came, if it can be."""
    plain = header.isascii() and header.isprintable() and len(header) <= _LONGEST
    return header if plain else ""
