"""The whole directory from a local server: requests in proportion to what changed, bounded memory.

`-m soak` runs it at its real size: 61,000 plugins and 13,000 themes, and 52,000 names that are
closed or never were a package.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from catalog.wporg import Limits, Sites
from tests.catalog.wporg import fake

ROOT = Path(__file__).parents[3]

# A fetch that tells, besides, its own peak memory in kilobytes.
CHILD = """
import json, re, sys, time
from pathlib import Path
from scripts.fetch import main

begun = time.perf_counter()
code = main(sys.argv[1:])
seconds = time.perf_counter() - begun
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps({"code": code, "seconds": round(seconds, 1), "peak": peak}))
"""


def made(plugins: int, themes: int, dead: int, *, theme_batches: bool) -> fake.World:
    """Make a world of packages with a dozen versions; of the dead names, half are closed."""
    world = fake.World()
    world.theme_batches = theme_batches

    def make(type_: str, slug: str) -> Any:
        if slug.startswith("closed-"):
            return fake.closed(slug)
        if slug.startswith("never-"):
            return fake.NOT_FOUND[type_]
        made = fake.plugin if type_ == "plugin" else fake.theme
        base = f"https://downloads.wordpress.org/{type_}/{slug}"
        versions = {f"1.{minor}": f"{base}.1.{minor}.zip" for minor in range(12)}
        return made(slug, "1.11", versions=versions, short_description="What it does. " * 10)

    world.make = make
    names = [f"plugin-number-{number}" for number in range(plugins)]
    names += [f"{'closed' if number % 2 else 'never'}-{number}" for number in range(dead)]
    for type_, slugs in (
        ("plugin", names),
        ("theme", [f"theme-number-{number}" for number in range(themes)]),
    ):
        repository = world.repositories[type_]
        repository.names = sorted(slugs)
        repository.log = [[f"/{slug}", f"/{slug}/trunk"] for slug in slugs]
    return world


def fetched(world: fake.World, data: Path, sites: Sites) -> dict[str, int]:
    """Run a fetch of its own process; return its figures, `requests` among them."""
    world.requests.clear()
    words = ["--data", str(data), "--api", sites.api]
    words += ["--plugins-svn", sites.plugins, "--themes-svn", sites.themes]
    run = subprocess.run(
        [sys.executable, "-c", CHILD, *words], cwd=ROOT, check=True, capture_output=True
    )
    summary, figures = run.stdout.decode().splitlines()
    print(summary, figures)
    return {**json.loads(figures), "requests": len(world.requests)}


def rounds(
    data: Path, plugins: int, themes: int, dead: int, *, batches: bool, most_kilobytes: int
) -> None:
    """Fetch all, then nothing, then 500 changes; each costs what it should.

    Without theme batches each theme is a request, after those that were under way in vain.
    """
    world = made(plugins, themes, dead, theme_batches=batches)
    with world.served() as sites:
        first = fetched(world, data, sites)
        assert first["code"] == 0
        least = 2 + -(-(plugins + dead) // 100) + (-(-themes // 100) if batches else themes)
        vain = 0 if batches else Limits().concurrency
        assert least <= first["requests"] <= least + vain
        with (data / "wporg" / "records.jsonl").open("rb") as lines:
            assert sum(1 for _ in lines) == plugins + themes

        assert fetched(world, data, sites)["requests"] == 2

        for number in range(400):
            world.release("plugin", f"plugin-number-{number * (plugins // 400)}", "2.0")
        for number in range(100):
            world.release("theme", f"theme-number-{number * (themes // 100)}", "2.0")
        changed = fetched(world, data, sites)
        logs = (400 // 99 + 1) + 1 + (100 // 99 + 1) + 1  # in chunks of 99 new ones, and the end
        assert changed["requests"] == logs + 4 + (1 if batches else 100)
        with (data / "wporg" / "records.jsonl").open("rb") as lines:
            assert sum(json.loads(line)["version"] == "2.0" for line in lines) == 500

        assert max(first["peak"], changed["peak"]) < most_kilobytes


@pytest.mark.parametrize("batches", [True, False])
def test_a_tenth_of_the_world(tmp_path: Path, batches: bool) -> None:
    """6,000 plugins and 1,300 themes; 500 changes cost fourteen requests, or a theme each."""
    rounds(tmp_path, 6_000, 1_300, 5_200, batches=batches, most_kilobytes=150_000)


@pytest.mark.soak
@pytest.mark.parametrize("batches", [True, False])
def test_the_whole_world(tmp_path: Path, batches: bool) -> None:
    """61,000 plugins and 13,000 themes; 500 changes cost no more there."""
    rounds(tmp_path, 61_000, 13_000, 52_000, batches=batches, most_kilobytes=300_000)
