"""Keep a checked copy of catalog.db, the one thing that cannot be made anew.

The copy is made by SQLite's backup API, so a run may go on meanwhile; it gets its name,
catalog-<UTC stamp>.db, when its integrity has been checked and it is on disk. Older ones than the
newest --keep are removed. Cards, Composer files and releases are made again from it by
`make pipeline`. Exits 2, having removed nothing, if no sound copy can be made.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog.journal import Journal
from publish.upkeep.backup import Backups, Unusable
from release.data import Data
from scripts import arguments
from scripts.arguments import values


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Back up, and give the exit code."""
    parser = arguments.parser(__doc__, "backup")
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", help="where backups are kept (default DATA/backup)"
    )
    parser.add_argument(
        "--keep", type=values.positive, default=14, metavar="N", help="backups kept (default 14)"
    )
    args = parser.parse_args(argv)
    backups = Backups(args.to or Data(args.data).backup)
    try:
        made = backups.make(Data(args.data).catalog, datetime.now(UTC))
    except Unusable as error:
        (journal or Journal()).complain(f"backup: {error}")
        return 2
    old = backups.old(args.keep)
    for path in old:
        path.unlink()
    size = made.stat().st_size / 1e6
    print(f"backup: {made}, {size:.1f} MB, checked; removed {len(old):,} older ones")
    return 0
