"""Processes of our own that draw: forked from one that has loaded what draws, deaf to Ctrl-C."""

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


class Workers(ThreadPoolExecutor):
    """An executor of `count` processes, each made when there is work for it.

    What is submitted must not raise. A process that dies ends the call that it was at, with
    BrokenExecutor, and no other: the next call has a new one. The `with` block ends them all,
    whatever they are at; so does the end of the process that made them.
    """

    # A thread stands for each process and waits for its answers. ProcessPoolExecutor gives up all
    # calls when one process dies, and may then wait for good: https://bugs.python.org/issue94777.

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["publish.cards.preloaded"])
        self._of_thread = threading.local()
        self._changing = threading.Lock()
        self._all: set[_Worker] = set()
        self._ended = False

    def submit(
        self, fn: Callable[_Given, _Answer], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Answer]:
        """Have a function called in one of the processes; it, and what it is given, are pickled."""
        return super().submit(self._call, fn, args, kwargs)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        """End every process at once."""
        self.shutdown(wait=False, cancel_futures=True)
        with self._changing:
            self._ended = True
        for worker in self._all:
            worker.kill()
        self.shutdown(wait=True)

    def _call(
        self, fn: Callable[..., _Answer], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> _Answer:
        try:
            answer: _Answer = self._worker().call(fn, args, kwargs)
        except (EOFError, OSError) as error:
            self._drop()
            raise BrokenExecutor("the process died") from error
        return answer

    def _worker(self) -> "_Worker":
        """Give this thread's process."""
        found: _Worker | None = getattr(self._of_thread, "worker", None)
        if found is None:
            with self._changing:
                if self._ended:
                    raise BrokenExecutor("the processes were ended")
                found = self._of_thread.worker = _Worker(self._context)
                self._all.add(found)
        return found

    def _drop(self) -> None:
        """Have done with this thread's process, which died, if it began at all."""
        found: _Worker | None = getattr(self._of_thread, "worker", None)
        if found is not None:
            found.kill()
            self._of_thread.worker = None


class _Worker:
    """A process that makes the calls it is handed, one after the other."""

    def __init__(self, context: ForkServerContext) -> None:
        self._connection, theirs = context.Pipe()
        # No process here may be interrupted, from its first instant: it has the mask of the thread
        # that starts it. The lock is for multiprocessing's resource tracker, which a first one
        # starts: when it starts, the signal is let through again.
        context.Lock()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def call(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Have a call made, and wait for what it gives. Raises EOFError or OSError if it dies."""
        self._connection.send((fn, args, kwargs))
        return self._connection.recv()

    def kill(self) -> None:
        """End the process, and wait until it is gone."""
        self._process.kill()
        self._process.join()


def _serve(connection: Connection) -> None:
    """Make calls until there is nobody who asks for any."""
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            fn, args, kwargs = connection.recv()
            connection.send(fn(*args, **kwargs))
