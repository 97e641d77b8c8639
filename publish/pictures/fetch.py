"""Pictures that are due are asked for, judged, prepared and kept.

Every picture is a matter of its own: one that is missing or bad is named, and remembered, so that
it is not asked for again before a month is over. What was prepared is on the card that is drawn
next. What nobody answered is an outage: what was known stays.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from catalog import database, pictures, progress
from catalog.durable import sync
from catalog.journal import Journal, capped
from catalog.pictures import Picture, Unanswered
from catalog.wporg.client import Client, Limits, agent
from publish.cards.workers import Workers
from publish.errands import Errands
from publish.hosts import Hosts
from publish.pictures.judge import MOST_BYTES
from publish.pictures.look import Judge, Looked, judge, look
from publish.pictures.network import Network
from publish.pictures.step import Asking, Todo
from publish.pictures.store import PictureStore

_BATCH = 64  # pictures remembered in one transaction
_LONGEST = 600.0  # seconds after which no further picture is begun: a release waits for this step
_LIMITS = Limits(silence=15.0, total=60.0, body=MOST_BYTES, tries=3)


@dataclass(slots=True)
class _Report:
    looked: int = 0
    prepared: int = 0
    unfit: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    requests: int = 0
    left: int = 0

    def add(self, looked: Looked) -> None:
        """Count a picture."""
        self.looked += 1
        outcome = looked.outcome
        if isinstance(outcome, Unanswered):
            self.unanswered.append(f"{outcome.of.label}: {outcome.reason}")
        elif outcome.reason:
            self.unfit.append(f"{outcome.of.label}: {outcome.reason}")
        self.prepared += bool(looked.prepared)


def fetch(
    db: sqlite3.Connection, store: PictureStore, todo: Todo, jobs: int, journal: Journal
) -> int:
    """Look at pictures, prepare, keep and remember them; give the exit code: 1 after an outage."""
    report, begun = _Report(), time.monotonic()
    with Workers(jobs) as workers:
        judging = partial(judge, workers)
        looking = Errands(partial(look, todo.beside, judging), jobs, _LONGEST)
        here = _each(looking, todo.here, report)
        _keep_all(db, store, here, len(todo.here), report, journal)
        if todo.asking:
            asked = _asked(todo.there, todo.asking, judging, report)
            _keep_all(db, store, asked, len(todo.there), report, journal)
            report.left = pictures.waiting(db, int(time.time()))
    return _tell(report, time.monotonic() - begun, journal)


def _asked(
    due: Sequence[Picture], asking: Asking, judging: Judge, report: _Report
) -> Iterator[Looked]:
    """Ask for pictures, some at a time."""
    limits = replace(_LIMITS, concurrency=asking.concurrency)
    with Client(agent(asking.contact), limits) as client:
        looking = partial(look, Network(client, Hosts(asking.hosts, asking.through)), judging)
        yield from _each(Errands(looking, asking.concurrency, _LONGEST), due, report)
        report.requests = client.requests


def _each(
    errands: Errands[Picture, Looked], todo: Sequence[Picture], report: _Report
) -> Iterator[Looked]:
    """Look at pictures, some at a time."""
    yield from errands.each(todo)
    if left := errands.not_asked:
        report.unanswered.append(f"the hosts are out: {left:,} pictures were not asked for")


def _keep_all(
    db: sqlite3.Connection,
    store: PictureStore,
    looked: Iterable[Looked],
    total: int,
    report: _Report,
    journal: Journal,
) -> None:
    """Store and remember pictures batch by batch: a run that is ended later has them."""
    shown = progress.shown(looked, "fetching pictures", total)
    while batch := list(islice(shown, _BATCH)):
        for one in batch:
            report.add(one)
            if one.prepared:
                store.put(one.prepared)
        if any(one.prepared for one in batch):
            sync(store.folder)
        journal.reached("fetch-pictures: files stored")
        with database.transaction(db):
            pictures.remember(db, [one.outcome for one in batch], int(time.time()))
        journal.reached("fetch-pictures: batch remembered")


def _tell(report: _Report, seconds: float, journal: Journal) -> int:
    """Say what was done and name what cannot be shown; give the exit code."""
    journal.note(
        asked=report.looked,
        requests=report.requests,
        unanswered=len(report.unanswered),
        prepared=report.prepared,
    )
    unfit = [f"fetch-pictures: {one}" for one in report.unfit]
    for line in capped(unfit, "fetch-pictures: and {:,} more that cannot be shown"):
        print(line)
    unanswered = [f"fetch-pictures: {one}" for one in report.unanswered]
    journal.complain(*capped(unanswered, "fetch-pictures: and {:,} more"))
    print(
        f"fetch-pictures: {report.looked:,} looked at, {report.prepared:,} prepared, "
        f"{len(unfit):,} cannot be shown, {len(unanswered):,} failed, {report.left:,} wait; "
        f"{report.requests:,} requests, {seconds:.1f} s"
    )
    return 1 if report.unanswered else 0
