"""Things asked for one by one, some at a time, as long as there are answers and there is time."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

_ENOUGH = 6  # failures on end: the hosts are out, and asking on is rude

_Asked = TypeVar("_Asked")


class Outcome(Protocol):
    """What came of one. unanswered: nobody answered. left_alone: nothing more is to be asked."""

    @property
    def unanswered(self) -> bool:
        """Whether nobody answered."""
        ...

    @property
    def left_alone(self) -> bool:
        """Whether nothing more is to be asked."""
        ...


_Out = TypeVar("_Out", bound=Outcome)


@dataclass(slots=True)
class Errands(Generic[_Asked, _Out]):
    """How they are asked for. not_asked: how many were not, for the hosts were out.

    longest: seconds after which no further one is begun.
    """

    ask: Callable[[_Asked], _Out]
    at_once: int
    longest: float
    not_asked: int = 0

    def each(self, todo: Sequence[_Asked]) -> Iterator[_Out]:
        """Ask, and give what came of each that was asked for."""
        queue, running = deque(todo), set[Future[_Out]]()
        in_a_row, until = 0, time.monotonic() + self.longest
        with ThreadPoolExecutor(self.at_once) as pool:
            while running or queue:
                if in_a_row >= _ENOUGH:
                    self.not_asked += len(queue)
                    queue.clear()
                elif time.monotonic() >= until:
                    queue.clear()  # the next run's
                while queue and len(running) < self.at_once:
                    running.add(pool.submit(self.ask, queue.popleft()))
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    out = future.result()
                    in_a_row = _in_a_row(in_a_row, out)
                    yield out


def _in_a_row(before: int, out: Outcome) -> int:
    if out.left_alone:
        return _ENOUGH
    return before + 1 if out.unanswered else 0
