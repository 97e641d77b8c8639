"""Measure every step at several sizes of catalogue, in one table, with the slope between sizes.

  python -m tests.scale.bench --out /var/tmp/scale --sizes 7500 75000
  python -m tests.scale.bench --out /var/tmp/scale --sizes 7500 75000 300000   (about an hour)

Seconds are wall clock of whole commands, memory is the largest sum over all their processes. Two
cores draw; nothing else should run. The folders stay, for a closer look.
"""

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server import Settings, make_app
from server.get import get
from tests.conftest import ROOT, SITE_URL, scripts
from tests.scale import world

_QUERIES = 1_000
_PAGES = 1_000
_KEPT = ["--keep", "3", "--grace-days", "0"]


@dataclass
class _Table:
    """Figures by what was measured, a column a size."""

    rows: dict[str, list[str]] = field(default_factory=dict)

    def add(self, what: str, figure: str) -> None:
        self.rows.setdefault(what, []).append(figure)
        print(f"  {what}: {figure}", file=sys.stderr, flush=True)

    def print(self, sizes: Sequence[int]) -> None:
        widths = [max(len(row) for row in self.rows), *(16 for _ in sizes)]
        head = (f"{size:,}".rjust(16) for size in sizes)
        print("| " + "packages".ljust(widths[0]), *head, sep=" | ")
        print("|-" + "-" * widths[0], *("-" * 15 + ":" for _ in sizes), sep="-|-")
        for what, figures in self.rows.items():
            print("| " + what.ljust(widths[0]), *(one.rjust(16) for one in figures), sep=" | ")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, and give the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="an empty folder, or none yet")
    parser.add_argument("--sizes", type=int, nargs="+", default=[7_500, 75_000])
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args(argv)
    table = _Table()
    for size in args.sizes:
        print(f"{size:,} packages", file=sys.stderr)
        folder = args.out / str(size)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _measure(folder, size, args.jobs, table)
    table.print(args.sizes)
    return 0


def _measure(folder: Path, size: int, jobs: int, table: _Table) -> None:
    data, source = folder / "data", folder / "world.jsonl"
    _write(source, world.records(size))
    run = _runner(data, table)
    pipeline = ["build", "--source", str(source), "then", "render-new", "--jobs", str(jobs)]
    deploy = ["deploy", "--site-url", SITE_URL, *_KEPT]
    run("first pipeline", [*pipeline, "then", *deploy])
    _steps(data, table)
    run("pipeline, nothing changed", [*pipeline, "then", *deploy])
    _write(source, _grown(size, 100, 10))
    run("pipeline, 100 changed and 10 new", [*pipeline, "then", *deploy])
    _write(source, _busier(size, 2_000, 10))
    run("build and deploy, 2,000 other counts", ["build", "--source", str(source), "then", *deploy])
    run("regenerate of these", ["regenerate", "--jobs", str(jobs), "then", *deploy])
    run("regenerate, nothing changed", ["regenerate", "--jobs", str(jobs), "then", *deploy])
    run("plan", ["plan", "--source", str(source), "--site-url", SITE_URL])
    run("rollback", ["rollback"])
    run("prune", ["prune", *_KEPT])
    _disk(data, size, table)
    _ask(data, size, table)


def _runner(data: Path, table: _Table) -> Callable[[str, Sequence[str]], None]:
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
        table.add(what, f"{seconds:.1f} s {watch.stop() / 1e6:,.0f} MB")

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
        while not self._done.wait(0.2):
            self._most = max(self._most, sum(_held(pid) for pid in _family(self._pid)))


def _family(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [pid, *(one for child in text.split() for one in _family(int(child)))]


def _held(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _write(path: Path, records: Iterable[dict[str, Any]]) -> None:
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


def _steps(data: Path, table: _Table) -> None:
    from catalog import database, journal

    with database.reading(data) as db:
        (run,) = journal.last_runs(db, 1)
    for step in run["steps"]:
        table.add(f"  of which {step['step']}", f"{step['seconds']:.1f} s")


def _disk(data: Path, size: int, table: _Table) -> None:
    for what, path in (
        ("catalog.db", data / "catalog.db"),
        ("a release", data / "current/"),
        ("cards", data / "store" / "og"),
        ("Composer files", data / "store" / "p2"),
    ):
        asked = subprocess.run(
            ["du", "-sDk", str(path)], capture_output=True, text=True, check=True
        )
        table.add(f"disk a package, {what}", f"{int(asked.stdout.split()[0]) / size:.2f} KB")


def _ask(data: Path, size: int, table: _Table) -> None:
    """Ask the app itself, in this process, for searches and for pages never asked for before."""
    app = make_app(Settings(data=data))
    chance = random.Random(size)
    told = world.texts()
    some = [world.record(chance.randrange(size), 1, told) for _ in range(_PAGES)]
    get(app, "/")
    searches = [_query(chance, one) for one in some[:_QUERIES]]
    table.add("search, p50 and p99", _spread(app, [f"/?q={query}" for query in searches]))
    pages = [f"/packages/{one['type']}/{one['slug']}" for one in some]
    table.add("cold page, p50 and p99", _spread(app, pages))


def _query(chance: random.Random, one: dict[str, Any]) -> str:
    words = one["name"].split()
    kind = chance.random()
    if kind < 0.3:
        return str(one["slug"])
    if kind < 0.7:
        return "+".join(chance.sample(words, min(2, len(words))))
    return str(chance.choice(words))[: chance.randint(2, 5)]


def _spread(app: Any, paths: Sequence[str]) -> str:
    taken = []
    for path in paths:
        began = time.perf_counter()
        status = get(app, path)["status"]
        taken.append((time.perf_counter() - began) * 1000)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
    cuts = statistics.quantiles(taken, n=100)
    return f"{cuts[49]:.1f} {cuts[98]:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
