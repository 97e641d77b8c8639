"""Arguments of the processes that draw."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scripts.arguments import values

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from catalog.composer.remembered import Sharing


def add_processes(parser: argparse.ArgumentParser) -> None:
    """Add --jobs."""
    parser.add_argument(
        "--jobs",
        type=values.positive,
        default=1,
        metavar="N",
        help="processes that draw, prepare pictures, look zips through, or make metadata and rows "
        "of many packages (default 1)",
    )


def sharing(args: argparse.Namespace) -> Sharing | None:
    """Give the processes among which the metadata of many packages is shared, if several are."""
    from catalog.composer.remembered import Sharing

    return Sharing(args.jobs, _workers) if args.jobs > 1 else None


def _workers(count: int) -> AbstractContextManager[Executor]:
    from publish.cards.workers import Workers

    return Workers(count)


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add --jobs and --dask."""
    add_processes(parser)
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="let the workers of a dask.distributed scheduler draw instead, for example "
        "tcp://drawing:8786; each with this checkout, these fonts and one thread",
    )
