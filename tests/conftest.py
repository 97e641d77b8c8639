"""What every room's tests share: sources made on the spot, and the commands as a user runs them."""

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parents[1]
SITE_URL = "http://127.0.0.1:8080"

# How long an example takes says how busy the machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

Source = Callable[..., Path]
Tell = Callable[[str], None]


def record(slug: str, **fields: Any) -> dict[str, Any]:
    """Make a small source record."""
    zip_url = f"https://downloads.wordpress.org/plugin/{slug}.1.0.zip"
    return {
        "type": "plugin",
        "slug": slug,
        "name": slug.title(),
        "short_description": f"What {slug} does.",
        "version": "1.0",
        "author": "Somebody",
        "active_installs": 1000,
        "last_updated": "2026-01-02 3:04am GMT",
        "versions": {"1.0": zip_url},
        **fields,
    }


@pytest.fixture(name="source")
def _source(tmp_path: Path) -> Source:
    """Write records (or raw bytes) as a .jsonl file, each call anew, and give its path."""

    return partial(write_source, tmp_path)


def write_source(folder: Path, *records: dict[str, Any] | bytes) -> Path:
    """Write records (or raw bytes) as the .jsonl file of a folder, and give its path."""
    path = folder / "source.jsonl"
    lines = [
        one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode()
        for one in records
    ]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


@pytest.fixture(name="data")
def _data(tmp_path: Path) -> Path:
    """Where the test's own data goes."""
    return tmp_path / "data"


@pytest.fixture(scope="session", name="one_published")
def _one_published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site of one package, 'one'; nobody changes it."""
    folder = tmp_path_factory.mktemp("one")
    assert run(folder / "data", *pipeline(write_source(folder, record("one")))).returncode == 0
    return folder / "data"


@pytest.fixture(name="published")
def _published(one_published: Path, data: Path) -> Path:
    """A copy of it, links, modes and times included."""
    return Path(shutil.copytree(one_published, data, symlinks=True))


# What takes longest, the longest first.
_LONG = (
    *("tests/test_kill.py", "tests/browser/", "tests/publish/upkeep/test_doctor.py", "tests/fuzz/"),
    *("tests/composer/", "tests/publish/test_deploy.py", "tests/faults/test_damage.py"),
    *("tests/test_served.py", "tests/publish/mirrors/", "tests/publish/upkeep/test_backup.py"),
    *("tests/endurance/", "tests/faults/", "tests/nginx/"),
)
# Rooms whose tests share a served site that is dear to make.
_TOGETHER = ("tests/browser/", "tests/composer/", "tests/fuzz/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: no worker is to be alone with it in the end."""
    rank = {start: number for number, start in enumerate(_LONG)}

    def place(item: pytest.Item) -> int:
        return min((rank[start] for start in _LONG if item.nodeid.startswith(start)), default=99)

    items.sort(key=place)


class _Rooms(LoadFileScheduling):  # type: ignore[misc]
    """Hands a worker whole files, and whole rooms where the tests share a site."""

    def _split_scope(self, nodeid: str) -> str:
        return next(
            (room for room in _TOGETHER if nodeid.startswith(room)), super()._split_scope(nodeid)
        )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Take the one above, whatever --dist says."""
    config.option.loadscopereorder = False
    return _Rooms(config, log)


@contextlib.contextmanager
def open_to_all(prefix: str) -> Iterator[Path]:
    """Give a folder with a short name that everybody may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(name="open_folder")
def _open_folder() -> Iterator[Path]:
    """A folder that an unprivileged user may enter."""
    with open_to_all("site-") as folder:
        yield folder


@pytest.fixture(name="tell")
def _tell(record_property: Callable[[str, object], None]) -> Tell:
    """Say a line in the summary of the run: a worker's own output nobody sees."""
    return partial(record_property, "told")


@pytest.fixture(name="tried")
def _tried(record_property: Callable[[str, object], None]) -> Callable[[int], None]:
    """Count hostile inputs that were tried."""
    return partial(record_property, "tried")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests told, and how many hostile inputs each of them tried."""
    told: list[str] = []
    tried: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        test = report.location[2].partition("[")[0]
        for name, value in report.user_properties:
            if name == "told":
                told.append(f"{test}: {value}")
            elif name == "tried":
                tried[test] += value
    if told:
        terminalreporter.section("told by the tests")
        terminalreporter.write_line("\n".join(told))
    if tried:
        terminalreporter.section("hostile inputs")
        for test, number in tried.items():
            terminalreporter.write_line(f"{number:>9,}  {test}")
        terminalreporter.write_line(f"{tried.total():>9,}  in all")


def scripts(data: Path, *argv: str | Path) -> list[str]:
    """Spell the command that runs steps on `data`, as the Makefile does."""
    words = [str(word) for word in argv]
    return [sys.executable, "-m", "scripts", "--data", str(data), *words]


def run(data: Path, *argv: str | Path) -> subprocess.CompletedProcess[str]:
    """Run steps as a user would, in a process of their own."""
    return subprocess.run(
        scripts(data, *argv), capture_output=True, text=True, cwd=ROOT, check=False
    )


def interruptible(command: Sequence[str]) -> list[str]:
    """Spell a command so that Ctrl-C reaches it.

    A shell starts what runs in the background with SIGINT ignored, and so does each descendant.
    """
    return ["env", "--default-signal=INT", *command]


def pipeline(source: Path, jobs: int = 2) -> Sequence[str]:
    """Give the words of `make pipeline`."""
    return (
        *("pipeline", "--source", str(source), "--jobs", str(jobs)),
        *("--site-url", SITE_URL),
    )
