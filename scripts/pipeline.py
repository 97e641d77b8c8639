"""Make everything and publish it: fetch, build, render-new, deploy, and other hosts, in one run.

With --source wporg, what changed at wordpress.org is fetched first. New cards go to a bucket before
a page names them. A step that ends with 1 (something failed, the rest was done) does not stop the
next ones; anything above does.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial

from catalog.build import build
from catalog.journal import Journal
from publish.cards.render import Drawing, render_new
from publish.deploy import deploy
from publish.run import in_order
from render import ImageRenderer
from scripts import arguments


def main(
    argv: Sequence[str] | None = None,
    journal: Journal | None = None,
    renderer: ImageRenderer | None = None,
    executor: Executor | None = None,
) -> int:
    """Run the steps, and give the exit code."""
    parser = arguments.parser(__doc__, "pipeline")
    arguments.add_source(parser)
    arguments.add_fetch(parser)
    arguments.add_jobs(parser)
    arguments.add_site(parser)
    arguments.add_keep(parser)
    arguments.add_mirrors(parser)
    args = parser.parse_args(argv)
    journal = journal or Journal()
    data, mirrors = args.data, arguments.Mirrors(args, journal)
    source = arguments.records(args)
    drawing = Drawing(args.jobs, args.dask, renderer, executor)
    site = arguments.site(args)
    read = partial(
        build,
        *(data, source, args.max_withdrawn, journal),
        replaces=args.replaces,
        requires_plugins=args.requires_plugins,
        advisories=args.advisories,
    )
    return in_order(
        journal,
        [
            *arguments.fetch(args, journal),
            ("build", read),
            ("render-new", partial(render_new, data, drawing, journal)),
            *mirrors.cards,
            ("deploy", partial(deploy, data, site, args.keep, args.grace_days, journal)),
            *mirrors.everything,
        ],
    )
