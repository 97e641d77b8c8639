"""Ask for the packages' own pictures, and prepare them for their cards.

A plugin's icon and a theme's screenshot are asked for when their address is new, and once a month
whether they changed; those of the most installed packages first, so many a run. Pictures beside a
source file are read when they changed. Each is judged in a process that is limited in time and
memory: one that cannot be shown is named, and the package keeps its flowers. The next `regenerate`
draws the pictures on the cards; a package that has none yet gets its first card with it.

A run that is killed loses nothing. An outage changes nothing that was known; it exits 1, and what
could be read is kept.
"""

from collections.abc import Sequence

from catalog.journal import Journal
from scripts import arguments
from scripts.arguments import assets, jobs, sources


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Fetch, and give the exit code."""
    parser = arguments.parser(__doc__, "fetch-pictures")
    parser.add_argument(
        "--source",
        action="append",
        required=True,
        metavar="FILE",
        help="as for build: pictures may lie beside it; may be said again",
    )
    sources.add_contact(parser)
    assets.add_pictures(parser)
    assets.add_through(parser)
    jobs.add_processes(parser)
    args = parser.parse_args(argv)
    return assets.pictures(args, journal or Journal(), asks=True)()
