"""Measure every step at several sizes of catalogue, in one table, with the slope between sizes.

  python -m tests.scale.bench --out /var/tmp/scale --sizes 7500 75000
  python -m tests.scale.bench --out /var/tmp/scale --sizes 7500 75000 300000   (about half an hour)

Seconds are wall clock of whole commands, memory is the largest sum over all their processes. The
slope between two sizes is the power of the size that the figure grows with: 0 for a cost that does
not depend on it, 1 for one in proportion. Two cores draw; nothing else should run. The folders
stay, for a closer look.
"""

import argparse
import json
import math
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webob import Request

from server import Settings, make_app
from tests.conftest import ROOT, SITE_URL, scripts
from tests.scale import searching, world

_QUERIES = 1_000
_PAGES = 1_000
KEPT = ["--keep", "3", "--grace-days", "0"]


@dataclass
class Table:
    """Figures by what was measured, a column a size."""

    rows: dict[str, list[tuple[str, float]]] = field(default_factory=dict)

    def add(self, what: str, figure: str, value: float = 0) -> None:
        """Note a figure, and the number in it that a slope is of; say it at once."""
        self.rows.setdefault(what, []).append((figure, value))
        print(f"  {what}: {figure}", file=sys.stderr, flush=True)

    def print(self, sizes: Sequence[int]) -> None:
        """Print all, under the sizes."""
        wide = max(len(row) for row in self.rows)
        slopes = ["slope"] * (len(sizes) - 1)
        _print_row("packages".ljust(wide), *(f"{size:,}" for size in sizes), *slopes)
        _print_row("-" * wide, *(["-" * 15 + ":"] * (2 * len(sizes) - 1)))
        for what, row in self.rows.items():
            powers = (
                f"{math.log(more / less) / math.log(large / small):.2f}" if less and more else ""
                for (_, less), (_, more), small, large in zip(
                    row, row[1:], sizes, sizes[1:], strict=False
                )
            )
            _print_row(what.ljust(wide), *(figure for figure, _ in row), *powers)


def _print_row(what: str, *cells: str) -> None:
    print("| " + " | ".join((what, *(cell.rjust(16) for cell in cells))) + " |")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, and give the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="an empty folder, or none yet")
    parser.add_argument("--sizes", type=int, nargs="+", default=[7_500, 75_000])
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args(argv)
    table = Table()
    for size in args.sizes:
        print(f"{size:,} packages", file=sys.stderr)
        folder = args.out / str(size)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _measure(folder, size, args.jobs, table)
    table.print(args.sizes)
    return 0


def _measure(folder: Path, size: int, jobs: int, table: Table) -> None:
    data, source = folder / "data", folder / "world.jsonl"
    write(source, world.records(size))
    run = _runner(data, table)
    site = ["--site-url", SITE_URL, *KEPT]
    pipeline = ["pipeline", "--source", str(source), "--jobs", str(jobs), *site]
    daily = ["regenerate", "--jobs", str(jobs), *site]
    run("first pipeline", pipeline)
    _steps(data, table, "")
    run("pipeline, nothing changed", pipeline)
    write(source, _grown(size, 100, 10))
    run("pipeline, 100 changed and 10 new", pipeline)
    _steps(data, table, " of these")
    _copy(data, table)
    write(source, _busier(size, 2_000, 10))
    run("pipeline, 2,000 other counts", pipeline)
    run("regenerate of these", daily)
    run("regenerate, nothing changed", daily)
    run("plan", ["plan", "--source", str(source), "--site-url", SITE_URL])
    run("rollback", ["rollback"])
    run("prune", ["prune", *KEPT])
    _disk(data, size, table)
    _ask(data, size, table)


def _runner(data: Path, table: Table) -> Callable[[str, Sequence[str]], None]:
    def run(what: str, words: Sequence[str]) -> None:
        began = time.monotonic()
        running = subprocess.Popen(
            scripts(data, *words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        watch = _Memory(running.pid)
        said = running.communicate()[0].decode()
        seconds = time.monotonic() - began
        if running.returncode:
            raise SystemExit(f"{what} ended with {running.returncode}:\n{said}")
        table.add(what, f"{seconds:.2f} s {watch.stop() / 1e6:,.0f} MB", seconds)

    return run


class _Memory:
    """Watches the memory that a process and its children hold together (proportional set size)."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most, self._done = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        """Give the most that was seen, in bytes."""
        self._done.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while True:
            self._most = max(self._most, sum(_held(pid) for pid in family(self._pid)))
            if self._done.wait(0.1):
                return


def family(pid: int) -> list[int]:
    """Give a process and all that it started, and they."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [pid, *(one for child in text.split() for one in family(int(child)))]


def _held(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def write(path: Path, records: Iterable[dict[str, Any]]) -> None:
    """Write a source."""
    with path.open("w") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in records)


def _grown(size: int, changed: int, new: int) -> Iterable[dict[str, Any]]:
    every = max(1, size // changed)
    for number, one in enumerate(world.records(size + new)):
        yield world.changed(one, 1) if number < size and number % every == 0 else one


def _busier(size: int, changed: int, new: int) -> Iterable[dict[str, Any]]:
    every = max(1, size // changed)
    for number, one in enumerate(_grown(size, 100, new)):
        busier = number % every == 1
        yield {**one, "active_installs": one["active_installs"] * 2 + 10} if busier else one


def _steps(data: Path, table: Table, which: str) -> None:
    from catalog import database, journal

    with database.reading(data) as db:
        (run,) = journal.last_runs(db, 1)
    for step in run.steps:
        took = step.seconds
        table.add(f"  of which {step.step}{which}", f"{took:.2f} s", took)


def _copy(data: Path, table: Table) -> None:
    """Measure what the copy of site.db in it costs by itself, to the disk and checked."""
    copy = data / "copy.db"
    began = time.monotonic()
    shutil.copyfile(data / "current" / "site.db", copy)
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    with closing(sqlite3.connect(copy)) as db:
        db.execute("PRAGMA quick_check(1)").fetchall()
    took = time.monotonic() - began
    copy.unlink()
    table.add("  a copy of site.db, checked, alone", f"{took:.2f} s", took)


def _disk(data: Path, size: int, table: Table) -> None:
    for what, path in (
        ("catalog.db", data / "catalog.db"),
        ("a release", data / "current/"),
        ("cards", data / "store" / "og"),
        ("Composer files", data / "store" / "p2"),
    ):
        asked = subprocess.run(
            ["du", "-sDk", str(path)], capture_output=True, text=True, check=True
        )
        each = int(asked.stdout.split()[0]) / size
        table.add(f"disk a package, {what}", f"{each:.2f} KB", each)


def _ask(data: Path, size: int, table: Table) -> None:
    """Ask the app itself, in this process, for searches and for pages never asked for before."""
    app = make_app(Settings(data=data))
    chance = random.Random(size)
    told = world.texts()
    some = [world.record(chance.randrange(size), 1, told) for _ in range(_PAGES)]
    Request.blank("/").get_response(app)
    searches = [_query(chance, one) for one in some[:_QUERIES]]
    _spread("page of a search", app, [f"/?q={query}" for query in searches], table)
    for figure in searching.report(data / "current" / "site.db"):
        table.add(*figure)
    pages = [f"/packages/{one['type']}/{one['slug']}" for one in some]
    _spread("cold page", app, pages, table)


def _query(chance: random.Random, one: dict[str, Any]) -> str:
    words = one["name"].split()
    kind = chance.random()
    if kind < 0.3:
        return str(one["slug"])
    if kind < 0.7:
        return "+".join(chance.sample(words, min(2, len(words))))
    return str(chance.choice(words))[: chance.randint(2, 5)]


def _spread(what: str, app: Any, paths: Sequence[str], table: Table) -> None:
    taken = []
    for path in paths:
        began = time.perf_counter()
        status = Request.blank(path).get_response(app).status_int
        taken.append((time.perf_counter() - began) * 1000)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
    cuts = statistics.quantiles(taken, n=100)
    for name, cut in (("p50", cuts[49]), ("p99", cuts[98])):
        table.add(f"{what}, {name}", f"{cut:.2f} ms", cut)


if __name__ == "__main__":
    sys.exit(main())
