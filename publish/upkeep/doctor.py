"""Look at everything under DATA, tell each fault in a line, and how to mend it.

Looks at catalog.db, at every release through the real app, at `current`, at every card that a kept
release names, at the Composer files byte by byte, at rights, owners and leftovers. It holds the
lock meanwhile, so that nothing is half made; a run that comes then exits 75 and comes again.

With --mend it mends what is safe, and looks again. Safe is: to remove what a killed run left; to
publish the finished release; to draw a lost card again; to let an unknown card go after the days of
grace; to write Composer's files anew; to have metadata made again; to take away a right to write.
Exits 1 if a fault remains.
"""

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from catalog import lock
from catalog.journal import Journal
from catalog.owner import Stranger, refuse_stranger
from publish.cards.draw import Easel, draw
from publish.cards.store import CardStore
from publish.cards.wanted import Wanted
from publish.upkeep.examination.cards import Cards
from publish.upkeep.examination.catalogue import Catalogue
from publish.upkeep.examination.finding import Examination, Finding
from publish.upkeep.examination.releases import Published
from publish.upkeep.examination.rights import Reader, Rights
from publish.upkeep.examination.shown import Shown
from release.data import Data
from render import CardRenderer, ImageRenderer
from scripts import arguments
from scripts.check import faults_of

_TOLD = 20  # faults told of one thing; the rest are counted


def main(argv: Sequence[str] | None = None, renderer: ImageRenderer | None = None) -> int:
    """Examine, mend if asked to, and give the exit code."""
    args = _parser().parse_args(argv)
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
        return _examine(_examinations(args.data, readers, renderer), mend=args.mend)


def _parser() -> argparse.ArgumentParser:
    parser = arguments.parser(__doc__, "doctor")
    parser.add_argument("--mend", action="store_true", help="mend what is safe")
    parser.add_argument(
        "--reader",
        action="append",
        default=[],
        metavar="USER",
        help="a user who must be able to read what is published; may be said again",
    )
    return parser


def _examinations(
    data: Path, readers: Sequence[Reader], renderer: ImageRenderer | None
) -> list[Examination]:
    design = CardRenderer()
    easel = Easel(renderer or design, design.fingerprint)
    store, trusted = CardStore(Data(data).cards), _Trusted(data)

    def redraw(db: sqlite3.Connection, wanted: Sequence[Wanted]) -> None:
        draw(db, store, wanted, len(wanted), easel, Journal())

    return [
        Rights(data, readers),
        Catalogue(data),
        Cards(data, design.fingerprint, redraw),
        Published(data, lambda folder: faults_of(folder, trusted, ())),
        Shown(data),
    ]


class _Trusted(CardStore):
    """The store as a release's pages are checked with: its cards are looked at by themselves."""

    def whole(self, fingerprint: str) -> bool:
        """Take any card for whole."""
        return True


def _examine(examinations: Sequence[Examination], *, mend: bool) -> int:
    told = left = 0
    for one in examinations:
        found = _tell(one)
        told += len(found)
        if mend and any(fault.safe for fault in found):
            one.mend()
            print(f"doctor: {one.name}: mended what is safe, looking again")
            found = _tell(one)
        left += len(found)
    mended = f", {told - left:,} mended" if mend else ""
    print(f"doctor: {told:,} faults{mended}")
    return 1 if left else 0


def _tell(examination: Examination) -> list[Finding]:
    found = list(examination.look())
    for fault in found[:_TOLD]:
        print(f"doctor: {examination.name}: {fault}")
    if len(found) > _TOLD:
        print(f"doctor: {examination.name}: and {len(found) - _TOLD:,} more")
    return found
