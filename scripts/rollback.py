"""Publish an older release again, by the same switch.

Without --release, the one before the live one. The newer release stays on disk, and stays
unpublished until something in the catalogue changes.
"""

import sys
from collections.abc import Sequence

from catalog.journal import Journal
from publish.composer import p2
from publish.releases import Releases, UnknownRelease
from scripts import arguments


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Roll back, and give the exit code."""
    parser = arguments.parser(__doc__, "rollback")
    parser.add_argument("--release", metavar="ID", help="see `make releases` (default: the last)")
    args = parser.parse_args(argv)
    journal = journal or Journal()
    releases = Releases(args.data)
    live = releases.current()
    id = args.release or max((id for id in releases.ids() if id < (live or "")), default=None)
    if id is None:
        print("rollback: there is no older release", file=sys.stderr)
        return 2
    try:
        releases.hold_back(id)
    except UnknownRelease as error:
        print(f"rollback: {error}", file=sys.stderr)
        return 2
    journal.reached("rollback: newest held back")
    p2.Folder(args.data).show_release(releases, id, journal.reached)
    releases.switch(id)
    journal.reached("rollback: current switched")
    journal.note(release=id, rolled_back_from=live or "")
    print(f"rollback: {id} is live, {live} is not; the next change publishes a new release")
    return 0
