"""Publish the catalogue as a new release, or do nothing if nothing changed.

The release is built beside the live one, the real app is asked for real pages on it, every card
that it names is looked for, all is made durable, and then `current` is switched by one rename.
Killed at any instant, the site serves the old release or the new one, whole; the next run mends
what was left behind. Exits 3, publishing nothing, if the new release has a fault.
"""

from collections.abc import Sequence

from catalog.journal import Journal
from publish.deploy import deploy
from scripts import arguments
from scripts.arguments import published


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Deploy, and give the exit code."""
    parser = arguments.parser(__doc__, "deploy")
    published.add_site(parser)
    published.add_keep(parser)
    args = parser.parse_args(argv)
    return deploy(args.data, published.site(args), args.keep, args.grace_days, journal or Journal())
