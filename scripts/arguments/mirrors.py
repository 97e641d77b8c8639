"""Arguments of what is published elsewhere: hosts and a bucket."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from catalog.journal import Journal
from publish.run import Steps
from scripts.arguments import values

if TYPE_CHECKING:
    from publish.mirrors.bucket import Target
    from publish.mirrors.remote import Place


def add_push(parser: argparse.ArgumentParser) -> None:
    """Add --ssh, --full and --at-once."""
    parser.add_argument(
        "--ssh",
        type=values.command,
        default="ssh",
        metavar="COMMAND",
        help="for example 'ssh -p 2222 -i key'",
    )
    parser.add_argument("--full", action="store_true", help="believe no record, compare every file")
    parser.add_argument(
        "--at-once", type=values.positive, default=4, metavar="N", help="hosts (default 4)"
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
