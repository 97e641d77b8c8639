"""Make everything and publish it: fetch, build, zips, pictures, cards, deploy, other hosts, in one
run.

With wporg among the sources, what changed at wordpress.org is fetched first, and packages' own
pictures are asked for; those beside a source file are taken from there. New cards go to a bucket
before a page names them. A step that ends with 1 (something failed, the rest was done) does not
stop the next ones; anything above does.
"""

import argparse
from functools import partial

from catalog.build import build
from catalog.journal import Journal
from publish.cards.render import Drawing, render_new
from publish.run import Steps
from scripts import frames
from scripts.arguments import assets, jobs, sources


def _steps(args: argparse.Namespace, drawing: Drawing, journal: Journal) -> Steps:
    read = partial(
        build,
        *(args.data, sources.records(args), args.max_withdrawn, journal),
        replaces=args.replaces,
        requires_plugins=args.requires_plugins,
        advisories=args.advisories,
        sharing=jobs.sharing(args),
        site_url=args.site_url,
    )
    return [
        *sources.fetch(args, journal),
        ("build", read),
        *assets.zips(args, journal),
        ("fetch-pictures", assets.pictures(args, journal, asks=sources.asks_wporg(args))),
        ("render-new", partial(render_new, args.data, drawing, journal, args.package)),
    ]


_ARGUMENTS = (
    *(sources.add_source, sources.add_fetch, assets.add_pictures),
    *(assets.add_zips, assets.add_through),
)
main = frames.publishing(__doc__, "pipeline", _ARGUMENTS, _steps)
