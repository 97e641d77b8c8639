"""Measure what the site bears, on a catalogue that bench-scale has made, in one table.

  python -m tests.scale.load --data /var/tmp/scale/75000/data

The site is served as `make serve` does it, on this machine, and asked by wrk from a process of its
own over 64 connections. All share the processors, wrk too; nothing else should run. What is
compared is measured in turns, A B A B, and the median told.

pipeline: 100 packages changed and 10 are new. regenerate: 2,000 other counts, which a build read
before. Both are done alone and again under a crawl, so that the catalogue grows by each call.
"""

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publish.site import published
from tests.conftest import ROOT, SITE_URL, scripts
from tests.scale import world
from tests.scale.bench import KEPT, Table
from tests.scale.load_tools import Asked, Crowd, bare, serving, visit

_FILES = 2_000
_CACHED = 500
_FORMS = {"plain": False, "gzip": True}


@dataclass(frozen=True, slots=True)
class _Load:
    """What is measured, and how thoroughly."""

    data: Path
    lists: Path  # a folder for lists of addresses
    seconds: int  # of each look
    turns: int
    workers: int  # app processes
    jobs: int  # drawing processes
    nice: int  # of the runs that publish
    table: Table

    @property
    def said(self) -> Path:
        """Where everything that runs says what went wrong."""
        return self.lists / "said"

    @property
    def source(self) -> Path:
        """The source that the catalogue was made from, as bench-scale left it."""
        return self.data.parent / "world.jsonl"

    def paths(self, name: str, paths: Iterable[str]) -> Path:
        """Write a list of addresses."""
        path = self.lists / name
        path.write_text("".join(f"{one}\n" for one in paths))
        return path


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, and give the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="as bench-scale leaves it")
    parser.add_argument("--seconds", type=int, default=10, help="of each look (%(default)s)")
    parser.add_argument("--turns", type=int, default=3, help="of each comparison (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="app processes (%(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="drawing processes (%(default)s)")
    parser.add_argument("--nice", type=int, default=0, help="of runs that publish (%(default)s)")
    args = parser.parse_args(argv)
    data = args.data.absolute()
    if not (data / "current").is_dir() or not (data.parent / "world.jsonl").is_file():
        size = data.parent.name if data.parent.name.isdecimal() else "75000"
        print(
            f"{data} holds no catalogue of bench-scale's. This makes one:\n"
            f"  python -m tests.scale.bench --out {data.parent.parent} --sizes {size}",
            file=sys.stderr,
        )
        return 2
    packages = published.cards_of(data / "current" / "site.db")
    random.Random(1).shuffle(packages)
    table = Table()
    with tempfile.TemporaryDirectory() as lists:
        load = _Load(
            data, Path(lists), args.seconds, args.turns, args.workers, args.jobs, args.nice, table
        )
        _files(load, packages)
        pages = [f"/packages/{label}" for label, _ in packages]
        cold = load.paths("cold", pages)
        warm = load.paths("warm", pages[-_CACHED:])
        for form, gzip in _FORMS.items():
            _pages(load, cold, warm, form, gzip=gzip)
        _releases(load, cold)
    table.print([len(packages)])
    return 0


def _files(load: _Load, packages: Sequence[tuple[str, str]]) -> None:
    """Cards and Composer files, through the site and from a bare nginx."""
    some = packages[:_FILES]
    cards = load.paths("cards", (f"/og/{card[:2]}/{card}.png" for _, card in some))
    metadata = load.paths("p2", (f"/p2/wp-{label}.json" for label, _ in some))
    with bare(load.data / "store") as other, serving(load.data, load.workers, load.said) as site:
        for what, paths, gzip in (
            ("cards", cards, False),
            ("Composer files, plain", metadata, False),
            ("Composer files, gzip", metadata, True),
        ):
            pairs = [
                [visit(one, paths, load.seconds, gzip=gzip, once=False) for one in (site, other)]
                for _ in range(load.turns)
            ]
            load.table.add(what, _a_second([ours for ours, _ in pairs]))
            rates = (ours.rate / theirs.rate for ours, theirs in pairs)
            load.table.add(f"{what}: of what bare nginx serves", f"{statistics.median(rates):.1%}")
            costs = (ours.cost.all / theirs.cost.all for ours, theirs in pairs)
            load.table.add(
                f"{what}: processor, of what that takes", f"{statistics.median(costs):.1%}"
            )


def _pages(load: _Load, cold: Path, warm: Path, form: str, *, gzip: bool) -> None:
    """Pages never asked for before, and pages in the cache."""
    crawls, cached = [], []
    for _ in range(load.turns):
        with serving(load.data, load.workers, load.said) as site:  # its cache is empty
            crawls.append(visit(site, cold, load.seconds, gzip=gzip, once=True))
            visit(site, warm, 2, gzip=gzip, once=False)  # they are kept now
            cached.append(visit(site, warm, load.seconds, gzip=gzip, once=False))
    load.table.add(f"cold pages, {form}", _a_second(crawls))
    load.table.add(f"cold pages, {form}: p50 and p99", _middle(crawls))
    for who in ("app", "nginx", "all"):
        costs = (getattr(one.cost, who) for one in crawls)
        load.table.add(
            f"cold pages, {form}: processor a page, {who}",
            f"{statistics.median(costs) * 1000:.2f} ms",
        )
    load.table.add(f"cached pages, {form}", _a_second(cached))
    times = (fast.rate / slow.rate for fast, slow in zip(cached, crawls, strict=True))
    load.table.add(f"cached pages, {form}: times the cold ones", f"{statistics.median(times):.1f}")


def _releases(load: _Load, cold: Path) -> None:
    """The crawl of cold pages while runs publish, and the same runs with nothing beside them."""
    with serving(load.data, load.workers, load.said) as site:
        idle = visit(site, cold, load.seconds, gzip=True, once=True)
        alone = {what: run(load) for what, run in _RUNS.items()}
    for what, run in _RUNS.items():
        with serving(load.data, load.workers, load.said) as site:
            crowd = Crowd(site, cold, gzip=True, once=True)
            try:
                seconds = run(load)
            finally:
                asked = crowd.leave()
        load.table.add(f"{what}, alone", f"{alone[what]:.1f} s")
        load.table.add(f"{what}, under a crawl", f"{seconds:.1f} s")
        load.table.add(f"{what}: the crawl", _a_second([asked]))
        load.table.add(f"{what}: its p50 and p99", _middle([asked]))
        load.table.add(f"{what}: its p99, times that of no run", f"{asked.p99 / idle.p99:.1f}")
        load.table.add(f"{what}: answers but 200", f"{asked.other + asked.broken}")
    locks = re.findall(r"\block", load.said.read_text())  # no block, which packages are named of
    load.table.add("errors that name a lock", str(len(locks)))


def _pipeline(load: _Load) -> float:
    _change(load, 100, world.changed)
    _grow(load, 10)
    return _run(load, ["pipeline", "--source", str(load.source), "--jobs", str(load.jobs)])


def _regenerate(load: _Load) -> float:
    def busier(one: dict[str, Any], _turn: int) -> dict[str, Any]:
        return {**one, "active_installs": one["active_installs"] * 2 + 10}

    _change(load, 2_000, busier)
    _run(load, ["pipeline", "--source", str(load.source), "--jobs", str(load.jobs)])
    return _run(load, ["regenerate", "--jobs", str(load.jobs)])


_RUNS = {
    "pipeline": _pipeline,
    "regenerate": _regenerate,
}


def _run(load: _Load, words: Sequence[str]) -> float:
    """Run a command, as the Makefile does; give the seconds."""
    site = ["--site-url", SITE_URL, *KEPT]
    command = ["nice", "-n", str(load.nice), *scripts(load.data, *words, *site)]
    began = time.monotonic()
    with load.said.open("ab") as said:
        code = subprocess.run(command, cwd=ROOT, stdout=said, stderr=said, check=False).returncode
    if code:
        raise SystemExit(f"{words[0]} ended with {code}:\n{load.said.read_text()}")
    return time.monotonic() - began


def _change(
    load: _Load, count: int, change: Callable[[dict[str, Any], int], dict[str, Any]]
) -> None:
    """Change so many records of the source, spread over all of it."""
    lines = load.source.read_text().splitlines()
    for number in range(0, len(lines), max(1, len(lines) // count)):
        one = change(json.loads(lines[number]), len(lines))
        lines[number] = json.dumps(one, ensure_ascii=False)
    load.source.write_text("".join(f"{line}\n" for line in lines))


def _grow(load: _Load, count: int) -> None:
    """Add so many new records to the source."""
    with load.source.open() as file:
        size = sum(1 for _ in file)
    told = world.texts()
    with load.source.open("a") as file:
        for number in range(size, size + count):
            file.write(json.dumps(world.record(number, 1, told), ensure_ascii=False) + "\n")


def _a_second(looks: Sequence[Asked]) -> str:
    return f"{statistics.median(one.rate for one in looks):,.0f} a second"


def _middle(looks: Sequence[Asked]) -> str:
    p50 = statistics.median(one.p50 for one in looks)
    p99 = statistics.median(one.p99 for one in looks)
    return f"{p50:.0f} {p99:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
