"""One run against wordpress.org: find what changed, ask for it, save the answers.

Requests are in proportion to what changed: one for each hundred revisions of the two logs, one for
each hundred packages with new commits, and one for each hundred that have not been asked since
yesterday, which is how closures and install counts are noticed. Where the API takes no batches
(the themes' did not in 2024) it is one for each package.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from catalog.wporg import details, discovery
from catalog.wporg.client import Client, LeftAlone, Outage
from catalog.wporg.details import Answer, Closed, Failure, Found, OneForAll
from catalog.wporg.saved import Saved, closure_of, digest, record_of
from catalog.wporg.state import TYPES

_ENOUGH = 6  # requests that fail one after the other: the API is out, and asking on is rude

Seeds = Mapping[str, Iterable[str]]
Batch = tuple[str, tuple[str, ...]]  # type, slugs


@dataclass(frozen=True, slots=True)
class Sites:
    """Where wordpress.org is: base URLs, so that a mirror or a test can stand in."""

    api: str = "https://api.wordpress.org/"
    plugins: str = "https://plugins.svn.wordpress.org/"
    themes: str = "https://themes.svn.wordpress.org/"

    def repository(self, type_: str) -> str:
        """Return the Subversion repository of 'plugin' or 'theme'."""
        return {"plugin": self.plugins, "theme": self.themes}[type_]


@dataclass(slots=True)
class Report:
    """What a run did, in numbers of packages; `failures` are sentences, one a failed request."""

    asked: int = 0
    changed: int = 0
    closed: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)
    rewritten: bool = False


def fetch(
    saved: Saved,
    client: Client,
    sites: Sites,
    *,
    seeds: Seeds | None = None,
    relist: bool = False,
    only: Iterable[tuple[str, str]] = (),
    changelogs: bool = False,
    now: Callable[[], float] = time.time,
) -> Report:
    """Bring `saved` up to date, as far as the servers let it; never raise for an outage.

    With `seeds` (type -> slugs) only those packages are kept, and all of them are asked. `relist`
    reads the repositories' indexes again although their logs are being followed. `only` are (type,
    slug) of packages that are asked now, and nothing else is. `changelogs`: of plugins, too.
    """
    run = _Run(saved, client, sites, now, changelogs=changelogs)
    batches = [(type_, (slug,)) for type_, slug in only]
    for type_ in () if batches else TYPES:
        if seeds is not None:
            run.restrict(type_, seeds.get(type_, ()))
        else:
            run.discover(type_, relist=relist)
    run.ask_all(batches or run.due(everything=seeds is not None))
    run.report.rewritten = saved.absorb()
    return run.report


class _Run:
    def __init__(
        self,
        saved: Saved,
        client: Client,
        sites: Sites,
        now: Callable[[], float],
        *,
        changelogs: bool,
    ) -> None:
        self._changelogs = changelogs
        self.report = Report()
        self._saved, self._client, self._sites, self._now = saved, client, sites, now

    def restrict(self, type_: str, seeds: Iterable[str]) -> None:
        """Keep the packages of a seed list and no others."""
        repository = self._saved.state.of(type_)
        kept = sorted(set(seeds))
        if repository.watermark or set(kept) != {*repository.known, *repository.pending}:
            self._save({"type": type_, "kept": kept})

    def discover(self, type_: str, *, relist: bool) -> None:
        """Note what the repository has (once) and what was committed since."""
        repository, base = self._saved.state.of(type_), self._sites.repository(type_)
        try:
            if relist or not repository.watermark:
                index = discovery.listing(self._client, base)
                new = sorted(index.slugs - repository.known.keys() - repository.pending.keys())
                if new or index.revision > repository.watermark == 0:
                    self._save({"type": type_, "listed": index.revision, "slugs": new})
            else:
                for log in discovery.changes(self._client, base, repository.watermark):
                    self._save(
                        {
                            "type": type_,
                            "revision": log.revision,
                            "changed": log.slugs,
                            "tags": log.tags,
                        }
                    )
                    if log.unread:
                        self._unread(type_, log)
        except Outage as outage:
            self.report.failures.append(f"what changed among the {type_}s is not known: {outage}")

    def due(self, *, everything: bool) -> Iterator[Batch]:
        """Yield the requests to make: new commits first."""
        for type_ in TYPES:
            slugs = self._saved.state.of(type_).due(int(self._now()), everything=everything)
            for batch in details.batches(slugs):
                yield type_, batch

    def _next(self, queue: deque[Batch]) -> Batch:
        """Take the next request; of a batch only its first package where batches do not work."""
        type_, slugs = queue.popleft()
        if len(slugs) > 1 and self._saved.state.of(type_).asks_singly(int(self._now())):
            queue.appendleft((type_, slugs[1:]))
            slugs = slugs[:1]
        return type_, slugs

    def ask_all(self, batches: Iterable[Batch]) -> None:
        """Make the requests, some at a time, and save each answer as it comes.

        A request that fails is made again in halves, so that one package that the API stumbles
        over does not hold up ninety-nine others; singly, where the API takes no batches.
        """
        queue = deque(batches)
        running: dict[Future[dict[str, Answer]], Batch] = {}
        in_a_row = 0
        most = self._client.limits.concurrency
        with ThreadPoolExecutor(most) as pool:
            while running or (queue and in_a_row < _ENOUGH):
                while queue and in_a_row < _ENOUGH and len(running) < most:
                    batch = self._next(queue)
                    running[pool.submit(self._ask, batch)] = batch
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    batch = running.pop(future)
                    try:
                        self._saved.append(self._events(batch[0], future.result()))
                        in_a_row = 0
                    except Outage as outage:
                        in_a_row = _in_a_row(in_a_row, outage)
                        queue.extend(self._again(batch, outage))
        self._give_up(queue)

    def _ask(self, batch: Batch) -> dict[str, Answer]:
        type_, slugs = batch
        return details.ask(
            *(self._client, self._sites.api, type_, slugs), changelogs=self._changelogs
        )

    def _again(self, batch: Batch, outage: Outage) -> Iterator[Batch]:
        type_, slugs = batch
        if len(slugs) == 1:
            self._failed(type_, slugs[0], str(outage))
            return
        if isinstance(outage, OneForAll) and outage.unsupported:
            self._ask_singly(type_)
        half = len(slugs) // 2
        yield type_, slugs[:half]
        yield type_, slugs[half:]

    def _ask_singly(self, type_: str) -> None:
        """Remember that the API takes no batches of this type; it is tried again after a week."""
        if not self._saved.state.of(type_).asks_singly(int(self._now())):
            self._save({"type": type_, "batches": False})

    def _give_up(self, left: Iterable[Batch]) -> None:
        unasked = sum(len(slugs) for _, slugs in left)
        if unasked:
            self.report.failed += unasked
            self.report.failures.append(f"the API is out: {unasked:,} packages were not asked")

    def _events(self, type_: str, answers: Mapping[str, Answer]) -> list[dict[str, Any]]:
        at = int(self._now())
        events = []
        for slug, answer in answers.items():
            self.report.asked += 1
            if isinstance(answer, Failure):
                self._failed(type_, slug, answer.reason)
            else:
                events.append(
                    {"at": at, "type": type_, "slug": slug, **self._news(type_, slug, answer)}
                )
        return events

    def _news(self, type_: str, slug: str, answer: Answer) -> dict[str, Any]:
        """Return what an answer says, with its `fields` when they differ from what is saved."""
        repository = self._saved.state.of(type_)
        known = repository.known.get(slug)
        version = awaited = ""
        if isinstance(answer, Found):
            kind = "found"
            tags = repository.tags.get(slug, {})
            fields = record_of(type_, slug, answer.fields, repository.revision(slug), tags)
            version = str(answer.fields.get("version") or "")
            if type_ == "theme":
                awaited = details.awaited(answer.fields)
        elif isinstance(answer, Closed) or (type_ == "theme" and repository.holds(slug)):
            kind = "closed"  # a theme that is no longer found is closed: the API gives no reason
            fields = closure_of(answer if isinstance(answer, Closed) else details.NO_REASON)
        else:
            return {"kind": "missing", "version": "", "digest": ""}
        news = {"kind": kind, "version": version, "digest": digest(fields)}
        if awaited:
            news["awaited"] = awaited
        if known is None or known.digest != news["digest"]:
            self.report.changed += kind == "found"
            self.report.closed += kind == "closed" and repository.holds(slug)
            return {**news, "fields": fields}
        return news

    def _unread(self, type_: str, log: discovery.Changes) -> None:
        """Tell of a revision that was stepped over: its package is asked within a day all the same.

        Only a package that was new with it has to be found by reading the index again.
        """
        self.report.failures.append(
            f"what revision {log.revision:,} changed among the {type_}s is not known: {log.unread}"
        )

    def _failed(self, type_: str, slug: str, reason: str) -> None:
        self.report.failed += 1
        self.report.failures.append(f"{type_}/{slug}: {reason}")

    def _save(self, event: Mapping[str, Any]) -> None:
        self._saved.append([{"at": int(self._now()), **event}])


def _in_a_row(before: int, outage: Outage) -> int:
    """Count failures on end: one error for a whole batch is an answer, and the API is not out."""
    if isinstance(outage, LeftAlone):
        return _ENOUGH
    return before if isinstance(outage, OneForAll) else before + 1
