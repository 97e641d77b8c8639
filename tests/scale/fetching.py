"""Measure a first `fetch-pictures` of many pictures from a local server, a second, one a month on.

Nine packages in eleven are plugins with an icon of 256x256 px (most of them PNG, some JPEG or SVG),
the others themes with a screenshot of 1200x900. The server is tests/publish/pictures/hosts.py:
it says what its answers follow. It answers at once; what a network adds is not in these figures.
"""

import argparse
import io
import json
import os
import random
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from publish.pictures.reader import prepared
from publish.pictures.store import PictureStore
from release.data import Data
from tests.conftest import ROOT, record, scripts
from tests.publish.pictures.hosts import Pictures

_MONTH = 31 * 86_400


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and give the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.scale.fetching",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=5_000, metavar="N", help="pictures")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name, Pictures().served() as hosts:
        folder = Path(name)
        records = list(_packages(args.count, hosts))
        (folder / "source.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
        data = folder / "data"
        _timed(data, "build", "--source", folder / "source.jsonl")
        words = ("--source", "wporg", "--through", hosts.base, "--jobs", str(args.jobs))
        budget = ("--pictures-per-run", str(args.count))
        served = sum(map(len, hosts.files.values()))
        print(f"{args.count:,} pictures, {served / 1e6:,.1f} MB, {args.jobs} processes")
        _tell("first", hosts, _until_done(data, "fetch-pictures", *words, *budget))
        _tell("second", hosts, _timed(data, "fetch-pictures", *words, *budget))
        with sqlite3.connect(Data(data).catalog) as db:
            db.execute("UPDATE picture SET due_at = due_at - ?", (_MONTH,))
        _tell("a month later", hosts, _until_done(data, "fetch-pictures", *words, *budget))
        for what, kind in (("icon", "plugin"), ("screenshot", "theme")):
            print(f"one {what}: {_alone(hosts, kind):.1f} ms of the processor, median")
        store = PictureStore(Data(data).pictures)
        sizes = [store.path(one).stat().st_size / 1000 for one in store.all()]
        print(
            f"prepared {len(sizes):,}, {sum(sizes) / 1000:,.1f} MB in all, KB each: "
            f"mean {statistics.mean(sizes):.1f}, largest {max(sizes):.1f}"
        )
    return 0


def _timed(data: Path, *words: str | Path) -> list[float]:
    """Run a command; give its seconds."""
    began = time.perf_counter()
    subprocess.run(scripts(data, *words), cwd=ROOT, check=True)
    return [time.perf_counter() - began]


def _until_done(data: Path, *words: str | Path) -> list[float]:
    """Run a command until no picture is due, which may take several runs; give their seconds."""
    taken = []
    due = True
    while due:
        taken += _timed(data, *words)
        with sqlite3.connect(Data(data).catalog) as db:
            sql = "SELECT count(*) FROM picture WHERE due_at <= unixepoch()"
            due = db.execute(sql).fetchone()[0] > 0
    return taken


def _alone(hosts: Pictures, kind: str) -> float:
    """Prepare some pictures of a kind in this process; give milliseconds of the processor each."""
    host = {"plugin": "ps.w.org", "theme": "ts.w.org"}[kind]
    taken = []
    for path in [one for one in hosts.files if one.startswith(host)][:60]:
        began = time.process_time()
        prepared(kind, hosts.files[path])
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken)


def _tell(what: str, hosts: Pictures, seconds: list[float]) -> None:
    print(
        f"{what:14} {sum(seconds):7.1f} s in {len(seconds)} runs, "
        f"{len(hosts.asked):,} requests, {hosts.unchanged:,} of them answered 304"
    )
    hosts.asked.clear()
    hosts.unchanged = 0


def _packages(count: int, hosts: Pictures) -> Iterator[dict[str, object]]:
    """Make records, and give the hosts their pictures: no two are alike."""
    chance = random.Random(12)
    for number in range(count):
        slug = f"p{number}"
        if number % 11 < 9:
            form = chance.choice(["PNG"] * 7 + ["JPEG", "SVG", "SVG"])
            file = f"ps.w.org/{slug}/assets/icon-256x256.{form.lower()}"
            content = _svg(chance) if form == "SVG" else _saved(_icon(chance), form)
            key = "svg" if form == "SVG" else "2x"
            yield record(slug, active_installs=count - number, icons={key: f"https://{file}?rev=1"})
        else:
            file = f"ts.w.org/wp-content/themes/{slug}/screenshot.png"
            content = _saved(_screenshot(chance), "PNG")
            yield record(slug, type="theme", screenshot_url=f"//{file}?ver=1.0")
        hosts.files[file] = content


def _icon(chance: random.Random) -> Image.Image:
    """Draw shapes on a ground, every third one with a slope of colours and some grain."""
    image = Image.new("RGB", (256, 256), _colour(chance))
    if chance.random() < 0.33:
        slope = Image.linear_gradient("L").rotate(chance.choice([0, 90, 180]))
        image = Image.merge("RGB", (slope, ImageChops.invert(slope), image.getchannel(1)))
        grain = Image.effect_noise((256, 256), 12).convert("RGB")
        image = Image.blend(image, grain, 0.2)
    pen = ImageDraw.Draw(image)
    for _ in range(chance.randrange(3, 12)):
        x, y, size = (chance.randrange(200) for _ in range(3))
        pen.ellipse((x, y, x + size + 9, y + size + 9), _colour(chance))
    return image


def _screenshot(chance: random.Random) -> Image.Image:
    """Draw a page: bands, lines of text, and a picture of many colours."""
    image = Image.new("RGB", (1200, 900), _colour(chance))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 1200, 90), _colour(chance))
    for line in range(24):
        y = 120 + line * 32
        pen.rectangle((60, y, chance.randrange(200, 640), y + 12), _colour(chance))
    slope = Image.linear_gradient("L").resize((480, 480))
    photo = Image.merge("RGB", (slope, slope.rotate(90), slope.rotate(chance.choice([180, 270]))))
    grain = Image.effect_noise((480, 480), 30).convert("RGB")
    image.paste(Image.blend(photo, grain, 0.25), (680, 160))
    return image


def _svg(chance: random.Random) -> bytes:
    shapes = "".join(
        f'<circle cx="{chance.randrange(128)}" cy="{chance.randrange(128)}"'
        f' r="{chance.randrange(4, 60)}" fill="rgb{_colour(chance)}"/>'
        for _ in range(12)
    )
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128">'
    return f"{head}{shapes}</svg>".encode()


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


def _saved(image: Image.Image, form: str) -> bytes:
    made = io.BytesIO()
    image.save(made, form, compress_level=3) if form == "PNG" else image.save(made, form)
    return made.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
