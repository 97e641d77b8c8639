"""Metadata made by several processes: the same as by one, and a death is one package's failure."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from catalog import database
from catalog.composer import remembered
from catalog.composer.remembered import Sharing
from publish.cards.workers import Workers
from tests.conftest import Source, record, run

_SLUGS = [f"foo-{number}" for number in range(40)]


def _made(data: Path, sharing: Sharing | None) -> tuple[list[remembered.Failed], list[Any]]:
    """Make all metadata anew; give what failed, and the rows."""
    with database.writing(data) as db:
        db.execute("DELETE FROM metadata")
        failed = remembered.compose(
            db, replaces=False, reached=lambda _: None, sharing=sharing, requires_plugins=True
        )
        return failed, db.execute("SELECT * FROM metadata ORDER BY package_id").fetchall()


def test_several_processes_make_what_one_makes(data: Path, source: Source) -> None:
    """Every row is the same, and none is missing."""
    run(data, "build", "--source", source(*map(record, _SLUGS)))
    failed, alone = _made(data, None)
    assert (failed, len(alone)) == ([], len(_SLUGS))
    assert _made(data, Sharing(2, Workers, least=1)) == ([], alone)


class _Deadly(Workers):
    """Processes that end at a package called foo-7, as by a kernel that is out of memory."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(_ended_by_foo_7, fn, *args)


def _ended_by_foo_7(fn: Callable[..., Any], what: Any, *more: Any) -> Any:
    rows = what if isinstance(what, list) else [what]
    if any(row["slug"] == "foo-7" for row in rows):
        os.kill(os.getpid(), signal.SIGKILL)
    return fn(what, *more)


def test_a_package_that_kills_its_process_fails_alone(data: Path, source: Source) -> None:
    """The others of its batch are made; it is named, and due again."""
    run(data, "build", "--source", source(*map(record, _SLUGS)))
    failed, rows = _made(data, Sharing(2, _Deadly, least=1))
    assert failed == [
        remembered.Failed("plugin/foo-7", "the process that was to make it died"),
    ]
    assert len(rows) == len(_SLUGS) - 1
    with database.writing(data) as db:
        assert remembered.compose(db, replaces=False, reached=lambda _: None) == []


def test_few_packages_start_no_process(data: Path, source: Source) -> None:
    """What a run costs that changes little stays what it was."""
    run(data, "build", "--source", source(*map(record, _SLUGS)))

    def started(_count: int) -> Workers:
        raise AssertionError("a process was started")

    assert _made(data, Sharing(2, started, least=len(_SLUGS) + 1))[0] == []
