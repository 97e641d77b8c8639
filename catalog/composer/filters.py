"""The filter list of closed packages, as Composer 2.10 and later read it.

packages.json names the list and its summary; the file of each package that stands in it says why.
By itself the list changes nothing: a project that wants to be kept from closed packages says so
(`policy.wporg-closed`). Older clients pass over all of it.
"""

from collections.abc import Iterable
from typing import Any

# Composer keeps some names and beginnings of names for lists of its own; this is none of them.
LIST = "wporg-closed"
SUMMARY = "filter-summary.json"
_EVERY_VERSION = "*"


def announced(site: str) -> dict[str, Any]:
    """Return what packages.json says: the site's address is without a slash at its end."""
    return {
        "metadata": True,
        "lists": {LIST: {"enabled": True}},
        "summary-url": f"{site}/{SUMMARY}",
    }


def entries(id: str, link: str, reason: str) -> dict[str, list[dict[str, str]]]:
    """Return what a closed package's file says: all of its versions, and why."""
    entry = {"constraint": _EVERY_VERSION, "url": link, "reason": reason, "id": id}
    return {LIST: [entry]}


def summary(names: Iterable[str]) -> dict[str, Any]:
    """Return what the summary says: the packages whose files hold an entry, by name.

    A client that has read it asks for no other files. It fails on any other shape than this one:
    list -> package -> constraint.
    """
    return {"filter": {LIST: dict.fromkeys(sorted(set(names)), _EVERY_VERSION)}}
