"""Look at everything under DATA, tell each fault in a line, and how to mend it.

Looks at catalog.db, at every release through the real app, at `current`, at every card that a kept
release names, at the Composer files byte by byte, at rights, owners and leftovers. It holds the
lock meanwhile, so that nothing is half made; a run that comes then exits 75 and comes again.

With --mend it mends what is safe, and looks again. Safe is: to remove what a killed run left; to
publish the finished release; to draw a lost card again; to let an unknown card go after the days of
grace; to write Composer's files anew; to have metadata made again; to take away a right to write.
Exits 1 if a fault remains.
"""

import sys
from collections.abc import Sequence
from concurrent.futures import Executor

from catalog import lock
from catalog.owner import Stranger, refuse_stranger
from publish.upkeep.doctor import examinations, examine
from publish.upkeep.examination.rights import Reader
from render import ImageRenderer, SvgRenderer
from scripts import arguments


def main(
    argv: Sequence[str] | None = None,
    renderer: ImageRenderer | None = None,
    plates: SvgRenderer | None = None,
    executor: Executor | None = None,
) -> int:
    """Examine, mend if asked to, and give the exit code."""
    parser = arguments.parser(__doc__, "doctor")
    parser.add_argument("--mend", action="store_true", help="mend what is safe")
    parser.add_argument(
        "--reader",
        action="append",
        default=[],
        metavar="USER",
        help="a user who must be able to read what is published; may be said again",
    )
    args = parser.parse_args(argv)
    if not args.data.is_dir():
        print(f"doctor: there is no {args.data}: run `make pipeline`", file=sys.stderr)
        return 1
    try:
        readers = [Reader.named(name) for name in args.reader]
        refuse_stranger(args.data)
    except KeyError as error:
        print(f"doctor: there is no user {error.args[0]}", file=sys.stderr)
        return 2
    except Stranger as error:
        print(f"doctor: refused: {error}", file=sys.stderr)
        return 2
    with lock.hold(args.data, "doctor"):
        looks = examinations(args.data, readers, renderer, plates, executor)
        return examine(looks, mend=args.mend)
