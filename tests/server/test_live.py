"""What the app tells of this moment: /status.json and /metrics, and the word to systemd."""

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from catalog import last_runs
from release.data import Data
from release.last_runs import Last, read
from tests.conftest import ROOT
from tests.server.conftest import FIRST, NewVisitor, Visitor
from tests.server.test_command import SERVER, UnixConnection, served

_REASON = "/var/lib/secret/site.db: see http://192.0.2.1/"
_ENDS = 1_795_996_800  # 30 November 2026
_RULES = ROOT / "ops" / "prometheus" / "frontispiece.rules.yml"


@pytest.fixture(name="told")
def _told(data: Path) -> Path:
    """A data folder that remembers a failed pipeline, a good backup, an odd name, a certificate."""
    now = int(time.time())
    Data(data).certificate_ends.write_text(f"{_ENDS}\n")
    last_runs.note(data, "pipeline", Last(now - 500, seconds=2.5), changed=True)
    last_runs.note(data, "pipeline", Last(now - 100, 3, _REASON, seconds=1.5), changed=False)
    last_runs.note(data, "backup", Last(now - 4000, seconds=0.5), changed=False)
    last_runs.note(data, 'an "odd\\\nname', Last(now, 1), changed=False)
    return data


def _figures(body: str) -> dict[str, dict[str, float]]:
    """Read /metrics as Prometheus does: by name, the values by their label, '' without one."""
    return {
        family.name: {
            "".join(sample.labels.values()): sample.value
            for sample in family.samples
            if sample.name == family.name
        }
        for family in text_string_to_metric_families(body)
    }


def test_status_tells_of_this_moment(told: Path, visit: NewVisitor) -> None:
    """Seconds since each command's last try, success and change; backup; room on the disk."""
    answer = visit(told).get("/status.json")
    facts = json.loads(answer.body)
    pipeline, backup = facts["commands"]["pipeline"], facts["commands"]["backup"]

    assert (pipeline["exit_code"], pipeline["seconds"]) == (3, 1.5)
    assert 100 <= pipeline["seconds_since_try"] < 500 <= pipeline["seconds_since_success"]
    assert pipeline["seconds_since_change"] == pipeline["seconds_since_success"]
    assert facts["last_backup_seconds"] == backup["seconds_since_success"] >= 4000
    assert backup["seconds_since_change"] is None
    assert 0 <= facts["disk_free_percent"] <= 100
    assert facts["certificate_ends"] == "2026-11-30T00:00:00Z"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "etag" not in answer.headers


@pytest.mark.parametrize("path", ["/status.json", "/api/status", "/metrics", "/status"])
def test_no_path_and_no_reason_is_told(told: Path, visit: NewVisitor, path: str) -> None:
    """Reasons of failures name paths and addresses: they are for `make status`."""
    text = visit(told).get(path).text

    assert "secret" not in text
    assert "192.0.2.1" not in text
    assert str(told) not in text


def test_every_run_has_an_exit_code(visitor: Visitor) -> None:
    """The newest, too, which was under way when it made the release."""
    runs = json.loads(visitor.get("/status.json").body).get("runs", [])

    assert all(isinstance(run["exit_code"], int) for run in runs)


def test_prometheus_reads_the_figures(told: Path, visit: NewVisitor) -> None:
    """The same as /status.json, in its text format, read by its own parser."""
    visitor = visit(told)
    answer, status = visitor.get("/metrics"), json.loads(visitor.get("/status.json").body)
    figures = _figures(answer.text)

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert figures["frontispiece_degraded"] == {"": 0}
    assert figures["frontispiece_release_age_seconds"][""] > 0
    assert figures["frontispiece_packages"].keys() == {"plugin", "theme"}
    assert figures["frontispiece_cards"] == status["cards"]
    assert figures["frontispiece_closed_packages"] == {"": status["catalogue"]["closed"]}
    assert figures["frontispiece_refused_records"] == {"": status["catalogue"]["refused"]}
    codes = figures["frontispiece_command_exit_code"]
    assert codes == {"pipeline": 3, "backup": 0, 'an "odd\\\nname': 1}
    assert figures["frontispiece_command_duration_seconds"]["pipeline"] == 1.5
    known = read(told)
    for what, moment in (
        ("try", "tried_at"),
        ("success", "succeeded_at"),
        ("change", "changed_at"),
    ):
        moments = figures[f"frontispiece_command_last_{what}_timestamp_seconds"]
        assert moments == {name: getattr(last, moment) for name, last in known.items()}
    assert figures["frontispiece_certificate_end_timestamp_seconds"] == {"": _ENDS}
    disk = figures["frontispiece_disk_size_bytes"][""], figures["frontispiece_disk_free_bytes"][""]
    assert disk[0] > disk[1] >= 0


def test_the_alerts_ask_for_figures_that_there_are(
    told: Path, tmp_path: Path, visit: NewVisitor
) -> None:
    """Every name in the example's rules is one of /metrics, and the manual names the file."""
    figures = _figures(visit(told).get("/metrics").text).keys() | {"frontispiece_app_processes"}
    (group,) = yaml.safe_load(_RULES.read_text())["groups"]
    asked = {
        name for rule in group["rules"] for name in re.findall(r"frontispiece_\w+", rule["expr"])
    }

    assert len(group["rules"]) >= 6
    assert asked <= figures
    assert all(rule["annotations"]["summary"] for rule in group["rules"])
    manual = (ROOT / "docs" / "operations.md").read_text()
    assert str(_RULES.relative_to(ROOT)) in manual
    assert all(rule["alert"] in manual for rule in group["rules"])


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\0" * 16_384, b'{"pipeline": 5}', b'{"pipeline": {"tried_at": "x"}}', b'{"p'],
    ids=repr,
)
@pytest.mark.parametrize("path", ["/status.json", "/metrics"])
def test_a_damaged_memory_is_no_fault_of_the_app(
    told: Path, visit: NewVisitor, content: bytes, path: str
) -> None:
    """Nothing is known of the runs then, and all the rest is told."""
    Data(told).last_runs.write_bytes(content)
    visitor = visit(told)

    assert visitor.get(path).status == 200
    assert visitor.errors.getvalue() == ""


def test_what_a_newer_version_remembers_is_read(told: Path) -> None:
    """Facts that this version does not know are left out, not all the others with them."""
    content = json.loads(Data(told).last_runs.read_bytes())
    content["pipeline"]["colour"] = "blue"
    Data(told).last_runs.write_text(json.dumps(content))

    assert read(told)["pipeline"].exit_code == 3


def test_processes_are_counted(data: Path, tmp_path: Path) -> None:
    """Those that have a socket beside this one's, and those that still listen on theirs."""
    with served(data, tmp_path / "app-1"), served(data, tmp_path / "app-2") as other:
        both = _asked(tmp_path / "app-1")
        other.kill()
        other.wait()
        one = _asked(tmp_path / "app-1")

    assert both == {"known": 2, "listening": 2}
    assert one == {"known": 2, "listening": 1}


def _asked(sock: Path) -> dict[str, float]:
    connection = UnixConnection(sock)
    connection.request("GET", "/status.json", headers={"Accept-Encoding": "identity"})
    status = json.loads(connection.getresponse().read())["processes"]
    connection.request("GET", "/metrics")
    figures = _figures(connection.getresponse().read().decode())["frontispiece_app_processes"]
    connection.close()
    assert figures == status
    return figures


@contextmanager
def _systemd(name: str) -> Iterator[socket.socket]:
    """Stand in for systemd: a socket that is told of services."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind("\0" + name[1:] if name.startswith("@") else name)
        line.settimeout(30)
        yield line


@pytest.mark.parametrize("hidden", [False, True], ids=["file", "abstract"])
def test_systemd_is_told_when_it_listens(data: Path, tmp_path: Path, hidden: bool) -> None:
    """Not before: whoever asks at that moment is answered, and nobody is told a second time."""
    name = f"@{tmp_path.name}-{os.getpid()}" if hidden else str(tmp_path / "notify")
    sock = tmp_path / "app-1"
    command = [*SERVER, "--data", str(data), "--socket", str(sock)]
    with _systemd(name) as line:
        app = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"NOTIFY_SOCKET": name})
        try:
            assert line.recv(100) == b"READY=1"
            connection = UnixConnection(sock)
            connection.request("GET", "/health")
            assert json.loads(connection.getresponse().read())["release"] == FIRST
            connection.close()
        finally:
            app.terminate()
            app.wait()
        line.settimeout(0)
        with pytest.raises(BlockingIOError):
            line.recv(100)


def test_the_unit_waits_for_that_word() -> None:
    """Type=notify: `systemctl restart` returns when the app listens, and no page is 502."""
    unit = (ROOT / "ops" / "systemd" / "frontispiece-app@.service").read_text()

    assert "\nType=notify\n" in unit
