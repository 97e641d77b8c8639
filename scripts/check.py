"""Ask the real app, on one release, for a table of real pages, and look for every card they name.

The app is asked in a process of its own, as the public would ask it: the write side never imports
the server.
"""

import sys
from collections.abc import Sequence

from publish.check import faults_of
from publish.releases import Releases, UnknownRelease
from publish.stores import Stores
from release.data import Data
from scripts import arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Check a release, and give the exit code."""
    parser = arguments.parser(__doc__, "check")
    parser.add_argument("--release", metavar="ID", help="default: the current one")
    args = parser.parse_args(argv)
    releases = Releases(args.data)
    id = args.release or releases.current()
    if id is None:
        print("check: no release is published: run `make pipeline`", file=sys.stderr)
        return 1
    try:
        folder = releases.path(id)
    except UnknownRelease as error:
        print(f"check: {error}", file=sys.stderr)
        return 2
    faults = faults_of(folder, Stores.of(Data(args.data)))
    for fault in faults:
        print(f"check: {fault}", file=sys.stderr)
    print(f"check: release {id}: {len(faults):,} faults")
    return 1 if faults else 0
