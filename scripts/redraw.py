"""Redraw the cards whose printed facts changed since they were drawn.

A card is redrawn exactly if its fingerprint, of everything printed on it, the template, the fonts
and the renderer, differs from the fingerprint of the card it has. A card that fails keeps the
older one, is named, and makes the run exit 1.
"""

from collections.abc import Sequence
from concurrent.futures import Executor

from catalog.journal import Journal
from publish.cards.render import Drawing, redraw
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
    parser = arguments.parser(__doc__, "redraw")
    arguments.add_jobs(parser)
    args = parser.parse_args(argv)
    drawing = Drawing(args.jobs, args.dask, renderer, executor, plates)
    return redraw(args.data, drawing, journal or Journal())
