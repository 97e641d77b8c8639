"""The measuring of loads, on a catalogue that is made in a moment."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import pipeline, run
from tests.scale import load, world

ROWS = {
    *(f"{what}{figure}"
      for what in ("cards", "Composer files, plain", "Composer files, gzip")
      for figure in ("", ": of what bare nginx serves", ": processor, of what that takes")),
    *(f"{kind} pages, {form}" for kind in ("cold", "cached") for form in ("plain", "gzip")),
    *(f"cold pages, {form}: {figure}" for form in ("plain", "gzip")
      for figure in ("p50 and p99", *(f"processor a page, {w}" for w in ("app", "nginx", "all")))),
    *(f"cached pages, {form}: times the cold ones" for form in ("plain", "gzip")),
    *(f"{what}{figure}" for what in ("pipeline", "regenerate")
      for figure in (", alone", ", under a crawl", ": the crawl", ": its p50 and p99",
                     ": its p99, times that of no run", ": answers but 200")),
    "errors that name a lock",
}  # fmt: skip


@pytest.fixture(name="data")
def _data() -> Iterator[Path]:
    """A catalogue as bench-scale leaves it, in a folder that an unprivileged user may enter."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        Path(folder).chmod(0o755)
        source = Path(folder) / "world.jsonl"
        source.write_text("".join(f"{json.dumps(one)}\n" for one in world.records(30)))
        made = run(Path(folder) / "data", *pipeline(source))
        assert made.returncode == 0, made.stderr
        yield Path(folder) / "data"


@pytest.mark.soak
def test_every_figure_is_there(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A load on a real site ends with a table of every figure; nobody was turned away."""
    code = load.main(["--data", str(data), "--seconds", "1", "--turns", "1"])
    head, _, *rows = capsys.readouterr().out.splitlines()
    table = dict([cell.strip() for cell in row.strip("| ").split(" | ")] for row in rows)

    assert code == 0
    assert head.strip("| ").startswith("packages")
    assert table.keys() == ROWS
    assert table["pipeline: answers but 200"] == table["regenerate: answers but 200"] == "0"
    assert table["errors that name a lock"] == "0"
    assert float(table["cold pages, gzip: processor a page, all"].removesuffix(" ms")) > 0


def test_a_catalogue_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one nothing is measured; the command that makes it is told."""
    code = load.main(["--data", str(tmp_path / "300000" / "data")])

    assert code == 2
    assert f"tests.scale.bench --out {tmp_path} --sizes 300000" in capsys.readouterr().err
