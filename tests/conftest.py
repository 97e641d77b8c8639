"""What every room's tests share: sources made on the spot, and the commands as a user runs them."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SITE_URL = "http://127.0.0.1:8080"

Source = Callable[..., Path]


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

    def write(*records: dict[str, Any] | bytes) -> Path:
        path = tmp_path / "source.jsonl"
        lines = [
            one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode()
            for one in records
        ]
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        return path

    return write


@pytest.fixture(name="data")
def _data(tmp_path: Path) -> Path:
    """Where the test's own data goes."""
    return tmp_path / "data"


@pytest.fixture(name="open_folder")
def _open_folder() -> Iterator[Path]:
    """A folder that an unprivileged user may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="site-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def scripts(data: Path, *argv: str | Path) -> list[str]:
    """Spell the command that runs steps on `data`, as the Makefile does."""
    words = [str(word) for word in argv]
    return [sys.executable, "-m", "scripts", "--data", str(data), *words]


def run(data: Path, *argv: str | Path) -> subprocess.CompletedProcess[str]:
    """Run steps as a user would, in a process of their own."""
    return subprocess.run(
        scripts(data, *argv), capture_output=True, text=True, cwd=ROOT, check=False
    )


def pipeline(source: Path, jobs: int = 2) -> Sequence[str]:
    """Give the words of `make pipeline`."""
    return (
        *("build", "--source", str(source)),
        *("then", "render-new", "--jobs", str(jobs)),
        *("then", "deploy", "--site-url", SITE_URL),
    )
