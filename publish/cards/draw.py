"""Draw cards in several processes, store them, and remember them batch by batch.

Shared by render-new and regenerate: they choose which cards, this draws them.
"""

import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from catalog import progress
from catalog.journal import Journal
from publish.cards import fleet, memory
from publish.cards.memory import Drawn, Failed
from publish.cards.store import CardStore
from publish.cards.wanted import DEFAULT, PAGES, Wanted
from render import Card, ImageRenderer

_CHUNK = 16  # cards a worker is handed at once
_BATCH = 256  # cards remembered in one transaction
_PATIENCE = 60  # seconds without an answer after which an executor counts as lost
_LOST = 3  # cards at the beginning of a chunk after which an executor counts as lost
_Pngs = list[bytes | str]  # of each card its PNG, or what was wrong with it
_Paint = Callable[[Sequence[Card]], _Pngs]


@dataclass(slots=True)
class Result:
    """How many cards were drawn, and which were not; why drawing ended early, if it did."""

    drawn: int = 0
    failed: list[Failed] = field(default_factory=list)
    gone: str = ""
    unable: bool = False  # it ended before the first card, as nothing at all can be drawn here

    @property
    def code(self) -> int:
        """The exit code of a step that drew this."""
        return 2 if self.unable else 1 if self.failed or self.gone else 0


@dataclass(frozen=True, slots=True)
class Easel:
    """What is needed to draw: the renderer, the name it gives a card, and where it works."""

    renderer: ImageRenderer
    fingerprint: Callable[[Card], str]
    jobs: int = 1
    executor: Executor | None = None  # None: processes of our own, no more than there is work for
    scheduler: str | None = None  # of dask.distributed: its workers draw


class _Unable(Exception):
    """No card can be drawn here, not even the site's own: that is no package's fault."""


class _Gone(Exception):
    """An executor that was handed to us draws nothing any more."""


def draw(
    db: sqlite3.Connection,
    store: CardStore,
    wanted: Iterable[Wanted],
    total: int,
    easel: Easel,
    journal: Journal,
) -> Result:
    """Draw every wanted card; one that fails is reported and never stops the others."""
    result = Result()
    answers = _until_gone(_if_able(_answers(wanted, total, easel), easel), result)
    done = progress.shown(answers, "drawing cards", total)
    for batch in _batches(done, _BATCH):
        drawn = [answer for answer in batch if isinstance(answer, Drawn)]
        failed = [answer for answer in batch if isinstance(answer, Failed)]
        memory.keep(store, drawn)
        os.sync()  # or a power cut leaves cards that are remembered, and are not there
        journal.reached("draw: files stored")
        memory.remember(db, drawn, failed, int(time.time()))
        journal.reached("draw: batch remembered")
        result.drawn += len(drawn)
        result.failed += failed
    return result


def _if_able(answers: Iterator[Drawn | Failed], easel: Easel) -> Iterator[Drawn | Failed]:
    """Pass answers on; raise _Unable if the first is a failure and the site's own card is another.

    Executors and schedulers that are handed to us are judged elsewhere.
    """
    first = next(answers, None)
    if first is None:
        return
    if isinstance(first, Failed) and easel.executor is None and easel.scheduler is None:
        site = Wanted(DEFAULT, "the site's own", PAGES[DEFAULT], None)
        tried = _alone(site, easel)
        if isinstance(tried, Failed):
            raise _Unable(tried.error)
    yield first
    yield from answers


def _until_gone(answers: Iterator[Drawn | Failed], result: Result) -> Iterator[Drawn | Failed]:
    """Pass answers on while there are any: what is drawn is kept, the rest is the next run's."""
    try:
        yield from answers
    except (_Gone, fleet.Unfit) as gone:
        result.gone = str(gone)
    except _Unable as error:
        result.unable = True
        result.gone = (
            f"no card can be drawn on this machine, not even the site's own: {error}. "
            "`make setup`, by whoever owns the checkout, installs all that it takes"
        )


def _answers(wanted: Iterable[Wanted], total: int, easel: Easel) -> Iterator[Drawn | Failed]:
    """Yield an answer for each wanted card, in order."""
    if easel.scheduler is not None:
        if total:
            with fleet.joined(easel.scheduler, easel.renderer, easel.fingerprint) as many:
                yield from _answers(
                    wanted,
                    total,
                    Easel(many.renderer, easel.fingerprint, many.workers, many.executor),
                )
        return
    chunks = _batches(wanted, _CHUNK)
    first = next(chunks, None)
    if first is None:
        return
    unfinished: list[list[Wanted]] = [first]
    workers = min(easel.jobs, -(-total // _CHUNK))
    with _executor(easel, workers) as executor:
        try:
            yield from _drawn(unfinished, chunks, executor, easel, workers)
            return
        except BrokenExecutor:
            pass
    # A drawing process died: one card at a time, so that only the card that kills it fails.
    rest = [one for chunk in unfinished for one in chunk]
    for one in (*rest, *(one for chunk in chunks for one in chunk)):
        yield _alone(one, easel)


def _drawn(
    unfinished: list[list[Wanted]],
    chunks: Iterator[list[Wanted]],
    executor: Executor,
    easel: Easel,
    workers: int,
) -> Iterator[Drawn | Failed]:
    """Keep the workers fed, a few chunks ahead; `unfinished` holds what has no answer yet."""
    paint = partial(_paint, easel.renderer)
    unfinished += islice(chunks, 2 * workers)
    pending = [executor.submit(paint, [one.card for one in chunk]) for chunk in unfinished]
    while pending:
        chunk = unfinished[0]
        if easel.executor is None:
            pngs = pending[0].result()
        else:
            pngs = _elsewhere(pending[0], chunk, easel.executor, paint)
        for chunk_more in islice(chunks, 1):
            unfinished.append(chunk_more)
            pending.append(executor.submit(paint, [one.card for one in chunk_more]))
        del pending[0], unfinished[0]
        yield from (_answer(one, png, easel) for one, png in zip(chunk, pngs, strict=True))


def _elsewhere(
    pending: "Future[_Pngs]", chunk: Sequence[Wanted], executor: Executor, paint: _Paint
) -> _Pngs:
    """Wait for an executor that is not ours; a chunk that it gives up is tried card by card.

    A card alone that is given up is that card's failure, unless the first few all are: _Gone.
    The deaths of its workers are the executor's to see to; it gives up what kills several.
    """
    try:
        return _in_time(pending)
    except _Gone:
        raise
    except Exception:  # noqa: BLE001, S110  (whatever another's executor raises)
        pass
    pngs: _Pngs = []
    given_up = 0
    for one in chunk:
        try:
            pngs += _in_time(executor.submit(paint, [one.card]))
        except _Gone:
            raise
        except Exception as error:  # noqa: BLE001
            given_up += 1
            if given_up == len(pngs) + 1 == _LOST:
                raise _Gone(_sentence(error)) from None
            pngs.append(f"whoever drew it was lost: {_sentence(error)}")
    return pngs


def _in_time(pending: "Future[_Pngs]") -> _Pngs:
    """Wait for an answer; a scheduler that is gone may never give one, not even a bad one."""
    try:
        return pending.result(_PATIENCE)
    except TimeoutError:
        if pending.done():  # it is what drawing ended with
            raise
        raise _Gone(f"there was no answer for {_PATIENCE} seconds") from None


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def _alone(one: Wanted, easel: Easel) -> Drawn | Failed:
    with _executor(easel, 1) as executor:
        try:
            (png,) = executor.submit(_paint, easel.renderer, [one.card]).result()
        except BrokenExecutor:
            return Failed(one, "it killed the process that drew it")
    return _answer(one, png, easel)


def _answer(one: Wanted, png: bytes | str, easel: Easel) -> Drawn | Failed:
    if isinstance(png, str):
        return Failed(one, png)
    return Drawn(one, easel.fingerprint(one.card), png)


def _paint(renderer: ImageRenderer, chunk: Sequence[Card]) -> _Pngs:
    """Draw a chunk in a worker: a PNG each, or what was wrong with it."""
    return [_one(renderer, card) for card in chunk]


def _one(renderer: ImageRenderer, card: Card) -> bytes | str:
    try:
        return renderer(card)
    except Exception as error:  # noqa: BLE001  (whatever a card does, it is that card's failure)
        return _sentence(error)


@contextmanager
def _executor(easel: Easel, workers: int) -> Iterator[Executor]:
    if easel.executor is not None:
        yield easel.executor
        return
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_ignore_interrupts
    )
    try:
        yield pool
    finally:
        # On Ctrl-C too: what is drawn is remembered, what waits is left to the next run.
        pool.shutdown(wait=True, cancel_futures=True)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to every process, to the one that gives the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _batches(items: Iterable[Drawn | Failed | Wanted], size: int) -> Iterator[list]:  # type: ignore[type-arg]
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
