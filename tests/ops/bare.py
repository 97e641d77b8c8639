"""A bare Debian 12 in a folder, booted, which reaches packages by this machine's own settings."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT

NAMESPACES = ("--mount", "--pid", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child")

_BOOT = ROOT / "tests" / "ops" / "bare.sh"
_NEEDED = ("unshare", "nsenter", "debootstrap", "apt-get")
_BOOTED = 120  # seconds
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # root's, as Debian has it
# What of this machine's settings says how the network is reached: resolver, pip, certificates.
_SETTINGS = (
    *("/etc/resolv.conf", "/etc/pip.conf", "/root/.config/pip/pip.conf", "/root/.pip/pip.conf"),
    *("/usr/local/share/ca-certificates", "/etc/ssl/certs/ca-certificates.crt"),
)
_WAY = re.compile(r"Acquire::(?:https?|Check-[A-Za-z-]+)\b.* \"[^\"]+\";")
_VARIABLE = re.compile(r"PIP_.+|(?:https?|no|all|ftp)_proxy|SSL_CERT_FILE", re.IGNORECASE)


class Machine:
    """A booted Debian; the network is this machine's own."""

    def __init__(self, root: Path, pid: int) -> None:
        self.root = root
        self._pid = pid

    def run(self, commands: str, umask: str = "077") -> subprocess.CompletedProcess[str]:
        """Let root's bash run commands; it ends with the first that fails."""
        here = {name: value for name, value in os.environ.items() if _VARIABLE.fullmatch(name)}
        settings = {"HOME": "/root", "PATH": _PATH, **here}
        enter = [
            *("nsenter", f"--target={self._pid}", "--mount", "--pid", "--ipc", "--uts"),
            *("--cgroup", "--root", "env", "-i"),
            *(f"{name}={value}" for name, value in settings.items()),
            *("bash", "-eu", "-o", "pipefail", "-c", f"cd; umask {umask}\n{commands}"),
        ]
        return subprocess.run(
            enter, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def said(self, commands: str) -> str:
        """Give what commands say, which must succeed."""
        ended = self.run(commands)
        assert ended.returncode == 0, f"{commands}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout.strip()


def skip_unless_it_boots(folder: Path) -> None:
    """Skip the test on a machine that cannot make a Debian and boot it, with the reason."""
    if os.geteuid() or not all(map(shutil.which, _NEEDED)):
        pytest.skip(f"needs root, and {', '.join(_NEEDED)}")
    tried = (
        f"mount --make-rprivate / && mount -t tmpfs tmpfs {folder} && mkdir {folder}/cgroup"
        f" && mount -t cgroup2 cgroup2 {folder}/cgroup && mount -t proc proc {folder}/cgroup"
    )
    words = ["unshare", *NAMESPACES, "sh", "-c", tried]
    asked = subprocess.run(words, capture_output=True, text=True, check=False)
    if asked.returncode:
        pytest.skip(f"this machine boots nothing in a namespace: {asked.stderr.strip()}")


def make(root: Path) -> None:
    """Make the smallest Debian 12 that boots, from the mirrors that this machine's apt uses."""
    mirrors = _mirrors()
    command = ["debootstrap", "--variant=minbase", "--include=systemd-sysv,ca-certificates"]
    made = subprocess.run(
        [*command, "bookworm", str(root), mirrors[0].split()[0]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
    apt = root / "etc" / "apt"
    (apt / "sources.list").write_text("".join(f"deb {mirror}\n" for mirror in mirrors))
    told = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    way = [line for line in told.splitlines() if _WAY.match(line)]
    (apt / "apt.conf.d" / "90way").write_text("".join(f"{line}\n" for line in way))
    for path in map(Path, _SETTINGS):
        _copy(path, root / path.relative_to("/"))


def _mirrors() -> list[str]:
    """Give 'address suite component…' of each of Debian 12's sources that apt is told of."""
    form = "$(ORIGIN)|$(CODENAME)|$(REPO_URI) $(RELEASE) $(COMPONENT)"
    asked = ["apt-get", "indextargets", "--format", form, "Created-By: Packages"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found = [line.split("|")[2] for line in told.splitlines() if line.startswith("Debian|bookworm")]
    if not found:
        pytest.skip("apt is told of no mirror of Debian 12, or has not asked it yet")
    plain = [mirror for mirror in found if mirror.split()[1] == "bookworm"]
    return list(dict.fromkeys((*plain, *found)))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)


@contextmanager
def booted(root: Path) -> Iterator[Machine]:
    """Boot it, wait until systemd has started all there is, and end every process of it after."""
    boot = subprocess.Popen(["unshare", *NAMESPACES, "bash", str(_BOOT), str(root)])
    try:
        machine = Machine(root, _first_process(boot))
        _wait_for(machine, boot)
        yield machine
    finally:
        boot.kill()
        boot.wait()


def _first_process(boot: "subprocess.Popen[bytes]") -> int:
    children = Path(f"/proc/{boot.pid}/task/{boot.pid}/children")
    deadline = time.monotonic() + _BOOTED
    while not (found := children.read_text().split()):
        assert boot.poll() is None, "nothing was booted"
        assert time.monotonic() < deadline, "nothing was booted in time"
        time.sleep(0.05)
    return int(found[0])


def _wait_for(machine: Machine, boot: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _BOOTED
    asked = "[ -d /run/systemd/system ] && systemctl is-system-running --wait"
    while True:
        state = machine.run(asked).stdout.strip()
        if state in ("running", "degraded"):
            return
        assert boot.poll() is None, "systemd has ended"
        assert time.monotonic() < deadline, f"systemd is {state!r}"
        time.sleep(0.2)
