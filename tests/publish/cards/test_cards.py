"""render-new and regenerate: exactly the cards that are due, whatever happens to some of them."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from catalog import database
from catalog.journal import Journal
from publish.cards import wanted
from publish.cards.store import CardStore
from render import Card, CardRenderer, ImageRenderer
from scripts import build, deploy, redraw, render_new
from tests.conftest import (
    ROOT,
    SITE_URL,
    Source,
    interruptible,
    pipeline,
    record,
    run,
    scripts,
)
from tests.runs import Here
from tests.stub import FAILS, KILLS, blank, moody, unable

_MANY = 400  # packages: more than a batch, and more than the workers have done before one looks


def _build(data: Path, source: Path) -> None:
    assert build.main(["--data", str(data), "--source", str(source)]) == 0


def _render_new(data: Path, renderer: ImageRenderer = blank) -> int:
    return render_new.main(["--data", str(data)], None, renderer, Here())


def _regenerate(data: Path, renderer: ImageRenderer = blank) -> int:
    return redraw.main(["--data", str(data)], None, renderer, Here())


def _cards(data: Path) -> dict[str, str]:
    with database.reading(data) as db:
        return dict(
            db.execute("SELECT slug, fingerprint FROM package JOIN card ON package_id = id")
        )


def _failures(data: Path) -> dict[str, str]:
    with database.reading(data) as db:
        return dict(
            db.execute("SELECT slug, error FROM card_failure JOIN package ON id=package_id")
        )


class _Counting:
    """A renderer that remembers the names it drew."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, card: Card) -> bytes:
        self.names.append(card.name)
        return blank(card)


def test_render_new_draws_what_has_never_had_a_card_and_nothing_else(
    data: Path, source: Source
) -> None:
    """A changed package keeps its card until regenerate; a new one gets its own at once."""
    _build(data, source(record("one"), record("two")))
    first, second = _Counting(), _Counting()
    _render_new(data, first)
    _build(data, source(record("one", name="Renamed"), record("two"), record("three")))
    _render_new(data, second)

    assert sorted(first.names) == sorted(
        [*(page.name for page in wanted.PAGES.values()), "One", "Two"]
    )
    assert second.names == ["Three"]


@pytest.mark.parametrize(
    ("change", "redrawn"),
    [
        ({"name": "Another"}, True),
        ({"version": "2.0", "versions": {"2.0": "https://example.org/2.0.zip"}}, True),
        ({"version": "2.0"}, False),  # nobody can have it yet
        ({"short_description": "Does more."}, True),
        ({"author": "Somebody Else"}, True),
        ({"active_installs": 5000}, True),
        ({"active_installs": 1009}, False),
        ({"homepage": "https://one.example/"}, False),
        ({"tested": "7.0"}, False),
        ({"last_updated": "2026-02-03 4:05am GMT"}, False),
    ],
)
def test_regenerate_redraws_exactly_what_prints_differently(
    data: Path, source: Source, change: dict[str, object], redrawn: bool
) -> None:
    """What is not on the card, or reads the same once rounded, does not redraw it."""
    _build(data, source(record("one"), record("two")))
    _render_new(data)
    before = _cards(data)
    _build(data, source(record("one", **change), record("two")))
    drawn = _Counting()

    assert _regenerate(data, drawn) == 0
    assert len(drawn.names) == redrawn
    assert (_cards(data)["one"] != before["one"]) == redrawn
    assert _cards(data)["two"] == before["two"]


def test_regenerate_looks_only_at_what_changed_since_it_last_looked(
    data: Path, source: Source
) -> None:
    """Of many packages, those that changed, those that failed, and all after a new design."""
    _build(data, source(*(record(f"p{number}") for number in range(9)), record("bad", name="Good")))
    _render_new(data)
    assert _looked_at(data) == {*(f"P{number}" for number in range(9)), "Good"}
    _regenerate(data)
    assert _looked_at(data) == set()
    _build(data, source(*(record(f"p{number}") for number in range(8)), record("bad", name=FAILS)))
    assert _looked_at(data) == {FAILS}
    assert _regenerate(data, moody) == 1
    assert _looked_at(data) == {FAILS}
    _build(data, source(*(record(f"p{number}") for number in range(9)), record("bad", name=FAILS)))
    assert _looked_at(data) == {"P8", FAILS}
    assert len(_looked_at(data, "another design")) == 10


def _looked_at(data: Path, design: str = "") -> set[str]:
    """Give the names on the cards of packages that regenerate would compare."""
    names: list[str] = []
    sites = {page.name for page in wanted.PAGES.values()}

    def fingerprint(card: Card) -> str:
        names.append(card.name)
        return design + CardRenderer().fingerprint(card)

    with database.reading(data) as db:
        wanted.stale(db, fingerprint, wanted.no_plate)
    return set(names) - sites


def test_a_card_file_is_never_overwritten(data: Path, source: Source) -> None:
    """The older picture stays under its name, byte for byte, beside the new one."""
    store = CardStore(data / "store" / "og")
    _build(data, source(record("one")))
    _render_new(data)
    old = store.path(_cards(data)["one"])
    bytes_before, mtime_before = old.read_bytes(), old.stat().st_mtime_ns
    _build(data, source(record("one", name="Renamed")))
    _regenerate(data)

    assert (old.read_bytes(), old.stat().st_mtime_ns) == (bytes_before, mtime_before)
    assert store.whole(_cards(data)["one"])
    assert len(list(store.all())) == 2 + len(wanted.PAGES)


def test_a_card_that_fails_is_named_and_stops_no_other(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its page gets the default card, the run exits 1, and the next run tries it again."""
    _build(data, source(record("bad", name=FAILS), record("good")))

    assert _render_new(data, moody) == 1
    assert "plugin/bad failed: ValueError: this card always fails" in capsys.readouterr().err
    assert _cards(data).keys() == {"good"}
    assert _failures(data) == {"bad": "ValueError: this card always fails"}
    assert deploy.main(["--data", str(data), "--site-url", SITE_URL]) == 0
    assert _render_new(data, blank) == 0
    assert _cards(data).keys() == {"bad", "good"}
    assert _failures(data) == {}


@pytest.mark.parametrize("step", [render_new, redraw])
def test_a_machine_that_cannot_draw_is_told_of_once(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str], step: ModuleType
) -> None:
    """Exit 2 with one sentence that gives the reason; no card counts as failed."""
    _build(data, source(record("one"), record("two")))
    if step is redraw:
        _render_new(data)
        _build(data, source(record("one", name="First"), record("two", name="Second")))
        capsys.readouterr()

    assert step.main(["--data", str(data), "--jobs", "2"], None, unable) == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "no card can be drawn on this machine, not even the site's own" in sentence
    assert "cannot load the library" in sentence
    assert "`make setup`" in sentence
    assert _failures(data) == {}


@pytest.mark.parametrize("step", ["render-new", "redraw"])
def test_a_machine_without_a_library_is_told_of_once(
    data: Path, source: Source, tmp_path: Path, step: str
) -> None:
    """By the command and with the real renderer: whatever the probe cards raise is one sentence."""
    _build(data, source(record("one")))
    broken = tmp_path / "libpangocairo-1.0.so.0"
    broken.write_bytes(b"")
    done = subprocess.run(
        ["env", f"LD_LIBRARY_PATH={tmp_path}", *scripts(data, step)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    said = done.stderr.splitlines()

    assert done.returncode == 2
    assert len(said) == 2, done.stderr
    assert "no card can be drawn on this machine, not even the probe cards: OSError: " in said[0]
    assert "file too short" in said[0]
    assert said[1].startswith(f"scripts: {step} ended with exit code 2: drawing ended early: ")


def test_a_stand_in_for_the_renderer_starts_nothing(data: Path, source: Source) -> None:
    """No probe cards are drawn for it, and no process is started where an executor is given."""
    _build(data, source(record("one")))
    _render_new(data)

    assert multiprocessing.active_children() == []
    with database.reading(data) as db:
        assert db.execute("SELECT 1 FROM state WHERE key = 'card_drawing'").fetchall() == []


def test_a_redraw_that_fails_keeps_the_older_card(data: Path, source: Source) -> None:
    """An outdated picture of the package is better than none."""
    _build(data, source(record("one")))
    _render_new(data)
    before = _cards(data)
    _build(data, source(record("one", name=FAILS)))

    assert _regenerate(data, moody) == 1
    assert _cards(data) == before
    assert _failures(data).keys() == {"one"}


def test_a_card_that_kills_its_process_fails_alone(data: Path, source: Source) -> None:
    """The other cards of its batch are drawn all the same, in processes of their own."""
    names = [record(f"p{number}") for number in range(20)]
    names[7]["name"] = KILLS
    _build(data, source(*names))

    assert render_new.main(["--data", str(data), "--jobs", "2"], None, moody) == 1
    assert len(_cards(data)) == 19
    assert _failures(data) == {"p7": "it killed the process that drew it"}


def test_any_executor_will_do(data: Path, source: Source) -> None:
    """A pool of threads draws the same cards, under the same names, as processes do."""
    feed = source(*(record(f"p{number}") for number in range(5)))
    _build(data, feed)
    with ThreadPoolExecutor(2) as threads:
        render_new.main(["--data", str(data)], Journal(), None, threads)
    other = data.with_name("other")
    _build(other, feed)
    render_new.main(["--data", str(other), "--jobs", "2"])

    assert _cards(data) == _cards(other)
    stores = [CardStore(folder / "store" / "og") for folder in (data, other)]
    for card in _cards(data).values():
        assert stores[0].path(card).read_bytes() == stores[1].path(card).read_bytes()


def _starting(run: int, _data: Path) -> bool:
    """Tell whether the first process that a run starts is there."""
    return len(_processes(run)) > 1


def _at_work(run: int, _data: Path) -> bool:
    """Tell whether a worker is there: a child of a child, of the same program."""
    found = _processes(run)
    return any(
        found.get(process.parent, process).parent == run and b"forkserver" in process.words
        for process in found.values()
        if process.parent != run
    )


def _remembering(_run: int, data: Path) -> bool:
    """Tell whether a first batch of cards is stored and remembered."""
    try:
        return bool(_cards(data))
    except database.DatabaseError:  # there is no catalogue yet
        return False


@dataclass(frozen=True)
class _Process:
    parent: int
    words: bytes  # of its command


def _processes(group: int) -> dict[int, _Process]:
    """Give the processes of a group that run, by their ids."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent, of = (folder / "stat").read_text().rpartition(")")[2].split()[1:3]
            words = (folder / "cmdline").read_bytes()
        except OSError:  # it has just ended
            continue
        if int(of) == group and words:  # one that is ending has none
            found[int(folder.name)] = _Process(int(parent), words)
    return found


def _wait(reached: Callable[[], bool], started: "subprocess.Popen[str]") -> None:
    """Wait for something that must be reached while a run is going on."""
    while not reached():
        assert started.poll() is None, started.communicate()[1]
        time.sleep(0.005)


def _begin(data: Path, source: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        interruptible(scripts(data, *pipeline(source))),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )


@pytest.mark.parametrize("again", [False, True], ids=["once", "again and again"])
@pytest.mark.parametrize("event", [_starting, _at_work, _remembering])
def test_an_interrupted_run_keeps_what_it_has_and_the_next_goes_on(
    data: Path, source: Source, event: Callable[[int, Path], bool], again: bool
) -> None:
    """Ctrl-C reaches every process of the run; no traceback, exit 130, and nothing is lost or left.

    Whenever it comes, and however often it is pressed until the run has ended.
    """
    file = source(*(record(f"p{number}") for number in range(_MANY)))
    started = _begin(data, file)
    _wait(lambda: event(started.pid, data), started)
    os.killpg(started.pid, signal.SIGINT)
    while again and started.poll() is None:
        os.killpg(started.pid, signal.SIGINT)
        time.sleep(0.001)
    _, said = started.communicate(timeout=60)  # until none of its processes could say more

    assert started.returncode == 130, said
    assert "interrupted; the next run goes on from here" in said.splitlines()[-1]
    assert "Traceback" not in said
    assert "Exception" not in said
    assert not _processes(started.pid)

    store = CardStore(data / "store" / "og")
    kept, had = len(list(store.all())), _cards(data)
    ended = run(data, *pipeline(file))

    assert ended.returncode == 0, ended.stderr
    assert had.items() <= _cards(data).items()
    assert len(_cards(data)) == _MANY
    assert kept <= len(list(store.all())) == _MANY + len(wanted.PAGES)


def test_no_process_outlives_a_run_that_is_killed(data: Path, source: Source) -> None:
    """Those that draw end when there is nobody to draw for."""
    started = _begin(data, source(*(record(f"p{number}") for number in range(_MANY))))
    _wait(lambda: _at_work(started.pid, data), started)
    started.kill()
    _, said = started.communicate(timeout=60)  # until the last of them is gone

    assert not _processes(started.pid)
    assert "Traceback" not in said


def test_a_process_that_draws_is_forked_before_it_has_threads() -> None:
    """What is loaded beforehand starts none: a fork would leave its locks as they are."""
    tasks = "import os, publish.cards.preloaded; print(*os.listdir('/proc/self/task'))"
    done = subprocess.run(
        [sys.executable, "-c", tasks], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert len(done.stdout.split()) == 1
