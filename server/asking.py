"""Answers a list of paths as the server would: the same app in the same HTTP server."""

import http.client
import json
import socket
import string
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from server.serving import http_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class _Connection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, address: bytes) -> None:
        super().__init__("localhost")
        self._address = address

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._address)


def answers(app: "WSGIApplication", paths: Iterable[str]) -> Iterator[str]:
    """Yield one JSON object for each line that names a path; empty lines are passed over.

    It has the path as given, and status, headers and body as they came. The server listens on a
    unix socket with a name that the system gives and that no folder holds; its threads end with
    the process.
    """
    listening = socket.socket(socket.AF_UNIX)
    listening.bind("")
    server = http_server(app, sockets=[listening], threads=1)
    threading.Thread(target=server.run, daemon=True).start()
    connection = _Connection(listening.getsockname())
    for line in paths:
        if path := line.strip():
            yield json.dumps(_ask(connection, path), ensure_ascii=False)
    connection.close()


def _ask(connection: http.client.HTTPConnection, path: str) -> dict[str, object]:
    connection.putrequest("GET", quote(path, safe=string.punctuation), skip_accept_encoding=True)
    connection.endheaders()
    response = connection.getresponse()
    return {
        "path": path,
        "status": response.status,
        "headers": dict(response.getheaders()),
        "body": response.read().decode("utf-8"),
    }
