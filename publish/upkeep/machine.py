"""What the site needs of the machine: room under DATA, the app's processes, a certificate."""

import http.client
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publish.upkeep import certificate
from release import processes

_PATIENCE = 5.0  # seconds for a process to answer
_FULL = 0.01  # the share of free room below which runs soon fail
_RENEWED = 14 * 86_400  # seconds before its end by which a certificate should be a new one


@dataclass(frozen=True, slots=True)
class Machine:
    """Where to look. certificate: a PEM file, the site's own first; None for a site by http."""

    data: Path
    sockets: Path
    certificate: Path | None = None

    def told(self, now: int) -> dict[str, Any]:
        """Tell all as JSON. `trouble` in an entry is a sentence, '' where there is none."""
        return {
            "room": _room(self.data),
            "processes": _processes(self.sockets),
            "certificate": self.certificate and _certificate(self.certificate, now),
        }


def complaints(told: dict[str, Any]) -> list[str]:
    """Give the sentences of what `told` has found wrong."""
    entries = (told["room"], told["processes"], told["certificate"])
    return [entry["trouble"] for entry in entries if entry and entry["trouble"]]


def answers(path: Path, patience: float) -> bool:
    """Whether a process answers on its socket, be it that it has nothing to show (503)."""
    connection = http.client.HTTPConnection("app", timeout=patience)
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(patience)
        connection.sock = line
        try:
            line.connect(str(path))
            connection.request("GET", "/health")
            return connection.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False


def _room(data: Path) -> dict[str, Any] | None:
    if not data.is_dir():
        return None
    usage, trouble = shutil.disk_usage(data), ""
    if os.statvfs(data).f_flag & os.ST_RDONLY:
        trouble = f"{data} is on a file system that is mounted read-only"
    elif usage.free < _FULL * usage.total:
        trouble = f"{data} is on a disk with {usage.free:,} bytes left: make room"
    return {"free_bytes": usage.free, "total_bytes": usage.total, "trouble": trouble}


def _processes(folder: Path) -> dict[str, Any] | None:
    """Ask each; None where there is no socket, or none that this user may look for."""
    try:
        sockets = processes.sockets(folder)
    except PermissionError:
        return None
    silent = [number for number, path in sockets.items() if not answers(path, _PATIENCE)]
    trouble = f"no answer on {', '.join(str(sockets[one]) for one in silent)}" if silent else ""
    known = {"known": len(sockets), "answering": len(sockets) - len(silent), "trouble": trouble}
    return known if sockets else None


def _certificate(path: Path, now: int) -> dict[str, Any]:
    """Tell the end of the first certificate in a file."""
    try:
        ends = certificate.ends(path.read_bytes())
    except PermissionError:  # root's, and so is the look at it
        return {"ends_at": None, "trouble": ""}
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no certificate"
        return {"ends_at": None, "trouble": f"the certificate {path}: {why}"}
    days = (ends - now) // 86_400
    late = f"the certificate {path} ends in {days} days: see that it is renewed"
    return {"ends_at": ends, "trouble": late if ends - now < _RENEWED else ""}
