"""The hosts of pictures on a real local socket: `<base>/ps.w.org/akismet/assets/icon.svg`.

Addresses are as the API gives them, in answers of 2018 to 2025: of plugins
`https://ps.w.org/<slug>/assets/icon-256x256.png` with the revision of the file's last change as
`?rev=`, of themes `//ts.w.org/wp-content/themes/<slug>/screenshot.png` with their version as
`?ver=`. Answers are those of nginx before files (ngx_http_static_module,
ngx_http_not_modified_filter_module): an ETag of time and size, Last-Modified, 304 for either of
them, an HTML page with 404; the query is not looked at. Which of these headers the real hosts send
is not relied on: each is sent back only if it came. Faults are those of any server: 429 and 503, a
redirect, a body cut short, a reset.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from urllib.parse import urlsplit

from tests.answering import Answering, listening

_CHANGED = 1_700_000_000


class Pictures:
    """What the hosts have: 'ps.w.org/a/assets/icon.svg' -> its bytes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, Callable[[Handler], None]] = {}  # path -> what happens instead
        self.asked: list[str] = []  # paths in the order they were asked for, with their query
        self.unchanged = 0  # how often 304 was answered
        self.agents: set[str] = set()
        self.delay = 0.0
        self.base = ""

    @contextmanager
    def served(self) -> Iterator["Pictures"]:
        """Serve the pictures on a free port, whose address is `base`."""
        with listening(Handler, self) as self.base:
            yield self


class Handler(Answering):
    """One connection of a client."""

    @property
    def here(self) -> Pictures:
        """What is answered with."""
        found: Pictures = self.server.of
        return found

    def do_GET(self) -> None:  # noqa: N802  (so http.server calls it)
        """Answer with a file."""
        here = self.here
        path = urlsplit(self.path).path.lstrip("/")
        here.asked.append(self.path.lstrip("/"))
        here.agents.add(self.headers["User-Agent"])
        time.sleep(here.delay)
        if fault := here.faults.get(path):
            fault(self)
        elif path not in here.files:
            self.send(b"<html><head><title>404 Not Found</title></head></html>", 404)
        else:
            self._file(here.files[path])

    def _file(self, content: bytes) -> None:
        changed = _CHANGED + sum(content)  # another content has another time
        etag, modified = f'"{changed:x}-{len(content):x}"', formatdate(changed, usegmt=True)
        told = self.headers
        if told["If-None-Match"] == etag or told["If-Modified-Since"] == modified:
            self.here.unchanged += 1
            self.send_response(304)
            self.send_header("ETag", etag)
            self.end_headers()
            return
        self.send(content, ETag=etag, Last_Modified=modified)
