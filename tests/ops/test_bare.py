"""docs/operations.md on a bare Debian 12: what it says is what is run, and nothing else."""

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT, Tell
from tests.nginx.face import wait
from tests.ops import bare, manual
from tests.ops.bare import Machine
from tests.ops.manual import Block

_SITE = "packages.example.org"
_ORIGIN = "https://git.example.org/frontispiece.git"
_DATA = "/var/lib/frontispiece"
_COMPOSER = {
    "Content-Type": "application/json",
    "User-Agent": "Composer/2.5.5 (Linux; 6.1.0; PHP 8.2.7; cURL 7.88.1)",
}
_INSTALLED = '{"downloads":[{"name":"wp-plugin/akismet","version":"5.3.3.0"}]}'
_FIRST = ("Install", "The site, by https")
_THEN = ("Backup and restore",)
_LATER = ("Update", "Go back")  # of the version that is updated to
# What the operator does by hand: a source that is at hand, and a command that is told.
_EDITOR = f"""#!/bin/sh
echo 'SOURCE = data/sources/sample.jsonl  # what comes with the project' >> "$1"
echo 'NOTIFY = tee -a {_DATA}/told' >> "$1"
"""


def _git(*words: str) -> str:
    command = ["git", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _manual(commit: str) -> list[Block]:
    return manual.blocks(_git("show", f"{commit}:{manual.PATH}"))


def _commit_before(head: str) -> str:
    """Give the newest commit before this one whose manual can be followed."""
    for commit in _git("rev-list", "--max-count=50", f"{head}^").split():
        if any(block.chapter == "Install" for block in _manual(commit)):
            return commit
    pytest.skip("no commit before this one has a manual that can be followed")


def _ports_are_free() -> bool:
    for port in (80, 443):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return False
    return True


@pytest.fixture(name="root")
def _root() -> Iterator[Path]:
    """A bare Debian in a folder, which is removed; pytest would keep three."""
    folder = Path(tempfile.mkdtemp(prefix="bare-"))
    try:
        bare.skip_unless_it_boots(folder)
        if not _ports_are_free():
            pytest.skip("the ports 80 and 443 of this machine are taken")
        bare.make(folder / "root")
        yield folder / "root"
    finally:
        shutil.rmtree(folder)


def _surround(root: Path) -> None:
    """Make the names that the manual uses lead somewhere, and have an operator for config.mk."""
    (root / "etc" / "hosts").write_text(f"127.0.0.1 localhost bare {_SITE}\n")
    (root / "root" / ".gitconfig").write_text(f'[url "/opt/origin.git"]\n  insteadOf = {_ORIGIN}\n')
    editor = root / "usr" / "local" / "bin" / "editor"
    editor.write_text(_EDITOR)
    editor.chmod(0o755)
    origin = str(root / "opt" / "origin.git")
    _git("init", "--quiet", "--bare", "--initial-branch=main", origin)


def _offer(root: Path, commit: str) -> None:
    """Let the repository that the manual clones stand at a commit."""
    _git("push", "--quiet", str(root / "opt" / "origin.git"), f"{commit}:refs/heads/main")


def _follow(machine: Machine, blocks: list[Block]) -> dict[str, float]:
    """Run blocks, and give the seconds that each chapter took."""
    took: dict[str, float] = {}
    for block in blocks:
        began = time.monotonic()
        ended = machine.run(block.text)
        journal = ""
        if ended.returncode:
            journal = machine.run("journalctl --no-pager --lines=60").stdout
        assert ended.returncode == 0, (
            f"{block.chapter}\n{block.text}\n{ended.stdout}\n{ended.stderr}\n{journal}"
        )
        took[block.chapter] = took.get(block.chapter, 0) + time.monotonic() - began
    return took


def _ask(root: Path, path: str, body: str = "") -> http.client.HTTPResponse:
    """Ask the site, whose certificate must be the one in the manual, by https; or tell it this."""
    trusted = ssl.create_default_context(cafile=root / "etc/frontispiece/certificate.pem")
    asking = http.client.HTTPSConnection(_SITE, timeout=30)
    with closing(asking):
        asking.sock = trusted.wrap_socket(
            socket.create_connection(("127.0.0.1", 443), 30), server_hostname=_SITE
        )
        asking.request("POST" if body else "GET", path, body or None, _COMPOSER if body else {})
        answer = asking.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
    return answer


def _assert_it_serves(root: Path) -> str:
    """A page, its card and Composer's files are there; give the release.

    An app that was just started is waited for: what it answers meanwhile is another test's.
    """
    wait(lambda: _ask(root, "/health").status == 200, 60)
    page = _ask(root, "/packages/plugin/akismet")
    body = page.body.decode()  # type: ignore[attr-defined]
    card = re.search(rf"https://{_SITE}(/og/[^\"]+\.png)", body)
    assert page.status == 200
    assert card is not None
    assert _ask(root, card[1]).headers["Content-Type"] == "image/png"
    assert _ask(root, "/packages.json").status == 200
    with closing(http.client.HTTPConnection("127.0.0.1", 80, timeout=30)) as plain:
        plain.request("GET", "/", headers={"Host": _SITE})
        sent_on = plain.getresponse()
    assert (sent_on.status, sent_on.headers["Location"]) == (301, f"https://{_SITE}/")
    return str(page.headers["X-Release"])


def _assert_private(machine: Machine) -> None:
    """Nobody but the pipeline's user reads what it alone should, whatever a sandbox adds."""
    private = f"{_DATA}/catalog.db /var/log/frontispiece/downloads.log /var/backups/frontispiece"
    for user in ("frontispiece-app", "nobody"):
        for path in private.split():
            asked = f"runuser -u {user} -- sh -c 'cat {path} || ls {path}/'"
            assert machine.run(asked).returncode != 0, (user, path)
    assert machine.run(f"runuser -u www-data -- cat {_DATA}/catalog.db").returncode != 0
    access = machine.said("stat -c '%a %U %G' /var/log/nginx/frontispiece.access.log")
    assert access == "640 www-data adm"


def _assert_installs_are_counted(machine: Machine, root: Path) -> None:
    """The daily job takes what nginx has logged, and nginx begins a log anew."""
    log = "/var/log/frontispiece/downloads.log"
    for _ in range(2):
        assert _ask(root, "/downloads", _INSTALLED).status == 200
        wait(lambda: machine.run(f"test -s {log}").returncode == 0)
        machine.said("systemctl start frontispiece-regenerate.service")
        assert machine.said("ls /var/log/frontispiece/installs") == ""
    journal = machine.said("journalctl --no-pager -u frontispiece-regenerate")
    assert journal.count("from 1 lines in 1 logs") == 2, journal
    assert "count: 1 installs of 1 packages" in journal


def _assert_a_stale_set_up_is_told(machine: Machine) -> None:
    ended = machine.run(
        "touch /srv/frontispiece/requirements.lock; systemctl start frontispiece-pipeline.service"
    )
    assert ended.returncode != 0
    told = machine.said(f"cat {_DATA}/told")
    assert "the set-up of /srv/frontispiece is older than the checkout" in told
    assert "run `make setup` there as root" in told
    machine.said("systemctl reset-failed")


def _assert_the_certificate_is_told(machine: Machine, root: Path) -> None:
    """The daily job sees it from its sandbox, and the app tells its end."""
    machine.said("systemctl start frontispiece-regenerate.service")
    status = json.loads(_ask(root, "/status.json").body)  # type: ignore[attr-defined]
    ends = machine.said("openssl x509 -noout -enddate -in /etc/frontispiece/certificate.pem")
    moment = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends.removeprefix("notAfter=")), UTC)
    assert datetime.fromisoformat(status["certificate_ends"]) == moment


def _assert_a_large_log_is_rotated(machine: Machine) -> None:
    """By the pipeline's unit, as root, though all else of it may not write there."""
    log = "/var/log/nginx/frontispiece.access.log"
    machine.said(f"truncate --size=300M {log}; systemctl start frontispiece-pipeline.service")
    assert machine.said(f"stat -c '%a %U %G' {log}") == "640 www-data adm"
    assert (
        int(machine.said(f"stat -c %s {log}")) < 1 << 20 < int(machine.said(f"stat -c %s {log}.1"))
    )


def _assert_well(machine: Machine) -> None:
    failed = "systemctl list-units --failed --plain --no-legend 'frontispiece-*' nginx.service"
    assert machine.said(failed) == ""
    doctor = "cd /srv/frontispiece && runuser -u frontispiece -- make doctor status"
    assert "doctor: 0 faults" in machine.said(doctor)


@pytest.mark.soak
def test_the_manual_is_what_it_takes(root: Path, tell: Tell) -> None:
    """Installed, served by https, backed up, restored, updated, rolled back, and booted anew."""
    head = _git("rev-parse", "HEAD")
    before = _commit_before(head)
    _surround(root)
    _offer(root, before)
    with bare.booted(root) as machine:
        packages, *installing = [one for one in _manual(before) if one.chapter in _FIRST]
        took = {"packages": sum(_follow(machine, [packages]).values())}
        began = time.monotonic()
        took |= _follow(machine, installing)
        first = _assert_it_serves(root)
        took["from git clone to the first page by https"] = time.monotonic() - began
        took |= _follow(machine, [one for one in _manual(before) if one.chapter in _THEN])
        _assert_it_serves(root)
        _assert_private(machine)
        _assert_installs_are_counted(machine, root)
        _assert_well(machine)

        _offer(root, head)
        _assert_a_stale_set_up_is_told(machine)
        later = {name: [one for one in _manual(head) if one.chapter == name] for name in _LATER}
        took |= _follow(machine, later["Update"])
        assert machine.said("git -C /srv/frontispiece rev-parse HEAD") == head
        updated = _assert_it_serves(root)
        _assert_well(machine)
        _assert_the_certificate_is_told(machine, root)
        _assert_a_large_log_is_rotated(machine)

        took |= _follow(machine, later["Go back"])
        assert _assert_it_serves(root) < updated
        _assert_well(machine)
    with bare.booted(root) as machine:  # as after a power cut
        _assert_it_serves(root)
        _assert_well(machine)
    tell(f"release {first}, then {updated}; seconds: " + _seconds(took))


def _seconds(took: dict[str, float]) -> str:
    return ", ".join(f"{chapter} {seconds:.0f}" for chapter, seconds in took.items())


def test_the_manual_has_every_chapter_that_is_proved() -> None:
    """Its commands are found, and those that need the world outside are left out."""
    found = manual.blocks((ROOT / manual.PATH).read_text())
    chapters = list(dict.fromkeys(block.chapter for block in found))

    assert chapters == [*_FIRST, *_THEN, *_LATER]
    assert not any("certbot" in block.text for block in found)
    assert sum("git pull" in block.text for block in found) == 1


def test_the_table_of_rights_says_something_in_every_cell() -> None:
    """Of each thing, what each user may do with it, be it nothing."""
    text = (ROOT / manual.PATH).read_text()
    table = text[text.index("## Who may do what") :].split("\n\n")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]

    assert [row[0] for row in rows[2:] if "catalog.db" in row[0] or "log" in row[0]] != []
    assert {len(row) for row in rows} == {5}
    assert all(all(row) for row in rows[2:])
