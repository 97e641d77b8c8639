"""What a word on the command line may be, and how it is read."""

from __future__ import annotations

import argparse
import re
import shlex
from urllib.parse import urlsplit

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def label(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"(plugin|theme)/([a-z0-9_-]{1,200})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not like plugin/akismet")
    return found[1], found[2]


class Once(argparse.Action):
    """Takes an option as often as it is said, and no value twice."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Add a value, or end with a sentence."""
        so_far = getattr(namespace, self.dest) or []
        if values in so_far:
            parser.error(f"argument {option_string}: {values} is named twice")
        setattr(namespace, self.dest, [*so_far, values])


def address(text: str) -> str:
    """Take an address as the client can use it; argparse words a ValueError (a port of 99999)."""
    parts = urlsplit(text)
    usable = parts.scheme in ("http", "https") and parts.hostname and text.isascii()
    if not usable or parts.port == 0 or parts.username is not None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an http(s) address")
    return text


def host(text: str) -> str:
    if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of a host")
    return text


def command(text: str) -> list[str]:
    words = shlex.split(text)
    if not words:
        raise argparse.ArgumentTypeError("the command is empty")
    return words


def positive(text: str) -> int:
    """Read a whole number above 0."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def size(text: str) -> int:
    found = re.fullmatch(r"(\d{1,15})([KMGT]?)", text, re.ASCII)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size like 500M or 20G")
    return int(found[1]) * _UNITS[found[2]]


def whole(text: str) -> int:
    """Read a whole number, 0 included."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)
