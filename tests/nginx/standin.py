"""A stand-in for the app, for the faults that the real one has no switch for.

Same command line (`python -m tests.nginx.standin --data DATA --socket PATH …`), same promises: it
follows DATA/current from request to request, and says X-Release. A page's body names its release
and its address, so that a mixture is seen.
"""

import argparse
import itertools
import json
import os
import time
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import waitress

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class StandIn:
    """What it answers is steered by the query.

    late, sleep: before it looks which release is live, and after, so many seconds; or, where this
    is `held`, as long as there is a file DATA/held. status: its status.
    claim: the release it says it is. keep: seconds that nginx is to keep it. store: Cache-Control.
    /echo gives back what was asked, /flaky is well while there is a file DATA/well, /in-hand says
    how many requests sleep just now.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self._sleeping: list[str] = []
        self._made = itertools.count(1)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        path = environ["PATH_INFO"]
        self._sleep(query.get("late"))
        release = self._release()
        self._sleep(query.get("sleep"))
        if not release:
            body, status, headers = "Nothing is published yet.", "503 Service Unavailable", []
        else:
            status = query.get("status", "404 Not Found" if path == "/missing" else "200 OK")
            if path == "/flaky" and (self.data / "well").exists():
                status = "200 OK"
            body = f"<!doctype html><p>{release} {path}</p>" + "<p>words</p>" * 100
            body += f"<!-- the {next(self._made)}th page made -->"
            headers = [("X-Release", query.get("claim", release))]
        if path == "/echo":
            seen = {name: environ[name] for name in sorted(environ) if name.startswith("HTTP_")}
            body = json.dumps(seen | {"path": path, "query": environ["QUERY_STRING"]})
        if path == "/in-hand":
            body = str(len(self._sleeping))
        headers += self._caching(path, query, release)
        headers += [("Content-Type", "text/html; charset=utf-8"), ("X-Pid", str(os.getpid()))]
        headers.append(("X-Asked", environ["QUERY_STRING"][:200]))
        # nginx is to say these once, whoever else says them too.
        headers += [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]
        if environ.get("HTTP_IF_NONE_MATCH", "no") == dict(headers).get("ETag"):
            start("304 Not Modified", headers)
            return []
        content = body.encode()
        start(status, [*headers, ("Content-Length", str(len(content)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else content]

    def _sleep(self, seconds: str | None) -> None:
        if seconds:
            self._sleeping.append(seconds)
            if seconds == "held":
                while (self.data / "held").exists():
                    time.sleep(0.005)
            else:
                time.sleep(float(seconds))
            self._sleeping.remove(seconds)

    def _release(self) -> str:
        try:
            return (self.data / "current").readlink().name
        except FileNotFoundError:
            return ""

    def _caching(self, path: str, query: dict[str, str], release: str) -> list[tuple[str, str]]:
        if path in ("/health", "/echo"):
            return [("Cache-Control", "no-store")]
        kept = query.get("store", "no-store" if path == "/missing" else "public, max-age=60")
        headers = [("Cache-Control", kept), ("ETag", f'"{release}-{zlib.crc32(path.encode())}"')]
        if "keep" in query:
            headers.append(("X-Accel-Expires", query["keep"]))
        return headers


def main() -> None:
    """Answer on the socket until ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--socket", required=True)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    waitress.serve(
        StandIn(options.data),
        unix_socket=options.socket,
        threads=options.threads,
        # As they came, so that a test sees them all.
        clear_untrusted_proxy_headers=False,
    )


if __name__ == "__main__":
    main()
