"""A real sshd on loopback, with keys, port and configuration of its own: a web server to push to.

Whoever runs the tests logs in as themself; started by root it needs /run/sshd, as Debian's does.
"""

import contextlib
import getpass
import os
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_SSHD = "/usr/sbin/sshd"


@dataclass(frozen=True, slots=True)
class Sshd:
    """Where it listens, and the command that leads there."""

    pid: int
    ssh: str

    def place(self, folder: Path) -> str:
        """Spell a folder on it, as push takes it."""
        return f"{getpass.getuser()}@127.0.0.1:{folder}"

    def hang_up(self) -> int:
        """Kill every session that is open, and what runs in it; give the number of processes."""
        sessions = psutil.Process(self.pid).children(recursive=True)
        for process in sessions:
            with contextlib.suppress(psutil.NoSuchProcess):  # it went with the one before
                process.kill()
        return len(sessions)


@contextmanager
def running(folder: Path) -> Iterator[Sshd]:
    """Run one until the end of the block; what it writes goes to `folder`."""
    for name in ("host", "user"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name]
        subprocess.run(make, check=True)
    (folder / "authorized_keys").write_bytes((folder / "user.pub").read_bytes())
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = free_port()
    config = {
        "ListenAddress": f"127.0.0.1:{port}",
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "authorized_keys",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "PermitRootLogin": "prohibit-password",
        "PasswordAuthentication": "no",
        "MaxStartups": 100,
        # A home of its own: what the real one's start-up files do is not to be cut off half-way.
        "SetEnv": f"HOME={folder}",
    }
    (folder / "config").write_text("".join(f"{key} {value}\n" for key, value in config.items()))
    known = (folder / "host.pub").read_text().split()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {known[0]} {known[1]}\n")
    command = [
        *("ssh", "-F", "none", "-p", str(port), "-i", str(folder / "user")),
        *("-o", "IdentitiesOnly=yes", "-o", f"UserKnownHostsFile={folder / 'known_hosts'}"),
    ]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([_SSHD, "-D", "-e", "-f", folder / "config"], stderr=log)
        try:
            wait_for(server, port, folder / "log")
            yield Sshd(server.pid, shlex.join(command))
        finally:
            server.terminate()
            server.wait()


def free_port() -> int:
    """Find a port on loopback that nobody listens on."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(server: subprocess.Popen[bytes], port: int, log: Path = Path("/dev/null")) -> None:
    """Wait until a server listens; it must not have died of something."""
    while True:
        assert server.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
