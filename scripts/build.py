"""Read the source, or several, into the catalogue.

A run names all the sources that there are: what none of them has is withdrawn, so building from one
file and then from another leaves the packages of the second. What several have is taken from the
one that is named first, and the run says so.

New and changed records are taken, unchanged ones cost a digest, and a file that did not change
since it was last taken is not read. Bad records are refused one by one and kept under
DATA/rejected/ with line and reason, and their packages stay as they were; packages that no source
has any longer are withdrawn. Exits 1 if a line was refused that the run before did not refuse, or
if a package's Composer metadata could not be made, and 3, having changed nothing, if more packages
would go or be closed than --max-withdrawn allows.
"""

from collections.abc import Sequence

from catalog.build import build
from catalog.journal import Journal
from scripts import arguments
from scripts.arguments import jobs, sources


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Build, and give the exit code."""
    parser = arguments.parser(__doc__, "build")
    sources.add_source(parser)
    jobs.add_processes(parser)
    args = parser.parse_args(argv)
    return build(
        *(args.data, sources.records(args), args.max_withdrawn, journal or Journal()),
        replaces=args.replaces,
        requires_plugins=args.requires_plugins,
        advisories=args.advisories,
        sharing=jobs.sharing(args),
    )
