"""Print nginx's configuration: the template under nginx/ with its pieces and this site's values.

One text comes out, whole, for the nginx of `make serve` or (--production) for one that is there
already.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from publish.nginx.printed import Https, Told
from publish.nginx.values import ConfigError
from scripts import arguments
from scripts.arguments import published, serving


def main(argv: Sequence[str] | None = None) -> int:
    """Print the configuration that the arguments describe; 2 if nginx must not be given it."""
    options = _parser().parse_args(argv)
    told = Told(
        options.data,
        options.site_url,
        options.run,
        options.workers,
        options.rate,
        options.listen,
        options.proxies,
        options.metrics,
        options.install_log,
        Https(
            options.certificate,
            options.key,
            options.listen_http,
            options.challenges,
            options.hsts,
        ),
    )
    try:
        print(told.production() if options.production else told.serving(), end="")
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = arguments.parser(__doc__, "nginx-conf")
    published.add_site_url(parser)
    serving.add_face(parser)
    add = parser.add_argument
    add(
        "--listen",
        action="append",
        default=[],
        metavar="ADDRESS:PORT",
        help="where nginx answers, may be said twice (default 127.0.0.1:8080; in production 80, "
        "or 443 with a certificate)",
    )
    add(
        "--run",
        type=Path,
        default=Path("/run/frontispiece"),
        metavar="DIR",
        help="where the app's sockets are (default /run/frontispiece)",
    )
    add(
        "--install-log",
        type=Path,
        metavar="FILE",
        help="where nginx logs installs, for `count --log` (default DATA/log/downloads.log)",
    )
    add("--production", action="store_true", help="print the part for /etc/nginx/sites-enabled")
    serving.add_https(parser)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
