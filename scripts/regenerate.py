"""The daily job: count installs, redraw the cards whose printed facts changed, and publish.

One run under one lock: count, redraw, deploy, and other hosts. A step that ends with 1 (something
failed, the rest was done) does not stop the next ones; anything above does.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial

from catalog.installs.count import count
from catalog.journal import Journal
from publish.cards.render import Drawing, redraw
from publish.deploy import deploy
from publish.run import in_order
from render import ImageRenderer, SvgRenderer
from scripts import arguments


def main(
    argv: Sequence[str] | None = None,
    journal: Journal | None = None,
    renderer: ImageRenderer | None = None,
    executor: Executor | None = None,
    plates: SvgRenderer | None = None,
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
    drawing = Drawing(args.jobs, args.dask, renderer, executor, plates)
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
        ],
    )
