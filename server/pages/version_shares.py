"""Which versions Composer installed: a bar for each of the most installed, drawn on the server."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST = 8  # versions that have a bar of their own
LENGTH = 100  # of the longest bar


@dataclass(frozen=True, slots=True)
class Share:
    """A line of the chart. count: installs. bar: an SVG path, its thickness is the template's."""

    version: str
    count: int
    bar: str


def shares(versions: Mapping[str, int], total: int) -> list[Share]:
    """Draw the installs of versions, the most installed first; what `total` has besides goes last.

    versions: the most installed ones; '' stands for those that are not here any more.
    """
    named = [(one, count) for one, count in versions.items() if one][:MOST]
    gone = versions.get("", 0)
    others = total - gone - sum(count for _, count in named)
    lines = [*named, ("others", others), ("not here any more", gone)]
    most = max((count for _, count in lines), default=0)
    return [
        Share(name, count, f"M0 5h{max(0.5, LENGTH * count / most):.3g}")
        for name, count in lines
        if count > 0
    ]
