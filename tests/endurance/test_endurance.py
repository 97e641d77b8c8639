"""Twelve hours' worth of releases, one after another, under visitors who never stop."""

import http.client
import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import pytest

from publish.releases import Releases
from tests.conftest import ROOT, SITE_URL, Tell, run
from tests.endurance import edition, turning, visitors
from tests.endurance.edition import Moment
from tests.endurance.footprint import Footprint, measure, unnamed_cards
from tests.endurance.judge import Verdict, judge
from tests.endurance.visitors import Note
from tests.nginx.face import wait
from tests.serving import THREADS, WORKERS, Served, served

_KEEP = 3
_VISITORS = 6
_HELD = WORKERS * THREADS  # a release's file is open once in each thread of the app
_OPEN_CARDS = 1000  # in each of nginx's workers: open_file_cache in nginx/server/cards.conf
_TO_APP = 8  # connections that each of them keeps: keepalive in nginx/http/app.conf
_CACHE = 64 << 20  # max_size in nginx/http/cache.conf
# Its manager looks every ten seconds what is too much.
_CACHE_AT_MOST = _CACHE * 5 // 4
_ASKED = 400  # answers at least that visitors have while a release is live
# In kB. An app process may take two arenas of Python's and give one back; nginx remembers what was
# asked for, in 128 bytes each and twice as much with what holds them.
_GROWTH = {"app": 2048 * WORKERS, "nginx": 1024}
_REMEMBERED = 0.25
# SQLite leaves pages free and FTS5 leaves segments (16 at most) unmerged, in each release kept and
# in the catalogue; cards differ by a few bytes.
_DISK_GROWTH = (_KEEP + 1) * 24 * 4096
# But for one thing: a minute after its start nginx's cache loader looks through the folder, and a
# page that is forgotten at that moment is missed with a word.
_AMISS = re.compile(r"\[(?:error|crit|alert|emerg)\](?!.* stat\(\) \S+/cache/\S+ failed \(2:).*")


@dataclass
class _Press:
    """Publishes turn after turn, and remembers what was live when."""

    data: Path
    moments: list[Moment] = field(default_factory=list)
    turn: int = -1
    notes: Path | None = None  # where visitors write while there are some
    _turn_of: dict[str, int] = field(default_factory=dict)

    def pipeline(self) -> None:
        """Publish the next turn's feed."""
        self.turn += 1
        source = self.data.with_name("source.jsonl")
        source.write_text("".join(json.dumps(one) + "\n" for one in turning.feed(self.turn)))
        read = ("--source", str(source), "--max-withdrawn", "100%")
        self._run("pipeline", *read, "--jobs", "1", *self._site())

    def daily(self) -> None:
        """Count installs, redraw cards, publish."""
        self._run("regenerate", "--jobs", "1", *self._site())

    def back(self) -> None:
        """Go back by one release."""
        self._run("rollback")

    def prune(self, keep: int = _KEEP) -> None:
        """Remove what is old."""
        self._run("prune", *_kept(keep))

    def _site(self) -> tuple[str, ...]:
        return ("--site-url", SITE_URL, *_kept(_KEEP))

    def _run(self, *words: str) -> None:
        began = time.monotonic()
        ended = run(self.data, *words)
        assert ended.returncode == 0, ended.stderr
        live = Releases(self.data).current()
        assert live is not None
        if not self.moments or live != self.moments[-1].edition.id:
            self._turn_of.setdefault(live, self.turn)
            found = edition.read(self.data, self._turn_of)
            self.moments.append(Moment(began, time.monotonic(), found))
            self._stand()

    def _stand(self) -> None:
        """Wait until visitors have had some answers."""
        if self.notes is None:
            return
        with self.notes.open("rb") as notes:
            notes.seek(0, os.SEEK_END)
            had = itertools.accumulate(iter(lambda: notes.read().count(b'{"note"'), None))
            wait(lambda: next(had) >= _ASKED)


def _kept(keep: int) -> tuple[str, ...]:
    return ("--keep", str(keep), "--grace-days", "0")


def _publish(press: _Press, turns: int, site: Served) -> list[Footprint]:
    """Publish some turns, and measure after each."""
    taken = []
    for number in range(turns):
        press.pipeline()
        if number % 4 == 1:
            press.daily()
        if number % 7 == 4:
            press.back()
        if number % 6 == 3:
            press.prune()
        taken.append(measure(press.data, site.pid))
    return taken


@contextmanager
def _visited(site: Served, notes: Path) -> Iterator[None]:
    """Let visitors ask without end, from a process of their own."""
    words = ["--port", str(site.port), "--out", str(notes), "--visitors", str(_VISITORS)]
    command = [sys.executable, "-m", "tests.endurance.visitors", *words]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
    assert process.returncode == 0, "a visitor has stumbled; see above"


@pytest.mark.parametrize("turns", [5, pytest.param(104, marks=pytest.mark.soak)])
def test_releases_come_and_go_and_nothing_grows(open_folder: Path, turns: int, tell: Tell) -> None:
    """Every answer is of one whole release, in order; files, memory and disk stay as they are.

    Afterwards, with nobody there, a release that is gone is held only until the app is asked.
    """
    press, notes = _Press(open_folder / "data"), open_folder / "notes.jsonl"
    press.pipeline()
    with served(press.data) as site:
        log = press.data / "log" / "error.log"
        began = log.stat().st_size  # nginx was there before the app
        with _visited(site, notes):
            press.notes = notes
            taken = _publish(press, turns, site)
        press.notes = None
        moments = tuple(press.moments)
        assert _AMISS.findall(log.read_text()[began:]) == []
        _let_go(press, site)
    _only_what_is_live(press.data)
    answers, bodies = visitors.read(notes)
    verdict = judge(answers, bodies, moments)
    tell(_figures(answers, verdict, moments, taken))
    assert verdict.faults == []
    _enough_was_asked(verdict, len(moments))
    _nothing_grows(taken, len(answers))


def _let_go(press: _Press, site: Served) -> None:
    """See that idle threads of the app hold a removed release, and let go when each was asked."""
    press.pipeline()
    press.prune(keep=1)
    assert measure(press.data, site.pid).open["app", "release deleted"] == _HELD

    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)) as line:

        def ask() -> bool:
            for _ in range(_HELD):
                line.request("GET", "/health")
                assert line.getresponse().read()
            return not measure(press.data, site.pid).open["app", "release deleted"]

        wait(ask)
    assert measure(press.data, site.pid).open["app", "release"] == _HELD


def _only_what_is_live(data: Path) -> None:
    """See that one release is left, its cards, and its Composer files."""
    live = Releases(data).current()
    assert Releases(data).ids() == [live]
    assert unnamed_cards(data) == set()
    assert len(list((data / "store" / "p2").glob("wp-*/*"))) == 4 * turning.LISTED


def _enough_was_asked(verdict: Verdict, moments: int) -> None:
    assert min(verdict.of_moment[at] for at in range(1, moments)) >= 20
    # Installs have a limit of their own, which visitors meet where runs take long.
    assert verdict.statuses.keys() - {429} == {200, 302, 304, 404, 410}
    assert min(verdict.kinds[kind] for kind in visitors.KINDS) >= moments
    assert verdict.bodies >= 30 * moments
    assert min(verdict.packed[packed] for packed in (False, True)) >= 100 * moments


def _nothing_grows(taken: Sequence[Footprint], answers: int) -> None:
    for one in taken:
        assert one.open["app", "release"] + one.open["app", "release deleted"] <= _HELD
        cards = one.open["nginx", "card"] + one.open["nginx", "card deleted"]
        assert cards <= _OPEN_CARDS * _cores()
        assert one.releases <= _KEEP
        assert one.unnamed == 0
        assert one.cache <= _CACHE_AT_MOST
    # A page that is read from the cache or written to it; a connection to a visitor and to the app.
    _spread(taken, ("app", "other"), 0)
    _spread(taken, ("nginx", "log"), 0)
    _spread(taken, ("nginx", "other"), _VISITORS)
    for part in ("app", "nginx"):
        _spread(taken, (part, "socket"), _VISITORS + _TO_APP * _cores())
    settled = taken[_KEEP:]
    some = max(1, len(settled) // 4)
    first, last = settled[:some], settled[-some:]
    growth = _GROWTH | {"nginx": _GROWTH["nginx"] + _REMEMBERED * answers}
    for part, most in growth.items():
        before, after = (median(one.memory[part] for one in some) for some in (first, last))
        assert after - before <= most, part
    before, after = (median(one.data for one in some) for some in (first, last))
    assert after - before <= _DISK_GROWTH


def _spread(taken: Sequence[Footprint], what: tuple[str, str], most: int) -> None:
    counts = [one.open[what] for one in taken]
    assert max(counts) - min(counts) <= most, (what, counts)


def _cores() -> int:
    """Tell how many workers nginx has."""
    return os.cpu_count() or 1


def _figures(
    answers: Sequence[Note],
    verdict: Verdict,
    moments: Sequence[Moment],
    taken: Sequence[Footprint],
) -> str:
    waits = quantiles((one.had - one.asked for one in answers), n=100)
    settled = (taken[_KEEP], taken[-1])
    lines = [
        f"{len(moments)} releases in {moments[-1].ended - moments[0].ended:.0f} s, "
        f"{len(answers):,} answers of which {verdict.kept:,} were 304, {len(verdict.faults)} "
        f"faults; {verdict.bodies:,} bodies looked at; half came within {waits[49] * 1e3:.0f} ms, "
        f"99 % within {waits[98] * 1e3:.0f} ms",
        *(
            f"{when}: {sum(one.open.values())} open files, of which {_deleted(one)} deleted; "
            f"app {one.memory['app'] / 1e3:.1f} MB, nginx {one.memory['nginx'] / 1e3:.1f} MB; "
            f"DATA {one.data / 1e6:.2f} MB in {one.files} files, its logs {one.logs / 1e6:.2f} MB; "
            f"nginx's cache {one.cache / 1e6:.1f} MB"
            for when, one in zip(("settled", "at the end"), settled, strict=True)
        ),
    ]
    return "\n".join(f"  {line}" for line in lines)


def _deleted(one: Footprint) -> int:
    return sum(number for (_, what), number in one.open.items() if what.endswith(" deleted"))
