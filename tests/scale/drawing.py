"""Measure the drawing of cards against its baseline, in one run, and print the table.

The baseline is the same card as one SVG file through cairosvg.svg2png. Both take turns on one core,
a batch of cards each; times are medians over all rounds. Compare ratios, not milliseconds.
"""

import argparse
import io
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import TypeVar
from xml.sax.saxutils import escape, quoteattr

import cairosvg
from PIL import Image, ImageChops, ImageStat

from catalog.source import SourceError
from publish.cards.preview import from_source
from render import TEMPLATES, Card, CardRenderer
from render.engine import Engine, engine
from render.layout import Words
from render.paint import IndexPainter, paint
from render.png import encode
from render.template import HEIGHT, WIDTH
from tests.render import pictures

_T = TypeVar("_T")
_BATCH = 20
_TURNS = 5
_COLD = "import render, sys; render.CardRenderer()(render.Card('plugin', sys.argv[1]))"


@dataclass
class Times:
    """Milliseconds by what took them."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def clock(self, what: str, work: Callable[[], _T]) -> _T:
        """Do `work` and note its time."""
        start = time.perf_counter()
        result = work()
        self.taken.setdefault(what, []).append((time.perf_counter() - start) * 1000)
        return result

    def median(self, what: str) -> float:
        """Give the median of `what`."""
        return statistics.median(self.taken[what])


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and give the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.scale.drawing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--source", required=True, metavar="FILE", help="records, as for build")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="times over all cards")
    parser.add_argument(
        "--steady", type=int, default=0, metavar="N", help="also draw N cards and watch the memory"
    )
    args = parser.parse_args(argv)
    try:
        samples, _ = from_source(args.source)
        cards = [replace(sample.card, picture="") for sample in samples]
    except SourceError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    if not cards:
        print(f"bench: no good record in {args.source}", file=sys.stderr)
        return 2
    times = Times()
    pngs, naive = take_turns(cards, args.rounds, times)
    once = _once(cards)
    for line in [*once, *_speed(times), *_sizes(cards, pngs, naive), *_processes(cards), *_cold()]:
        print(line)
    if args.steady:
        print(_memory(cards, args.steady))
    return 0


def _once(cards: Sequence[Card]) -> list[str]:
    """Draw each card once in a fresh process: as the baseline, with flowers, with a picture.

    In milliseconds of the processor, which other work on the machine disturbs less; all by turns,
    and of the turns the middle one, for a minute later the machine may be another.
    """
    turns: dict[str, list[list[tuple[float, int]]]] = {}
    for how in ("baseline", "flowers", "picture") * _TURNS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            turns.setdefault(how, []).append(pool.submit(each_once, how, cards).result())
    taken = {how: sorted(some, key=median)[_TURNS // 2] for how, some in turns.items()}
    base = median(taken["baseline"])
    lines = [f"{'each card once, a fresh process':34}{'ms':>8}{'ratio':>8}{'KB':>8}{'largest':>9}"]
    for how, drawn in taken.items():
        ms = median(drawn)
        kb = statistics.mean(size for _, size in drawn)
        largest = max(size for _, size in drawn) / 1000
        lines.append(f"{'  ' + how:34}{ms:8.2f}{base / ms:8.1f}{kb / 1000:8.1f}{largest:9.1f}")
    return lines


def median(drawn: Sequence[tuple[float, int]]) -> float:
    """Give the median of the milliseconds that cards took."""
    return statistics.median(ms for ms, _ in drawn)


def each_once(how: str, cards: Sequence[Card]) -> list[tuple[float, int]]:
    """Draw each card once; give its milliseconds and bytes. Art and fonts are loaded before."""
    draw: Callable[[Card], bytes] = CardRenderer(pictures=pictures.by_digest)
    if how == "baseline":
        documents = {card: equal_svg(card, engine(TEMPLATES)) for card in cards}
        draw = lambda card: bytes(cairosvg.svg2png(bytestring=documents[card]))  # noqa: E731
    else:
        for name in ("flat", "light", ""):
            for type_ in ("plugin", "theme"):
                if (name == "light") == (type_ == "theme") or not name:
                    draw(Card(type_, "Warm", seed=f"{type_}/warm", picture=_named(name)))
    made = []
    for number, card in enumerate(cards):
        if how == "picture":
            card = replace(card, picture=_any_picture(card, number))
        began = time.process_time()
        png = draw(card)
        made.append(((time.process_time() - began) * 1000, len(png)))
    return made


def _named(name: str) -> str:
    return pictures.named(name) if name else ""


def _any_picture(card: Card, number: int) -> str:
    """Name one of our own pictures that goes with a card."""
    icons, screenshots = ("flat", "photo", "soft", "tall", "wide"), ("light", "dark")
    if card.template not in ("plugin", "theme"):
        return ""
    names = icons if card.template == "plugin" else screenshots
    return pictures.named(names[number % len(names)])


def take_turns(
    cards: Sequence[Card], rounds: int, times: Times
) -> tuple[dict[Card, bytes], list[int]]:
    """Draw the cards both ways, batch about; give the cards' PNGs and the baseline's sizes."""
    drawer, renderer = engine(TEMPLATES), CardRenderer()
    pngs = {card: renderer(card) for card in cards}
    documents = {card: equal_svg(card, drawer) for card in cards}
    sizes = []
    for _ in range(rounds):
        for start in range(0, len(cards), _BATCH):
            batch = cards[start : start + _BATCH]
            for card in batch:
                document = documents[card]
                png = times.clock("baseline", lambda: cairosvg.svg2png(bytestring=document))  # noqa: B023
                sizes.append(len(png))
            for card in batch:
                times.clock("card", lambda: renderer(card))  # noqa: B023
            for card in batch:
                _stages(card, drawer, times)
    return pngs, sizes


def _stages(card: Card, drawer: Engine, times: Times) -> None:
    """Draw one card, and note the time of each stage."""
    art = drawer.art(card)
    painter = times.clock("background", lambda: IndexPainter(art))
    placed = times.clock("layout", lambda: drawer.place(card))
    times.clock("glyphs", lambda: paint(painter, placed))
    raster = painter.finish()
    times.clock("PNG", lambda: encode(raster, art.palette.colours))


def equal_svg(card: Card, drawer: Engine) -> bytes:
    """Give the card as one SVG file: its art, and a <text> for every line, ready broken."""
    art = drawer.art(card)
    placed = drawer.place(card)
    moving = "".join(_svg_line(words) for words in placed.words)
    for line in placed.lines:
        x, y, width, height = line.box
        moving += f'<path fill="#bcb7ae" d="M{x} {y}h{width}v{height}h-{width}z"/>'
    document = art.template.art.decode().replace("ns0:", "").replace("xmlns:ns0", "xmlns")
    return document.replace("</svg>", f"{moving}</svg>").encode()


def _svg_line(words: Words) -> str:
    setting, style = words.block.setting, words.block.slot.style
    pitch = setting.pitch or style.pitch * setting.size
    family = quoteattr(style.family.partition(",")[0])
    weight = "bold" if style.weight >= 600 else "normal"
    slant = "italic" if style.italic else "normal"
    red, green, blue = style.fill
    return "".join(
        f'<text x="{words.box.x + words.box.width / 2}" text-anchor="middle"'
        f' y="{words.y + setting.baseline + number * pitch}" font-family={family}'
        f' font-size="{setting.size}" font-weight="{weight}" font-style="{slant}"'
        f' fill="#{red:02x}{green:02x}{blue:02x}" fill-opacity="{style.opacity}">'
        f"{escape(''.join(filter(str.isprintable, line)).strip())}</text>"
        for number, line in enumerate(setting.words())
    )


def _speed(times: Times) -> list[str]:
    base, own = times.median("baseline"), times.median("card")
    lines = [
        f"{'one core, medians':34}{'ms':>8}{'ratio':>8}",
        f"{'svg2png of the equal SVG':34}{base:8.2f}{1:8.1f}",
        f"{'a card':34}{own:8.2f}{base / own:8.1f}",
    ]
    stages = ("background", "layout", "glyphs", "PNG")
    lines += [f"{'  of which ' + stage:34}{times.median(stage):8.2f}" for stage in stages]
    means = statistics.mean(times.taken["baseline"]) / statistics.mean(times.taken["card"])
    return [*lines, f"{'ratio of the means':34}{means:16.1f}"]


def _sizes(cards: Sequence[Card], pngs: dict[Card, bytes], naive: Sequence[int]) -> list[str]:
    sizes = [len(pngs[card]) for card in cards]
    largest = max(cards, key=lambda card: len(pngs[card]))
    noise = {card: _psnr(card, pngs[card]) for card in cards}
    worst = min(noise, key=lambda card: noise[card])
    return [
        f"{'KB, mean of ' + format(len(cards), ',') + ' cards':34}{_kb(statistics.mean(sizes))}"
        f"  (baseline {_kb(statistics.mean(naive)).strip()})",
        f"{'KB, largest':34}{_kb(max(sizes))}  {largest.name}",
        f"{'dB to true colour, worst':34}{noise[worst]:8.1f}  {worst.name}",
    ]


def _kb(size: float) -> str:
    return f"{size / 1000:8.1f}"


def _psnr(card: Card, png: bytes) -> float:
    true = Image.frombytes("RGB", (WIDTH, HEIGHT), engine(TEMPLATES).true_colour(card))
    with Image.open(io.BytesIO(png)) as drawn:
        difference = ImageChops.difference(true, drawn.convert("RGB"))
    mean = sum(ImageStat.Stat(difference).sum2) / (3 * WIDTH * HEIGHT)
    return 10 * math.log10(255**2 / mean)


def _processes(cards: Sequence[Card]) -> list[str]:
    """Draw in one process and in two, and give the gain."""
    seconds = []
    many = list(cards) * 6
    for workers in (1, 2):
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            list(pool.map(CardRenderer(), many[: 40 * workers], chunksize=5))  # loads art and fonts
            start = time.perf_counter()
            list(pool.map(CardRenderer(), many, chunksize=20))
            seconds.append(time.perf_counter() - start)
    return [f"{'two processes against one':34}{seconds[0] / seconds[1]:16.1f}"]


def _cold() -> list[str]:
    """Give the CPU seconds of a new process that draws one card."""
    taken = []
    for _ in range(3):
        before = os.times()
        subprocess.run([sys.executable, "-c", _COLD, "Cold start"], check=True)
        after = os.times()
        taken.append(
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
    return [f"{'CPU seconds, cold, for one card':34}{min(taken):8.2f}"]


def _memory(cards: Sequence[Card], count: int) -> str:
    """Draw `count` cards in this process, and give its largest memory at half and at the end."""
    renderer, peaks = CardRenderer(), []
    for number in range(count):
        renderer(cards[number % len(cards)])
        if number in (count // 2, count - 1):
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return f"{'MB after half, after all cards':34}{peaks[0]:8.0f}{peaks[-1]:8.0f}"


if __name__ == "__main__":
    raise SystemExit(main())
