"""The arguments that several scripts share, each explained once.

What asks other machines is imported where it is asked for: most runs have nothing to do, and are
over in less time than that takes.
"""

from __future__ import annotations

import argparse
import re
import shlex
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from catalog.journal import Journal
from catalog.packages import Allowance
from publish.run import Act, Steps
from publish.site.write import Settings
from release import processes
from release.data import Data

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from catalog.composer.remembered import Sharing
    from catalog.wporg.step import Asking
    from catalog.zips import Which
    from publish.mirrors.bucket import Target
    from publish.mirrors.remote import Place

PICTURE_HOSTS = ("ps.w.org", "ts.w.org", "s.w.org")
_ZIP_HOSTS = ("downloads.wordpress.org",)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_WPORG = "wporg"  # the source that is fetched


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


def add_sockets(parser: argparse.ArgumentParser) -> None:
    """Add --sockets."""
    parser.add_argument(
        "--sockets",
        type=Path,
        default=processes.FOLDER,
        metavar="DIR",
        help="where the app's processes listen: app-1, app-2, … (default %(default)s)",
    )


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add --source, --max-withdrawn, --advisories and what `add_composer` adds."""
    parser.add_argument(
        "--source",
        action=_Once,
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
            option, type=address, metavar="URL", help=f"instead of wordpress.org's {whose}"
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
        "--package", type=_label, action="append", default=[], metavar="TYPE/SLUG", help=words
    )


def _label(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"(plugin|theme)/([a-z0-9_-]{1,200})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not like plugin/akismet")
    return found[1], found[2]


def fetch(args: argparse.Namespace, journal: Journal) -> Steps:
    """Give the step that fetches, where wordpress.org is a source."""
    if _WPORG not in args.source:
        return [("fetch", partial(_nothing_to_ask, journal))] if args.package else []
    from catalog.wporg.step import fetch_changes

    return [("fetch", partial(fetch_changes, args.data, asking(args), journal))]


def _nothing_to_ask(journal: Journal) -> int:
    journal.complain("fetch: one package can be asked for anew where SOURCE=wporg alone")
    return 2


def add_pictures(parser: argparse.ArgumentParser) -> None:
    """Add --pictures-per-run and --picture-host, which `pictures` reads with --through."""
    parser.add_argument(
        "--pictures-per-run",
        type=whole,
        default=2_000,
        metavar="N",
        help="most pictures asked for in one run, those of the most installed packages first "
        "(default %(default)s); 0 asks nobody",
    )
    parser.add_argument(
        "--picture-host",
        action="append",
        type=_host,
        metavar="HOST",
        help="ask these hosts and no others; may be said again "
        f"(default {', '.join(PICTURE_HOSTS)})",
    )


def add_through(parser: argparse.ArgumentParser) -> None:
    """Add --through."""
    parser.add_argument(
        "--through",
        type=address,
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
        type=_bytes,
        default=20 * 10**9,
        metavar="SIZE",
        help="what kept zips may take on disk, like 500M or 20G (the default); then no more come",
    )
    parser.add_argument(
        "--zips-per-run",
        type=positive,
        default=500,
        metavar="N",
        help="most zips asked for in one run, those of the most installed packages first "
        "(default %(default)s)",
    )
    parser.add_argument(
        "--zip-host",
        action="append",
        type=_host,
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
        files = {one for one in args.source if one not in (_WPORG, "-")}
        whom = asking if asks and asking.per_run else None
        return fetch_pictures(args.data, files, whom, args.jobs, journal)

    return step


def asks_wporg(args: argparse.Namespace) -> bool:
    """Tell whether wordpress.org is a source."""
    return _WPORG in args.source


def records(args: argparse.Namespace) -> list[str]:
    """Give the file of each source: of wporg, the answers that were saved."""
    saved = str(Data(args.data).wporg / "records.jsonl")
    return [saved if one == _WPORG else one for one in args.source]


class _Once(argparse.Action):
    """Takes an option as often as it is said, and no value twice."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Add a value, or end with a sentence."""
        so_far = getattr(namespace, self.dest) or []
        if values in so_far:
            parser.error(f"argument {option_string}: {values} is named twice")
        setattr(namespace, self.dest, [*so_far, values])


def add_install_log(parser: argparse.ArgumentParser) -> None:
    """Add --log and --nginx-pid."""
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="where nginx logs installs (default DATA/log/downloads.log)",
    )
    parser.add_argument(
        "--nginx-pid",
        type=Path,
        metavar="FILE",
        help="nginx's pid file (default DATA/log/nginx.pid, which `serve` keeps)",
    )


def install_log(args: argparse.Namespace) -> tuple[Path, Path]:
    """Give the log of installs and nginx's pid file."""
    data = Data(args.data)
    return args.log or data.install_log, args.nginx_pid or data.nginx_pid


def add_processes(parser: argparse.ArgumentParser) -> None:
    """Add --jobs."""
    parser.add_argument(
        "--jobs",
        type=positive,
        default=1,
        metavar="N",
        help="processes that draw, prepare pictures, look zips through, or make the metadata of "
        "many packages (default 1)",
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


def add_face(parser: argparse.ArgumentParser) -> None:
    """Add --workers, --rate, --proxy-address and --metrics."""
    parser.add_argument(
        "--workers",
        type=positive,
        default=2,
        metavar="N",
        help="app processes, each with a socket of its own (default 2)",
    )
    parser.add_argument(
        "--rate",
        type=positive,
        default=20,
        metavar="N",
        help="pages a second that one address may ask for, half as many searches (default 20)",
    )
    parser.add_argument(
        "--proxy-address",
        dest="proxies",
        action="append",
        default=[],
        metavar="NETWORK",
        help="a proxy in front, or a network of them, whose X-Forwarded-For is believed, like "
        "10.0.0.0/8; may be said again",
    )
    parser.add_argument(
        "--metrics",
        action="append",
        default=[],
        metavar="NETWORK",
        help="an address or a network that may ask for /metrics, besides this machine; may be said "
        "again",
    )


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


def add_push(parser: argparse.ArgumentParser) -> None:
    """Add --ssh, --full and --at-once."""
    parser.add_argument(
        "--ssh",
        type=_command,
        default="ssh",
        metavar="COMMAND",
        help="for example 'ssh -p 2222 -i key'",
    )
    parser.add_argument("--full", action="store_true", help="believe no record, compare every file")
    parser.add_argument(
        "--at-once", type=positive, default=4, metavar="N", help="hosts (default 4)"
    )


def add_mirrors(parser: argparse.ArgumentParser) -> None:
    """Add where else a release is published, which `Mirrors` reads."""
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        type=place,
        metavar="[USER@]HOST:FOLDER",
        help="publish on this host as well (see push); may be said again",
    )
    add_push(parser)
    parser.add_argument(
        "--bucket",
        type=_target,
        metavar="s3://NAME[/PREFIX]",
        help="send images, kept zips and Composer files to this bucket as well (see bucket)",
    )
    parser.add_argument("--endpoint", metavar="URL", help="of a store that is not Amazon's")


class Mirrors:
    """The steps that publish elsewhere, as far as they were asked for."""

    def __init__(self, args: argparse.Namespace, journal: Journal) -> None:
        self._args = args
        self._journal = journal

    @property
    def cards(self) -> Steps:
        """Send new cards, before a release names them."""
        return self._bucket(cards=True)

    @property
    def everything(self) -> Steps:
        """Send what was published."""
        return [*self._bucket(cards=False), *self._hosts()]

    def _hosts(self) -> Steps:
        args = self._args
        if not args.host:
            return []
        from publish.mirrors.push import push

        send = partial(push, args.data, args.host, args.ssh, self._journal, full=args.full)
        return [("push", partial(send, at_once=args.at_once))]

    def _bucket(self, *, cards: bool) -> Steps:
        args = self._args
        if args.bucket is None:
            return []
        from publish.mirrors.bucket import Sending
        from publish.mirrors.bucket import bucket as send_to

        sending = Sending(cards=cards, full=args.full)
        return [("bucket", partial(send_to, args.data, bucket(args), sending, self._journal))]


def add_bucket(parser: argparse.ArgumentParser) -> None:
    """Add the bucket, --endpoint and --full, which `bucket` reads."""
    parser.add_argument("bucket", type=_target, metavar="s3://NAME[/PREFIX]")
    parser.add_argument("--endpoint", metavar="URL", help="of a store that is not Amazon's")
    parser.add_argument("--full", action="store_true", help="believe the listing, not the record")


def bucket(args: argparse.Namespace) -> Target:
    """Give what was said of the bucket."""
    target: Target = args.bucket
    return replace(target, endpoint=args.endpoint)


def place(text: str) -> Place:
    """Read '[user@]host:folder'."""
    from publish.mirrors.remote import Place

    try:
        return Place.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _target(text: str) -> Target:
    from publish.mirrors.bucket import Target

    try:
        return Target.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def address(text: str) -> str:
    """Take an address as the client can use it; argparse words a ValueError (a port of 99999)."""
    parts = urlsplit(text)
    usable = parts.scheme in ("http", "https") and parts.hostname and text.isascii()
    if not usable or parts.port == 0 or parts.username is not None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an http(s) address")
    return text


def _host(text: str) -> str:
    if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of a host")
    return text


def _command(text: str) -> list[str]:
    words = shlex.split(text)
    if not words:
        raise argparse.ArgumentTypeError("the command is empty")
    return words


def positive(text: str) -> int:
    """Read a whole number above 0."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d{1,15})([KMGT]?)", text, re.ASCII)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size like 500M or 20G")
    return int(found[1]) * _UNITS[found[2]]


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
