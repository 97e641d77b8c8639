"""What Composer tells after an install, as nginx logs it: one JSON object a line.

    {"at": 1795450785.595, "address": "192.0.2.7", "agent": "Composer/2.5.5 (…)", "body": "…"}

`body` is the request's body as it came; Composer writes
`{"downloads": [{"name": "wp-plugin/akismet", "version": "5.3.3.0"}, …]}`, the version normalised.
"""

import json
import re
from typing import Any, NamedTuple

MAX_BYTES = 1 << 18  # of a line: twice the body that nginx takes, for its escapes and the rest

# Composer/<version> (<system>; <release>; PHP <version>; <transport>[; more])
_COMPOSER = re.compile(
    r"Composer/[\w.+~@-]{1,80} \([^;()]{1,80}; [^;]{0,160}; (?:PHP|HHVM) [^;)]{1,60}"
    r"(?:; [^;)]{1,80}){0,8}\)",
    re.ASCII,
)
# The names of wpackagist.org, which projects moved here may still have in their lock files.
_NAME = re.compile(r"(?:wp|wpackagist)-(plugin|theme)/([a-z0-9_-]{1,200})")


class Refused(Exception):
    """A line that is not what nginx writes of what Composer sends; the message is a reason."""


class Foreign(Exception):
    """A line of something else than Composer."""


class Notification(NamedTuple):
    """One run of Composer: when (Unix seconds), from where, and what it installed.

    downloads: names and versions as Composer says them: ('wp-plugin/akismet', '5.3.3.0').
    """

    at: int
    address: str
    downloads: list[tuple[str, str]]


def parse(line: bytes) -> Notification:
    """Read a line; raise Refused for a malformed one, Foreign for one not sent by Composer."""
    if len(line) > MAX_BYTES:
        raise Refused(f"it is longer than {MAX_BYTES:,} bytes")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("it is not UTF-8") from None
    entry = _load(text, "it")
    if not isinstance(entry, dict):
        raise Refused("it is not a JSON object")
    at, address = entry.get("at"), entry.get("address")
    agent, body = entry.get("agent"), entry.get("body")
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at < 1 << 40:
        raise Refused("it has no time")
    if not (isinstance(address, str) and isinstance(agent, str) and isinstance(body, str)):
        raise Refused("its address, agent or body is not a text")
    if not address.isascii():
        raise Refused("its address is none")
    if not _COMPOSER.fullmatch(agent):
        raise Foreign
    return _notification(int(at), address, _load(body, "its body"))


def _load(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # a number of thousands of digits is a ValueError, too
        raise Refused(f"{what} is not JSON") from None


def _notification(at: int, address: str, body: Any) -> Notification:
    downloads = body.get("downloads") if isinstance(body, dict) else None
    if not isinstance(downloads, list):
        raise Refused("its body has no list of downloads")
    said = []
    for entry in downloads:
        if not isinstance(entry, dict):
            raise Refused("a download in it is not an object")
        name, version = entry.get("name"), entry.get("version")
        if not (isinstance(name, str) and isinstance(version, str)):
            raise Refused("a download in it has no name and version")
        said.append((name, version))
    return Notification(at, address, said)


def package(name: str) -> tuple[str, str] | None:
    """Read the type and slug from a name, today's or wpackagist's; None for another vendor's."""
    match = _NAME.fullmatch(name.lower())
    return (match[1], match[2]) if match else None
