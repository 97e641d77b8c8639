"""`compare`: which versions another Composer repository offers and this site does not, and back."""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from catalog.composer.version import InvalidVersion, normalize, order
from catalog.wporg.client import Client
from publish.releases import Releases
from publish.upkeep.elsewhere import LIMITS, Repository, Unreachable
from release.data import SITE
from release.database import open_release

_NAMED = 20  # versions of a package that are named


def compare(data: Path, url: str, most: int, agent: str) -> int:
    """Ask for the most installed packages there, one after the other; give the exit code.

    Differences are no failure: 1 says that the other repository could not be read.
    """
    live = Releases(data).current()
    if live is None:
        print("compare: nothing is published here", file=sys.stderr)
        return 2
    same = absent = 0
    try:
        with Client(agent, LIMITS) as asking:
            other = Repository(asking, url)
            for name, ours in _offered(Releases(data).path(live) / SITE, most):
                theirs = other.versions(name)
                if theirs is None:
                    absent += 1
                    print(f"{name}: not there")
                elif said := _difference(ours, _readable(theirs)):
                    print(f"{name}: {said}")
                else:
                    same += 1
    except Unreachable as error:
        print(f"compare: {error}", file=sys.stderr)
        return 1
    print(f"compare: {same:,} packages have the same versions there, {absent:,} are not there")
    return 0


def _offered(site: Path, most: int) -> Iterator[tuple[str, dict[str, str]]]:
    with closing(open_release(site)) as db:
        rows = db.execute(
            "SELECT metadata.name, main FROM package JOIN metadata ON package_id = package.id"
            " WHERE withdrawn_at IS NULL AND offer <> 'none'"
            " ORDER BY active_installs DESC, slug LIMIT ?",
            (most,),
        ).fetchall()
    for name, packed in rows:
        entries = json.loads(gzip.decompress(packed))["packages"][name]
        yield name, _readable(one["version"] for one in entries)


def _readable(versions: Iterable[str]) -> dict[str, str]:
    """Give normalised version -> as it is written, of those that Composer can read."""
    found = {}
    for version in versions:
        try:
            found[normalize(version)] = version
        except InvalidVersion:
            continue
    return found


def _difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    parts = []
    for words, some, others in (("only there", theirs, ours), ("only here", ours, theirs)):
        missing = sorted(some.keys() - others.keys(), key=order, reverse=True)
        if missing:
            more = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
            parts.append(f"{words} {', '.join(some[one] for one in missing[:_NAMED])}{more}")
    return "; ".join(parts)
