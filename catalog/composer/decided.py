"""A version as it was decided about: the form in which the catalogue remembers it.

`metadata.versions` lists them as JSON arrays, the newest first and those that are not offered last.
Of these, and of what earlier code remembered, the end may be missing: the defaults stand for that.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple


class Decided(NamedTuple):
    """A version; its order is that of the array, which catalog/zips.py asks by place."""

    raw: str  # as the source writes it
    version: str  # as Composer is told it; '' when it is not offered
    released: int | None  # Unix seconds
    php: str
    why_not: str  # '' when it is offered
    url: str | None = None  # of its zip; None when that is not told
    published: int | None = None  # Unix seconds since when it stands here
    revision: int | None = None  # that changed it after its release
    changed: int | None = None  # Unix seconds of that
    advisories: Sequence[str] = ()  # ids of those that affect it
    sha256: str = ""  # of its zip, if that is kept here
    untagged: bool = False  # only that zip holds it


def read(versions: str | None) -> list[Decided]:
    """Read those of a package, as remembered; none where nothing is."""
    return [Decided(*one) for one in json.loads(versions or "[]")]
