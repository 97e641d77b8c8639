"""Say what the next pipeline and the next regenerate would do, and why; change nothing.

Everything is tried on a throw-away copy of the catalogue, so the figures are those of a real run.
"""

from collections.abc import Sequence

from publish.upkeep.plan import plan
from scripts import arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Plan, and give the exit code."""
    parser = arguments.parser(__doc__, "plan")
    arguments.add_source(parser)
    arguments.add_site(parser)
    arguments.add_zips(parser)
    args = parser.parse_args(argv)
    return plan(
        *(args.data, arguments.records(args), args.max_withdrawn, arguments.site(args)),
        replaces=args.replaces,
        requires_plugins=args.requires_plugins,
        advisories=args.advisories,
        zips=arguments.zips_kept(args),
    )
