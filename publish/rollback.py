"""The step `rollback`: an older release is published again, by the same switch."""

from pathlib import Path

from catalog.journal import Journal
from publish.check import faults_of
from publish.composer import p2
from publish.releases import Releases, UnknownRelease
from publish.stores import Stores
from release.data import Data

_NAMED = 10  # faults named on standard error


def rollback(data: Path, wanted: str | None, journal: Journal) -> int:
    """Publish the release `wanted`, or the one before the live one; give the exit code.

    It is checked as a new release is before it is published, by the pictures in which it differs
    from the live one and by all its pages of the check: 3, and nothing changed, if it has a fault.
    """
    releases = Releases(data)
    live = releases.current()
    id = wanted or max((id for id in releases.ids() if id < (live or "")), default=None)
    if id is None:
        journal.complain("rollback: there is no older release")
        return 2
    try:
        folder = releases.path(id)
    except UnknownRelease as error:
        journal.complain(f"rollback: {error}")
        return 2
    faults = faults_of(folder, Stores.of(Data(data)), releases.path(live) if live else None)
    if faults:
        said = "; ".join(faults[:_NAMED])
        journal.complain(
            f"rollback: refused to publish {id}: {said}",
            f"rollback: {live} stays live; `make releases` lists the others",
        )
        return 3
    releases.hold_back(id)
    journal.reached("rollback: newest held back")
    p2.Folder(data).show_release(releases, id, journal.reached)
    releases.switch(id)
    journal.reached("rollback: current switched")
    journal.note(release=id, rolled_back_from=live or "")
    print(f"rollback: {id} is live, {live} is not; the next change publishes a new release")
    return 0
