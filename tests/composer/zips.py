"""A local server of zips, where the packages' releases are downloaded from."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.answering import listening
from tests.conftest import record

_NAME = re.compile(r"/(plugin|theme|library)/(?P<slug>[a-z0-9-]+)\.(?P<version>[0-9a-z.-]+)\.zip")
_LONG_AGO = (2026, 1, 1, 0, 0, 0)


@dataclass
class Zips:
    """Any version of any package, made when it is asked for, always of the same bytes."""

    url: str
    asked: list[str] = field(default_factory=list)  # paths, in order

    def package(self, slug: str, *versions: str, **facts: Any) -> dict[str, Any]:
        """Make a source record of a package whose releases are here; the first is its current."""
        type_ = facts.get("type", "plugin")
        urls = {version: f"{self.url}/{type_}/{slug}.{version}.zip" for version in versions}
        return record(slug, **{"version": versions[0], "versions": urls, **facts})


@contextmanager
def served() -> Iterator[Zips]:
    """Serve zips on a free port of this machine."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            name = _NAME.fullmatch(self.path.partition("?")[0])
            content = _zip(name["slug"], name["version"]) if name else b""
            self.send_response(200 if name else 404)
            self.send_header("Content-Type", "application/zip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing: what was asked stands in `asked`."""

    with listening(Handler) as url:
        # A zip is on a host with a name.
        yield Zips(url.replace("127.0.0.1", "localhost"), asked)


def _zip(slug: str, version: str) -> bytes:
    """Make a release as WordPress.org packs it: one folder, named as the package."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        file = zipfile.ZipInfo(f"{slug}/{slug}.php", _LONG_AGO)
        archive.writestr(file, f"<?php\n/* Plugin Name: {slug}\n * Version: {version}\n */\n")
    return content.getvalue()
