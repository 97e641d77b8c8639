"""Publish an older release again, by the same switch.

Without --release, the one before the live one. The newer release stays on disk, and stays
unpublished until something in the catalogue changes. The older one is checked first, as a new one
is: exits 3, having changed nothing, if it has a fault.
"""

from collections.abc import Sequence

from catalog.journal import Journal
from publish.rollback import rollback
from scripts import arguments


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Roll back, and give the exit code."""
    parser = arguments.parser(__doc__, "rollback")
    parser.add_argument("--release", metavar="ID", help="see `make releases` (default: the last)")
    args = parser.parse_args(argv)
    return rollback(args.data, args.release, journal or Journal())
