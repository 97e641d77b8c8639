"""Drawing on many machines: the workers of a dask.distributed scheduler.

Each worker must draw what this machine would: the same checkout, the same fonts. A card's name is
worked out here, so a worker that draws another picture would put it under a name that is not its.
"""

import importlib
import importlib.util
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from render import Card, ImageRenderer, handed, site_card

_PATIENCE = 10  # seconds to wait for the scheduler, and for a first worker

Fingerprint = Callable[[Card], str]


class Unfit(Exception):
    """There are no workers that could draw for us; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """An executor, how many workers stand behind it, and the renderer to hand to it."""

    executor: Executor
    workers: int
    renderer: ImageRenderer


@contextmanager
def joined(scheduler: str, renderer: ImageRenderer, fingerprint: Fingerprint) -> Iterator[Fleet]:
    """Connect to 'tcp://host:8786' and look at its workers. Raises Unfit."""
    if importlib.util.find_spec("distributed") is None:
        raise Unfit("dask.distributed is missing: `make pipeline DASK=…` installs it")
    distributed: Any = importlib.import_module("distributed")  # not typed
    mark = fingerprint(site_card())
    try:
        client = distributed.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:  # its TimeoutError is an OSError
        raise Unfit(f"no scheduler answers at {scheduler}: {error}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise Unfit(f"the scheduler at {scheduler} has no workers") from None
        _look_at(client, fingerprint, mark)
        workers = sum(client.nthreads().values())
        yield Fleet(client.get_executor(pure=False), workers, _Same(renderer, fingerprint, mark))


def _look_at(client: Any, fingerprint: Fingerprint, mark: str) -> None:
    others = [worker for worker, threads in client.nthreads().items() if threads > 1]
    if others:
        raise Unfit(f"worker {others[0]} has several threads: start it with --nthreads 1")
    marks = client.run(fingerprint, site_card(), on_error="return")
    for worker, told in marks.items():
        if isinstance(told, Exception):
            raise Unfit(f"worker {worker} cannot draw: {type(told).__name__}: {told}")
        if told != mark:
            raise Unfit(f"worker {worker} draws other cards: its checkout or its fonts differ")


@dataclass(frozen=True, slots=True)
class _Same:
    """A renderer that refuses where cards would come out otherwise: for workers that join late."""

    renderer: ImageRenderer
    fingerprint: Fingerprint
    mark: str

    def handed(self, names: Collection[str]) -> "_Same":
        """Take some prepared pictures along."""
        return replace(self, renderer=handed(self.renderer, names))

    def __call__(self, card: Card) -> bytes:
        if self.fingerprint(site_card()) != self.mark:  # 30 µs; a card takes thousands
            raise Unfit("its worker's checkout or fonts differ")
        return self.renderer(card)
