"""Answers a list of paths through the app itself, without a socket."""

import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def get(app: "WSGIApplication", target: str) -> dict[str, object]:
    """Ask the app for a path with its query; return path, status, headers and body."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    setup_testing_defaults(environ)
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(
        status: str, headers: list[tuple[str, str]], _exc_info: Any = None
    ) -> Callable[[bytes], object]:
        started.append((status, headers))
        return io.BytesIO().write

    body = b"".join(app(environ, start))
    status, headers = started[-1]
    return {
        "path": target,
        "status": int(status.split()[0]),
        "headers": dict(headers),
        "body": body.decode("utf-8"),
    }


def answers(app: "WSGIApplication", paths: Iterable[str]) -> Iterator[str]:
    """Yield one JSON object for each line that names a path; empty lines are passed over."""
    for line in paths:
        if target := line.strip():
            yield json.dumps(get(app, target), ensure_ascii=False)
