"""What is so at this moment, and in no release: runs, the certificate, the disk, processes.

Looked at when somebody asks, and only looked at. What stands here goes to anyone who asks, so no
path and no reason of a failure is among it.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from release import certificate, last_runs, processes
from release.last_runs import Last
from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Room:
    """The disk that DATA is on, in bytes."""

    free: int
    total: int

    @property
    def free_percent(self) -> int:
        """How much of it is free, rounded down."""
        return 100 * self.free // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Processes:
    """The app's processes: those that have a socket, and those of them that listen on it."""

    known: int
    listening: int


@dataclass(frozen=True, slots=True)
class Live:
    """Looks where the settings say; there may be nothing to see."""

    settings: Settings

    def commands(self) -> Mapping[str, Last]:
        """How each command went last; {} for a release that is served by itself."""
        return last_runs.read(self.settings.data) if self.settings.data else {}

    def certificate_ends(self) -> int | None:
        """The Unix seconds of the certificate's end, as the daily job saw it; None if unknown."""
        return certificate.ends(self.settings.data) if self.settings.data else None

    def room(self) -> Room | None:
        """How much can be written under DATA by who is not root."""
        if self.settings.data is None:
            return None
        usage = shutil.disk_usage(self.settings.data)
        return Room(usage.free, usage.total)

    def processes(self) -> Processes | None:
        """This process and those beside it; None where their sockets have other names."""
        found = processes.sockets(self.settings.sockets) if self.settings.sockets else {}
        if not found:
            return None
        return Processes(len(found), sum(processes.listens(path) for path in found.values()))
