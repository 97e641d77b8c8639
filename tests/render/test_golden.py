"""The golden cards: the data everywhere, the pixels where the fonts are the same."""

import html
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from render import CardRenderer, fonts
from tests.render.cases import GOLDEN
from tests.render.golden import FOLDER, FONTS
from tests.render.picture import opened

_TOLERANCE = 0.2  # mean levels of a channel: a library's rounding passes, a moved letter does not


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str, renderer: CardRenderer, tmp_path: Path) -> None:
    """A golden card is drawn as it was accepted (to accept: python -m tests.render.golden)."""
    if FONTS.read_text().strip() != fonts.digest():
        pytest.skip("the golden cards were drawn with other fonts")
    actual = renderer(GOLDEN[name])
    with Image.open(FOLDER / f"{name}.png") as accepted:
        expected = accepted.convert("RGB")
    difference = ImageChops.difference(expected, opened(actual))

    off = max(ImageStat.Stat(difference).mean)
    assert off <= _TOLERANCE, f"off by {off:.2f}: see {_page(name, actual, difference, tmp_path)}"


def test_every_golden_card_is_in_the_table() -> None:
    """No picture lies about that no case draws."""
    assert set(GOLDEN) == {path.stem for path in FOLDER.glob("*.png")}


def test_golden_cards_are_small() -> None:
    """All of them together stay under a megabyte and a half."""
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < 1_500_000


def _page(name: str, actual: bytes, difference: Image.Image, folder: Path) -> Path:
    (folder / "actual.png").write_bytes(actual)
    difference.point(lambda level: min(level * 4, 255)).save(folder / "difference.png")
    pictures = {
        "expected": (FOLDER / f"{name}.png").resolve().as_uri(),
        "actual": "actual.png",
        "difference (x 4)": "difference.png",
    }
    body = "".join(
        f'<h2>{title}</h2><img src="{html.escape(source)}" width="900">'
        for title, source in pictures.items()
    )
    page = folder / "index.html"
    page.write_text(f"<!DOCTYPE html><title>{html.escape(name)}</title>{body}")
    return page
