"""A folder on another host, by ssh and rsync. One thing at a time happens in it, by a lock there.

The lock is held by each act on the other host itself: what a killed run of ours has left running
there ends before the next run's first act begins.
"""

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PLACE = re.compile(r"((?:[\w.][\w.-]*@)?(?:\[[0-9A-Fa-f:.]+\]|\w[\w.-]*)):([^:\0\n][^\0\n]*)")
_SENT = re.compile(r"^sent (\d+) bytes", re.MULTILINE)
_LOCK = "push.lock"
_PATIENCE = 60  # seconds to wait for that lock
_SILENCE = 120  # seconds after which a transfer that does not move is given up
_HELD = 75
_SSH_OPTIONS = (  # never ask anybody anything, and notice a host that is gone
    *("-o", "BatchMode=yes", "-o", "ConnectTimeout=15"),
    *("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"),
    # Of a run that is killed, an idle connection stays that many seconds.
    *("-o", "ControlMaster=auto", "-o", "ControlPersist=15"),
)


class Failed(Exception):
    """The other host did not do it; the sentence is what it said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where: 'user@web1' and '/srv/frontispiece'."""

    login: str
    folder: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 'user@web1:/srv/frontispiece'; ValueError otherwise."""
        found = _PLACE.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is not like user@host:/folder")
        return cls(found[1], found[2].rstrip("/") or "/")

    @property
    def host(self) -> str:
        """The login as ssh takes it: only rsync wants brackets around an IPv6 address."""
        return self.login.replace("[", "").replace("]", "")

    def __str__(self) -> str:
        return f"{self.login}:{self.folder}"


@contextmanager
def connected(ssh: Sequence[str], places: Iterable[Place]) -> Iterator[list[str]]:
    """Give the ssh command with what we ask of it; one connection a host serves all that we do."""
    with tempfile.TemporaryDirectory(prefix="push-") as sockets:
        command = [*ssh, *_SSH_OPTIONS, "-o", f"ControlPath={sockets}/%C"]
        try:
            yield command
        finally:
            for host in {place.host for place in places}:
                _do([*command, "-O", "exit", host], "")


class Remote:
    """The folder of a place; `ssh` is the command that leads to its host, from connected()."""

    def __init__(self, place: Place, ssh: Sequence[str]) -> None:
        self.sent = 0  # bytes, so far
        self._place = place
        self._ssh = list(ssh)
        lock = shlex.quote(f"{place.folder}/{_LOCK}")
        self._alone = f"flock --timeout {_PATIENCE} --conflict-exit-code {_HELD} {lock}"

    def run(self, script: str) -> str:
        """Run a script by the other host's sh in the folder, and give what it says."""
        folder = shlex.quote(self._place.folder)
        command = f"mkdir -p {folder} && {self._alone} sh -eu -s {folder}"
        # In braces, for sh reads them to the end before it begins: a line that is cut short because
        # the connection broke is never run.
        done = _do([*self._ssh, self._place.host, command], f'{{\ncd "$1"\n{script}}}\n')
        if done.returncode == _HELD:
            raise Failed(f"another push has been at work there for {_PATIENCE} s")
        return _said(done)

    def send(
        self, source: Path, target: str, *options: str, names: Iterable[str] | None = None
    ) -> None:
        """Make `target` under the folder like the folder `source`, or only the files `names` in it.

        Each file appears whole, by a rename; one that is named and is not here goes there, too.
        """
        chosen = ["--recursive"]
        if names is not None:
            chosen = ["--files-from=-", "--from0", "--delete-missing-args"]
        command = [
            *("rsync", "--links", "--perms", "--times", "--compress", "--secluded-args"),
            *("--no-human-readable", "--info=stats1", f"--timeout={_SILENCE}"),
            *(f"--rsh={shlex.join(self._ssh)}", f"--rsync-path={self._alone} rsync"),
            *(*chosen, *options, f"{source}/", f"{self._place}/{target}/"),
        ]
        said = _said(_do(command, "\0".join(names or ())))
        self.sent += sum(int(sent) for sent in _SENT.findall(said))


def _do(command: Sequence[str], told: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, input=told, capture_output=True, encoding="utf-8", errors="replace", check=False
    )


def _said(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode:
        lines = done.stderr.strip().splitlines() or done.stdout.strip().splitlines()
        what = lines[0] if lines else "it said nothing"
        raise Failed(f"{what} ({done.args[0]} ended with {done.returncode})")
    return done.stdout
