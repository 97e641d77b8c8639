"""The step `push`: the live release is published on other hosts, too, over ssh with rsync."""

import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from catalog.journal import Journal
from publish.mirrors.held import Held, NotReady, Record
from publish.mirrors.remote import Failed, Place, Remote, connected
from publish.releases import Releases
from publish.site import published
from release.address import card_file, composer_files, plate_file, zip_file
from release.data import SITE, Data
from release.identity import is_id

_LISTS = tuple(
    f"p2/{name}.json{twin}"
    for name in ("list", "filter-summary", "packages")
    for twin in ("", ".gz")
)
_INCOMING = "--temp-dir=incoming"  # a file half received is not among those that nginx sends
_PICTURES = ("--include=/og/***", "--include=/plates/***", "--include=/badges/***", "--exclude=*")
_ZIPS = ("--exclude=/zips/unfinished/", "--include=/zips/***")  # sent, and never deleted
_METADATA = ("--include=/p2/", "--include=/p2/wp-*/***", "--exclude=*")

# What a killed push left behind goes. A folder with a catalogue makes its own releases.
_LOOK = """
if [ -e catalog.db ]; then echo catalogue; exit; fi
mkdir -p store/og store/plates store/badges store/p2 store/zips releases
rm -rf releases/*.tmp store/incoming current.tmp
mkdir store/incoming
echo "current $(readlink current || true)"
echo "token $(cat store/pushed || true)"
for path in releases/*; do echo "release ${path##*/}"; done
"""


def push(
    data: Path,
    hosts: Sequence[Place],
    ssh: Sequence[str],
    journal: Journal,
    *,
    full: bool,
    at_once: int,
) -> int:
    """Publish on each host, `at_once` of them at the same time; give the exit code.

    ssh: the words of the command that leads there. full: believe no record, compare every file.
    """
    try:
        here = Held.here(data)
    except NotReady as reason:
        journal.complain(f"push: {reason}")
        return 2
    if missing := [name for name in ("rsync", ssh[0]) if shutil.which(name) is None]:
        journal.complain(f"push: {missing[0]} is missing: apt-get install rsync ssh")
        return 2
    places = list(dict.fromkeys(hosts))
    with connected(ssh, places) as command, ThreadPoolExecutor(at_once) as pool:
        pushes = [_Push(data, here, place, command, journal) for place in places]
        # All have the new cards before any shows a page that names them: whoever is sent to one
        # host for the page and to another for its picture finds both.
        list(pool.map(lambda push: push.attempt(lambda: push.prepare(full=full)), pushes))
        list(pool.map(lambda push: push.attempt(push.publish), pushes))
    for push in pushes:
        told = f"push: {push.place}: {push.outcome}"
        if push.failed:
            journal.complain(told)
        else:
            print(told)
    failed = sum(push.failed for push in pushes)
    journal.note(pushed=sum(push.sent > 0 for push in pushes), hosts_failed=failed)
    return 1 if failed else 0


class _Push:
    """One host's part of a push: prepare, then publish."""

    def __init__(
        self, data: Path, here: Held, place: Place, ssh: Sequence[str], journal: Journal
    ) -> None:
        self.place = place
        self.failed = False
        self.outcome = ""
        self._here = here
        self._data = data
        self._store = Data(data).store
        self._releases = Releases(data)
        self._remote = Remote(place, ssh)
        self._record = Record(data, str(place))
        self._held: Held | None = None  # what the host has, if that is known
        self._there: list[str] = []  # its releases
        self._began = time.monotonic()
        self._reached = journal.reached

    @property
    def sent(self) -> int:
        """Bytes sent so far."""
        return self._remote.sent

    def attempt(self, act: Callable[[], None]) -> None:
        """Act, unless the host has failed or is done; a failure is kept for the end."""
        if self.outcome:
            return
        try:
            act()
        except Failed as error:
            self.failed, self.outcome = True, f"failed: {error}"

    def prepare(self, *, full: bool) -> None:
        """Send what nobody sees yet: cards and the release."""
        here, known = self._here, self._record.read()
        current, token = self._look()
        if known and token == self._record.token() and not full:
            self._held = known
            if (current, known) == (here.release, here):
                self.outcome = f"has {here.release} already"
                return
        self._send_pictures()
        self._reached("push: cards sent")
        if here.release not in self._there:
            # Two files may share size and time and differ all the same: --ignore-times. What the
            # older release has of this one is copied there instead of sent.
            like = [f"--copy-dest=../{current}"] if current else []
            source = self._releases.path(here.release)
            target = f"releases/{here.release}.tmp"
            self._remote.send(source, target, "--ignore-times", *like)
            self._reached("push: release sent")
            self._remote.run(f"sync -f .\nmv -T {target} releases/{here.release}\n")
        self._reached("push: release named")

    def publish(self) -> None:
        """Show it: Composer files, the switch; then remove there what is gone here."""
        here, held = self._here, self._held
        self._remote.run("rm -f store/pushed\n")
        self._reached("push: record forgotten")
        self._send_metadata()
        self._reached("push: metadata sent")
        self._remote.send(self._store, "store", _INCOMING, names=_LISTS)
        self._reached("push: lists sent")
        self._remote.run(
            f"sync -f .\nln -s releases/{here.release} current.tmp\nmv -T current.tmp current\n"
        )
        self._reached("push: current switched")
        if held is None:  # only deletions: everything else was sent before
            options = ("--existing", "--ignore-existing", "--delete", *_PICTURES)
            self._remote.send(self._store, "store", *options)
        self._record.write(here)
        self._remote.run(self._last_words())
        seconds = time.monotonic() - self._began
        self.outcome = (
            f"{here.release} is live, {self.sent / 1e6:,.1f} MB sent, {seconds:.1f} s"
            f"{'' if held else ' (all compared)'}"
        )

    def _look(self) -> tuple[str, str]:
        """Ask which release is live there, and which record of ours the host was left with."""
        lines = self._remote.run(_LOOK).splitlines()
        if "catalogue" in lines:
            raise Failed("that folder has a catalog.db: it makes releases of its own")
        said = [line.partition(" ")[::2] for line in lines]
        self._there = [id for word, id in said if word == "release" and is_id(id)]
        current = dict(said).get("current", "").removeprefix("releases/")
        return current if current in self._there else "", dict(said).get("token", "")

    def _send_pictures(self) -> None:
        if self._held is None:
            options = (_INCOMING, "--exclude=*.tmp", *_ZIPS, *_PICTURES)
            self._remote.send(self._store, "store", *options)
            return
        here, held = self._here, self._held
        names = [_card(name) for name in here.cards - held.cards]
        names += [_plate(name) for name in here.plates - held.plates]
        names += [f"zips/{zip_file(name)}" for name in here.zips - held.zips]
        names += [f"badges/{name}.svg" for name, _ in here.badges.items() - held.badges.items()]
        if names:
            self._remote.send(self._store, "store", _INCOMING, names=sorted(names))

    def _send_metadata(self) -> None:
        site = self._releases.path(self._here.release) / SITE
        changed = published.packages_since(site, self._held.stamp) if self._held else None
        if changed is None:
            self._remote.send(
                self._store, "store", _INCOMING, "--exclude=*.tmp", "--delete-after", *_METADATA
            )
        elif changed:
            files = [file for name in changed for file in composer_files(name)]
            names = [f"p2/{file}{twin}" for file in files for twin in ("", ".gz")]
            self._remote.send(self._store, "store", _INCOMING, names=names)

    def _last_words(self) -> str:
        """Spell the script that removes there what is gone here, and leaves the record's token."""
        here, held = self._here, self._held
        kept = self._releases.ids()
        old = [f"releases/{id}" for id in self._there if id not in kept]
        gone = [f"store/{_card(name)}" for name in (held.cards - here.cards if held else ())]
        gone += [f"store/{_plate(name)}" for name in (held.plates - here.plates if held else ())]
        gone += [
            f"store/badges/{name}.svg"
            for name in (held.badges.keys() - here.badges.keys() if held else ())
        ]
        return "\n".join(
            [
                *(f"mv {path} {path}.tmp\nrm -rf {path}.tmp" for path in old),
                "xargs --no-run-if-empty --delimiter='\\n' rm -f <<'END'",
                *(*sorted(gone), "END"),
                f"echo {self._record.token()} > store/pushed.tmp",
                "sync -f .",
                "mv -T store/pushed.tmp store/pushed\n",
            ]
        )


def _plate(digest: str) -> str:
    return f"plates/{plate_file(digest)}"


def _card(fingerprint: str) -> str:
    return f"og/{card_file(fingerprint)}"
