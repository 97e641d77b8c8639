"""Take catalog.db back from a backup; the one in place is kept aside.

The backup is checked first, and nothing happens if it is damaged. Then, under the lock, the
present catalog.db goes to DATA/replaced/<UTC stamp>/ as it is, and the backup takes its place by
one rename. Cards that the backup knows but the disk no longer has are forgotten: `make pipeline`
draws them, and publishes a release made wholly anew. Until then the site serves what it has.
"""

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog import backup, cards, database, lock
from catalog.backup import Backups, Unusable
from catalog.durable import fsync
from catalog.owner import Stranger, make_private, refuse_stranger
from catalog.store import CardStore
from scripts import arguments

_FILES = ("catalog.db", "catalog.db-wal", "catalog.db-shm")


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
        refuse_stranger(args.data)
        source = _chosen(args.source)
        backup.refuse_unsound(source)
        with lock.hold(args.data, "restore"):
            aside, lost = _restore(source, args.data)
    except (Unusable, Stranger) as error:
        print(f"restore: refused: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"restore: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    print(f"restore: took {source}; {lost:,} cards are to be drawn again")
    if aside:
        print(f"restore: what was there before is in {aside}")
    print("restore: now run `make pipeline`")
    return 0


def _chosen(source: Path) -> Path:
    if Path(f"{source}-wal").exists():
        raise Unusable(f"{source} has a log beside it: it is in use, and no backup")
    if not source.is_dir():
        return source
    found = Backups(source).all()
    if not found:
        raise Unusable(f"there is no backup in {source}")
    return found[-1]


def _restore(source: Path, data: Path) -> tuple[Path | None, int]:
    """Put a checked backup in place; give where the old files are, and how many cards are lost."""
    fresh = data / "catalog.db.tmp"
    for leftover in data.glob("catalog.db.tmp*"):
        leftover.unlink()
    make_private(fresh)
    shutil.copyfile(source, fresh)
    with database.adopted(fresh) as db:
        lost = cards.lost(db, CardStore(data / "store" / "og"))
        cards.lose(db, [owner for owner, _ in lost])
    backup.refuse_unsound(fresh)
    fsync(fresh)
    aside = _set_aside(data)
    # A log left beside the new file would be taken for its own. All of it is kept by now.
    for name in _FILES[1:]:
        (data / name).unlink(missing_ok=True)
    fresh.replace(data / "catalog.db")
    fsync(data)
    return aside, len(lost)


def _set_aside(data: Path) -> Path | None:
    """Copy the present catalogue, be it damaged, with the log that belongs to it."""
    there = [data / name for name in _FILES if (data / name).exists()]
    if not there:
        return None
    aside = _new_folder(data / "replaced")
    for path in there:
        shutil.copy2(path, aside / path.name)
        fsync(aside / path.name)
    for folder in (aside, aside.parent, data):
        fsync(folder)
    return aside


def _new_folder(parent: Path) -> Path:
    parent.mkdir(0o700, exist_ok=True)
    stamp, number = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"), 0
    while True:
        folder = parent / (f"{stamp}-{number}" if number else stamp)
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder
