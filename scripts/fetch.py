"""Fetch from wordpress.org what changed, into DATA/wporg/records.jsonl, which `build` reads.

The first run reads the whole directory; later ones follow the two Subversion logs and ask again,
once a day, for the rest, because a closure leaves no commit. A run that is killed loses nothing:
the next one goes on from its answers. An outage changes nothing that was known; it exits 1, and
what could be read is saved. Exits 2 if an argument or a saved file is unusable.

With --seeds FILE only the packages that it names are fetched: `plugin/slug` or `theme/slug` a line,
# begins a comment.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from catalog.journal import Journal
from catalog.wporg import (
    AGENT,
    Client,
    Damaged,
    Limits,
    Report,
    Saved,
    SeedError,
    Sites,
    fetch,
    read_seeds,
)
from scripts import arguments

_NAMED = 20  # failures named on standard error


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Fetch, and give the exit code."""
    args = _parser().parse_args(argv)
    journal = journal or Journal()
    begun = time.monotonic()
    try:
        seeds = read_seeds(args.seeds) if args.seeds else None
        with (
            Client(_agent(args.contact), Limits(concurrency=args.concurrency)) as client,
            Saved(args.data / "wporg", journal.reached) as saved,
        ):
            sites = Sites(args.api, args.plugins_svn, args.themes_svn)
            report = fetch(saved, client, sites, seeds=seeds, relist=args.relist)
    except (Damaged, SeedError) as error:
        print(f"fetch: {error}", file=sys.stderr)
        return 2
    journal.note(asked=report.asked, requests=client.requests, failed=report.failed)
    _tell(report, client.requests, time.monotonic() - begun)
    return 1 if report.failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = arguments.parser(__doc__, "fetch")
    sites = Sites()
    add = parser.add_argument
    add("--seeds", type=Path, metavar="FILE", help="fetch only the packages of this list")
    add("--relist", action="store_true", help="read the repositories' indexes again")
    add("--contact", default="", metavar="TEXT", help="who runs this: put into the User-Agent")
    add(
        "--concurrency",
        type=arguments.positive,
        default=Limits().concurrency,
        metavar="N",
        help="requests under way at once (default %(default)s)",
    )
    add("--api", type=_url, default=sites.api, metavar="URL", help="default %(default)s")
    add("--plugins-svn", type=_url, default=sites.plugins, metavar="URL", help="%(default)s")
    add("--themes-svn", type=_url, default=sites.themes, metavar="URL", help="%(default)s")
    return parser


def _tell(report: Report, requests: int, seconds: float) -> None:
    for failure in report.failures[:_NAMED]:
        print(f"fetch: {failure}", file=sys.stderr)
    if len(report.failures) > _NAMED:
        print(f"fetch: and {len(report.failures) - _NAMED:,} more", file=sys.stderr)
    print(
        f"fetch: {report.asked:,} asked, {report.changed:,} new or changed, "
        f"{report.closed:,} closed, {report.failed:,} failed; "
        f"{requests:,} requests, {seconds:.1f} s"
    )


def _agent(contact: str) -> str:
    return f"{AGENT} +{contact}" if contact else AGENT


def _url(text: str) -> str:
    """Take an address as the client can use it; argparse words a ValueError (a port of 99999)."""
    parts = urlsplit(text)
    usable = parts.scheme in ("http", "https") and parts.hostname and text.isascii()
    if not usable or parts.port == 0 or parts.username is not None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an http(s) address")
    return text
