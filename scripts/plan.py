"""Say what the next pipeline and the next regenerate would do, and why; change nothing.

Everything is tried on a throw-away copy of the catalogue, so the figures are those of a real run.
"""

from collections.abc import Sequence

from publish.upkeep.plan import plan
from scripts import arguments
from scripts.arguments import assets, published, sources


def main(argv: Sequence[str] | None = None) -> int:
    """Plan, and give the exit code."""
    parser = arguments.parser(__doc__, "plan")
    sources.add_source(parser)
    published.add_site(parser)
    assets.add_zips(parser)
    args = parser.parse_args(argv)
    return plan(
        *(args.data, sources.records(args), args.max_withdrawn, published.site(args)),
        replaces=args.replaces,
        requires_plugins=args.requires_plugins,
        advisories=args.advisories,
        zips=assets.zips_kept(args),
    )
