"""Fetch from wordpress.org what changed, into DATA/wporg/records.jsonl, which `build` reads.

The first run reads the whole directory; later ones follow the two Subversion logs and ask again,
once a day, for the rest, because a closure leaves no commit. A run that is killed loses nothing:
the next one goes on from its answers. An outage changes nothing that was known; it exits 1, and
what could be read is saved. Exits 2 if an argument or a saved file is unusable.

With --seeds FILE only the packages that it names are fetched: `plugin/slug` or `theme/slug` a line,
# begins a comment.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from catalog.journal import Journal
from catalog.wporg.client import Limits
from catalog.wporg.step import fetch_changes
from scripts import arguments
from scripts.arguments import sources, values


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Fetch, and give the exit code."""
    args = _parser().parse_args(argv)
    asking = replace(sources.asking(args), relist=args.relist, concurrency=args.concurrency)
    return fetch_changes(args.data, asking, journal or Journal())


def _parser() -> argparse.ArgumentParser:
    parser = arguments.parser(__doc__, "fetch")
    sources.add_fetch(parser)
    add = parser.add_argument
    add("--relist", action="store_true", help="read the repositories' indexes again")
    add(
        "--concurrency",
        type=values.positive,
        default=Limits().concurrency,
        metavar="N",
        help="requests under way at once (default %(default)s)",
    )
    return parser
