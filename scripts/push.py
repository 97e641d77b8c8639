"""Publish the live release on other hosts, too, over ssh with rsync.

  push user@web1:/srv/frontispiece user@web2:/srv/frontispiece

Each host gets the cards and the release; when all have them, each gets the Composer files, its
`current` is switched by one rename, and what was removed here is removed there. A transfer that
stops half-way is never visible; the next push goes on from it. Only what changed is sent: by a
record of what each host was left with, or, if the host does not know that record, by comparing
everything, as --full does.

A host that fails is named, stops no other, and makes the run exit 1.
"""

from collections.abc import Sequence

from catalog.journal import Journal
from publish.mirrors.push import push
from scripts import arguments
from scripts.arguments import mirrors


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Push, and give the exit code."""
    parser = arguments.parser(__doc__, "push")
    parser.add_argument("hosts", nargs="+", type=mirrors.place, metavar="[USER@]HOST:FOLDER")
    mirrors.add_push(parser)
    args = parser.parse_args(argv)
    return push(
        *(args.data, args.hosts, args.ssh, journal or Journal()),
        full=args.full,
        at_once=args.at_once,
    )
