"""What a served site takes of the machine: open files, memory, disk."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from publish.cards.store import CardStore
from publish.releases import Releases
from publish.site import published

_LOGS = ("change", "run", "install_seen", "install_day", "install_key", "install_log")
_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)
_NGINX = ("master", "worker", "cache manager")  # a cache loader ends after a minute
_PARTS = (("app", " -m server "), *(("nginx", f"nginx: {one} ") for one in _NGINX))
_CACHE = re.compile(r'proxy_cache_path "([^"]+)"')
_RUN = re.compile(r"nginx: master process .* -p (\S+) ")


@dataclass(frozen=True)
class Footprint:
    """At one instant. Memory in kB (proportional set size), disk in bytes.

    `open` counts open files by ('app' or 'nginx', what), `what` being 'release', 'card', 'log',
    'other', each with ' deleted' if it is, or 'socket'. `data` is DATA but for its cards and its
    logs, of which some lie in databases: the releases' changes, the catalogue's runs and counts.
    """

    open: Counter[tuple[str, str]]
    memory: Counter[str]  # of 'app' and of 'nginx'
    data: int
    logs: int
    releases: int  # their number
    unnamed: int  # cards that none of them names
    files: int  # in DATA
    cache: int  # of nginx, of pages


def measure(data: Path, pid: int) -> Footprint:
    """Look at DATA and at all processes that came from `pid`."""
    opened, memory = Counter[tuple[str, str]](), Counter[str]()
    cache = 0
    for one in _family(pid):
        told = Path(f"/proc/{one}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        part = next((name for name, words in _PARTS if words in told), "")
        if part:
            opened.update((part, what) for what in _open(one, data))
            memory[part] += _memory(one)
        if found := _RUN.match(told):
            conf = (Path(found[1]) / "nginx.conf").read_text()
            cache = sum(sum(_sizes(Path(path)).values()) for path in _CACHE.findall(conf))
    sizes = _sizes(data)
    logs = sum(_in_tables(path) for path in sizes if path.suffix == ".db")
    logs += sum(size for path, size in sizes.items() if path.parent.name == "log")
    cards = sum(size for path, size in sizes.items() if path.suffix == ".png")
    return Footprint(
        open=opened,
        memory=memory,
        data=sum(sizes.values()) - logs - cards,
        logs=logs,
        releases=len(Releases(data).ids()),
        unnamed=len(unnamed_cards(data)),
        files=len(sizes),
        cache=cache,
    )


def unnamed_cards(data: Path) -> set[str]:
    """Give the cards on disk that no kept release names."""
    there = set(CardStore(data / "store" / "og").all())
    for id in Releases(data).ids():
        site = data / "releases" / id / "site.db"
        there -= {card for _, card in published.cards_of(site)}
        there -= {card for _, card in published.page_cards_of(site)}
    return there


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _family(int(child))


def _open(pid: int, data: Path) -> Iterator[str]:
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except FileNotFoundError:  # closed meanwhile
            continue
        yield _kind(target, data)


def _kind(target: str, data: Path) -> str:
    if target.startswith("socket:"):
        return "socket"
    deleted = " deleted" if target.endswith(" (deleted)") else ""
    parts = {"releases": "release", "store": "card", "log": "log"}
    for folder, kind in parts.items():
        if target.startswith(f"{data}/{folder}/"):
            return kind + deleted
    return "other" + deleted


def _memory(pid: int) -> int:
    found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    return int(found[1]) if found else 0


def _sizes(folder: Path) -> dict[Path, int]:
    """Give the bytes of each file, as many as are still there; one with two names counts once."""
    found: dict[tuple[int, int], tuple[Path, int]] = {}
    for path in folder.rglob("*"):
        try:
            seen = path.lstat()
        except FileNotFoundError:
            continue
        if path.is_file():
            found[seen.st_dev, seen.st_ino] = path, seen.st_size
    return dict(found.values())


def _in_tables(database: Path) -> int:
    """Give the bytes that a database's logs take of it."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        marks = ", ".join("?" * len(_LOGS))
        sql = f"SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name IN ({marks})"
        return int(db.execute(sql, _LOGS).fetchone()[0])
