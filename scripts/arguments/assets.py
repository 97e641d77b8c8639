"""Arguments of what is fetched of packages besides their records: pictures and zips."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from catalog.journal import Journal
from publish.run import Act, Steps
from scripts.arguments import sources, values

if TYPE_CHECKING:
    from catalog.zips import Which

PICTURE_HOSTS = ("ps.w.org", "ts.w.org", "s.w.org")
_ZIP_HOSTS = ("downloads.wordpress.org",)


def add_pictures(parser: argparse.ArgumentParser) -> None:
    """Add --pictures-per-run and --picture-host, which `pictures` reads with --through."""
    parser.add_argument(
        "--pictures-per-run",
        type=values.whole,
        default=2_000,
        metavar="N",
        help="most pictures asked for in one run, those of the most installed packages first "
        "(default %(default)s); 0 asks nobody",
    )
    parser.add_argument(
        "--picture-host",
        action="append",
        type=values.host,
        metavar="HOST",
        help="ask these hosts and no others; may be said again "
        f"(default {', '.join(PICTURE_HOSTS)})",
    )


def add_through(parser: argparse.ArgumentParser) -> None:
    """Add --through."""
    parser.add_argument(
        "--through",
        type=values.address,
        metavar="URL",
        help="a mirror that is asked in place of the hosts of pictures and zips: URL/<host>/<path>",
    )


def add_zips(parser: argparse.ArgumentParser) -> None:
    """Add --zips, --zips-limit, --zips-per-run and --zip-host, which `zips` reads."""
    parser.add_argument(
        "--zips",
        choices=("none", "untagged", "all"),
        default="none",
        help="zips that are kept and served from here: none (default), those of announced versions "
        "of plugins that have no tag, or all",
    )
    parser.add_argument(
        "--zips-limit",
        type=values.size,
        default=20 * 10**9,
        metavar="SIZE",
        help="what kept zips may take on disk, like 500M or 20G (the default); then no more come",
    )
    parser.add_argument(
        "--zips-per-run",
        type=values.positive,
        default=500,
        metavar="N",
        help="most zips asked for in one run, those of the most installed packages first "
        "(default %(default)s)",
    )
    parser.add_argument(
        "--zip-host",
        action="append",
        type=values.host,
        metavar="HOST",
        help=f"ask these hosts and no others; may be said again (default {', '.join(_ZIP_HOSTS)})",
    )


def zips_kept(args: argparse.Namespace) -> tuple[Which, tuple[str, ...]] | None:
    """Give which zips are to be kept, and of which hosts; None for none."""
    return None if args.zips == "none" else (args.zips, tuple(args.zip_host or _ZIP_HOSTS))


def zips(args: argparse.Namespace, journal: Journal) -> Steps:
    """Give the step that keeps zips, where any are to be kept."""
    kept = zips_kept(args)
    if kept is None:
        return []
    which, hosts = kept

    def step() -> int:
        from catalog.composer.remembered import compose
        from publish.zips.step import Keeping, fetch_zips

        keeping = Keeping(
            which,
            args.zips_limit,
            args.zips_per_run,
            hosts,
            (args.through or "").rstrip("/"),
            args.contact,
            args.jobs,
        )
        how = {"replaces": args.replaces, "requires_plugins": args.requires_plugins}
        make = partial(compose, reached=journal.reached, **how)
        return fetch_zips(args.data, keeping, args.site_url, make, journal)

    return [("fetch-zips", step)]


def pictures(args: argparse.Namespace, journal: Journal, *, asks: bool) -> Act:
    """Give the step that prepares packages' own pictures; asks: hosts, where there is a budget."""

    def step() -> int:
        from publish.pictures.step import Asking, fetch_pictures

        hosts, through = args.picture_host or PICTURE_HOSTS, (args.through or "").rstrip("/")
        asking = Asking(tuple(hosts), args.pictures_per_run, args.contact, through)
        files = {one for one in args.source if one not in (sources.WPORG, "-")}
        whom = asking if asks and asking.per_run else None
        return fetch_pictures(args.data, files, whom, args.jobs, journal)

    return step
