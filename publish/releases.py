"""Published releases: folders made beside the live one, and the one switch that publishes them.

`current` is a relative link, so that the whole folder can be moved. A release's name is never
used again and its files are never written again, so nothing that is open ever changes.
"""

import json
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from catalog.durable import fsync, sync
from release.data import Data
from release.identity import id_of, is_id, made


class UnknownRelease(Exception):
    """A release id that names no kept release."""


class Releases:
    """The releases under `data`, oldest first by their ids (UTC stamps, `20261123T153012Z`)."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = Data(data).releases
        self._link = Data(data).current
        self._marker = Data(data).rolled_back

    def ids(self) -> list[str]:
        """Give the finished releases, oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(path.name for path in self._folder.iterdir() if is_id(path.name))

    def path(self, id: str) -> Path:
        """Give the folder of a kept release."""
        if id not in self.ids():
            raise UnknownRelease(
                f"there is no release {id!r}; there are: {', '.join(self.ids()) or 'none'}"
            )
        return self._folder / id

    def current(self) -> str | None:
        """Name the live release; None before the first, or when the link leads nowhere."""
        try:
            name = os.readlink(self._link)  # noqa: PTH115
        except OSError:
            return None
        id = Path(name).name
        return id if id in self.ids() else None

    def newest(self) -> str | None:
        """Name the release made last."""
        return max(self.ids(), default=None)

    def begin(self, now: datetime) -> Path:
        """Make the folder of a release to be built, with a name after every other's."""
        moment = now.astimezone(UTC).replace(microsecond=0)
        if newest := self.newest():  # the clock may have gone backwards, or two share a second
            after = made(newest) + timedelta(seconds=1)
            moment = max(moment, after)
        folder = self._folder / f"{id_of(moment)}.tmp"
        folder.mkdir(parents=True)
        return folder

    def finish(self, unfinished: Path, stores: Iterable[Path] = ()) -> str:
        """Make the folder's files durable and unwritable, and give it its name.

        What lies in the stores is made durable with them: a release names files there. They get the
        release's date, which no other has: by date and size alone, nginx tells a file from the one
        of another release. A file shared with an older release keeps that one's.
        """
        moment = made(unfinished.stem).timestamp()
        for path in unfinished.rglob("*"):
            if path.is_file():
                path.chmod(0o444)
                if path.stat().st_nlink == 1:
                    os.utime(path, (moment, moment))
        # One call for each file system: a hundred files take a hundred fsyncs.
        for folder in {path.stat().st_dev: path for path in (*stores, unfinished)}.values():
            sync(folder)
        unfinished.rename(unfinished.with_suffix(""))
        fsync(self._folder)
        return unfinished.stem

    def switch(self, id: str) -> None:
        """Publish a release by one rename; every request sees the old one or this one, whole."""
        self.path(id)
        unfinished = self._data / "current.tmp"
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(Path("releases") / id)
        unfinished.replace(self._link)
        fsync(self._data)

    def hold_back(self, id: str) -> None:
        """Say, before going back to `id`, that the newest release is not to be published again."""
        self.path(id)
        marker = {"from": self.newest(), "to": id, "at": datetime.now(UTC).isoformat()}
        unfinished = self._marker.with_suffix(".tmp")
        unfinished.write_text(json.dumps(marker) + "\n", encoding="utf-8")
        fsync(unfinished)
        unfinished.replace(self._marker)
        fsync(self._data)

    def rolled_back_from(self) -> str | None:
        """Name the newest release that a rollback took from the public, if it still is one."""
        return self._rolled_back().get("from")

    def _rolled_back(self) -> dict[str, str]:
        """Read the marker {from, to}; {} without one that still holds."""
        try:
            marker = json.loads(self._marker.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        if isinstance(marker, dict) and isinstance(newest := marker.get("from"), str):
            return marker if newest == self.newest() else {}
        return {}

    def mend(self) -> list[str]:
        """Finish or remove what a killed run left; say what was done, a sentence each."""
        done = []
        for path in sorted(self._folder.glob("*.tmp")) if self._folder.is_dir() else ():
            _remove(path)
            done.append(f"removed the unfinished release {path.stem}")
        (self._data / "current.tmp").unlink(missing_ok=True)
        self._marker.with_suffix(".tmp").unlink(missing_ok=True)
        newest, live = self.newest(), self.current()
        if newest and newest != live and newest != self.rolled_back_from():
            # It was checked before it got its name; only the switch is missing.
            self.switch(newest)
            done.append(f"published the finished release {newest}")
        elif newest and not live:  # after a rollback the link was lost
            id = self._rolled_back().get("to")
            self.switch(id if id in self.ids() else newest)
            done.append(f"published {self.current()} again, to which nothing led")
        return done

    def old(self, keep: int) -> list[str]:
        """Give the releases beyond the newest `keep`; the live one always counts as kept."""
        others = [id for id in self.ids() if id != self.current()]
        return others[: max(0, len(others) - (keep - 1))]

    def remove(self, id: str) -> None:
        """Remove a release; killed in between, no half of it bears its name."""
        unfinished = self.path(id).rename(self._folder / f"{id}.tmp")
        fsync(self._folder)  # or a power cut may give it its name again, and not its files
        _remove(unfinished)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder)
