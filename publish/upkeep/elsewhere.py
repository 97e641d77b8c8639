"""A Composer repository somewhere on the web, asked as Composer asks it."""

import json
from typing import Any
from urllib.parse import urljoin

from catalog.wporg.client import Client, Limits, Outage

LIMITS = Limits(tries=2)
_ANSWERS = frozenset({200, 404})


class Unreachable(Exception):
    """A file that could not be had, or is no JSON; the sentence names its address."""


class Repository:
    """A repository at an address; its packages.json is read at once. Raises Unreachable."""

    def __init__(self, client: Client, url: str) -> None:
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
        """Read a file; None where it is not there."""
        try:
            reply = self._client.get(address, accept=_ANSWERS)
            return None if reply.status == 404 else json.loads(reply.body)
        except (Outage, ValueError, RecursionError) as error:
            raise Unreachable(f"{address}: {error}") from None
