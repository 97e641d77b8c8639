"""The units under a real systemd, booted on a throw-away layer over this machine's files."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

_NEEDED = ("unshare", "setpriv", "systemd-analyze", "systemd-sysusers", "systemd-tmpfiles")
_NAMESPACES = ("--mount", "--pid", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child")
_SECONDS = 300


def _may_boot(folder: Path) -> bool:
    """Tell whether this machine lets root mount a layer and be the first process of a namespace."""
    if (
        os.geteuid()
        or not all(map(shutil.which, _NEEDED))
        or not Path("/lib/systemd/systemd").exists()
    ):
        return False
    tried = (
        f"mount --make-rprivate / && mount -t tmpfs tmpfs {folder} && cd {folder}"
        " && mkdir upper work root cgroup && mount -t cgroup2 cgroup2 cgroup"
        " && mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root"
    )
    words = ["unshare", *_NAMESPACES, "sh", "-c", tried]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.mark.soak
def test_installed_and_booted_it_does_what_it_should(tmp_path: Path) -> None:
    """Every unit ends well in its sandbox, and the app can write its socket's folder, no more."""
    if not _may_boot(tmp_path):
        pytest.skip("needs root, systemd, and a kernel that lets it boot in a namespace")
    boot = ["unshare", *_NAMESPACES, "bash", str(ROOT / "tests" / "ops" / "boot.sh")]
    words = [*boot, str(ROOT), str(tmp_path)]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
    said = (tmp_path / "said").read_text() if (tmp_path / "said").exists() else ""

    assert (tmp_path / "done").exists(), ended.stderr + said
    assert (tmp_path / "facts").read_text().splitlines() == [
        "pipeline success",
        "www-data asks app-1: 200",
        "nobody asks app-1: PermissionError: [Errno 13] Permission denied",
        "www-data asks app-2: 200",
        "nobody asks app-2: PermissionError: [Errno 13] Permission denied",
        "app writes /run/frontispiece/sockets",
        "app reads /var/lib/frontispiece/lock",
        "app reads /var/lib/frontispiece/last-runs.json",
        "app reads /var/lib/frontispiece/current/site.db",
        "sockets after one stopped: app-2",
        "regenerate success",
        "logs left: 0",
        "installs counted: 1",
        "backup success",
        "backups: 1",
        "doctor: 0 faults",
    ], said
