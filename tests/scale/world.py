"""A seeded world of packages as large as wordpress.org's, or larger: the same for the same seed.

python -m tests.scale.world 75000 > world.jsonl
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sources" / "sample.jsonl"
_THEMES = 0.17
_WORDS = (
    "easy simple advanced smart ultimate fast lite pro custom dynamic responsive secure modern "
    "contact form gallery slider shop cart checkout payment gateway seo sitemap schema cache image "
    "optimizer backup migration security login redirect menu widget block editor builder popup "
    "newsletter mail smtp analytics chat booking calendar event map video audio podcast forum "
    "member course quiz poll survey review rating social share feed import export table chart "
    "translate currency shipping invoice product variation search filter related post author"
).split()
_BUCKETS = (0, 10, 20, 50, 100, 300, 800, 2_000, 6_000, 20_000, 90_000, 400_000, 3_000_000)
_WEIGHTS = (18, 22, 16, 12, 10, 8, 5, 4, 2.5, 1.4, 0.7, 0.3, 0.1)


def records(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield `count` records."""
    told = texts()
    for number in range(count):
        yield record(number, seed, told)


def record(number: int, seed: int, told: list[tuple[str, str]]) -> dict[str, Any]:
    """Make the package of a number: type, names, counts and versions drawn from its own seed."""
    chance = random.Random(f"{seed}/{number}")
    kind = "theme" if chance.random() < _THEMES else "plugin"
    words = chance.sample(_WORDS, chance.choice((2, 2, 3, 3, 4)))
    slug = f"{'-'.join(words)}-{number}"
    tail, description = chance.choice(told)
    versions = _versions(chance)
    urls = {one: f"https://downloads.wordpress.org/{kind}/{slug}.{one}.zip" for one in versions}
    hour, minute = chance.randint(1, 12), chance.randint(0, 59)
    year, month, day = chance.randint(2012, 2026), chance.randint(1, 11), chance.randint(1, 28)
    author = f"{chance.choice(_WORDS).title()} {chance.choice(_WORDS).title()}"
    return {
        "type": kind,
        "slug": slug,
        "name": " ".join(words).title() + (f" – {tail}" if chance.random() < 0.4 else ""),
        "short_description": description,
        "version": versions[-1],
        "author": f'<a href="https://example.org/{number % 9000}">{author} {number % 9000}</a>',
        "homepage": f"https://example.org/{slug}" if chance.random() < 0.6 else "",
        "active_installs": chance.choices(_BUCKETS, _WEIGHTS)[0],
        "last_updated": f"{year}-{month:02}-{day:02} {hour}:{minute:02}pm GMT",
        "requires": "5.8",
        "tested": "6.8.2",
        "requires_php": chance.choice(("7.2", "7.4", "8.0", False)),
        "tags": {word: word.title() for word in words},
        "download_link": urls[versions[-1]],
        "versions": urls,
    }


def changed(record: dict[str, Any], turn: int) -> dict[str, Any]:
    """Give the record with one more version, as if released in that turn."""
    version = f"{record['version']}.{turn}" if record["version"].count(".") < 3 else f"99.{turn}"
    url = record["download_link"].replace(record["version"], version)
    versions = {**record["versions"], version: url}
    return {**record, "version": version, "versions": versions, "download_link": url}


def _versions(chance: random.Random) -> list[str]:
    """Draw 1 to 400 versions, most packages few."""
    count = min(400, int(chance.paretovariate(0.7)))
    major, minor, patch = 1, 0, 0
    versions = ["1.0"]
    for _ in range(count - 1):
        step = chance.random()
        if step < 0.05:
            major, minor, patch = major + 1, 0, 0
        elif step < 0.35:
            minor, patch = minor + 1, 0
        else:
            patch += 1
        versions.append(f"{major}.{minor}.{patch}" if patch else f"{major}.{minor}")
    return list(dict.fromkeys(versions))


def texts() -> list[tuple[str, str]]:
    """Give the names' tails and descriptions of the sample catalogue, in all its scripts."""
    lines = _SAMPLE.read_text().splitlines()
    sample = [json.loads(line) for line in lines]
    usual = [one for one in sample if not one["slug"].startswith("hazard-")]
    return [
        (one["name"].partition(" – ")[2] or one["name"], one["short_description"]) for one in usual
    ]


def main() -> int:
    """Write the world to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changed", type=int, default=0, help="so many have one more version")
    parser.add_argument("--turn", type=int, default=1)
    args = parser.parse_args()
    every = args.count // args.changed if args.changed else 0
    for number, one in enumerate(records(args.count, args.seed)):
        grown = changed(one, args.turn) if every and number % every == args.turn else one
        sys.stdout.write(json.dumps(grown, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
