"""Look for the address that costs the app most, over all routes, on a catalogue of any size.

  python -m tests.scale.dearest 75000

The catalogue is the seeded world with what is worst for somebody: a tag of every third package, an
author of every 75th, ten thousand versions, a log of changes in which every file is. The search
begins with addresses of every route, their parts and queries drawn from what there is most of, and
climbs from the dearest ones. What nginx sends from files of the release is left out.

Milliseconds are of processor time: of the thread that answers, as nginx asks, compression included.
They are told as on a machine that does a fixed piece of work, SQLite's, JSON's and gzip's, in UNIT
milliseconds: how busy or how old this one is does not come in.
"""

import argparse
import json
import random
import re
import sqlite3
import sys
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import product
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from webob import Request

from publish.site import lists
from server import Settings, make_app
from server.browse import PHPS, SORTS, TYPES, WITHIN
from server.routes import ROUTES, Route, fill
from tests.conftest import ROOT, record
from tests.scale import searching, world
from tests.server.conftest import FIRST, make_release, switch

UNIT = 4.0  # milliseconds, on the machine of README's figures with nothing beside it
BOUND = 25.0  # milliseconds
_CLOSED = {"closed": True, "closed_date": "2026-04-09", "reason": "guideline-violation"}
_VERSIONS = 10_000
_LOOKS = 12  # at an address that seems too dear, at most
_FIRST, _CLIMBING = 40, 10  # addresses drawn of each route; routes whose dearest is climbed from
_READ = re.compile(r'^ +"(?P<tilde>~?)(?P<path>\S+)" +"(?P<names>[^"]*)";', re.MULTILINE)

Costs = list[tuple[float, str]]


def make(data: Path, size: int, seed: int = 1) -> None:
    """Publish the catalogue, without drawing cards."""
    make_release(data, FIRST, _records(size, seed))
    site = data / "releases" / FIRST / "site.db"
    with closing(sqlite3.connect(site)) as db:
        _burden(db)
        db.commit()
    switch(data, FIRST)


def _records(size: int, seed: int) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(world.records(size, seed)):
        more: dict[str, Any] = _CLOSED if number % 20 == 3 else {}
        if number % 75 == 0:
            more = more | {"author": '<a href="https://example.org/busy">Busy Author</a>'}
        if number % 15 == 7:
            more = more | {"version": "99.9"}  # without a tag
        if number % 3 == 0:
            more = more | {"tags": {**one["tags"], "common": "Common"}}
        yield one | more
    zips = "https://downloads.wordpress.org/plugin/versions"
    names = [f"{n // 1000}.{n // 10 % 100}.{n % 10}" for n in range(_VERSIONS)]
    yield record(
        "versions",
        version=names[-1],
        versions={one: f"{zips}.{one}.zip" for one in names},
        tags={f"tag-{number}": f"Tag {number}" for number in range(60)},
        short_description="many words " * 200,
    )


def _burden(db: sqlite3.Connection) -> None:
    """Let every file have changed, and every version of one package have been installed."""
    stamp = int(db.execute("SELECT value FROM meta WHERE key = 'stamp'").fetchone()[0])
    db.execute("UPDATE meta SET value = ? WHERE key = 'changes_since'", (str(stamp - 1_000),))
    db.execute("UPDATE meta SET value = ? WHERE key = 'installs_until'", (str(stamp // 10_000),))
    for step, suffix in enumerate(("", "~dev")):
        db.execute(
            "INSERT OR IGNORE INTO change"
            " SELECT ? - 10 * (package_id % 90) - ?, name || ?, 'update' FROM metadata",
            (stamp, step, suffix),
        )
    db.execute(
        "INSERT OR REPLACE INTO install_version SELECT package_id, version, position"
        " FROM version WHERE version <> '' GROUP BY package_id, version"
    )
    months = [(year * 100 + month, year) for year in range(2010, 2027) for month in range(1, 13)]
    for id in (0, db.execute("SELECT id FROM package WHERE slug = 'versions'").fetchone()[0]):
        rows = [(id, month, count) for month, count in months]
        db.executemany("INSERT OR REPLACE INTO install_month VALUES (?, ?, ?)", rows)


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a route: its path, in one of its forms, and what is asked of it by name."""

    route: Route
    path: str
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def target(self) -> str:
        """The address as it is asked for."""
        return f"{self.path}?{urlencode(self.asked)}" if self.asked else self.path


class Space:
    """All addresses, as far as the catalogue tells them apart, but those that are files."""

    def __init__(self, data: Path, cursors: Sequence[str], seed: int = 1) -> None:
        self._chance = random.Random(seed)
        site = data / "current" / "site.db"
        self._files = lists.wanted(data, None, site, ()).keys()
        with closing(sqlite3.connect(site)) as db:
            self._fill(db, cursors)

    def _fill(self, db: sqlite3.Connection, cursors: Sequence[str]) -> None:
        self._parts = _parts(db)
        self._values = _values(db) | {"cursor": cursors}

    def first(self, each: int) -> Iterator[Address]:
        """Yield the addresses of every route, some with queries that are drawn."""
        for route in ROUTES:
            for path in self._paths(route):
                yield Address(route, path)
            for _ in range(each if route.asked else 0):
                path = self._chance.choice([*self._paths(route)])
                yield Address(route, path, self._drawn(path))

    def other(self, address: Address) -> Address:
        """Give an address that is a little different."""
        if not address.route.asked or self._chance.random() < 0.2:
            return replace(address, path=self._chance.choice([*self._paths(address.route)]))
        name = self._chance.choice(_reads(address.path))
        asked = dict(address.asked) | {name: self._chance.choice(self._values[name])}
        return replace(address, asked=tuple(asked.items()))

    def _paths(self, route: Route) -> Iterator[str]:
        for form in dict.fromkeys((route.path, route.twin_path if route.twin else route.path)):
            names = [name for name in self._parts if f"<{name}>" in form]
            for values in product(*(self._parts[name] for name in names)):
                said = dict(zip(names, values, strict=True))
                path = fill(form, lambda part, said=said: quote(said[part[1]], safe=""))  # type: ignore[misc]
                if path not in self._files:
                    yield path

    def _drawn(self, path: str) -> tuple[tuple[str, str], ...]:
        names = [name for name in _reads(path) if self._chance.random() < 0.6]
        return tuple((name, self._chance.choice(self._values[name])) for name in names)


def _reads(path: str) -> Sequence[str]:
    """Give the names that nginx hands on to an address."""
    conf = (
        (ROOT / "nginx" / "http" / "asked.conf").read_text().partition("$frontispiece_reads {")[2]
    )
    for rule in _READ.finditer(conf):
        if re.search(rule["path"], path) if rule["tilde"] else path == rule["path"]:
            return re.findall(r"\$arg_(\w+)", rule["names"]) or ["page"]
    return ["page"]


def _parts(db: sqlite3.Connection) -> Mapping[str, Sequence[str]]:
    """Give what may stand in <>: what there is most of, and what there is not."""

    def told(question: str) -> list[str]:
        return [str(one) for (one,) in db.execute(question)]

    slugs = told("SELECT slug FROM package ORDER BY active_installs DESC LIMIT 2")
    slugs += told("SELECT slug FROM package WHERE closure IS NOT NULL ORDER BY id LIMIT 1")
    keys = told("SELECT author_key FROM package GROUP BY 1 ORDER BY count(*) DESC LIMIT 2")
    tags = told("SELECT tag FROM tag GROUP BY 1 ORDER BY count(*) DESC LIMIT 2")
    parts = told("SELECT DISTINCT id / 1000 FROM package ORDER BY 1 DESC LIMIT 2")
    return {
        "type": TYPES,
        "slug": ["versions", *slugs, "not-" * 40],
        "key": [*keys, "nobody"],
        "tag": [*tags, "nothing"],
        "number": ["0", *parts],
        "digest": ["0"],
        "vendor": ["wp-plugin", "themes"],
        "versions": ["9.99.9...9.99.8", "0.0.0...0.0.1", "." * 400],
    }


def _values(db: sqlite3.Connection) -> Mapping[str, Sequence[str]]:
    """Give what may be asked, by name; whoever does not know a name does not read it."""
    stamp = int(db.execute("SELECT value FROM meta WHERE key = 'stamp'").fetchone()[0])
    _, dear = searching.dearest(db, starts=60, climbs=100)
    slugs = ["versions", *(one for (one,) in db.execute("SELECT slug FROM package LIMIT 3"))]
    words = [*searching.known(), *searching.queries(db, 60), *[dear.words] * 20]
    return {
        "q": ["", *words],
        "type": ["", *TYPES, "wordpress-plugin", "wordpress-theme"],
        "sort": ["", *SORTS],
        "php": ["", *PHPS],
        "within": ["", *WITHIN],
        "closed": ["", "1"],
        "installable": ["", "1"],
        "page": ["", "2", "40", "400", "2000", "999999999"],
        "per_page": ["", "100", "1000"],
        "filter": ["", "*", "*a*", "*a*e*", "wp-*/*", "*a" * 90, "a?b[c", "*-1*", "*zzzz"],
        "vendor": ["", "wp-plugin", "wp-*", "*", "*e*"],
        "updated_since": ["", "2012-01-01", "2026-11-01T00:00:00Z"],
        **{name: [*(f"plugin/{slug}" for slug in slugs), "x" * 200] for name in "abcd"},
        "since": [str(stamp - back) for back in (0, 100, 200, 500, 900, 1_000, 10**9)],
    }


class Site:
    """The app on a catalogue, asked in this thread."""

    def __init__(self, data: Path) -> None:
        self._app = make_app(Settings(data=data))
        self.cost("/")  # the release is opened

    def cost(self, target: str) -> float:
        """Ask once; give the milliseconds of processor."""
        request = Request.blank(target, headers={"Accept-Encoding": "gzip"})
        began = time.thread_time()
        answer = request.get_response(self._app)
        took = (time.thread_time() - began) * 1_000
        if answer.status_int >= 500:
            raise AssertionError(f"{target} is answered by {answer.status}")
        return took

    def cursors(self) -> list[str]:
        """Give what leads on in the list of programs, some way into each order."""
        found = []
        for sort in SORTS:
            following = f"/api/packages?sort={sort}&per_page=1000"
            for _ in range(3):
                answer = Request.blank(following).get_response(self._app)
                following = urlsplit(json.loads(answer.body)["next"] or "/").query
                found += parse_qs(following).get("cursor", [])
                following = f"/api/packages?{following}"
        return found

    def told(self, target: str) -> float:
        """Give the milliseconds as on the machine that UNIT is of, of the fastest look of some."""
        least, unit = self.cost(target), _unit()
        for _ in range(_LOOKS):
            least, unit = min(least, self.cost(target)), min(unit, _unit())
            if least / unit < 0.8 * BOUND / UNIT:
                break
        return least / unit * UNIT


def _unit() -> float:
    """Give the milliseconds that the fixed piece of work takes here and now."""
    began = time.thread_time()
    with closing(sqlite3.connect(":memory:")) as db:
        rows = db.execute(
            "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT 3000)"
            " SELECT n, n * 7919 % 3001 AS mixed, 'word-' || n FROM number ORDER BY mixed"
        ).fetchall()
    zlib.compress(json.dumps(rows).encode(), 5)
    return (time.thread_time() - began) * 1_000


def find(data: Path, first: int = _FIRST, climbs: int = 400, seed: int = 1) -> Costs:
    """Look for the dearest address of each route; give all, with their milliseconds, in order."""
    site = Site(data)
    space = Space(data, site.cursors(), seed)
    best: dict[str, tuple[float, Address]] = {}

    def look(one: Address) -> None:
        known = best.get(one.route.path)
        found = _least(site, one.target), one
        best[one.route.path] = max(known or found, found, key=itemgetter(0))

    for one in space.first(first):
        look(one)
    for turn in range(climbs):
        dearest = sorted(best.values(), key=itemgetter(0), reverse=True)[:_CLIMBING]
        look(space.other(dearest[turn % len(dearest)][1]))
    return sorted(((site.told(one.target), one.target) for _, one in best.values()), reverse=True)


def told(data: Path, targets: Iterable[str]) -> dict[str, float]:
    """Give the milliseconds of each of some addresses."""
    site = Site(data)
    return {target: site.told(target) for target in targets}


def plain(data: Path) -> list[str]:
    """Give an address of each form of each route."""
    return [one.target for one in Space(data, [""]).first(0)]


def _least(site: Site, target: str) -> float:
    return min(site.cost(target) for _ in range(3))


def main() -> int:
    """Make a catalogue, look, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", type=int)
    parser.add_argument("--data", type=Path, help="made before, or made here and left")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = args.data or Path(folder) / "data"
        if not data.exists():
            make(data, args.size)
        for cost, target in find(data):
            print(f"{cost:8.1f} ms  {target}")
    print(f"The unit takes {min(_unit() for _ in range(50)):.2f} ms here, {UNIT} ms there.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
