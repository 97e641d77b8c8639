"""Arguments of what is read: the sources, and wordpress.org among them."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.journal import Journal
from catalog.packages import Allowance
from publish.run import Steps
from release.data import Data
from scripts.arguments import values

if TYPE_CHECKING:
    from catalog.wporg.step import Asking

WPORG = "wporg"  # the source that is fetched


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add --source, --max-withdrawn, --advisories and what `add_composer` adds."""
    parser.add_argument(
        "--source",
        action=values.Once,
        required=True,
        metavar="FILE",
        help="records: .jsonl, .jsonl.gz, .json (saved API answers), - for standard input, "
        "or wporg for what `fetch` saved; said again, several sources: a run names all that there "
        "are, what two of them have is taken from the first, and what none has is withdrawn",
    )
    parser.add_argument(
        "--max-withdrawn",
        type=_allowance,
        default=Allowance(),
        metavar="SHARE",
        help="most packages that may go or be closed: 10%% (the default, at least 10) or a count",
    )
    add_composer(parser)
    parser.add_argument(
        "--advisories",
        type=Path,
        metavar="FILE",
        help="advisories of your own: .jsonl or .json, in the form of OSV or of Composer",
    )


def add_composer(parser: argparse.ArgumentParser) -> None:
    """Add --replaces and --requires-plugins."""
    parser.add_argument(
        "--replaces",
        action="store_true",
        help="packages also stand for their wpackagist names, for packages that ask for those",
    )
    parser.add_argument(
        "--requires-plugins",
        action="store_true",
        help="the plugins that a plugin needs are required by it, instead of suggested",
    )


def add_contact(parser: argparse.ArgumentParser) -> None:
    """Add --contact."""
    parser.add_argument(
        "--contact", default="", metavar="TEXT", help="who runs this: put into the User-Agent"
    )


def add_fetch(parser: argparse.ArgumentParser) -> None:
    """Add what `asking` reads: of whom, for what, and who asks."""
    parser.add_argument(
        "--seeds", type=Path, metavar="FILE", help="fetch only the packages of this list"
    )
    add_contact(parser)
    parser.add_argument(
        "--changelogs", action="store_true", help="ask for the changelogs of plugins, too"
    )
    add_packages(
        parser, "ask for this one anew, and for nothing else: plugin/akismet; may be said again"
    )
    for option, whose in (
        ("--api", "API"),
        ("--plugins-svn", "plugins' repository"),
        ("--themes-svn", "themes' repository"),
    ):
        parser.add_argument(
            option, type=values.address, metavar="URL", help=f"instead of wordpress.org's {whose}"
        )


def asking(args: argparse.Namespace) -> Asking:
    """Read whom `fetch` asks for what."""
    from catalog.wporg.fetch import Sites
    from catalog.wporg.step import Asking

    usual = Sites()
    sites = Sites(
        args.api or usual.api,
        args.plugins_svn or usual.plugins,
        args.themes_svn or usual.themes,
    )
    return Asking(
        args.seeds,
        args.contact,
        sites=sites,
        only=tuple(args.package),
        changelogs=args.changelogs,
    )


def add_packages(parser: argparse.ArgumentParser, words: str) -> None:
    """Add --package, with these words of help."""
    parser.add_argument(
        "--package", type=values.label, action="append", default=[], metavar="TYPE/SLUG", help=words
    )


def fetch(args: argparse.Namespace, journal: Journal) -> Steps:
    """Give the step that fetches, where wordpress.org is a source."""
    if WPORG not in args.source:
        return [("fetch", partial(_nothing_to_ask, journal))] if args.package else []
    from catalog.wporg.step import fetch_changes

    return [("fetch", partial(fetch_changes, args.data, asking(args), journal))]


def _nothing_to_ask(journal: Journal) -> int:
    journal.complain("fetch: one package can be asked for anew where SOURCE=wporg alone")
    return 2


def asks_wporg(args: argparse.Namespace) -> bool:
    """Tell whether wordpress.org is a source."""
    return WPORG in args.source


def records(args: argparse.Namespace) -> list[str]:
    """Give the file of each source: of wporg, the answers that were saved."""
    saved = str(Data(args.data).wporg / "records.jsonl")
    return [saved if one == WPORG else one for one in args.source]


def _allowance(text: str) -> Allowance:
    try:
        return Allowance.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
