"""Draw the card of every package that has never had one, and those of the site's own pages.

A card that fails is named, gets the default card on its page, is tried again by the next run, and
makes this one exit 1; it never stops the others. Cards that only went out of date are left to
`regenerate`.
"""

from collections.abc import Sequence
from concurrent.futures import Executor

from catalog.journal import Journal
from publish.cards.render import Drawing, render_new
from render import ImageRenderer, SvgRenderer
from scripts import arguments


def main(
    argv: Sequence[str] | None = None,
    journal: Journal | None = None,
    renderer: ImageRenderer | None = None,
    executor: Executor | None = None,
    plates: SvgRenderer | None = None,
) -> int:
    """Draw, and give the exit code."""
    parser = arguments.parser(__doc__, "render-new")
    arguments.add_jobs(parser)
    args = parser.parse_args(argv)
    drawing = Drawing(args.jobs, args.dask, renderer, executor, plates)
    return render_new(args.data, drawing, journal or Journal())
