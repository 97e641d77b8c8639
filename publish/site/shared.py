"""The rows of many packages, made in several processes while one writer stores them in order."""

import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from catalog import database
from catalog.ahead import ahead
from catalog.composer.remembered import Sharing
from publish.site import rows
from publish.site.rows import DefaultCard, Made, Maker


def maker(data: Path, sharing: Sharing) -> Maker:
    """Give what makes rows in processes that read `data`/catalog.db, if there are enough of them.

    The catalogue stays as it is meanwhile.
    """
    return partial(_made, data, sharing)


def _made(
    data: Path,
    sharing: Sharing,
    db: sqlite3.Connection,
    batches: Sequence[Sequence[int]],
    default: DefaultCard,
) -> Iterator[Made]:
    if sum(map(len, batches)) < sharing.least:
        yield from rows.in_turn(db, batches, default)
        return
    from concurrent.futures import BrokenExecutor  # as seldom as there are other processes

    with sharing.started(sharing.jobs) as executor:
        submitted = ((ids, executor.submit(_of_data, data, ids, default)) for ids in batches)
        for ids, future in ahead(submitted, sharing.jobs + 1):
            try:
                yield future.result()
            except BrokenExecutor:  # its process died: what is wrong shows here, if it is a row
                yield rows.made(db, ids, default)


def _of_data(data: Path, ids: Sequence[int], default: DefaultCard) -> Made:
    with database.reading(data) as db:
        return rows.made(db, ids, default)
