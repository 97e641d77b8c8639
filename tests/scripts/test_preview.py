"""The preview and the bench, run as a user runs them, on a few records."""

import json
from pathlib import Path

import pytest
from PIL import Image

from publish.cards import preview as cards
from scripts import preview
from tests.scale import drawing

_RECORDS = [
    {"type": "plugin", "slug": "plain", "name": "Plain", "short_description": "Plain words."},
    {"type": "theme", "slug": "long", "name": "Long " * 30, "version": "1.0", "author": "Somebody"},
    {"type": "plugin", "slug": "arabic", "name": "إضافة عربية", "active_installs": 0},
    {"type": "plugin", "slug": "emoji", "name": "Rocket 🚀", "active_installs": 40_000},
]


@pytest.fixture(name="source")
def _source(tmp_path: Path) -> Path:
    path = tmp_path / "source.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in _RECORDS) + "not JSON\n")
    return path


@pytest.mark.parametrize("more", [[], ["--outline"]])
def test_preview_shows_the_hardest_cards(source: Path, tmp_path: Path, more: list[str]) -> None:
    """Page, sheet and cards are written; every card says why it is there."""
    out = tmp_path / "preview"

    assert preview.main(["--source", str(source), "--out", str(out), *more]) == 0
    page = (out / "index.html").read_text()
    assert "longest name" in page
    assert "Arabic letters" in page
    assert "most pictures" in page
    assert "hardly installed" in page
    for path in [out / "00.png", out / "sheet.png"]:
        with Image.open(path) as picture:
            assert picture.width >= 1200


def test_hardest_takes_every_card_once(source: Path) -> None:
    """A card that is hard in many ways stands there once, with all its reasons."""
    chosen = cards.hardest(cards.from_source(str(source))[0])
    labels = [sample.label for sample in chosen]

    assert len(labels) == len(set(labels))
    assert {"the site", "plugin/emoji", "plugin/arabic", "theme/long"} <= set(labels)


def test_a_source_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing source is a usage error with a sentence."""
    missing = str(tmp_path / "none.jsonl")

    assert preview.main(["--source", missing, "--out", str(tmp_path)]) == 2
    assert drawing.main(["--source", missing]) == 2
    assert "cannot read the source" in capsys.readouterr().err


def test_bench_prints_its_table(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Baseline, card, stages, sizes and faithfulness are in the table."""
    assert drawing.main(["--source", str(source), "--rounds", "1"]) == 0
    table = capsys.readouterr().out
    for line in ("svg2png", "of which layout", "KB, mean", "dB to true colour", "two processes"):
        assert line in table
