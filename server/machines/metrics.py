"""How the site is, for Prometheus. nginx lets nobody ask but who may (nginx/server/metrics.conf).

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from release.last_runs import Last
from server.answer import NEVER, Answer, Site

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_TYPES = ("plugin", "theme")
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class _Gauge:
    """A figure; values: by the value of its one label, or by '' without one."""

    name: str
    help: str
    values: Mapping[str, float]
    label: str = ""

    def lines(self) -> Iterator[str]:
        """Print it; nothing where there are no values."""
        name = f"frontispiece_{self.name}"
        if self.values:
            yield f"# HELP {name} {self.help}"
            yield f"# TYPE {name} gauge"
        for of, value in self.values.items():
            labels = f'{{{self.label}="{of.translate(_ESCAPED)}"}}' if self.label else ""
            yield f"{name}{labels} {value}"


def metrics(site: Site) -> Answer:
    """The release, its cards, how each command went last, and what there is of the machine."""
    gauges = (*_of_release(site), *_of_commands(site.live.commands()), *_of_machine(site))
    body = "\n".join(line for gauge in gauges for line in gauge.lines()) + "\n"
    return Answer(200, body, {"Content-Type": _TYPE, "Cache-Control": NEVER})


def _of_release(site: Site) -> Iterator[_Gauge]:
    snapshot = site.snapshot
    told = json.loads(snapshot.meta.get("status", "{}"))
    catalogue = told.get("catalogue", {})
    age = {} if snapshot.made is None else {"": _now() - snapshot.made.timestamp()}
    yield _Gauge("release_age_seconds", "Since the served release was made.", age)
    yield _Gauge(
        "degraded",
        "1 if the current release cannot be read and another one is served.",
        {"": int(site.instead_of is not None)},
    )
    packages = {type: snapshot.listed.get(type, 0) for type in _TYPES}
    yield _Gauge("packages", "Packages that are listed and open.", packages, "type")
    yield _Gauge("cards", "Packages by the state of their card.", told.get("cards", {}), "state")
    for key, name, means in (
        ("closed", "closed_packages", "Packages that WordPress.org has closed."),
        ("withdrawn", "withdrawn_packages", "Packages that the source no longer has."),
        ("refused", "refused_records", "Records of the source that were refused."),
    ):
        yield _Gauge(name, means, {"": catalogue[key]} if key in catalogue else {})


def _of_commands(known: Mapping[str, Last]) -> Iterator[_Gauge]:
    tried = {name: last.tried_at for name, last in known.items()}
    succeeded = {name: last.succeeded_at for name, last in known.items()}
    changed = {name: last.changed_at for name, last in known.items()}
    since = "when the command began"
    for what, means, moments in (
        ("try", f"The Unix seconds {since} last.", tried),
        ("success", f"The Unix seconds {since} that ended well last; 0 for never.", succeeded),
        ("change", f"The Unix seconds {since} that changed anything last; 0 for never.", changed),
    ):
        yield _Gauge(f"command_last_{what}_timestamp_seconds", means, moments, "command")
    codes = {name: last.exit_code for name, last in known.items()}
    yield _Gauge("command_exit_code", "How the command ended last.", codes, "command")
    took = {name: last.seconds for name, last in known.items()}
    yield _Gauge("command_duration_seconds", "How long the command took last.", took, "command")


def _of_machine(site: Site) -> Iterator[_Gauge]:
    room, processes = site.live.room(), site.live.processes()
    free, total = ({"": room.free}, {"": room.total}) if room else ({}, {})
    yield _Gauge("disk_free_bytes", "Room left on the disk with the data.", free)
    yield _Gauge("disk_size_bytes", "Size of the disk with the data.", total)
    ends = site.live.certificate_ends()
    yield _Gauge(
        "certificate_end_timestamp_seconds",
        "The Unix seconds when the certificate that the site shows ends.",
        {} if ends is None else {"": ends},
    )
    if processes:
        states = {"known": processes.known, "listening": processes.listening}
        yield _Gauge("app_processes", "Processes of the app by state.", states, "state")


def _now() -> float:
    return datetime.now(UTC).timestamp()
