"""render-new and regenerate: exactly the cards that are due, whatever happens to some of them."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
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
        wanted.stale(db, fingerprint)
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


def test_an_interrupted_run_keeps_what_it_has_and_the_next_goes_on(
    data: Path, source: Source
) -> None:
    """Ctrl-C reaches every process of the run; no traceback, exit 130, and nothing is lost."""
    words = pipeline(source(*(record(f"p{number}") for number in range(1500))))
    started = subprocess.Popen(
        interruptible(scripts(data, *words)),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    store = CardStore(data / "store" / "og")
    deadline = time.monotonic() + 60
    while not (any(store.all()) or time.monotonic() > deadline):
        time.sleep(0.01)
    os.killpg(started.pid, signal.SIGINT)
    _, said = started.communicate(timeout=30)

    assert started.returncode == 130
    assert "interrupted; the next run goes on from here" in said
    assert "Traceback" not in said

    kept = len(list(store.all()))
    ended = run(data, *words)

    assert ended.returncode == 0, ended.stderr
    assert len(_cards(data)) == 1500
    with database.reading(data) as db:
        assert wanted.never_drawn(db) == []
    assert kept <= len(list(store.all())) <= 1500 + len(wanted.PAGES)
