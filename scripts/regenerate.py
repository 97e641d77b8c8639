"""The daily job: count installs, redraw the cards whose printed facts changed, and publish.

One run under one lock: count, redraw, deploy, and other hosts; then, of a site by https, when its
certificate ends. A step that ends with 1 (something failed, the rest was done) does not stop the
next ones; anything above does.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from catalog.installs.count import count
from catalog.journal import Journal
from publish.cards.render import Drawing, redraw
from publish.deploy import deploy
from publish.run import Steps, in_order
from publish.upkeep import certificate
from render import ImageRenderer
from scripts import arguments


def main(
    argv: Sequence[str] | None = None,
    journal: Journal | None = None,
    renderer: ImageRenderer | None = None,
    executor: Executor | None = None,
) -> int:
    """Run the steps, and give the exit code."""
    parser = arguments.parser(__doc__, "regenerate")
    arguments.add_install_log(parser)
    arguments.add_jobs(parser)
    arguments.add_site(parser)
    arguments.add_keep(parser)
    arguments.add_mirrors(parser)
    args = parser.parse_args(argv)
    journal = journal or Journal()
    data, mirrors = args.data, arguments.Mirrors(args, journal)
    log, pid = arguments.install_log(args)
    drawing = Drawing(args.jobs, args.dask, renderer, executor)
    site = arguments.site(args)
    return in_order(
        journal,
        [
            ("count", partial(count, data, log, pid, journal)),
            (
                "redraw",
                partial(redraw, data, drawing, journal),
            ),
            *mirrors.cards,
            ("deploy", partial(deploy, data, site, args.keep, args.grace_days, journal)),
            *mirrors.everything,
            *_by_https(data, site.site_url),
        ],
    )


def _by_https(data: Path, site_url: str) -> Steps:
    if urlsplit(site_url).scheme != "https":
        return []
    return [("certificate", partial(certificate.look, data, site_url))]
