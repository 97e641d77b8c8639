"""Measure takumi, an engine for such cards written in Rust, beside ours on the same cards.

It is handed our layout: each text with its place, size and colour, on a flat plate without flowers.
It draws fewer things than we do, and need not find out which size fits. Each card is drawn once, in
a fresh process; the first ones, which load fonts, do not count. npm brings it, pinned.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from publish.cards.preview import from_source
from render import TEMPLATES, Card
from render.engine import engine
from render.layout import Words
from tests.scale import world
from tests.scale.bench import write
from tests.scale.drawing import each_once, median

_PEER = "@takumi-rs/core@2.16.3"
_WARM = 10  # cards that do not count
_FONTS = ("truetype/vollkorn/*.ttf", "truetype/jetbrains-mono/*.ttf", "opentype/inter/Inter-*.otf",
          "truetype/noto/NotoSerif-*.ttf", "opentype/noto/NotoSerifCJK-Regular.ttc")  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale.peer", description=__doc__)
    parser.add_argument("--cards", type=int, default=200, metavar="N")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="peer-") as name:
        folder = Path(name)
        source = folder / "world.jsonl"
        write(source, world.records(args.cards + _WARM))
        cards = [sample.card for sample in from_source(str(source))[0]]
        theirs = _theirs(cards, folder)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        ours = pool.submit(each_once, "flowers", cards).result()
    took = {"takumi, without flowers": theirs[_WARM:], "ours": ours[_WARM:]}
    first = median(took["takumi, without flowers"])
    print(f"{f'{args.cards:,} cards, each once':34}{'ms':>8}{'ratio':>8}{'KB':>8}")
    for who, drawn in took.items():
        ms = median(drawn)
        kb = statistics.mean(size for _, size in drawn) / 1000
        print(f"{'  ' + who:34}{ms:8.2f}{first / ms:8.1f}{kb:8.1f}")
    return 0


def _theirs(cards: Sequence[Card], folder: Path) -> list[tuple[float, int]]:
    """Draw cards with takumi; give milliseconds and bytes of each."""
    install = ("npm", "install", "--silent", "--ignore-scripts", "--prefix", str(folder), _PEER)
    subprocess.run(install, check=True)
    fonts = [str(font) for one in _FONTS for font in sorted(Path("/usr/share/fonts").glob(one))]
    said = subprocess.run(
        ["node", str(Path(__file__).with_suffix(".mjs")), str(folder), *fonts],
        input=json.dumps([_told(card) for card in cards]),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = (line.split() for line in said.splitlines())
    return [(float(ms), int(size)) for ms, size in lines]


def _told(card: Card) -> dict[str, Any]:
    """Tell of a card what another engine needs to draw it."""
    drawer = engine(TEMPLATES)
    art = drawer.art(card)
    bed = art.template.bed
    x, y, width, height = bed.box if bed else (0, 0, 0, 0)
    flowers = art.flowers
    return {
        "ground": "#f6f2e9",
        "tincture": _colour(flowers[0][0]) if flowers else "#808080",
        "plate": {"x": x, "y": y, "width": width, "height": height},
        "words": [_words(words) for words in drawer.place(card).words],
    }


def _words(words: Words) -> dict[str, Any]:
    setting, style = words.block.setting, words.block.slot.style
    return {
        "text": words.block.text,
        "x": words.x,
        "y": words.y,
        "width": setting.width,
        "size": setting.size,
        "pitch": (setting.pitch or style.pitch * setting.size) / setting.size,
        "family": style.family,
        "weight": style.weight,
        "italic": style.italic,
        "colour": _colour(style.fill),
    }


def _colour(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


if __name__ == "__main__":
    raise SystemExit(main())
