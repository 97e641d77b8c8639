"""Keeps a real site that hostile inputs are sent to."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, pipeline, run, scripts
from tests.fuzz.site import SECRET, Site
from tests.nginx.face import ask, free_port, wait


@pytest.fixture(name="served", scope="session")
def _served() -> Iterator[Site]:
    """The sample, published and served by nginx and the app, with secrets beside what is public."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder.chmod(0o755)
    data = folder / "data"
    assert run(data, *pipeline(ROOT / "data" / "sources" / "sample.jsonl")).returncode == 0
    for name in ("secret", "store/secret.png", "store/og/secret.png", "releases/secret", "log/s"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text(SECRET)
    (folder / "secret").write_text(SECRET)
    port = free_port()
    words = ["serve", "--listen", f"127.0.0.1:{port}", "--workers", "2", "--rate", "100000"]
    process = subprocess.Popen(
        scripts(data, *words), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait(lambda: _healthy(port), 60)
        yield Site(port, data)
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)
    assert process.returncode == 0


def _healthy(port: int) -> bool:
    try:
        return ask(port, "/health").status == 200
    except OSError:
        return False
