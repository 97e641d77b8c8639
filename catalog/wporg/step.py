"""The step `fetch`: what changed at wordpress.org is saved; the saved answers are the source."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from catalog.journal import Journal, capped
from catalog.wporg.client import Client, Limits, agent
from catalog.wporg.fetch import Report, Sites, fetch
from catalog.wporg.saved import Damaged, Saved
from catalog.wporg.seeds import SeedError, read_seeds
from release.data import Data


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for, of whom, and how.

    seeds: a file of the only packages that are wanted. contact: who runs this, for the User-Agent.
    relist: read the repositories' indexes again. only: (type, slug) of packages that are asked
    anew, and nothing else is. changelogs: of plugins, too.
    """

    seeds: Path | None = None
    contact: str = ""
    relist: bool = False
    concurrency: int = Limits().concurrency
    sites: Sites = field(default_factory=Sites)
    only: tuple[tuple[str, str], ...] = ()
    changelogs: bool = False


def fetch_changes(data: Path, asking: Asking, journal: Journal) -> int:
    """Save what changed; give the exit code: 1 after an outage, which changes nothing known."""
    begun = time.monotonic()
    try:
        seeds = read_seeds(asking.seeds) if asking.seeds else None
        with (
            Client(agent(asking.contact), Limits(concurrency=asking.concurrency)) as client,
            Saved(Data(data).wporg, journal.reached) as saved,
        ):
            report = fetch(
                *(saved, client, asking.sites),
                seeds=seeds,
                relist=asking.relist,
                only=asking.only,
                changelogs=asking.changelogs,
            )
    except (Damaged, SeedError) as error:
        journal.complain(f"fetch: {error}")
        return 2
    journal.note(asked=report.asked, requests=client.requests, unanswered=report.failed)
    failures = [f"fetch: {failure}" for failure in report.failures]
    journal.complain(*capped(failures, "fetch: and {:,} more"))
    _tell(report, client.requests, time.monotonic() - begun)
    return 1 if report.failures else 0


def _tell(report: Report, requests: int, seconds: float) -> None:
    print(
        f"fetch: {report.asked:,} asked, {report.changed:,} new or changed, "
        f"{report.closed:,} closed, {report.failed:,} failed; "
        f"{requests:,} requests, {seconds:.1f} s"
    )
