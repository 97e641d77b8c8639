"""Draw cards in several processes, store them, and remember them batch by batch.

Shared by render-new and regenerate: they choose which cards, this draws them.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from catalog import progress
from catalog.ahead import ahead
from catalog.durable import sync
from catalog.journal import Journal
from publish.cards import fleet, memory
from publish.cards.memory import Drawn, Failed
from publish.cards.wanted import DEFAULT, PAGES, PlateDigest, Wanted, digest_of_plate, no_plate
from publish.cards.workers import Workers
from publish.stores import Stores
from render import Card, ImageRenderer, Plate, SvgRenderer, handed, pictures_on

_CHUNK = 16  # cards a worker is handed at once
_BATCH = 256  # cards remembered in one transaction
_PATIENCE = 60  # seconds without an answer after which an executor counts as lost
_LOST = 3  # cards at the beginning of a chunk after which an executor counts as lost
_Task = tuple[Card, Plate | None]  # a plate where that is to be drawn, too
_Pictures = list[tuple[bytes, bytes] | str]  # of each task PNG and SVG, or what was wrong with it
_Paint = Callable[[Sequence[_Task]], _Pictures]


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
    """What is needed to draw: the renderers, the names of what they draw, and where they work.

    plates: None draws none; `plate_digest` names none then. workers: processes of our own, for who
    hands over no executor; None has some made, and ended, for each drawing.
    """

    renderer: ImageRenderer
    fingerprint: Callable[[Card], str]
    plates: SvgRenderer | None = None
    plate_digest: PlateDigest = no_plate
    jobs: int = 1
    executor: Executor | None = None
    scheduler: str | None = None  # of dask.distributed: its workers draw
    workers: Workers | None = None


class Unable(Exception):
    """No card can be drawn here, not even `which`: that is no package's fault."""

    def __init__(self, which: str, reason: str) -> None:
        super().__init__(
            f"no card can be drawn on this machine, not even {which}: {reason}. "
            "`make setup`, by whoever owns the checkout, installs all that it takes"
        )


class _Gone(Exception):
    """An executor that was handed to us draws nothing any more."""


def draw(
    db: sqlite3.Connection,
    stores: Stores,
    wanted: Iterable[Wanted],
    total: int,
    easel: Easel,
    journal: Journal,
) -> Result:
    """Draw every wanted card; one that fails is reported and never stops the others."""
    result = Result()
    with ExitStack() as opened:  # on Ctrl-C, too, no process is left that draws
        answers = _until_gone(_if_able(_answers(wanted, total, easel, opened), easel), result)
        done = progress.shown(answers, "drawing cards", total)
        for batch in _batches(done, _BATCH):
            _keep(db, stores, batch, result, journal)
    return result


def _keep(
    db: sqlite3.Connection,
    stores: Stores,
    batch: Iterable[Drawn | Failed],
    result: Result,
    journal: Journal,
) -> None:
    """Store and remember a batch: a run that is ended later has it."""
    drawn = [answer for answer in batch if isinstance(answer, Drawn)]
    failed = [answer for answer in batch if isinstance(answer, Failed)]
    memory.keep(stores, drawn)
    if drawn:  # or a power cut leaves cards and plates that are remembered, and are not there
        sync(stores.cards.folder)
    journal.reached("draw: files stored")
    memory.remember(db, drawn, failed, int(time.time()))
    journal.reached("draw: batch remembered")
    result.drawn += len(drawn)
    result.failed += failed


def _if_able(answers: Iterator[Drawn | Failed], easel: Easel) -> Iterator[Drawn | Failed]:
    """Pass answers on; raise Unable if the first is a failure and the site's own card is another.

    Executors and schedulers that are handed to us are judged elsewhere.
    """
    first = next(answers, None)
    if first is None:
        return
    if isinstance(first, Failed) and easel.executor is None and easel.scheduler is None:
        with Workers(1) as workers:
            tried = _alone(workers, _painter(easel), (PAGES[DEFAULT], None))
        if isinstance(tried, str):
            raise Unable("the site's own", tried)
    yield first
    yield from answers


def _until_gone(answers: Iterator[Drawn | Failed], result: Result) -> Iterator[Drawn | Failed]:
    """Pass answers on while there are any: what is drawn is kept, the rest is the next run's."""
    try:
        yield from answers
    except (_Gone, fleet.Unfit) as gone:
        result.gone = str(gone)
    except Unable as unable:
        result.unable = True
        result.gone = str(unable)


def _answers(
    wanted: Iterable[Wanted], total: int, easel: Easel, opened: ExitStack
) -> Iterator[Drawn | Failed]:
    """Yield an answer for each wanted card, in order."""
    if not total:
        return
    if easel.scheduler is not None:
        joined = fleet.joined(easel.scheduler, easel.renderer, easel.fingerprint)
        many = opened.enter_context(joined)
        easel = replace(easel, renderer=many.renderer, jobs=many.workers, executor=many.executor)
    workers = min(easel.jobs, -(-total // _CHUNK))
    executor = easel.executor or easel.workers or opened.enter_context(Workers(workers))
    yield from _drawn(wanted, executor, easel, workers)


def _drawn(
    wanted: Iterable[Wanted], executor: Executor, easel: Easel, workers: int
) -> Iterator[Drawn | Failed]:
    """Keep the workers fed, a few chunks ahead, and wait for each chunk in its turn."""
    wait = _here if easel.executor is None else _elsewhere
    # Each chunk is submitted as it is asked for.
    submitted = (_submit(executor, easel, chunk) for chunk in _batches(wanted, _CHUNK))
    for chunk, tasks, paint, future in ahead(submitted, 2 * workers):
        made = wait(future, tasks, executor, paint)
        yield from (
            _answer(one, pictures, easel) for one, pictures in zip(chunk, made, strict=True)
        )


def _painter(easel: Easel) -> _Paint:
    return partial(_paint, easel.renderer, easel.plates)


def _task(one: Wanted, easel: Easel) -> _Task:
    """Say what is to be drawn: a plate that there is already is not."""
    plate = Plate.of(one.card)
    due = plate and easel.plates and easel.plate_digest(plate) != one.had_plate
    return one.card, plate if due else None


def _submit(
    executor: Executor, easel: Easel, chunk: Sequence[Wanted]
) -> tuple[Sequence[Wanted], Sequence[_Task], _Paint, "Future[_Pictures]"]:
    """Hand a chunk over, with the pictures of its cards: who draws need not reach our disk."""
    names = {name for one in chunk for name in pictures_on(one.card)}
    renderer, plates = handed(easel.renderer, names), easel.plates and handed(easel.plates, names)
    paint, tasks = partial(_paint, renderer, plates), [_task(one, easel) for one in chunk]
    return chunk, tasks, paint, executor.submit(paint, tasks)


def _here(
    pending: "Future[_Pictures]", chunk: Sequence[_Task], executor: Executor, paint: _Paint
) -> _Pictures:
    """Wait for a process of our own; of a chunk that kills it, the card fails that does it."""
    try:
        return pending.result()
    except BrokenExecutor:
        return [_alone(executor, paint, one) for one in chunk]


def _alone(executor: Executor, paint: _Paint, task: _Task) -> tuple[bytes, bytes] | str:
    try:
        (pictures,) = executor.submit(paint, [task]).result()
    except BrokenExecutor:
        return "it killed the process that drew it"
    return pictures


def _elsewhere(
    pending: "Future[_Pictures]", chunk: Sequence[_Task], executor: Executor, paint: _Paint
) -> _Pictures:
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
    made: _Pictures = []
    given_up = 0
    for one in chunk:
        try:
            made += _in_time(executor.submit(paint, [one]))
        except _Gone:
            raise
        except Exception as error:  # noqa: BLE001
            given_up += 1
            if given_up == len(made) + 1 == _LOST:
                raise _Gone(_sentence(error)) from None
            made.append(f"whoever drew it was lost: {_sentence(error)}")
    return made


def _in_time(pending: "Future[_Pictures]") -> _Pictures:
    """Wait for an answer; a scheduler that is gone may never give one, not even a bad one."""
    try:
        return pending.result(_PATIENCE)
    except TimeoutError:
        if pending.done():  # it is what drawing ended with
            raise
        raise _Gone(f"there was no answer for {_PATIENCE} seconds") from None


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def _answer(one: Wanted, made: tuple[bytes, bytes] | str, easel: Easel) -> Drawn | Failed:
    if isinstance(made, str):
        return Failed(one, made)
    plate = digest_of_plate(one.card, easel.plate_digest)
    return Drawn(one, easel.fingerprint(one.card), made[0], plate, made[1])


def _paint(
    renderer: ImageRenderer, plates: SvgRenderer | None, chunk: Sequence[_Task]
) -> _Pictures:
    """Draw a chunk in a worker: PNG and SVG each, or what was wrong with it."""
    return [_one(renderer, plates, *task) for task in chunk]


def _one(
    renderer: ImageRenderer, plates: SvgRenderer | None, card: Card, plate: Plate | None
) -> tuple[bytes, bytes] | str:
    try:
        return renderer(card), plates(plate) if plates and plate else b""
    except Exception as error:  # noqa: BLE001  (whatever a card does, it is that card's failure)
        return _sentence(error)


def _batches(items: Iterable[Drawn | Failed | Wanted], size: int) -> Iterator[list]:  # type: ignore[type-arg]
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
