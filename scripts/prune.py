"""Remove old releases, and cards that no kept release names, after a time of grace.

The live release always stays. A card that a newer one has replaced stays --grace-days, so that
shares made before keep their picture, and longer if a kept release still names it.
"""

from collections.abc import Sequence

from catalog.journal import Journal
from publish.prune import prune
from scripts import arguments
from scripts.arguments import published


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Prune, and give the exit code."""
    parser = arguments.parser(__doc__, "prune")
    published.add_keep(parser)
    args = parser.parse_args(argv)
    return prune(args.data, args.keep, args.grace_days, journal or Journal())
