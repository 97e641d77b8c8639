"""Installs by Composer, of a package or of all: figures, and the answers that scripts read."""

from dataclasses import dataclass
from datetime import UTC, datetime

from server.answer import Answer, Site, data, report
from server.chart import MONTHS, Chart, chart
from server.figures import iso, iso_day
from server.queries import installs, packages

_DAY = 86_400
_RECENT = 30  # days


@dataclass(frozen=True, slots=True)
class Installs:
    """What was counted until a moment (Unix seconds): by month, {202611: 120}, and by day."""

    until: int
    months: dict[int, int]
    days: dict[int, int]  # since 1970-01-01; the last thirty

    @property
    def total(self) -> int:
        """All that were ever counted."""
        return sum(self.months.values())

    @property
    def recent(self) -> int:
        """Those of the last thirty days."""
        return sum(self.days.values())

    @property
    def chart(self) -> Chart:
        """The last twelve months, drawn."""
        return chart(self.year)

    @property
    def year(self) -> list[tuple[int, int]]:
        """The last twelve months, oldest first, those without an install included."""
        return [(month, self.months.get(month, 0)) for month in _months_until(self.until)]


def of(site: Site, package_id: int) -> Installs | None:
    """Return a package's installs; None if it has none."""
    until = int(site.snapshot.meta.get("installs_until") or 0)
    connection = site.snapshot.connection
    months = installs.months(connection, package_id)
    if not until or not months:
        return None
    days = installs.days(connection, package_id, until // _DAY - _RECENT)
    return Installs(until, months, days)


def everything(site: Site) -> Answer:
    """/api/stats: packages, and the installs of all of them."""
    listed = site.snapshot.listed
    facts = {
        "release": site.snapshot.release,
        "packages": {type_: listed.get(type_, 0) for type_ in ("plugin", "theme")},
        "installs": _figures(of(site, installs.ALL)),
    }
    return data(facts)


def package(site: Site, type_: str, slug: str) -> Answer:
    """/api/packages/<type>/<slug>/stats.json: the installs of one package."""
    connection = site.snapshot.connection
    found = packages.package(connection, type_, slug)
    if found is None:
        return report(404, {"error": f"There is no {type_} {slug} here."})
    if found.withdrawn_at is not None:
        when = iso(found.withdrawn_at)
        return report(410, {"error": f"The {type_} {slug} was withdrawn.", "withdrawn": when})
    versions = installs.versions(connection, found.id)
    other = versions.pop("", 0)
    return data(
        {
            "package": f"wp-{type_}/{slug}",
            "active_installs": found.installs,
            "installs": _figures(of(site, found.id)),
            "versions": versions,
            "other_versions": other,
        }
    )


def _figures(installs: Installs | None) -> dict[str, object]:
    if installs is None:
        return {"total": 0, "last_30_days": 0, "until": None, "months": {}, "days": {}}
    return {
        "total": installs.total,
        "last_30_days": installs.recent,
        "until": iso(installs.until),
        "months": {f"{month // 100}-{month % 100:02}": n for month, n in installs.months.items()},
        "days": {iso_day(day * _DAY): n for day, n in installs.days.items()},
    }


def _months_until(until: int) -> list[int]:
    """Give the twelve months that end with that of a moment, as 202611."""
    when = datetime.fromtimestamp(until, UTC)
    last = when.year * 12 + when.month - 1
    return [n // 12 * 100 + n % 12 + 1 for n in range(last - MONTHS + 1, last + 1)]
