"""A small wordpress.org: the API, the two Subversion indexes and logs, on a real local socket.

The wire formats are those of the live services: the index and the log report are written as
mod_dav_svn 1.14 writes them (test_subversion.py holds them beside the real one), the API's answers
as PHP does. Where an answer follows the directory's own code of 2024 (the `plugin-directory` and
`theme-directory` plug-ins of wordpress.org's meta repository), a comment says so.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring

from catalog.wporg import Sites
from tests.answering import Answering, listening

NOT_FOUND = {
    "plugin": {"error": "Plugin not found."},
    "theme": {"error": "Theme not found"},
}

# Seconds that the API keeps "not found" (its cache of the plugins' and of the themes' answers):
# what is approved meanwhile stays unknown, for whoever asked too early.
KEPT = {"plugin": 48 * 3_600, "theme": 7 * 86_400}

# Fields that come only when they are asked for, and those that come unasked and change daily.
ON_REQUEST = ("icons", "screenshot_url")
DAILY = ("num_ratings", "support_threads", "support_threads_resolved")


def plugin(slug: str, version: str = "1.0", **more: Any) -> dict[str, Any]:
    """Return a plugin as the API tells it."""
    base = f"https://downloads.wordpress.org/plugin/{slug}"
    return {
        "name": f"The {slug} &#8211; Tools &amp; More",
        "slug": slug,
        "version": version,
        "author": f'<a href="https://example.org/{slug}">Team &amp; Co</a>',
        "requires": "6.0",
        "tested": "6.8",
        "requires_php": False,
        "last_updated": "2026-10-29 4:09pm GMT",
        "homepage": "",
        "short_description": f"What {slug} does, in one sentence &hellip;",
        "active_installs": 4000,
        "tags": {"tools": "tools"},
        "download_link": f"{base}.{version}.zip",
        "versions": {"0.9": f"{base}.0.9.zip", version: f"{base}.{version}.zip"},
        "icons": {"1x": f"https://ps.w.org/{slug}/assets/icon-128x128.png?rev=1"},
        **more,
    }


def theme(slug: str, version: str = "1.0", **more: Any) -> dict[str, Any]:
    """Return a theme as the API tells it: its author is an object, its date a bare day."""
    base = f"https://downloads.wordpress.org/theme/{slug}"
    return {
        "name": f"Theme {slug}",
        "slug": slug,
        "version": version,
        "author": {"user_nicename": "ann", "display_name": "Ann", "author_url": False},
        "last_updated": "2026-10-29",
        "last_updated_time": "2026-10-29 16:09:00",
        "homepage": f"https://wordpress.org/themes/{slug}/",
        "sections": {"description": f"What {slug} looks like."},
        "active_installs": 300,
        "requires": False,
        "requires_php": "7.4",
        "tags": [],
        "versions": {version: f"{base}.{version}.zip"},
        "screenshot_url": f"//ts.w.org/wp-content/themes/{slug}/screenshot.png?ver={version}",
        **more,
    }


def closed(slug: str, reason: str | bool = "security-issue", **more: Any) -> dict[str, Any]:
    """Return the stub of a closed plugin; its date is what the directory's code stored."""
    return {
        "error": "closed",
        "name": f"The {slug}",
        "slug": slug,
        "description": "This plugin has been closed as of April 9, 2026 and is not available for "
        "download. This closure is temporary, pending a full review.",
        "closed": True,
        "closed_date": "2026-04-09 05:12:33",
        "reason": reason,
        "reason_text": "Security Issue" if reason == "security-issue" else False,
        **more,
    }


@dataclass
class Repository:
    """A Subversion repository: `log` has the paths of each revision, from 1."""

    names: list[str] = field(default_factory=list)
    log: list[list[str]] = field(default_factory=list)
    replica_lacks: int = 0  # revisions that the index knows and the log does not yet
    breaks_at: int = 0  # a log report that begins there, or later, fails

    def commit(self, *paths: str) -> int:
        """Add a revision; return its number."""
        self.log.append(list(paths))
        return len(self.log)


class World:
    """What the servers know. `answers` maps (type, slug) to the API's value for it."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Any] = {}
        self.make: Callable[[str, str], Any] = lambda type_, slug: NOT_FOUND[type_]
        self.stale: dict[tuple[str, str], list[Any]] = {}  # old answers, given first
        self.repositories = {"plugin": Repository(), "theme": Repository()}
        self.faults: list[tuple[str, Callable[[Handler], None]]] = []  # kind, what happens
        self.always: dict[str, Callable[[Handler], None]] = {}  # kind -> what happens
        self.poison: set[str] = set()  # slugs over which the API breaks
        self.spoilers: set[str] = set()  # slugs that get their batch one error for all (2025)
        self.theme_batches = False  # the themes' API of 2024 takes `slug` only
        self.now: Callable[[], float] | None = None  # the API's clock; it caches only with one
        self._unknown: dict[tuple[str, str], float] = {}  # until when it stays so
        self.requests: list[tuple[str, list[str]]] = []  # kind, slugs or, of a log, its limit
        self.agents: set[str] = set()
        self.most_at_once = 0
        self.delay = 0.0
        self._now_at_once = 0
        self._lock = threading.Lock()

    def add(self, type_: str, slug: str, answer: Any | None = None) -> None:
        """Publish a package: a name in the repository, a commit, and the API's answer."""
        repository = self.repositories[type_]
        repository.names.append(slug)
        repository.commit(f"/{slug}", f"/{slug}/trunk", f"/{slug}/tags")
        if answer is None:
            answer = plugin(slug) if type_ == "plugin" else theme(slug)
        self.answers[type_, slug] = answer

    def release(self, type_: str, slug: str, version: str, *, stale: int = 0) -> int:
        """Commit a new version; the API goes on giving the old answer `stale` times."""
        old = self.answer(type_, slug)
        made = plugin if type_ == "plugin" else theme
        self.answers[type_, slug] = made(slug, version)
        self.stale[type_, slug] = [old] * stale
        return self.repositories[type_].commit(
            f"/{slug}/trunk/readme.txt", f"/{slug}/tags/{version}"
        )

    def answer(self, type_: str, slug: str) -> Any:
        """Return what the API says now."""
        key = (type_, slug)
        old = self.stale.get(key)
        if old:
            return old.pop()
        now = self.now() if self.now else 0.0
        if now < self._unknown.get(key, 0.0):
            return NOT_FOUND[type_]
        value = self.answers[key] if key in self.answers else self.make(type_, slug)
        if self.now and value == NOT_FOUND[type_]:
            self._unknown[key] = now + KEPT[type_]
        return value

    def told(self, type_: str, slug: str, asked: set[str]) -> Any:
        """Return what the API says now of those fields that were asked for, and some others."""
        value = self.answer(type_, slug)
        if not isinstance(value, dict) or "name" not in value or "error" in value:
            return value
        fields = {key: value[key] for key in value if key not in ON_REQUEST or key in asked}
        if type_ == "plugin":
            if "sections" not in asked:
                fields.pop("sections", None)
            fields |= dict.fromkeys(DAILY, len(self.requests))
        return fields

    def asked(self, kind: str) -> int:
        """Count the requests of a kind."""
        return sum(1 for one, _ in self.requests if one == kind)

    def fault_for(self, kind: str) -> Callable[["Handler"], None] | None:
        """Take the next fault meant for this kind of request."""
        with self._lock:
            for place, (meant, fault) in enumerate(self.faults):
                if meant == kind:
                    del self.faults[place]
                    return fault
        return self.always.get(kind)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Note how many requests are under way."""
        with self._lock:
            self._now_at_once += 1
            self.most_at_once = max(self.most_at_once, self._now_at_once)
        try:
            yield
        finally:
            with self._lock:
                self._now_at_once -= 1

    @contextmanager
    def served(self) -> Iterator[Sites]:
        """Serve this world on a free port."""
        with listening(Handler, self) as base:
            yield Sites(f"{base}/api/", f"{base}/svn/plugin/", f"{base}/svn/theme/")


class Handler(Answering):
    """One connection of a client."""

    @property
    def world(self) -> World:
        """What is answered with."""
        found: World = self.server.of
        return found

    def do_GET(self) -> None:  # noqa: N802  (so http.server calls it)
        """Answer the API and the indexes."""
        parts = urlsplit(self.path)
        _, room, what, *_ = parts.path.split("/")
        if room == "svn":
            self._serve("index", [], lambda: self._index(what))
        else:
            self._api(what.removesuffix("s"), parse_qs(parts.query))

    def do_REPORT(self) -> None:  # noqa: N802
        """Answer the log."""
        report = fromstring(self.rfile.read(int(self.headers["Content-Length"])))
        start = int(report.findtext("{svn:}start-revision", ""))
        limit = int(report.findtext("{svn:}limit", "0"))
        what = self.path.split("/")[2]
        self._serve("log", [str(limit)], lambda: self._log(what, start, limit))

    def _serve(self, kind: str, slugs: list[str], answer: Callable[[], None]) -> None:
        world = self.world
        world.requests.append((kind, slugs))
        world.agents.add(self.headers["User-Agent"])
        with world.counted():
            time.sleep(world.delay)
            fault = world.fault_for(kind)
            if fault:
                fault(self)
            elif world.poison & set(slugs):
                self.send(b"<h1>Fatal error</h1>", 500)
            else:
                answer()

    def _api(self, type_: str, query: dict[str, list[str]]) -> None:
        fields = {
            name.removeprefix("request[fields][").removesuffix("]")
            for name, values in query.items()
            if values == ["1"]
        }
        if "request[slugs]" in query:
            slugs = query["request[slugs]"][0].split(",")
            self._serve("api", slugs, lambda: self._batch(type_, slugs, fields))
        else:
            slugs = query["request[slug]"]
            self._serve("api", slugs, lambda: self._single(type_, slugs[0], fields))

    def _single(self, type_: str, slug: str, fields: set[str]) -> None:
        """Answer `request[slug]`: what is unknown or closed comes with status 404."""
        told = self.world.told(type_, slug, fields)
        self._json(told, 404 if isinstance(told, dict) and told.get("error") else 200)

    def _batch(self, type_: str, slugs: list[str], fields: set[str]) -> None:
        """Answer `request[slugs]`: a map, with status 200 whatever stands in it.

        Only the plugins' API has it; the themes' (class Themes_API, 2024) looks for `slug`, finds
        none and says so. Over a hundred, the plugins' API refuses.
        """
        world = self.world
        if type_ == "theme" and not world.theme_batches:
            self._json({"error": "Slugs not provided"}, 404)
        elif len(slugs) > 1 and world.spoilers & set(slugs):
            self._json(NOT_FOUND[type_], 404)
        elif len(slugs) > 100:
            self._json({"error": "A maximum of 100 plugins can be queried at once."}, 422)
        else:
            self._json({slug: world.told(type_, slug, fields) for slug in slugs})

    def _json(self, value: Any, code: int = 200) -> None:
        self.send(php(value).encode(), code, Content_Type="application/json; charset=utf-8")

    def _index(self, type_: str) -> None:
        repository = self.world.repositories[type_]
        head = len(repository.log)
        entries = "".join(
            f'  <li><a href="{escape(quote(name, safe="&+"))}/">{escape(name)}/</a></li>\n'
            for name in repository.names
        )
        text = (
            f"<html><head><title> - Revision {head}: /</title></head>\n<body>\n"
            f" <h2> - Revision {head}: /</h2>\n <ul>\n{entries} </ul>\n</body></html>"
        )
        self.send(text.encode(), Content_Type="text/html; charset=UTF-8")

    def _log(self, type_: str, start: int, limit: int) -> None:
        repository = self.world.repositories[type_]
        head = len(repository.log) - repository.replica_lacks
        if 0 < repository.breaks_at <= start:
            self.send(b"<h1>Bad gateway</h1>", 502)
            return
        if start > head:
            error = (
                '<?xml version="1.0" encoding="utf-8"?>\n<D:error xmlns:D="DAV:" '
                'xmlns:m="http://apache.org/dav/xmlns" xmlns:C="svn:">\n<C:error/>\n'
                f'<m:human-readable errcode="160006">\nNo such revision {start}\n'
                "</m:human-readable>\n</D:error>\n"
            )
            self.send(error.encode(), 404)
            return
        items = "".join(
            log_item(revision, repository.log[revision - 1])
            for revision in range(start, min(head, start + limit - 1) + 1)
        )
        self.send(log_report(items), Content_Type="text/xml; charset=utf-8")


def log_item(revision: int, paths: list[str], comment: str = "Update") -> str:
    """Write one revision as mod_dav_svn does."""
    touched = "".join(
        '<S:modified-path node-kind="file" text-mods="true" prop-mods="false">'
        f"{escape(path)}</S:modified-path>\n"
        for path in paths
    )
    return (
        f"<S:log-item>\n{touched}<D:version-name>{revision}</D:version-name>\n"
        f"<S:date>2026-11-23T15:54:46.443744Z</S:date>\n<D:comment>{comment}</D:comment>\n"
        "<D:creator-displayname>ann</D:creator-displayname>\n</S:log-item>\n"
    )


def log_report(items: str) -> bytes:
    """Write a log report."""
    head = '<?xml version="1.0" encoding="utf-8"?>\n<S:log-report xmlns:S="svn:" xmlns:D="DAV:">\n'
    return f"{head}{items}</S:log-report>\n".encode()


def php(value: Any) -> str:
    """Write JSON as PHP does: a map with the keys 0, 1, … is a list, slashes are escaped."""
    if isinstance(value, dict) and all(
        key == str(number) for key, number in zip(value, count(), strict=False)
    ):
        value = list(value.values())
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


def status(code: int, **headers: str) -> Callable[[Handler], None]:
    """Make a fault: an error page."""
    return lambda handler: handler.send(b"<html>Sorry</html>", code, **headers)


def body(text: bytes, code: int = 200) -> Callable[[Handler], None]:
    """Make a fault: another body than asked for."""
    return lambda handler: handler.send(text, code)


def cut_short(handler: Handler) -> None:
    """Promise more than is sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"half":{"slug":"half","name":"Ha')
    handler.close_connection = True


def reset(handler: Handler) -> None:
    """Hang up without a word."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def drip(handler: Handler) -> None:
    """Send a byte now and then, for ever, so that silence never sets in."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    try:
        for _ in range(1000):
            handler.wfile.write(b" ")
            time.sleep(0.02)
    except OSError:
        handler.close_connection = True
