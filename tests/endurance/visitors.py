"""Visitors that never stop: each asks for one thing after another and notes what came back.

python -m tests.endurance.visitors --port 8080 --out notes.jsonl --visitors 6 --pause 0.01

Runs until it is told to end (SIGTERM). The notes are JSON lines, one an answer, and one more for
each body when it is seen for the first time.
"""

import argparse
import gzip
import hashlib
import http.client
import json
import random
import re
import signal
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from tests.endurance import turning

STATIC = ("/feed.xml", "/new/feed.xml", "/sitemap.xml", "/sitemaps/packages-0.xml", "/llms.txt")
STATIC += ("/release.json", "/robots.txt")
METADATA = ("/packages.json", "/list.json")
PAGES = ("/", "/?type=plugin", "/?sort=updated", "/?sort=name&page=2", "/?type=theme&sort=name")
PAGES += ("/?q=turn", "/?q=p0", "/?q=did&type=plugin", "/search.json?q=turn", "/status", "/docs")
PAGES += ("/api/packages", "/api/packages?q=p0", "/index.md", "/authors/author-1")
PAGES += ("/tags/turning", "/authors/author-2/feed.xml", "/list.json?filter=wp-plugin/p*")
PAGES += ("/metadata/changes.json?since=1", "/closed")
MOMENTARY = "/health"
KINDS = ("package", "page", "metadata", "static", "stable", "api", "health", "badge", "install")
# How often each is asked for: 'unique' is a package's page that no cache has, 'twin' its Markdown.
# Of installs, an address may tell five a second.
_SHARES = dict(zip(KINDS, (26, 18, 14, 8, 4, 4, 2, 2, 0.7), strict=True))
_SHARES |= {"unique": 16, "twin": 6}
_OF_PACKAGE = ("", "", ".md", "/versions.json", "/feed.xml")
_CARD = re.compile(rb"/og/[0-9a-f]{2}/[0-9a-f]{32}\.png")
_IMAGE = re.compile(rb'<meta property="og:image" content="[^"]*(/og/[^"]*\.png)"')
_ALT = re.compile(
    rb'(?:<meta property="og:image:alt" content|<meta name="twitter:image:alt" content| alt)'
    rb'="([^"]*)"'
)
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND"
_CARDS_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Note:
    """What came back, and when it was asked for and had (seconds of the machine's one clock).

    `same` names answers that have to be the same within a release: the path without what only
    keeps a page from the cache, and with what else chooses it. `status` 0 means no answer: `body`
    then tells why, else it is the digest of the body, '' when there was none to look at.
    """

    visitor: int
    kind: str
    path: str
    same: str
    packed: bool
    asked: float
    had: float
    status: int
    release: str = ""
    body: str = ""
    modified: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What a body says. `cards` are paths of cards, `image` the page's own and `alt` its words.

    The words are those printed on the card, and so of when that was drawn: no mention of now.
    """

    body: str
    whole: bool
    mentions: list[turning.Mention] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    image: str = ""
    alt: str = ""


class Notebook:
    """Where all visitors write."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._seen, self._lock = out, dict[str, Body](), threading.Lock()

    def note(self, note: Note) -> None:
        """Write an answer down."""
        line = json.dumps({"note": asdict(note)}) + "\n"
        with self._lock:
            self._out.write(line)

    def body(self, kind: str, content: bytes) -> Body:
        """Look at a body, and write down what it says when it is seen for the first time."""
        digest = hashlib.sha256(content).hexdigest()[:24]
        with self._lock:
            if digest in self._seen:
                return self._seen[digest]
        body = _look(kind, digest, content)
        with self._lock:
            if digest not in self._seen:
                self._seen[digest] = body
                self._out.write(json.dumps({"body": asdict(body)}) + "\n")
        return body


def _look(kind: str, digest: str, content: bytes) -> Body:
    if kind == "card":
        return Body(digest, _is_whole_png(content))
    image, alt = _IMAGE.search(content), _ALT.search(content)
    return Body(
        digest,
        _is_whole(content),
        turning.mentions(_ALT.sub(b"", content)),
        sorted({path.decode() for path in _CARD.findall(content)}),
        image[1].decode() if image else "",
        alt[1].decode() if alt else "",
    )


def _is_whole(content: bytes) -> bool:
    """Tell whether a text has its end: of HTML, XML and JSON; other kinds end anyhow."""
    if content.startswith((b"{", b"[")):
        try:
            json.loads(content)
        except ValueError:
            return False
        return True
    if content.startswith((b"<!doctype html>", b"<?xml", b"<svg")):
        return content.rstrip().endswith((b"</html>", b"</feed>", b"set>", b"index>", b"</svg>"))
    return content.endswith(b"\n")


def _is_whole_png(content: bytes) -> bool:
    """Walk through a PNG's chunks, checks included, to its very end."""
    at, kind = len(_PNG), b""
    while content.startswith(_PNG) and kind != _PNG_END and at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        check = int.from_bytes(content[at + 8 + size : at + 12 + size], "big")
        if zlib.crc32(content[at + 4 : at + 8 + size]) != check:
            return False
        at += 12 + size
    return kind == _PNG_END and at == len(content)


class Visitor:
    """One client with one connection, which takes gzip or does not."""

    def __init__(self, number: int, port: int, notebook: Notebook) -> None:
        self._number, self._notebook = number, notebook
        self._chance = random.Random(number)
        self._packed = number % 2 == 0
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._kept: dict[str, tuple[dict[str, str], Body]] = {}  # what a browser or Composer keeps
        self._counter = 0

    def visit(self) -> None:
        """Ask for the next thing, and at once for the cards that it names for the first time."""
        kind, path, same, headers = self._next()
        body = self._ask(kind, path, same, headers)
        if body is None:
            return
        first = [body.image] if body.image else []
        for card in [*first, *body.cards][:_CARDS_AT_ONCE]:
            if card not in self._kept:
                self._ask("card", card, card, {})

    def end(self) -> None:
        """Hang up."""
        self._line.close()

    def _next(self) -> tuple[str, str, str, dict[str, str]]:
        """Choose a kind, a path, the name under which answers are the same, and headers."""
        chance = self._chance
        label = turning.label(chance.choice((turning.PULSE, chance.randrange(turning.NUMBERS))))
        page = f"/packages/{label}"
        kind = chance.choices(tuple(_SHARES), tuple(_SHARES.values()))[0]
        if kind == "unique":
            self._counter += 1
            return "package", f"{page}?from={self._number}-{self._counter}", page, {}
        if kind == "twin":
            return "package", page, f"{page}.md", {"Accept": "text/markdown"}
        p2 = f"/p2/wp-{label}"
        path = {
            "package": page + chance.choice(_OF_PACKAGE),
            "page": chance.choice(PAGES),
            "metadata": chance.choice((*METADATA, f"{p2}.json", f"{p2}~dev.json")),
            "static": chance.choice(STATIC),
            "stable": f"/og/{label}.png",
            "api": f"/api/packages/{label}",
            "health": MOMENTARY,
            "badge": f"/badges/{label}.svg",
            "install": "/downloads",
        }[kind]
        return kind, path, path, {}

    def _ask(self, kind: str, path: str, same: str, headers: dict[str, str]) -> Body | None:
        """Ask once; give what the body says, None if there is none to look at."""
        method, sent = "GET", None
        headers = {"Accept-Encoding": "gzip" if self._packed else "identity", **headers}
        if kind == "install":
            version = f"v{self._number}-{self._counter}"
            named = {"name": "wp-plugin/p0", "version": version}
            method, sent = "POST", json.dumps({"downloads": [named]})
            headers["User-Agent"] = "Composer/2.8.0"
        elif same in self._kept and self._chance.random() < 0.3:
            headers |= self._kept[same][0]
        asked = time.monotonic()
        try:
            self._line.request(method, path, sent, headers)
            answer = self._line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._line.close()
            note = (self._number, kind, path, same, self._packed, asked, time.monotonic(), 0)
            self._notebook.note(Note(*note, body=repr(error)))
            return None
        had = time.monotonic()
        body = self._read(kind, same, answer, content)
        self._notebook.note(
            Note(
                self._number,
                kind,
                path,
                same,
                self._packed,
                asked,
                had,
                answer.status,
                answer.headers.get("X-Release", ""),
                body.body if body else "",
                answer.headers.get("Last-Modified", ""),
                answer.headers.get("Location", ""),
            )
        )
        return body

    def _read(
        self, kind: str, same: str, answer: http.client.HTTPResponse, content: bytes
    ) -> Body | None:
        """Look at the body: the one that is kept, if the answer is that it still holds."""
        if answer.status == 304:
            return self._kept[same][1]
        if answer.status == 302:
            return None
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        body = self._notebook.body(kind, content)
        conditions = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
        if answer.status == 200:
            # Composer sends the date alone.
            told = ("Last-Modified",) if kind == "metadata" else ("ETag",)
            kept = {conditions[one]: answer.headers[one] for one in told if one in answer.headers}
            self._kept[same] = kept, body
        else:
            self._kept.pop(same, None)
        return body


def read(notes: Path) -> tuple[list[Note], dict[str, Body]]:
    """Read the notes again: the answers in the order of their end, and the bodies by digest."""
    answers: list[Note] = []
    bodies: dict[str, Body] = {}
    for one in _lines(notes):
        if "note" in one:
            answers.append(Note(**one["note"]))
        else:
            told = one["body"]
            said = [(number, turn) for number, turn in told["mentions"]]
            bodies[told["body"]] = Body(**{**told, "mentions": said})
    return answers, bodies


def _lines(notes: Path) -> Iterator[dict[str, Any]]:
    with notes.open() as file:
        for line in file:
            yield json.loads(line)


def main() -> int:
    """Visit until told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--visitors", type=int, default=6)
    parser.add_argument("--pause", type=float, default=0.01, help="seconds between two questions")
    args = parser.parse_args()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with args.out.open("w", buffering=1) as out:  # whoever waits for answers reads along
        notebook = Notebook(out)

        def stay(number: int) -> None:
            visitor = Visitor(number, args.port, notebook)
            while not stop.wait(args.pause):
                visitor.visit()
            visitor.end()

        with ThreadPoolExecutor(args.visitors) as pool:
            for one in [pool.submit(stay, number) for number in range(args.visitors)]:
                one.result()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
