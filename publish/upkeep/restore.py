"""`restore`: catalog.db is taken back from a backup; the one in place is kept aside."""

import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from catalog import database, lock, pictures, zips
from catalog.durable import fsync
from catalog.owner import make_private, refuse_stranger
from publish.cards import memory
from publish.pictures.store import PictureStore
from publish.stores import Stores
from publish.upkeep import backup
from publish.upkeep.backup import Backups, Unusable
from release.data import Data

_FILES = ("catalog.db", "catalog.db-wal", "catalog.db-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was taken, where the old files are, and how many cards are to be drawn again."""

    source: Path
    aside: Path | None
    lost: int


def restore(data: Path, wanted: Path) -> Restored:
    """Put a backup, or the newest of a folder of backups, in the place of catalog.db.

    Raises Unusable, having changed nothing, and catalog.owner.Stranger.
    """
    refuse_stranger(data)
    source = _chosen(wanted)
    backup.refuse_unsound(source)
    with lock.hold(data, "restore"):
        aside, lost = _restore(source, data)
    return Restored(source, aside, lost)


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
        stores = Stores.of(Data(data))
        lost = memory.lost(db, stores)
        memory.lose(db, lost)
        store = PictureStore(Data(data).pictures)
        with database.transaction(db):
            pictures.lose(db, [one for one in pictures.prepared(db) if not store.whole(one)])
            gone = [one for one in zips.all_kept(db) if not stores.zips.there(one)]
            zips.lose(db, gone, int(time.time()))
    backup.refuse_unsound(fresh)
    fsync(fresh)
    aside = _set_aside(data)
    # A log left beside the new file would be taken for its own. All of it is kept by now.
    for name in _FILES[1:]:
        (data / name).unlink(missing_ok=True)
    fresh.replace(Data(data).catalog)
    fsync(data)
    return aside, len(lost)


def _set_aside(data: Path) -> Path | None:
    """Copy the present catalogue, be it damaged, with the log that belongs to it."""
    there = [data / name for name in _FILES if (data / name).exists()]
    if not there:
        return None
    aside = _new_folder(Data(data).replaced)
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
