"""The step `fetch-zips`: which zips are to be kept, and which that are kept are to be compared.

What asks is loaded when there is anything to ask for: most runs have nothing.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from catalog import database, zips
from catalog.composer.remembered import Failed
from catalog.journal import Journal, capped
from catalog.zips import Which
from publish.zips.store import ZipStore
from release.data import Data


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which zips are kept, and how they are asked for.

    limit: bytes that they may take in all. hosts: that are asked; through: a mirror that is asked
    in their place, or ''. contact: for the User-Agent. jobs: processes that look zips through.
    """

    which: Which
    limit: int
    per_run: int
    hosts: tuple[str, ...]
    through: str = ""
    contact: str = ""
    jobs: int = 1
    concurrency: int = 4


def fetch_zips(
    data: Path,
    keeping: Keeping,
    site_url: str,
    compose: Callable[[sqlite3.Connection], list[Failed]],
    journal: Journal,
) -> int:
    """Keep the zips that are wanted; give the exit code.

    site_url: of the site that serves them. compose: makes the metadata that is due, as build does.
    """
    store = ZipStore(Data(data).zips)
    with database.writing(data) as db:
        now = int(time.time())
        moved = zips.serve(db, site_url, now)
        asked = f"{keeping.which} of {','.join(keeping.hosts)}"
        if zips.rests(db, asked, now):
            print("fetch-zips: none is due")
            return 0
        due = zips.due(db, keeping.which, keeping.hosts, now, keeping.per_run)
        comparing = zips.to_compare(db, now)
        if comparing.settled:
            with database.transaction(db):
                zips.settle(db, comparing.settled)
        code, kept = 0, False
        if due.zips or comparing.zips:
            from publish.zips.fetch import fetch

            code = fetch(db, store, keeping, due, comparing.zips[: keeping.per_run], journal)
            kept = bool(journal.steps[-1].kept_zips)
        else:
            zips.rest(db, asked)
            print("fetch-zips: none is due")
        failed = compose(db) if moved or kept else []
    unmade = [f"fetch-zips: {one.label}: no Composer metadata: {one.error}" for one in failed]
    journal.complain(*capped(unmade, "fetch-zips: and that of {:,} more packages"))
    return 1 if failed else code
