"""The site as `make serve` serves it: nginx and the app, on a free port, in their own processes."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, scripts
from tests.nginx.face import free_port

WORKERS, THREADS = 2, 4  # processes of the app, and threads of each


@dataclass(frozen=True, slots=True)
class Served:
    """Where it is found, and the process from which all of its others come."""

    port: int
    pid: int

    @property
    def listen(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"


@contextmanager
def served(data: Path) -> Iterator[Served]:
    """Serve on a free port, without a limit of pages that an address may ask for."""
    port = free_port()
    words = ["--workers", str(WORKERS), "--threads", str(THREADS), "--rate", "100000"]
    words = ["serve", "--listen", f"127.0.0.1:{port}", *words]
    process = subprocess.Popen(scripts(data, *words), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()  # said when all of the app's processes are there
        assert first.startswith("Serving"), first
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
