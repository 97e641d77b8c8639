"""`plan`: what the next pipeline and the next regenerate would do, tried on a throw-away copy."""

import sqlite3
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from catalog import code, database, journal, packages, pictures
from catalog import zips as kept_zips
from catalog.build import take_advisories
from catalog.composer import remembered
from catalog.source import SourceError, opened
from catalog.zips import Which
from publish.cards import design, glyphs, groups, memory, wanted
from publish.cards.wanted import Wanted
from publish.releases import Releases
from publish.site import published, write
from publish.site.write import Settings
from release.data import SITE
from render import Card

_NAMED = 20  # cards named with their reason
_FAIR = 100  # cards drawn in a run whose pace is believed


def plan(
    data: Path,
    sources: Sequence[str],
    allowed: packages.Allowance,
    settings: Settings,
    *,
    replaces: bool,
    requires_plugins: bool = False,
    advisories: Path | None = None,
    zips: tuple[Which, Sequence[str]] | None = None,
) -> int:
    """Say it, change nothing; give the exit code that the pipeline would refuse with, or 0.

    zips: which are kept, and of which hosts.
    """
    with database.scratch(data) as db:
        try:
            now = int(time.time())
            outcome = packages.take(db, list(map(opened, sources)), allowed, now)
            take_advisories(db, advisories, now)
            remembered.compose(
                db,
                replaces=replaces,
                reached=lambda _: None,
                requires_plugins=requires_plugins,
            )
        except packages.TooManyWithdrawn as refusal:
            print(f"make pipeline would publish nothing and exit 3: {refusal}")
            return 3
        except SourceError as error:
            print(f"plan: {error}", file=sys.stderr)
            return 2
        wanted_zips = kept_zips.due(db, *zips, now, 0).count if zips else 0
        due = wanted.due(db)
        _say_pipeline(db, outcome, Releases(data), settings, wanted_zips, due)
        _say_regenerate(db, Releases(data), due)
        print("on the cards")
        for line in glyphs.in_words(glyphs.missing(db)):
            print(f"  {line}")
    return 0


def _say_pipeline(
    db: sqlite3.Connection,
    outcome: packages.Outcome,
    releases: Releases,
    settings: Settings,
    wanted_zips: int,
    due: Sequence[int],
) -> None:
    print("make pipeline would")
    print(
        f"  take {outcome.new:,} new and {outcome.changed:,} changed packages, "
        f"withdraw {outcome.withdrawn:,}, take back {outcome.returned:,}, "
        f"refuse {outcome.rejected:,} lines ({len(outcome.newly_rejected):,} for the first time)"
    )
    for name, count in outcome.unnamed:
        print(f"  withdraw {count:,} with {name}, which is no source of this run")
    if outcome.shadowed:
        print(f"  take {outcome.shadowed:,} packages from the first of two sources that have them")
    if wanted_zips:
        print(f"  ask for {wanted_zips:,} zips to be kept, as far as its budget and its limit go")
    if awaited := pictures.waiting(db, int(time.time())):
        print(f"  ask for {awaited:,} pictures of packages, as far as its budget goes")
    print(f"  draw {len(due):,} cards{_estimate(db, len(due))}")
    for one in wanted.for_packages(db, due[:_NAMED]):
        print(f"    {one.label}: {_reason(db, one) if one.had else 'it has none'}")
    newest = releases.newest()
    base = releases.path(newest) / SITE if newest else None
    origin = write.origin(db, settings, code.known(db))
    idle = not due and base is not None and published.origin(base) == origin
    print("  publish nothing: nothing changed" if idle else "  publish a new release")


def _say_regenerate(db: sqlite3.Connection, releases: Releases, due: Sequence[int]) -> None:
    """Say it of the time after the pipeline, which has drawn what is due."""
    cards, plates = design.renderers(db)
    stale = wanted.stale(db, cards.fingerprint, plates.digest)
    drawn = set(due)
    ids = [id for id in stale.ids if id not in drawn]
    stale = replace(stale, ids=ids, kept=stale.kept + len(due))
    print("make regenerate would")
    print(f"  redraw {stale.count:,} cards and keep {stale.kept:,}{_estimate(db, stale.count)}")
    for one in (*stale.pages, *wanted.for_packages(db, stale.ids[:_NAMED])):
        print(f"    {one.label}: {_reason(db, one)}")
    if len(stale.ids) > _NAMED:
        print(f"    and {len(stale.ids) - _NAMED:,} more")
    newest = releases.newest()
    site = releases.path(newest) / SITE if newest else None
    if pages := groups.stale(db, site, cards.fingerprint).due:
        print(f"  redraw {len(pages):,} cards of authors and tags")


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
        for step in run.steps:
            if step.drawn and step.seconds and step.drawn >= _FAIR:
                return f", about {count * step.seconds / step.drawn:.0f} s"
    return ""
