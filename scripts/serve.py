"""Serve the published site: nginx and the app, in the foreground, until Ctrl-C (or SIGTERM)."""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from publish.nginx.place import ServeError
from publish.nginx.service import Service, serve
from publish.nginx.values import ConfigError
from scripts import arguments
from scripts.arguments import serving, values


def main(argv: Sequence[str] | None = None, app: str = "server") -> int:
    """Serve until told to stop. 0 then; 1 if the site stopped by itself; 2 if it cannot be served.

    app: the module that answers requests on a socket, run by `python -m`.
    """
    parser = arguments.parser(__doc__, "serve")
    serving.add_face(parser)
    add = parser.add_argument
    add(
        "--listen",
        default="127.0.0.1:8080",
        metavar="ADDRESS:PORT",
        help="where nginx answers (default 127.0.0.1:8080)",
    )
    add(
        "--threads",
        type=values.positive,
        default=4,
        metavar="N",
        help="threads of each app process (default 4)",
    )
    add(
        "--site-url",
        default="http://127.0.0.1:8080",
        metavar="URL",
        help="as published; its path is where the site is found (default: at the root)",
    )
    add(
        "--user",
        default="nobody",
        metavar="NAME",
        help="whom nginx's workers and the app become if root starts them (default nobody)",
    )
    options = parser.parse_args(argv)
    wanted = Service(
        data=options.data.absolute(),
        listen=options.listen,
        workers=options.workers,
        threads=options.threads,
        site_url=options.site_url,
        rate=options.rate,
        proxies=tuple(options.proxies),
        metrics=tuple(options.metrics),
        user=options.user if os.geteuid() == 0 else "",
    )
    stop = _Stop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        return serve(wanted, app, lambda: stop.asked)
    except (ServeError, ConfigError) as error:
        print(error, file=sys.stderr)
        return 2


class _Stop:
    """Remembers that a signal asked for the end."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


if __name__ == "__main__":
    raise SystemExit(main())
