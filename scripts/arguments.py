"""The arguments that several scripts share, each explained once."""

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from catalog.packages import Allowance
from catalog.snapshot import Settings


def parser(doc: str | None, verb: str) -> argparse.ArgumentParser:
    """Make a script's parser, with its docstring as help and --data as first argument."""
    made = argparse.ArgumentParser(
        prog=f"python -m scripts {verb}",
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="DIR",
        help="where everything made goes: catalog.db, store/, releases/, current",
    )
    return made


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add --source and --max-withdrawn."""
    parser.add_argument(
        "--source",
        required=True,
        metavar="FILE",
        help="records: .jsonl, .jsonl.gz, .json (saved API answers), or - for standard input",
    )
    parser.add_argument(
        "--max-withdrawn",
        type=_allowance,
        default=Allowance(),
        metavar="SHARE",
        help="most packages that may go in one run: 10%% (the default, at least 10) or a count",
    )
    parser.add_argument(
        "--replaces",
        action="store_true",
        help="packages also stand for their wpackagist names, for packages that ask for those",
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add --jobs and --dask."""
    parser.add_argument(
        "--jobs", type=positive, default=1, metavar="N", help="drawing processes (default 1)"
    )
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="let the workers of a dask.distributed scheduler draw instead, for example "
        "tcp://drawing:8786; each with this checkout, these fonts and one thread",
    )


def add_site_url(parser: argparse.ArgumentParser) -> None:
    """Add --site-url."""
    parser.add_argument(
        "--site-url",
        type=_site_url,
        required=True,
        metavar="URL",
        help="absolute base of every published link, for example https://packages.example.org",
    )


def add_site(parser: argparse.ArgumentParser) -> None:
    """Add --site-url and --closed, which `site` reads."""
    add_site_url(parser)
    parser.add_argument(
        "--closed",
        choices=("abandon", "remove"),
        default="abandon",
        help="what becomes of closed packages' metadata: kept and marked (default), or removed; "
        "a closure for good always removes it",
    )


def site(args: argparse.Namespace) -> Settings:
    """Give what was said about the site."""
    return Settings(args.site_url, args.closed)


def add_keep(parser: argparse.ArgumentParser) -> None:
    """Add --keep and --grace-days."""
    parser.add_argument(
        "--keep", type=positive, default=5, metavar="N", help="releases kept (default 5)"
    )
    parser.add_argument(
        "--grace-days",
        type=whole,
        default=30,
        metavar="DAYS",
        help="days that a replaced card stays on disk (default 30)",
    )


def positive(text: str) -> int:
    """Read a whole number above 0."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def whole(text: str) -> int:
    """Read a whole number, 0 included."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _allowance(text: str) -> Allowance:
    try:
        return Allowance.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _site_url(text: str) -> str:
    if "".join(text.split()) != text:
        raise argparse.ArgumentTypeError(f"{text!r} has white space in it")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(f"{text!r} is not an absolute http(s) address")
    if parts.query or parts.fragment or parts.username is not None:
        raise argparse.ArgumentTypeError(f"{text!r} has more than a host and a path")
    return text.rstrip("/")
