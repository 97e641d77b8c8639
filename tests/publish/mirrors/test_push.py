"""push: other hosts show what is live here, whole, whatever happens on the way. By a real sshd."""

import gzip
import hashlib
import json
import multiprocessing
import random
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from catalog import lock
from catalog.journal import Journal
from publish.cards.store import CardStore
from publish.mirrors import push as pushing
from publish.releases import Releases
from publish.zips.store import ZipStore
from scripts import push, rollback
from tests import runs, site, sshd
from tests.conftest import Source, record, run
from tests.nginx.face import wait
from tests.sshd import Sshd

_ZIP = "https://downloads.wordpress.org/plugin/akismet.2.0.zip"
_CUTS = 5  # on each side


@pytest.fixture(scope="module", name="host")
def _host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd.running(tmp_path_factory.mktemp("sshd")) as host:
        yield host


@pytest.fixture(autouse=True)
def _sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place for ssh's sockets, whose names may not be long, that goes with the test."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield


@pytest.fixture(name="web")
def _web(tmp_path: Path) -> Path:
    """The folder on the other host; a name that a shell would take apart."""
    return tmp_path / "it's a web"


def _publish(data: Path, source: Source, *slugs: str, **fields: object) -> None:
    with lock.hold(data, "test", runs.RELEASED_WITHIN):
        file = source(*(record(slug, **fields) for slug in slugs))
        assert runs.pipeline(data, file, Journal()) == 0


def _push(data: Path, host: Sshd, *webs: Path, full: bool = False) -> int:
    places = [host.place(web) for web in webs]
    extra = ["--full"] if full else []
    return push.main(["--data", str(data), "--ssh", host.ssh, *extra, *places])


def _shown(data: Path) -> dict[str, tuple[int, bytes]]:
    """Give whatever nginx sends without the app, with its time in whole seconds."""
    files = (path for path in (data / "store").glob("*/**/*") if path.is_file())
    return {
        str(path.relative_to(data)): (int(path.stat().st_mtime), path.read_bytes())
        for path in files
    }


def _inodes(web: Path) -> dict[str, int]:
    store = web / "store"
    return {
        str(path.relative_to(store)): path.stat().st_ino
        for path in store.glob("*/**/*")
        if path.is_file()
    }


def _same(web: Path, data: Path) -> None:
    """There is exactly what is here: release, files, times; and no litter."""
    assert Releases(web).current() == Releases(data).current()
    assert set(Releases(web).ids()) <= set(Releases(data).ids())
    assert _shown(web) == _shown(data)
    assert site.rows(web / "current/site.db") == site.rows(data / "current/site.db")
    assert [path for path in web.rglob("*") if path.name.endswith(".tmp")] == []
    assert list((web / "store/incoming").iterdir()) == []


def test_two_hosts_show_what_is_live_here(
    data: Path, source: Source, host: Sshd, tmp_path: Path
) -> None:
    """By the command, each host gets every page, card, Composer file and time as they are here."""
    webs = [tmp_path / "one", tmp_path / "it's another"]
    _publish(data, source, "akismet", "jetpack")
    done = run(data, "push", "--ssh", host.ssh, *map(host.place, webs))

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("is live") == 2
    for web in webs:
        _same(web, data)
        assert site.pages(web) == site.pages(data)


def test_only_what_changed_goes_over(
    data: Path, source: Source, host: Sshd, web: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files of packages that stayed are not touched, and a second push sends nothing at all."""
    _publish(data, source, "akismet", "jetpack")
    _push(data, host, web)
    before = _inodes(web)
    _publish(data, source, "akismet", "jetpack", "newcomer")
    assert _push(data, host, web) == 0
    after = _inodes(web)
    assert _push(data, host, web) == 0

    replaced = {name for name, inode in after.items() if before.get(name) != inode}
    assert {name for name in replaced if name.startswith("p2/wp-")} == {
        f"p2/wp-plugin/newcomer{dev}.json{twin}" for dev in ("", "~dev") for twin in ("", ".gz")
    }
    assert replaced >= {"p2/list.json", "badges/plugin/newcomer.svg"}
    assert "p2/packages.json" not in replaced
    assert sum(name.startswith("og/") for name in replaced) == 1
    assert sum(name.startswith("plates/") for name in replaced) == 1
    assert "already" in capsys.readouterr().out.splitlines()[-1]
    _same(web, data)


def test_kept_zips_go_over_and_stay(data: Path, source: Source, host: Sshd, web: Path) -> None:
    """With a first push, with the next, and where one is lost here; what still comes does not."""
    zips, there = ZipStore(data / "store/zips"), ZipStore(web / "store/zips")
    names = []
    for number, slug in enumerate(("one", "two"), 1):
        came = zips.coming("came")
        came.write_bytes(slug.encode())
        names.append(hashlib.sha256(slug.encode()).hexdigest()[:32])
        zips.take(came, names[-1])
        zips.coming("other").write_bytes(b"PK")
        _publish(data, source, *(f"package-{one}" for one in range(number)))
        assert _push(data, host, web) == 0
        assert set(there.all()) == set(names)
        assert [path for path in web.rglob("*") if path.name.endswith(".tmp")] == []
    zips.remove(names[0])
    _publish(data, source, "another")
    assert _push(data, host, web) == 0
    assert _push(data, host, web, full=True) == 0

    assert all(map(there.whole, names))


def test_a_release_is_sent_as_what_differs_from_the_one_there(
    data: Path, source: Source, host: Sshd, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a site.db with one package more, a fraction goes over."""
    slugs = [f"package-{number}" for number in range(150)]
    _publish(data, source, *slugs)
    _push(data, host, web)
    _publish(data, source, *slugs, "newcomer")
    sizes: list[int] = []

    class Counting(pushing.Remote):
        def send(self, source: Path, target: str, *rest: str, **named: Any) -> None:
            before = self.sent
            super().send(source, target, *rest, **named)
            if target.startswith("releases/"):
                sizes.append(self.sent - before)

    monkeypatch.setattr(pushing, "Remote", Counting)
    assert _push(data, host, web) == 0

    assert len(sizes) == 1
    assert 0 < sizes[0] < (data / "current/site.db").stat().st_size / 8
    _same(web, data)


def test_a_host_that_fails_is_named_and_stops_no_other(
    data: Path, source: Source, host: Sshd, web: Path, tmp_path: Path
) -> None:
    """A host that is not there, and a folder that cannot be: exit 1, and the third is published."""
    _publish(data, source, "akismet")
    (tmp_path / "file").write_text("")
    places = [
        host.place(tmp_path / "file" / "below"),
        f"127.0.0.2:{web}",
        host.place(web),
    ]
    done = run(data, "push", "--ssh", host.ssh, *places)

    assert done.returncode == 1
    assert f"{places[0]}: failed: " in done.stderr
    assert f"{places[1]}: failed: " in done.stderr
    _same(web, data)


@pytest.mark.parametrize("place", ["web1", "-oProxyCommand=x:/srv", "web1:", "web1::module", ""])
def test_what_is_no_place_is_refused(data: Path, place: str) -> None:
    """Neither an option in disguise nor an rsync daemon is taken for a host's folder."""
    done = run(data, "push", "--", place)

    assert done.returncode == 2
    assert "is not like user@host:/folder" in done.stderr


def test_without_a_release_nothing_is_pushed(data: Path, host: Sshd, web: Path) -> None:
    """Exit 2, with the way out, and nothing made there."""
    data.mkdir()

    assert _push(data, host, web) == 2
    assert not web.exists()


def test_a_folder_with_a_catalogue_is_left_alone(
    data: Path, source: Source, host: Sshd, tmp_path: Path
) -> None:
    """A folder that makes releases of its own, this very one for example, gets none of ours."""
    _publish(data, source, "akismet")
    before = sorted(data.rglob("*"))

    assert _push(data, host, data) == 1
    assert [path for path in sorted(data.rglob("*")) if path not in before] == [data / "push.lock"]


def test_what_is_gone_here_goes_there(data: Path, source: Source, host: Sshd, web: Path) -> None:
    """A withdrawn package's Composer files, a pruned card and old releases are removed there."""
    _publish(data, source, "akismet", "jetpack")
    _push(data, host, web)
    first = Releases(web).current()
    for slugs in (("akismet",), ("akismet", "other"), ("akismet",)):
        _publish(data, source, *slugs)
        _push(data, host, web)

    assert not (web / "store/p2/wp-plugin/jetpack.json").exists()
    assert first not in Releases(web).ids()
    _same(web, data)


def test_a_rollback_is_pushed_without_sending_the_release_again(
    data: Path, source: Source, host: Sshd, web: Path
) -> None:
    """The release that is there is switched to; older metadata come with times of their own."""
    _publish(data, source, "akismet")
    _push(data, host, web)
    inode = (web / "current/site.db").stat().st_ino
    older = (web / "store/p2/wp-plugin/akismet.json").read_bytes()
    _publish(data, source, "akismet", version="2.0", versions={"2.0": _ZIP})
    _push(data, host, web)
    assert (web / "store/p2/wp-plugin/akismet.json").read_bytes() != older
    assert rollback.main(["--data", str(data)]) == 0
    assert _push(data, host, web) == 0

    assert (web / "current/site.db").stat().st_ino == inode
    assert (web / "store/p2/wp-plugin/akismet.json").read_bytes() == older
    _same(web, data)


@pytest.mark.parametrize("lost", ["here", "there", "everything", "one card, unnoticed"])
def test_a_lost_record_is_mended(
    data: Path, source: Source, host: Sshd, web: Path, lost: str
) -> None:
    """Then all is compared, what is missing is sent, and what nobody knows is removed."""
    _publish(data, source, "akismet", "jetpack")
    _push(data, host, web)
    for name in ("og/ab/" + "ab" * 16 + ".png", "p2/wp-plugin/unknown.json"):
        (web / "store" / name).parent.mkdir(exist_ok=True)
        (web / "store" / name).write_text("{}")
    card = next((web / "store/og").rglob("*.png"))
    if lost == "here":
        shutil.rmtree(data / "elsewhere")
    elif lost == "there":
        (web / "store/pushed").unlink()
    elif lost == "everything":
        shutil.rmtree(web)
    else:
        card.unlink()

    assert _push(data, host, web, full=lost.startswith("one")) == 0
    _same(web, data)


class _Reader:
    """Looks at a site over and over, in a process of its own, and keeps what was wrong with it."""

    def __init__(self, web: Path) -> None:
        self.faults: list[str] = []
        self.looks = 0
        self.seen: set[str] = set()
        self._web = web
        # Not a thread: runs are forked here, and a fork must not meet a lock that a thread holds.
        processes = multiprocessing.get_context("fork")
        self._over = processes.Event()
        self._count = processes.Value("i", 0)
        self._told, telling = processes.Pipe(duplex=False)
        self._process = processes.Process(target=self._run, args=(telling,))

    def __enter__(self) -> "_Reader":
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.faults, self.looks, self.seen = self._told.recv()
        self._process.join()

    def look_again(self) -> None:
        """Wait until it has looked at all as it is now."""
        # One look may be under way, which began before.
        enough = self._count.value + 2
        wait(lambda: self._count.value >= enough)

    def _run(self, telling: Connection) -> None:
        while not self._over.is_set():
            live = (self._web / "current").resolve()
            try:
                self._look(live)
            except (AssertionError, OSError, ValueError, sqlite3.Error) as error:
                if (self._web / "current").resolve() == live:  # else it was pruned while we read
                    self.faults.append(repr(error))
            self.looks += 1
            self._count.value += 1
            self.seen.add(live.name)
            time.sleep(0.01)  # leave the processor to what we look at
        telling.send((self.faults, self.looks, self.seen))

    def _look(self, live: Path) -> None:
        store = CardStore(self._web / "store/og")
        with closing(
            sqlite3.connect(f"{(live / 'site.db').as_uri()}?mode=ro&immutable=1", uri=True)
        ) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            for (card,) in db.execute("SELECT card FROM package").fetchall():
                assert store.whole(card), card
        assert (live / "static/robots.txt").read_bytes()
        for name in ("packages.json", "list.json"):
            json.loads((self._web / "store/p2" / name).read_bytes())
        for path in (self._web / "store/p2").glob("wp-*/*"):
            try:
                content = path.read_bytes()
            except FileNotFoundError:  # withdrawn since we listed it
                continue
            json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)


def _turns(data: Path, source: Source) -> Iterator[None]:
    """Publish another state of a small world each turn."""
    for turn in count():
        slugs = [f"package-{number}" for number in range(turn, turn + 6)]
        _publish(data, source, *slugs, name=f"Turn {turn // 3}")
        yield


def test_a_kill_at_every_boundary_is_made_good_by_the_next_push(
    data: Path, source: Source, host: Sshd, web: Path
) -> None:
    """There is always one whole release, under the eyes of a reader, and then the newest."""
    turns = _turns(data, source)

    def pushing(data: Path, _source: Path, journal: Journal) -> int:
        where = ["--data", str(data), "--ssh", host.ssh, host.place(web)]
        return push.main(where, journal)

    next(turns)
    assert _push(data, host, web) == 0
    died = 0
    with _Reader(web) as reader:
        for boundary in count():
            next(turns)
            killed = runs.killed_at(pushing, data, data, boundary)
            died += killed
            assert site.pages(web)
            if not killed:
                break
            assert _push(data, host, web) == 0
            _same(web, data)
            reader.look_again()

    assert reader.faults == []
    assert reader.looks
    assert died == 7


def test_kills_and_hang_ups_at_any_moment_are_never_seen(
    data: Path, source: Source, host: Sshd, web: Path
) -> None:
    """Our side is killed, or theirs hangs up, at seeded parts of what a push lasts here.

    A reader sees whole releases only, and each that a push has brought whole.
    """
    chance = random.Random(20261123)
    turns = _turns(data, source)

    def pushing(data: Path, _source: Path, journal: Journal) -> int:
        where = ["--data", str(data), "--ssh", host.ssh, host.place(web)]
        return push.main(where, journal)

    cut, whole = [0, 0], set()
    next(turns)
    assert _push(data, host, web) == 0
    with _Reader(web) as reader:
        while min(cut) < _CUTS:
            if sum(cut) == 2 * len(whole):  # now and then a push gets through, and is measured
                next(turns)
                lasts = runs.lasted(pushing, data, data)
                reader.look_again()
                whole.add(Releases(web).current())
            next(turns)
            moment = chance.uniform(0, lasts)
            theirs = cut[0] > cut[1]
            if theirs:
                caller = threading.Thread(target=_push, args=(data, host, web))
                caller.start()
                time.sleep(moment)
                cut[1] += bool(host.hang_up())
                caller.join()
            else:
                cut[0] += runs.killed_after(pushing, data, data, moment)
            assert site.pages(web)
    next(turns)
    assert _push(data, host, web) == 0

    assert reader.faults == []
    assert len(whole) >= _CUTS
    assert whole <= reader.seen
    _same(web, data)
