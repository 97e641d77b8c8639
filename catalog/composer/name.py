"""Composer's rule for package names, and the names that packages have here."""

import re
from functools import lru_cache
from typing import Literal

Type = Literal["plugin", "theme"]

# The rule of Composer's ValidatingArrayLoader, for the part after the slash, in small letters:
# words joined by one ".", one "_", or one or two "-". Composer's own is possessive; Python 3.11.2,
# Debian 12's, lets a possessive group keep half of what it tried ("foo-"). No two ways lead through
# this one, so it needs none.
_WORDS = re.compile(r"[a-z0-9]+(?:(?:[_.]|-{1,2})[a-z0-9]+)*")
_RESERVED = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        *(f"com{n}" for n in range(1, 10)),
        *(f"lpt{n}" for n in range(1, 10)),
    ]
)


class InvalidName(ValueError):
    """A slug that cannot be the name of a Composer package; the message says why."""


@lru_cache(maxsize=64)  # that of one package is asked for once a version
def package_name(type: Type, slug: str) -> str:
    """Return 'wp-plugin/<slug>' or 'wp-theme/<slug>', or raise `InvalidName`."""
    if slug in _RESERVED:
        raise InvalidName(f"“{slug}” is a name that Windows and Composer keep for themselves.")
    if slug.endswith(".json"):
        raise InvalidName(f"Composer refuses names that end in .json, such as “{slug}”.")
    if not _WORDS.fullmatch(slug):
        raise InvalidName(
            f"“{slug}” is not words of a-z and 0-9, joined by one “.”, one “_”, or one or two “-”."
        )
    return f"wp-{type}/{slug}"
