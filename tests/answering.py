"""HTTP on a real local socket, for clients that are tried: a test says what is answered."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server(ThreadingHTTPServer):
    """of: what its answers are made of; for their handler."""

    daemon_threads = True
    request_queue_size = 64
    of: Any

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or was killed, is no news."""


class Answering(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send a whole answer; in the names of headers _ is -."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet."""


@contextmanager
def listening(handler: Callable[..., BaseHTTPRequestHandler], of: object = None) -> Iterator[str]:
    """Answer on a free port by `handler`, whose server has `of`; give the address."""
    server = Server(("127.0.0.1", 0), handler)
    server.of = of
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
