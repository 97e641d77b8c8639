"""A site under fire: asked byte by byte, its answers held against what may never be in them."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import html5lib
from defusedxml import ElementTree

SECRET = "zqsecret zqsecret zqsecret"  # in files that nobody may read
MARKUP = "\"'><zqx zqa=1></title></script><zqx>"  # planted; must never come back as markup
_LAZY = ("log",)  # what nginx writes


@dataclass(frozen=True)
class Reply:
    """An answer as it came; status 0 if the connection was closed without one."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def parse(cls, raw: bytes) -> "Reply":
        """Read the bytes of one whole answer."""
        head, _, body = raw.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/"):
            return cls(0, {}, raw)  # HTTP/0.9, or nothing
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        return cls(int(first.split()[1]), headers, body)


@dataclass(frozen=True)
class Site:
    """A real site on a port, and its DATA."""

    port: int
    data: Path

    def send(self, request: bytes) -> Reply:
        """Send bytes on a connection of their own, and read until the other side closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(request)
            got = bytearray()
            try:
                while more := line.recv(1 << 16):
                    got += more
            except ConnectionResetError:
                pass  # what was sent beyond the end of a refused request
        return Reply.parse(bytes(got))

    def files(self) -> dict[str, tuple[int, int]]:
        """Give time and size of all that lies in DATA, but for nginx's own logs."""
        return {
            str(path): (path.lstat().st_mtime_ns, path.lstat().st_size)
            for path in self.data.rglob("*")
            if path.relative_to(self.data).parts[0] not in _LAZY
        }


def faults(reply: Reply) -> list[str]:
    """Say what is wrong with an answer to a hostile request."""
    found = []
    if reply.status >= 500 and reply.status != 505:  # 505: of HTTP/7.1, and the visitor's fault
        found.append(f"it answers {reply.status}")
    if SECRET.encode() in reply.body:
        found.append("it shows a file that is nobody's to read")
    if "zqh" in reply.headers or "zqh" in " ".join(reply.headers):
        found.append("a header was planted")
    if b"Traceback" in reply.body:
        found.append("it shows a traceback")
    if reply.status and b"zq" in reply.body:
        found += reflected(reply.headers.get("content-type", ""), reply.body)
    return found


def reflected(type: str, body: bytes) -> list[str]:
    """Say how planted markup came back: as an element, or as an attribute."""
    text = body.decode("utf-8", "replace")
    if type.startswith("application/json"):
        try:
            json.loads(text)
        except ValueError as error:
            return [f"it is not JSON any more: {error}"]
        return []
    if "xml" in type:
        tree = ElementTree.fromstring(text)
    elif type.startswith("text/html"):
        tree = html5lib.parse(text, namespaceHTMLElements=False)
    else:
        return []
    names = [name for one in tree.iter() for name in (str(one.tag), *one.keys())]
    return [f"{name} is part of the page" for name in names if "zq" in name]
