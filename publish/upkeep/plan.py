"""Say what the next pipeline and the next regenerate would do, and why; change nothing.

Everything is tried on a throw-away copy of the catalogue, so the figures are those of a real run.
"""

import sqlite3
import sys
import time
from collections.abc import Sequence
from functools import partial

from catalog import database, journal, packages
from catalog.composer import remembered
from catalog.source import SourceError, read, seal
from publish.cards import glyphs, memory
from publish.cards.memory import Wanted
from publish.releases import Releases
from publish.site import published, write
from release.data import SITE
from render import Card, CardRenderer
from scripts import arguments
from scripts.regenerate import stale
from scripts.render_new import of

_NAMED = 20  # cards named with their reason


def main(argv: Sequence[str] | None = None) -> int:
    """Plan, and give the exit code."""
    parser = arguments.parser(__doc__, "plan")
    arguments.add_source(parser)
    arguments.add_site(parser)
    args = parser.parse_args(argv)
    with database.scratch(args.data) as db:
        try:
            outcome = packages.take(
                *(db, read(args.source), args.source, args.max_withdrawn, int(time.time())),
                seal=partial(seal, args.source),
            )
            remembered.compose(db, replaces=args.replaces, reached=lambda _: None)
        except packages.TooManyWithdrawn as refusal:
            print(f"make pipeline would publish nothing and exit 3: {refusal}")
            return 3
        except SourceError as error:
            print(f"plan: {error}", file=sys.stderr)
            return 2
        _say_pipeline(db, outcome, Releases(args.data), arguments.site(args))
        _say_regenerate(db)
        print("on the cards")
        for line in glyphs.in_words(glyphs.missing(db)):
            print(f"  {line}")
    return 0


def _say_pipeline(
    db: sqlite3.Connection,
    outcome: packages.Outcome,
    releases: Releases,
    settings: write.Settings,
) -> None:
    new = memory.never_drawn(db)
    print("make pipeline would")
    print(
        f"  take {outcome.new:,} new and {outcome.changed:,} changed packages, "
        f"withdraw {outcome.withdrawn:,}, take back {outcome.returned:,}, "
        f"refuse {outcome.rejected:,} lines ({len(outcome.newly_rejected):,} for the first time)"
    )
    print(f"  draw {len(new):,} cards{_estimate(db, len(new))}")
    for one in of(db, new[:_NAMED]):
        print(f"    {one.label}: it has none")
    newest = releases.newest()
    base = releases.path(newest) / SITE if newest else None
    wanted = (database.generation(db), write.inputs(db, settings))
    idle = not new and base is not None and published.made_of(base) == wanted
    print("  publish nothing: nothing changed" if idle else "  publish a new release")


def _say_regenerate(db: sqlite3.Connection) -> None:
    old, pages, kept = stale(db, CardRenderer().fingerprint)
    count = len(old) + len(pages)
    print("make regenerate would")
    print(f"  redraw {count:,} cards and keep {kept:,}{_estimate(db, count)}")
    for one in (*pages, *of(db, old[:_NAMED])):
        print(f"    {one.label}: {_reason(db, one)}")
    if len(old) > _NAMED:
        print(f"    and {len(old) - _NAMED:,} more")


def _reason(db: sqlite3.Connection, one: Wanted) -> str:
    drawn = memory.as_drawn(db, one.owner)
    changes = [
        f"{name} {before!r} is now {after!r}"
        for name in Card.__dataclass_fields__
        if (before := getattr(drawn, name, "")) != (after := getattr(one.card, name))
    ]
    return "; ".join(changes) or "the design changed"


def _estimate(db: sqlite3.Connection, count: int) -> str:
    """Judge by the latest run that drew at least as many cards as make a fair average."""
    if not count:
        return ""
    for run in journal.last_runs(db, 50):
        for step in run["steps"]:
            if step.get("drawn", 0) >= 100:
                return f", about {count * step['seconds'] / step['drawn']:.0f} s"
    return ""
