"""Take catalog.db back from a backup; the one in place is kept aside.

The backup is checked first, and nothing happens if it is damaged. Then, under the lock, the
present catalog.db goes to DATA/replaced/<UTC stamp>/ as it is, and the backup takes its place by
one rename. Cards that the backup knows but the disk no longer has are forgotten: `make pipeline`
draws them, and publishes a release made wholly anew. Until then the site serves what it has.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from catalog.owner import Stranger
from publish.upkeep.backup import Unusable
from publish.upkeep.restore import restore
from scripts import arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Restore, and give the exit code."""
    parser = arguments.parser(__doc__, "restore")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        required=True,
        metavar="PATH",
        help="a backup, or a folder of them, whose newest is taken",
    )
    args = parser.parse_args(argv)
    try:
        done = restore(args.data, args.source)
    except (Unusable, Stranger) as error:
        print(f"restore: refused: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"restore: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    print(f"restore: took {done.source}; {done.lost:,} cards are to be drawn again")
    if done.aside:
        print(f"restore: what was there before is in {done.aside}")
    print("restore: now run `make pipeline`")
    return 0
