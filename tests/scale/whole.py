"""Measure the processor time of a whole first publication against the baseline's drawing alone.

Made-up packages, each card drawn once; every process that a step starts counts, those that load
libraries and outlive it, too. The baseline is what svg2png would take for the equal cards.
"""

import argparse
import ctypes
import os
import resource
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from publish.cards.preview import from_source
from tests.conftest import ROOT, SITE_URL, scripts
from tests.scale import world
from tests.scale.bench import write
from tests.scale.drawing import each_once, median

_SOME = 100  # cards that the baseline draws
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of <linux/prctl.h>: orphans become this process's children


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale.whole", description=__doc__)
    parser.add_argument("--packages", type=int, default=3_000, metavar="N")
    args = parser.parse_args(argv)
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="whole-") as folder:
        source = Path(folder) / "world.jsonl"
        write(source, world.records(args.packages))
        steps = {
            "build": ("build", "--source", str(source)),
            "render-new": ("render-new",),
            "deploy": ("deploy", "--site-url", SITE_URL),
        }
        taken = {name: _processor(Path(folder), words) for name, words in steps.items()}
        baseline = _baseline(source) * args.packages
    print(f"{f'{args.packages:,} packages, all processes':34}{'s':>8}{'ratio':>8}")
    print(f"{'  baseline, its drawing alone':34}{baseline:8.1f}{1:8.1f}")
    for name, seconds in (*taken.items(), ("in all", sum(taken.values()))):
        print(f"{'  ' + name:34}{seconds:8.1f}{baseline / seconds:8.1f}")
    return 0


def _processor(folder: Path, words: Sequence[str]) -> float:
    """Run a step to the end of its last process, and give the seconds of processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        scripts(folder / "data", *words), cwd=ROOT, stdout=subprocess.DEVNULL, check=True
    )
    while _one_more_ended():
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _one_more_ended() -> bool:
    try:
        os.wait()
    except ChildProcessError:
        return False
    return True


def _baseline(source: Path) -> float:
    """Give the seconds that the baseline takes for a card, the median of some."""
    samples, _ = from_source(str(source))
    cards = [sample.card for sample in samples[:: max(1, len(samples) // _SOME)]]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        drawn = pool.submit(each_once, "baseline", cards).result()
    return median(drawn) / 1000


if __name__ == "__main__":
    raise SystemExit(main())
