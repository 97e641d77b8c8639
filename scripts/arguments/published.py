"""Arguments of what is published, and how much is kept."""

from __future__ import annotations

import argparse
from urllib.parse import urlsplit

from publish.site.write import Settings
from scripts.arguments import values


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
    """Add --site-url, --closed and --advisories-of, which `site` reads."""
    add_site_url(parser)
    parser.add_argument(
        "--closed",
        choices=("abandon", "remove"),
        default="abandon",
        help="what becomes of closed packages' metadata: kept and marked (default), or removed; "
        "a closure for good always removes it",
    )
    parser.add_argument(
        "--advisories-of",
        default="",
        type=_line,
        metavar="TEXT",
        help="whose the advisories are, and their licence: printed wherever they are shown",
    )


def site(args: argparse.Namespace) -> Settings:
    """Give what was said about the site."""
    return Settings(args.site_url, args.closed, args.advisories_of)


def _line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > 300 or not line.isprintable():
        raise argparse.ArgumentTypeError("it is no line of at most 300 characters")
    return line


def add_keep(parser: argparse.ArgumentParser) -> None:
    """Add --keep and --grace-days."""
    parser.add_argument(
        "--keep", type=values.positive, default=5, metavar="N", help="releases kept (default 5)"
    )
    parser.add_argument(
        "--grace-days",
        type=values.whole,
        default=30,
        metavar="DAYS",
        help="days that a replaced card stays on disk (default 30)",
    )


def _site_url(text: str) -> str:
    if "".join(text.split()) != text:
        raise argparse.ArgumentTypeError(f"{text!r} has white space in it")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(f"{text!r} is not an absolute http(s) address")
    if parts.query or parts.fragment or parts.username is not None:
        raise argparse.ArgumentTypeError(f"{text!r} has more than a host and a path")
    return text.rstrip("/")
