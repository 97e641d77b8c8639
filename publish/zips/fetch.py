"""Zips that are wanted are asked for, looked through, and kept.

Every zip is a matter of its own: one that is missing, or is not what it should be, is named, and
asked for again later. What nobody answered is an outage: it changes nothing, and what came of a zip
stays, so that the next run goes on with it.
"""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from catalog import database, progress, zips
from catalog.durable import sync
from catalog.journal import Journal, capped
from catalog.wporg.client import Client, LeftAlone, Limits, Outage, agent
from catalog.zips import Due, Kept, Wanted
from publish.cards.workers import Workers
from publish.errands import Errands
from publish.hosts import Hosts
from publish.zips.download import Download, Full, Network, Refused, Room, name_of
from publish.zips.look import OtherVersion, look
from publish.zips.step import Keeping
from publish.zips.store import ZipStore

_BATCH = 16  # zips remembered in one transaction
_LONGEST = 600.0  # seconds after which no further zip is begun: a release waits for this step
# A try that takes longer is cut off; the next one, or the next run, goes on where it was.
_LIMITS = Limits(silence=30.0, total=200.0, tries=3, longest_wait=60.0)


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of a zip: what was `found`, to be kept if it lies at `path`; or why not: `reason`.

    other: it is served, but is another version now. unanswered: nobody answered.
    left_alone: nothing more is to be asked, for the hosts want that, or there is no room left.
    """

    of: Wanted
    found: Kept | None = None
    path: Path | None = None
    reason: str = ""
    other: bool = False
    full: bool = False
    unanswered: bool = False
    left_alone: bool = False


@dataclass(slots=True)
class _Report:
    limit: int
    due: int
    kept: int = 0
    bytes: int = 0
    full: bool = False
    refused: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    unfit: int = 0  # of those that are due

    @property
    def waiting(self) -> int:
        """How many zips are left for later runs."""
        return self.due - self.kept - self.unfit


@dataclass(frozen=True, slots=True)
class _Fetcher:
    """Fetches one zip at a time, from any number of threads."""

    network: Network
    store: ZipStore
    workers: Workers
    room: Room

    def fetch(self, one: Wanted) -> _Came:
        """Bring a zip, and look it through."""
        path = self.store.coming(name_of(one.label, one.url))
        # One that is only compared is dropped at once.
        download = Download(path, Room(None) if one.kept else self.room)
        try:
            self.network.fetch(one.url, download)
            found = look(self.workers, path, one)
        except Refused as reason:
            download.drop()
            other = isinstance(reason, OtherVersion)
            return _Came(one, reason=f"{one.url}: {reason}", other=other)
        except Full:
            download.drop()
            return _Came(one, full=True, left_alone=True)
        except Outage as outage:
            left_alone = isinstance(outage, LeftAlone)
            return _Came(one, reason=str(outage), unanswered=True, left_alone=left_alone)
        except OSError:  # a full disk: what came is not to take the rest of it
            download.drop()
            raise
        if one.kept:
            download.drop()
            return _Came(one, found=found)
        download.done()
        return _Came(one, found=found, path=path)


def fetch(
    db: sqlite3.Connection,
    store: ZipStore,
    keeping: Keeping,
    due: Due,
    comparing: Sequence[Wanted],
    journal: Journal,
) -> int:
    """Fetch zips, keep or compare them; give the exit code: 1 after an outage."""
    begun, before = time.monotonic(), zips.used(db)
    told = zips.is_full(db, keeping.limit)
    full = told or before >= keeping.limit
    report = _Report(keeping.limit, due.count, full=full and bool(due.zips))
    room = Room(max(keeping.limit - before, 0))
    todo = list(comparing) if full else [*due.zips, *comparing]
    limits = replace(_LIMITS, concurrency=keeping.concurrency)
    with Workers(keeping.jobs) as workers, Client(agent(keeping.contact), limits) as client:
        network = Network(client, Hosts(keeping.hosts, keeping.through))
        fetcher = _Fetcher(network, store, workers, room)
        errands = Errands(fetcher.fetch, keeping.concurrency, _LONGEST)
        _keep_all(db, store, errands.each(todo), len(todo), report, journal)
        requests = client.requests
    if errands.not_asked and not report.full:
        report.unanswered.append(
            f"the hosts are out: {errands.not_asked:,} zips were not asked for"
        )
    if report.full and not told:
        zips.keep_full(db, keeping.limit)
        journal.complain(_limit(report, before))
    elif report.full:
        print(_limit(report, before))
    _tell(report, requests, time.monotonic() - begun, journal)
    return 1 if report.unanswered else 0


def _keep_all(
    db: sqlite3.Connection,
    store: ZipStore,
    came: Iterable[_Came],
    total: int,
    report: _Report,
    journal: Journal,
) -> None:
    """Store and remember zips batch by batch: a run that is ended later has them."""
    shown = iter(progress.shown(came, "fetching zips", total))
    while batch := list(islice(shown, _BATCH)):
        new = []
        for one in batch:
            if one.found and one.path:
                store.take(one.path, one.found.name)
                new.append((one.of, one.found))
        if new:
            sync(store.folder)  # their names, before they are remembered
        journal.reached("fetch-zips: files stored")
        now = int(time.time())
        with database.transaction(db):
            if new:
                zips.keep(db, new, now)
            for one in batch:
                _remember(db, one, report, now)
        report.kept += len(new)
        report.bytes += sum(kept.bytes for _, kept in new)
        journal.reached("fetch-zips: batch remembered")


def _remember(db: sqlite3.Connection, came: _Came, report: _Report, now: int) -> None:
    """Remember what came of a zip that is not new."""
    one = came.of
    if came.full:
        report.full = True
    elif one.kept and (came.found or came.other):
        # What says that it is another version tells nothing of this one.
        if zips.compared(db, one, came.found.contents if came.found else "", now):
            report.differing.append(f"{one.label}: {one.url} holds other files than the zip kept")
    elif came.found is None:
        told = report.unanswered if came.unanswered else report.refused
        told.append(f"{one.label}: {came.reason}")
        report.unfit += not (came.unanswered or one.kept)
        zips.fail(db, one, came.reason, now)


def _limit(report: _Report, before: int) -> str:
    return (
        f"fetch-zips: {_size(before + report.bytes)} of ZIPS_LIMIT {_size(report.limit)} are used: "
        f"{report.waiting:,} zips wait until it is raised"
    )


def _tell(report: _Report, requests: int, seconds: float, journal: Journal) -> None:
    """Say what was done, and name what is not kept, and what differs."""
    journal.note(
        requests=requests,
        unanswered=len(report.unanswered),
        kept_zips=report.kept,
        refused_zips=len(report.refused),
        differing_zips=len(report.differing),
        waiting_zips=report.waiting,
    )
    refused = [f"fetch-zips: not kept: {one}" for one in report.refused]
    for line in capped(refused, "fetch-zips: and {:,} more that are not kept"):
        print(line)
    for sentences, rest in (
        ([f"fetch-zips: {one}" for one in report.differing], "fetch-zips: and {:,} more differ"),
        ([f"fetch-zips: {one}" for one in report.unanswered], "fetch-zips: and {:,} more"),
    ):
        journal.complain(*capped(sentences, rest))
    print(
        f"fetch-zips: {report.kept:,} kept ({_size(report.bytes)}), {len(refused):,} not kept, "
        f"{len(report.differing):,} differ, {len(report.unanswered):,} failed, "
        f"{report.waiting:,} wait; {requests:,} requests, {seconds:.1f} s"
    )


def _size(count: int) -> str:
    return f"{count / 1e9:,.2f} GB" if count >= 10_000_000 else f"{count / 1e3:,.1f} KB"
