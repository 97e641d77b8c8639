"""SIGKILL at seeded points of a fetch: the next run goes on, and nothing is lost or asked twice."""

import json
import random
import signal
import subprocess
from pathlib import Path

import pytest

from catalog.wporg import Sites
from tests.catalog.wporg import fake
from tests.runs import killing_itself

ROOT = Path(__file__).parents[3]
PLUGINS, THEMES = 1_500, 300
CONCURRENCY = 4


def start(data: Path, sites: Sites, boundary: int = 0) -> subprocess.Popen[bytes]:
    words = ["--data", str(data), "--concurrency", str(CONCURRENCY)]
    words += ["--api", sites.api, "--plugins-svn", sites.plugins, "--themes-svn", sites.themes]
    command = killing_itself("fetch", boundary, *words)
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def finish(data: Path, sites: Sites) -> bytes:
    assert start(data, sites).wait() == 0
    assert sorted(path.name for path in (data / "wporg").iterdir()) == [
        "records.jsonl", "state.json",
    ]  # fmt: skip
    return (data / "wporg" / "records.jsonl").read_bytes()


def world() -> fake.World:
    world = fake.World()
    world.theme_batches = True
    for number in range(PLUGINS):
        world.add("plugin", f"p{number}")
    for number in range(THEMES):
        world.add("theme", f"t{number}")
    return world


def change(world: fake.World) -> None:
    for number in range(0, PLUGINS, 5):
        world.release("plugin", f"p{number}", "2.0")
    for number in range(0, THEMES, 5):
        world.release("theme", f"t{number}", "2.0")
    world.add("plugin", "brand-new")


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """The records of two runs that nobody disturbs: the first, and one after the changes."""
    data = tmp_path_factory.mktemp("straight")
    undisturbed = world()
    with undisturbed.served() as sites:
        first = finish(data, sites)
        change(undisturbed)
        return first, finish(data, sites)


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_request(tmp_path: Path, straight: tuple[bytes, bytes], seed: int) -> None:
    """While any of its requests is under way, several times in a row: the same bytes in the end."""
    chance = random.Random(seed)
    disturbed = world()
    disturbed.delay = 0.01
    with disturbed.served() as sites:
        for expected in straight:
            disturbed.requests.clear()
            kills = 0
            for _ in range(3):
                child = start(tmp_path, sites)
                reached = len(disturbed.requests) + chance.randint(1, 20)
                while len(disturbed.requests) < reached and child.poll() is None:
                    pass_time(child, 0.001)
                child.kill()
                kills += child.wait() == -signal.SIGKILL
            assert finish(tmp_path, sites) == expected
            assert disturbed.asked("api") <= batches(expected) + kills * CONCURRENCY
            change(disturbed)


def pass_time(child: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait, but not for a child that has ended."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def batches(records: bytes) -> int:
    """Count the requests that an undisturbed run needs at most."""
    return -(-PLUGINS // 100) + -(-THEMES // 100) + (b"brand-new" in records)


@pytest.mark.parametrize("boundary", [1, 2, 3, 9, 20, 21, 22])
def test_killed_between_two_durable_acts(
    tmp_path: Path, straight: tuple[bytes, bytes], boundary: int
) -> None:
    """After an index, an answer, the records, the state: the next run completes it."""
    disturbed = world()
    with disturbed.served() as sites:
        # 2 indexes, 18 answers, then the records and the state: 22 boundaries in all.
        assert start(tmp_path, sites, boundary).wait() == -signal.SIGKILL
        assert finish(tmp_path, sites) == straight[0]
        asked = [slug for kind, slugs in disturbed.requests if kind == "api" for slug in slugs]
        assert len(asked) <= PLUGINS + THEMES + CONCURRENCY * 100


def test_the_saved_file_is_the_source(straight: tuple[bytes, bytes]) -> None:
    """Every changed package has its new version, every other its old one."""
    versions = {
        (record["type"], record["slug"]): record["version"]
        for record in map(json.loads, straight[1].splitlines())
    }
    assert len(versions) == PLUGINS + THEMES + 1
    assert all(
        version == ("2.0" if slug[1:].isdigit() and int(slug[1:]) % 5 == 0 else "1.0")
        for (_, slug), version in versions.items()
    )
