"""The host of zips on a real local socket: `<base>/downloads.wordpress.org/plugin/akismet.zip`.

Answers are those of nginx before files: an ETag of time and size, Last-Modified, Accept-Ranges, a
part for `Range` where `If-Range` still holds, an HTML page with 404; the query is not looked at.
Faults are those of any server: 503, a redirect, a body cut short, one that never ends.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

from tests.answering import Answering, listening

HOST = "downloads.wordpress.org"
_CHANGED = 1_700_000_000


def plugin(slug: str, version: str, *, more: dict[str, bytes] | None = None, day: int = 1) -> bytes:
    """Make a plugin's zip as WordPress.org packs it: one folder, named as the plugin."""
    header = f"<?php\n/**\n * Plugin Name: {slug}\n * Version: {version}\n */\n".encode()
    return packed({f"{slug}/{slug}.php": header, **(more or {})}, day)


def packed(files: dict[str, bytes], day: int = 1) -> bytes:
    """Make a zip on a day of January, always of the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, day, 0, 0, 0)), text)
    return content.getvalue()


def link(slug: str, version: str = "") -> str:
    """Give the address of a plugin's zip: of trunk, or of a tag."""
    return f"https://{HOST}/plugin/{slug}{version and f'.{version}'}.zip"


class Zips:
    """What the host has: 'plugin/akismet.zip' -> its bytes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, Callable[[Handler], None]] = {}  # path -> what happens instead
        self.asked: list[str] = []  # paths in the order they were asked for
        self.ranges: list[str] = []  # what was asked for in parts: '100-'
        self.agents: set[str] = set()
        self.etags = True
        self.base = ""

    def has(self, slug: str, version: str, **facts: Any) -> bytes:
        """Let trunk of a plugin be a version."""
        content = self.files[f"plugin/{slug}.zip"] = plugin(slug, version, **facts)
        return content

    @contextmanager
    def served(self) -> Iterator["Zips"]:
        """Serve them on a free port, whose address is `base`."""
        with listening(Handler, self) as self.base:
            yield self


class Handler(Answering):
    """One connection of a client."""

    @property
    def here(self) -> Zips:
        """What is answered with."""
        found: Zips = self.server.of
        return found

    def do_GET(self) -> None:  # noqa: N802  (so http.server calls it)
        """Answer with a file, or the rest of one."""
        here = self.here
        path = urlsplit(self.path).path.lstrip("/").removeprefix(f"{HOST}/")
        here.asked.append(path)
        here.agents.add(self.headers["User-Agent"])
        if fault := here.faults.get(path):
            fault(self)
        elif path not in here.files:
            self.send(b"<html><head><title>404 Not Found</title></head></html>", 404)
        else:
            self.file(here.files[path])

    def file(self, content: bytes, *, send: int | None = None) -> None:
        """Send a file; of what is left of it only the first `send` bytes, and hang up."""
        changed = _CHANGED + sum(content)  # another content has another time
        etag, modified = f'"{changed:x}-{len(content):x}"', formatdate(changed, usegmt=True)
        headers = {"Last-Modified": modified, "Accept-Ranges": "bytes"}
        if self.here.etags:
            headers["ETag"] = etag
        status, start = 200, 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        if asked and self.headers["If-Range"] in (etag, modified):
            start = int(asked[1])
            self.here.ranges.append(f"{start}-")
            if start >= len(content):
                self.send(b"", 416, Content_Range=f"bytes */{len(content)}")
                return
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        body = content[start:]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:send])
        self.close_connection = send is not None

    def begin(self, content: bytes) -> None:
        """Begin to send a file: its headers, and nothing yet of what is in it."""
        self.file(content, send=0)
