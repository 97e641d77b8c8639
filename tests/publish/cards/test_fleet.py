"""Drawing by the workers of a real dask scheduler, each a process, as if on many machines."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import Client, LocalCluster

from catalog import database
from publish.cards import draw, fleet
from publish.cards.store import CardStore
from render import Card, CardRenderer, ImageRenderer, site_card
from scripts import build, deploy, redraw, render_new
from tests.conftest import SITE_URL, Source, pipeline, record, run
from tests.stub import KILLS, blank, moody, slow


@contextmanager
def _cluster(**options: Any) -> Iterator[LocalCluster]:
    settings = {
        "distributed.scheduler.allowed-failures": 1,
        "distributed.comm.timeouts.connect": "2s",
    }
    with (
        dask.config.set(settings),
        LocalCluster(
            **{"n_workers": 2, "threads_per_worker": 1, **options},
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as cluster,
    ):
        yield cluster


@pytest.fixture(scope="module", name="cluster")
def _shared_cluster() -> Iterator[LocalCluster]:
    with _cluster() as cluster:
        yield cluster


@pytest.fixture(name="executor")
def _executor(cluster: LocalCluster) -> Iterator[Executor]:
    with Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(2)
        yield client.get_executor(pure=False)


def _build(data: Path, source: Source, *names: str) -> None:
    file = source(*(record(f"p-{number}", name=name) for number, name in enumerate(names)))
    assert build.main(["--data", str(data), "--source", str(file)]) == 0


def _undrawn(data: Path) -> list[str]:
    with database.reading(data) as db:
        rows = db.execute(
            "SELECT name FROM package LEFT JOIN card ON package_id = id WHERE package_id IS NULL"
        ).fetchall()
    return [name for (name,) in rows]


def _render_new(data: Path, executor: Executor, renderer: ImageRenderer | None = None) -> int:
    return render_new.main(["--data", str(data), "--jobs", "2"], None, renderer, executor)


def _when_drawing(data: Path, act: Callable[[], object]) -> threading.Thread:
    """Do something, in a thread, as soon as a first card is in the store."""
    store = CardStore(data / "store" / "og")

    def watch() -> None:
        while not any(store.all()):
            time.sleep(0.01)
        act()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def test_two_workers_draw_the_very_cards_that_we_would(
    data: Path, source: Source, cluster: LocalCluster, tmp_path: Path
) -> None:
    """By the command, with the real renderer: the same names, the same bytes."""
    names = [f"Package {number}" for number in range(24)]
    _build(data, source, *names)
    done = run(data, "render-new", "--dask", cluster.scheduler_address)
    here = tmp_path / "here"
    _build(here, source, *names)
    assert run(here, "render-new", "--jobs", "2").returncode == 0

    assert done.returncode == 0, done.stderr
    drawn = {path.name: path.read_bytes() for path in (data / "store/og").rglob("*.png")}
    assert drawn == {path.name: path.read_bytes() for path in (here / "store/og").rglob("*.png")}
    assert len(drawn) > len(names)


def test_any_executor_serves_render_new_and_regenerate(
    data: Path, source: Source, executor: Executor
) -> None:
    """A client's executor is handed over as it is."""
    _build(data, source, "One", "Two")
    assert _render_new(data, executor, blank) == 0
    _build(data, source, "Another", "Two")
    assert redraw.main(["--data", str(data)], None, blank, executor) == 0

    assert _undrawn(data) == []
    assert len(list(CardStore(data / "store/og").all())) > 3


def test_a_card_that_kills_its_workers_fails_alone(
    data: Path, source: Source, executor: Executor, capsys: pytest.CaptureFixture[str]
) -> None:
    """The scheduler gives it up after a few workers; all others are drawn, and it is named."""
    _build(data, source, *(f"Good {number}" for number in range(20)), KILLS)
    assert _render_new(data, executor, moody) == 1

    assert _undrawn(data) == [KILLS]
    assert "plugin/p-20 failed: whoever drew it was lost: KilledWorker" in capsys.readouterr().err


def test_a_worker_that_dies_is_survived(data: Path, source: Source) -> None:
    """Killed from outside, in the middle of the work: another one draws its cards."""
    _build(data, source, *(f"Package {number}" for number in range(60)))
    with _cluster() as cluster, Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(2)
        process = next(iter(client.run(os.getpid).values()))
        killer = _when_drawing(data, lambda: os.kill(process, signal.SIGKILL))
        code = _render_new(data, client.get_executor(pure=False), slow)
        killer.join()

    assert code == 0
    assert _undrawn(data) == []


def test_when_all_are_gone_what_was_drawn_is_kept(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """The scheduler ends in the middle: said, exit 1, and the next run draws the rest, here."""
    _build(data, source, *(f"Package {number}" for number in range(400)))
    with _cluster() as cluster, Client(cluster, set_as_default=False, timeout=2) as client:
        client.wait_for_workers(2)
        ender = _when_drawing(data, cluster.close)
        code = _render_new(data, client.get_executor(pure=False), slow)
        ender.join()
    said = capsys.readouterr().err
    left = len(_undrawn(data))

    assert code == 1
    assert "drawing ended early: " in said
    assert 0 < left < 400
    assert run(data, "render-new", "--jobs", "2").returncode == 0
    assert _undrawn(data) == []


def test_an_executor_that_never_answers_is_given_up(
    data: Path,
    source: Source,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A scheduler that is gone may leave its futures as they are: said, exit 1, no run hangs."""
    monkeypatch.setattr(draw, "_PATIENCE", 0.1)
    _build(data, source, "One")

    assert _render_new(data, _Deaf(), blank) == 1
    assert "drawing ended early: there was no answer for 0.1 seconds" in capsys.readouterr().err
    assert _undrawn(data) == ["One"]


class _Deaf(Executor):
    """Takes work and does none."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


def test_no_scheduler_is_said_and_the_rest_is_published(
    data: Path,
    source: Source,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit 1, not 2: pages go out with the default card, as for any card that failed."""
    monkeypatch.setattr(fleet, "_PATIENCE", 1)
    assert run(data, *pipeline(source(record("akismet")))).returncode == 0
    _build(data, source, "Newcomer")
    code = render_new.main(["--data", str(data), "--dask", "tcp://127.0.0.1:1"])

    assert code == 1
    assert "no scheduler answers at tcp://127.0.0.1:1" in capsys.readouterr().err
    assert deploy.main(["--data", str(data), "--site-url", SITE_URL]) == 0


def test_with_nothing_to_draw_nobody_is_asked(data: Path, source: Source) -> None:
    """A run with nothing to do does not need the scheduler."""
    assert run(data, *pipeline(source(record("akismet")))).returncode == 0

    assert run(data, "render-new", "--dask", "tcp://127.0.0.1:1").returncode == 0


def test_workers_that_draw_otherwise_are_refused(cluster: LocalCluster) -> None:
    """Other fonts or another checkout give other fingerprints: before a card is drawn."""
    with (
        pytest.raises(fleet.Unfit, match="its checkout or its fonts differ"),
        fleet.joined(cluster.scheduler_address, blank, _pid_as_fingerprint),
    ):
        pass


def test_workers_with_several_threads_are_refused() -> None:
    """The renderer keeps what it has loaded once a process."""
    design = CardRenderer()
    with (
        _cluster(n_workers=1, threads_per_worker=2) as cluster,
        pytest.raises(fleet.Unfit, match="--nthreads 1"),
        fleet.joined(cluster.scheduler_address, design, design.fingerprint),
    ):
        pass


def test_a_worker_that_joins_late_and_differs_draws_nothing() -> None:
    """Its cards fail, with the reason, and are drawn by the next run."""
    same = fleet._Same(blank, CardRenderer().fingerprint, "another mark")

    with pytest.raises(fleet.Unfit, match="differ"):
        same(site_card())


def _pid_as_fingerprint(card: Card) -> str:
    return f"{card.name} {os.getpid()}"
