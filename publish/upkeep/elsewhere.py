"""A Composer repository somewhere on the web, asked as Composer asks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import httpx

_SECONDS = 30
_LARGEST = 16 << 20  # bytes of a file


class Unreachable(Exception):
    """A file that could not be had, or is no JSON; the sentence names its address."""


class Repository:
    """A repository at an address; its packages.json is read at once. Raises Unreachable."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        self._client = client
        root = f"{url.rstrip('/')}/packages.json"
        told = self._json(root)
        pattern = told.get("metadata-url") if isinstance(told, dict) else None
        if not isinstance(pattern, str) or "%package%" not in pattern:
            raise Unreachable(f"{root} names no metadata-url")
        self._pattern = urljoin(root, pattern)

    def versions(self, name: str) -> list[str] | None:
        """Give the versions of a package as they are written there; None where it is not there."""
        address = self._pattern.replace("%package%", name)
        told = self._json(address)
        if told is None:
            return None
        try:
            return [str(one["version"]) for one in told["packages"][name] if "version" in one]
        except (KeyError, TypeError):
            raise Unreachable(f"{address} holds no versions of {name}") from None

    def _json(self, address: str) -> Any:
        try:
            with self._client.stream("GET", address) as answer:
                if answer.status_code == 404:
                    return None
                answer.raise_for_status()
                content = bytearray()
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > _LARGEST:
                        raise Unreachable(f"{address} is larger than {_LARGEST:,} bytes")
                return httpx.Response(200, content=bytes(content)).json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unreachable(f"{address}: {error}") from None


@contextmanager
def client(agent: str) -> Iterator[httpx.Client]:
    """Open what asks, and says who does."""
    headers = {"User-Agent": agent}
    with httpx.Client(headers=headers, timeout=_SECONDS, follow_redirects=True) as opened:
        yield opened
