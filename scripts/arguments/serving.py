"""Arguments of what serves the site: sockets, nginx, and the log of installs."""

from __future__ import annotations

import argparse
from pathlib import Path

from publish.nginx.printed import CHALLENGES
from release import processes
from release.data import Data
from scripts.arguments import values


def add_sockets(parser: argparse.ArgumentParser) -> None:
    """Add --sockets."""
    parser.add_argument(
        "--sockets",
        type=Path,
        default=processes.FOLDER,
        metavar="DIR",
        help="where the app's processes listen: app-1, app-2, … (default %(default)s)",
    )


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


def add_face(parser: argparse.ArgumentParser) -> None:
    """Add --workers, --rate, --proxy-address and --metrics."""
    parser.add_argument(
        "--workers",
        type=values.positive,
        default=2,
        metavar="N",
        help="app processes, each with a socket of its own (default 2)",
    )
    parser.add_argument(
        "--rate",
        type=values.positive,
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


def add_https(parser: argparse.ArgumentParser) -> None:
    """Add what nginx is told of https."""
    add = parser.add_argument_group("https, with --production").add_argument
    add("--certificate", type=Path, metavar="FILE", help="the certificate with its chain (PEM)")
    add("--key", type=Path, metavar="FILE", help="the certificate's key (PEM)")
    add(
        "--listen-http",
        action="append",
        default=[],
        metavar="ADDRESS:PORT",
        help="where http is sent on to https, may be said twice (default 80)",
    )
    add(
        "--challenges",
        type=Path,
        metavar="DIR",
        help="where ACME's client puts .well-known/acme-challenge/ for renewals "
        f"(default {CHALLENGES}, the folder of Debian's own site)",
    )
    add(
        "--hsts",
        type=int,
        metavar="SECONDS",
        help="how long a browser comes by nothing but https (default half a year)",
    )
