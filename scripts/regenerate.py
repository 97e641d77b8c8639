"""The daily job: count installs, redraw the cards whose printed facts changed, and publish.

One run under one lock: count, a look at the certificate of a site by https, redraw, deploy, other
hosts. A step that ends with 1 (something failed, the rest was done) does not stop the next ones;
anything above does.
"""

import argparse
from functools import partial
from urllib.parse import urlsplit

from catalog.installs.count import count
from catalog.journal import Journal
from publish.cards.render import Drawing, redraw
from publish.run import Steps
from publish.upkeep import certificate
from scripts import frames
from scripts.arguments import serving


def _steps(args: argparse.Namespace, drawing: Drawing, journal: Journal) -> Steps:
    log, pid = serving.install_log(args)
    look = ("certificate", partial(certificate.look, args.data, args.site_url))
    return [
        ("count", partial(count, args.data, log, pid, journal)),
        *([look] if urlsplit(args.site_url).scheme == "https" else []),
        ("redraw", partial(redraw, args.data, drawing, journal)),
    ]


main = frames.publishing(__doc__, "regenerate", (serving.add_install_log,), _steps)
