"""Say which versions another Composer repository offers and this site does not, and the reverse.

Packages have the same names there. The most installed ones are asked for, one after the other;
nothing is changed. Exits 1 if the other repository cannot be read.
"""

from collections.abc import Sequence

from catalog.wporg.client import agent
from publish.upkeep.compare import compare
from scripts import arguments
from scripts.arguments import sources, values


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, and give the exit code."""
    parser = arguments.parser(__doc__, "compare")
    parser.add_argument("url", type=values.address, metavar="URL", help="of the other repository")
    parser.add_argument(
        "--most",
        type=values.positive,
        default=100,
        metavar="N",
        help="packages asked for (default %(default)s)",
    )
    sources.add_contact(parser)
    args = parser.parse_args(argv)
    return compare(args.data, args.url, args.most, agent(args.contact))
