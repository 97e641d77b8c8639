"""Pages through the cache: whole, of one release, and there when the app is not."""

import contextlib
import http.client
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from publish.nginx.conf import production
from publish.nginx.printed import Told
from publish.nginx.site import Site
from publish.nginx.template import NGINX
from tests.conftest import open_to_all
from tests.nginx.face import CUT, DEAD, NEW, OLD, USER, Face, publish, running, wait

_NO_ROOM = "could not allocate node in cache keys zone"


def test_third_answer_comes_from_the_cache(site: Face) -> None:
    """A page that is wanted again is kept: the app is asked twice. GET and HEAD share it."""
    assert site.ask("/packages/plugin/once", "HEAD").cache == "MISS"
    assert site.ask("/packages/plugin/once", "HEAD").cache == "MISS"

    answer = site.ask("/packages/plugin/once")

    assert answer.cache == "HIT"
    assert answer.release == OLD
    assert site.ask("/packages/plugin/once", "HEAD").body == b""


def test_forms_are_kept_apart(site: Face) -> None:
    """Nobody gets a compressed page who did not ask for one; what is accepted besides is one."""
    page = "/packages/plugin/forms"
    first = [site.keep(page, Accept_Encoding=form).cache for form in ("gzip", "identity")]
    again = [site.ask(page, Accept_Encoding=form).cache for form in ("br, gzip;q=0.5", "br")]

    assert first == ["MISS", "MISS"]
    assert again == ["HIT", "HIT"]


def test_known_page_is_not_sent_again(site: Face) -> None:
    """Who has a page, by its tag, gets a 304 without a body; from the cache, and compressed."""
    tag = site.ask("/packages/plugin/tagged").headers["etag"]
    weak = site.ask("/packages/plugin/tagged", Accept_Encoding="gzip").headers["etag"]

    for known in (tag, weak):
        answer = site.ask("/packages/plugin/tagged", If_None_Match=known)
        assert answer.status == 304
        assert answer.body == b""
    assert site.ask("/packages/plugin/tagged", If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/page?store=no-store",
        "/page?store=private",
        "/page?status=500+Oops",
        f"/page?claim={NEW}",
        "/page?claim=2026",
        f"/page?claim=x{OLD}",
        "/page?keep=0",
    ],
)
def test_not_kept(site: Face, path: str) -> None:
    """Not kept: what is no-store, what failed, what is not of the release it would stand under."""
    answers = [site.ask(path) for _ in range(3)]

    assert len({answer.status for answer in answers}) == 1
    assert {answer.cache for answer in answers} <= {"MISS", "BYPASS"}


def test_missing_page_is_kept(site: Face) -> None:
    """A rush on a page that is not there asks the app no more than one on a page that is."""
    assert site.keep("/missing").status == 404
    assert site.ask("/missing").cache == "HIT"


def test_query_is_part_of_the_page(site: Face) -> None:
    """Two queries are two pages."""
    assert site.keep("/list?page=1").cache == "MISS"
    assert site.ask("/list?page=1").cache == "HIT"
    assert site.ask("/list?page=2").cache == "MISS"


def test_switch_shows_at_once(folder: Path) -> None:
    """A switch gives the new page with the next request, and going back gives the old one."""
    with running(folder) as face:
        assert face.keep("/page").release == OLD
        publish(face.data, NEW)
        assert face.ask("/page").release == NEW
        publish(face.data, OLD)

        answer = face.ask("/page")
        assert answer.release == OLD
        assert answer.cache == "HIT"


def test_page_under_way_at_a_switch_is_kept_by_its_own_release(folder: Path) -> None:
    """A page begun under the old release and finished after the switch is kept as the old one's."""
    with running(folder) as face, ThreadPoolExecutor(1) as pool:
        face.ask("/page?sleep=held")
        face.hold()
        slow = pool.submit(face.ask, "/page?sleep=held")
        wait(face.in_hand)
        publish(face.data, NEW)
        face.let_go()

        assert slow.result().release == OLD
        assert face.ask("/page?sleep=held").release == NEW
        publish(face.data, OLD)
        answer = face.ask("/page?sleep=held")
        assert (answer.release, answer.cache) == (OLD, "HIT")


def test_page_of_the_next_release_never_stands_under_the_old_one(folder: Path) -> None:
    """If the switch comes between nginx's look at the release and the app's, nothing is kept."""
    with running(folder) as face, ThreadPoolExecutor(1) as pool:
        face.ask("/page?late=held")
        face.hold()
        late = pool.submit(face.ask, "/page?late=held")
        wait(face.in_hand)
        publish(face.data, NEW)
        face.let_go()
        assert late.result().release == NEW

        publish(face.data, OLD)
        answer = face.ask("/page?late=held")
        assert (answer.release, answer.cache) == (OLD, "MISS")


def test_releases_never_mix_under_load(folder: Path) -> None:
    """While `current` goes to and fro under eight readers, no answer is another release's.

    Who asks after a switch, with no other switch meanwhile, gets the live release.
    """
    with running(folder, apps=2) as face:
        over = threading.Event()

        def read(reader: int) -> int:
            count = 0
            while not over.is_set():
                answer = face.ask(f"/page/{(reader + count) % 5}")
                assert answer.status == 200
                assert answer.release == answer.headers["x-release"]
                count += 1
            return count

        with ThreadPoolExecutor(8) as pool:
            readers = [pool.submit(read, reader) for reader in range(8)]
            try:
                for turn in range(60):
                    live = (NEW, OLD)[turn % 2]
                    publish(face.data, live)
                    assert [face.ask(f"/page/{n}").release for n in range(5)] == [live] * 5
            finally:
                over.set()
            assert all(reader.result() > 0 for reader in readers)
        for live in (NEW, OLD):
            publish(face.data, live)
            assert {face.ask(f"/page/{n}").release for n in range(5)} == {live}


def test_page_that_still_holds_is_not_made_again(folder: Path) -> None:
    """When its time is over a page is asked after by its tag, behind the visitor's back."""
    with running(folder) as face:
        first = face.keep("/page?keep=1")
        wait(lambda: face.ask("/page?keep=1").cache in ("STALE", "UPDATING"))
        wait(lambda: face.ask("/page?keep=1").cache == "HIT")

        assert face.ask("/page?keep=1").body == first.body


def test_rush_asks_the_app_twice(folder: Path) -> None:
    """Of many who want the same new page at once, two have it made and the others get a copy."""
    with running(folder) as face, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(face.ask, ["/page?sleep=0.3"] * 8))

        assert sorted(answer.cache for answer in answers) == ["HIT"] * 6 + ["MISS"] * 2


def test_nobody_waits_for_health(folder: Path) -> None:
    """The app's health is asked for by each, side by side: nobody waits for another's answer."""
    with running(folder) as face, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(face.ask, ["/health?sleep=0.2"] * 4))

        assert {answer.cache for answer in answers} == {"BYPASS"}


def test_dead_app_leaves_its_pages(folder: Path) -> None:
    """With the app dead, pages that are in the cache are there, fresh or stale; others are 502."""
    with running(folder) as face:
        face.expected = [DEAD]
        fresh, stale = "/page?fresh=1", "/page?keep=1"
        for path in (fresh, stale):
            assert face.keep(path).cache == "MISS"
        face.kill_apps()

        assert face.ask(fresh).cache == "HIT"
        wait(lambda: face.ask(stale).cache == "STALE")
        assert face.ask(stale).release == OLD
        gone = face.ask("/page?never=seen")
        assert gone.status == 502
        assert gone.headers["retry-after"] == "10"
        assert b"Back in a moment" in gone.body
        assert b"nginx" not in gone.body

        face.start_apps()
        assert face.ask("/page?never=seen").status == 200
        wait(lambda: face.ask(stale).cache in ("HIT", "REVALIDATED"))


@pytest.mark.parametrize("status", ["500 Broken", "503 Away"])
def test_broken_page_is_answered_by_the_one_before(folder: Path, status: str) -> None:
    """A page that the app can no longer make is answered as it was."""
    with running(folder) as face:
        page = f"/flaky?keep=1&status={status.replace(' ', '+')}"
        (face.data / "well").touch()
        assert face.keep(page).status == 200
        (face.data / "well").unlink()

        wait(lambda: face.ask(page).cache in ("STALE", "UPDATING"))
        assert face.ask(page).status == 200


def test_app_says_itself_why(folder: Path) -> None:
    """What the app says with a 404, 410, 500 or 503 of its own reaches the visitor."""
    with running(folder) as face:
        for status in ("404 Not Found", "410 Gone", "500 Broken", "503 Away"):
            answer = face.ask(f"/page?status={status.replace(' ', '+')}")
            assert answer.status == int(status[:3])
            assert answer.release == OLD


def test_without_a_release_the_app_says_so(folder: Path) -> None:
    """As long as nothing is published the app's own words come through, and are not kept."""
    with running(folder) as face, ThreadPoolExecutor(8) as pool:
        face.expected = [r"realpath\(\) .*/current.* failed \(2: No such file or directory\)"]
        (face.data / "current").unlink()

        answers = list(pool.map(face.ask, ["/page"] * 8))
        assert {(answer.status, answer.cache) for answer in answers} == {(503, "BYPASS")}
        assert answers[0].body == b"Nothing is published yet."
        publish(face.data, NEW)
        assert face.ask("/page").release == NEW


def test_one_dead_process_is_not_noticed(folder: Path) -> None:
    """With one of two processes dead each request goes to the other."""
    with running(folder, apps=2) as face:
        face.expected = [DEAD, CUT]
        for n in range(4):
            face.ask(f"/warm/{n}")
        face.kill_apps(1)

        assert {face.ask(f"/page/{n}").status for n in range(20)} == {200}


def test_process_killed_in_the_middle_is_not_noticed(folder: Path) -> None:
    """A page that was being made by a process that is killed is made by the other one."""
    with running(folder, apps=2) as face, ThreadPoolExecutor(4) as pool:
        face.expected = [DEAD, CUT]
        face.hold()
        slow = [pool.submit(face.ask, f"/page/{n}?sleep=held") for n in range(4)]
        wait(lambda: face.in_hand() == 4)
        face.kill_apps(1)
        face.let_go()

        assert {answer.result().status for answer in slow} == {200}


def test_connections_to_the_app_stay_open(folder: Path) -> None:
    """Many pages one after the other go over few connections to the app."""
    with running(folder) as face:
        for n in range(20):
            face.ask(f"/page/{n}")

        assert 1 <= face.connections() <= 4


class _Cramped(Face):
    """A site whose cache can remember a hundred pages at most."""

    def conf(self, site: Site, run: Path) -> str:
        text = super().conf(site, run)
        assert text.count("frontispiece_cache:32m") == 1
        return text.replace("frontispiece_cache:32m", "frontispiece_cache:32k")


def test_a_cache_that_is_full_is_gone_round(folder: Path) -> None:
    """More pages are asked for at once than the cache can remember: all are there, from the app."""
    face = _Cramped(folder, apps=2)
    face.expected += [_NO_ROOM, "ignore long locked inactive cache entry"]
    try:
        face.start_apps()
        face.hold()
        with ThreadPoolExecutor(400) as crowd:
            asked = crowd.map(face.ask, (f"/p{n}?sleep=held" for n in range(400)))
            wait(lambda: any(_NO_ROOM in line for line in face.amiss()))
            face.let_go()
            answers = list(asked)
    finally:
        face.end()

    assert {answer.status for answer in answers} == {200}
    assert {answer.release for answer in answers} == {OLD}


@contextlib.contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    """A file system of 16 MB at a folder."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=0755", "tmpfs", folder]
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk to fill")
    if (told := subprocess.run(mount, capture_output=True, text=True, check=False)).returncode:
        pytest.skip(f"this machine lets nobody mount a disk to fill: {told.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _fill(folder: Path) -> None:
    with (folder / "filling").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    assert not os.statvfs(folder).f_bavail


class _Apart(Face):
    """A site whose cache is not on the disk of everything else, as in production."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self._cache = cache
        super().__init__(folder)

    def conf(self, site: Site, run: Path) -> str:
        return super().conf(replace(site, cache=self._cache), run)


def test_a_full_disk_is_not_noticed(folder: Path) -> None:
    """The disk of logs and releases full to the last byte, pages are made, kept and sent."""
    with open_to_all("cache-") as apart, _small_disk(folder):
        if USER:
            shutil.chown(apart, USER)
        face = _Apart(folder, apart / "cache")
        face.expected.append("No space left on device")
        try:
            face.start_apps()
            _fill(folder)
            answers = [face.ask(f"/packages/plugin/p{n // 3}") for n in range(60)]
        finally:
            (folder / "filling").unlink(missing_ok=True)
            face.end()

    assert {answer.status for answer in answers} == {200}
    assert {answer.release for answer in answers} == {OLD}
    assert [answer.cache for answer in answers] == ["MISS", "MISS", "HIT"] * 20


def test_a_cache_on_a_full_disk_sends_nothing(folder: Path) -> None:
    """Why it is elsewhere: what cannot be kept is not sent, and nothing in nginx can be told to."""
    with _small_disk(folder):
        face = Face(folder)
        face.expected.append("No space left on device")
        try:
            face.start_apps()
            face.ask("/page")
            _fill(folder)
            with pytest.raises(http.client.RemoteDisconnected):
                face.keep("/page")
        finally:
            (folder / "filling").unlink(missing_ok=True)
            face.end()


def test_the_cache_is_in_memory() -> None:
    """In production on a tmpfs of its own, which has room for much more than nginx keeps."""
    told = Told(Path("/srv/f"), "https://packages.example.org", Path("/run/f"), 2, 20)
    site = told.production_site()
    unit = (NGINX.parent / "ops/systemd/run-frontispiece_pages.mount").read_text()
    conf = production(site)

    (room,) = re.findall(r"size=(\d+)m", unit)
    (kept,) = re.findall(r"max_size=(\d+)m", conf)
    assert f"Where={site.cache}\n" in unit
    assert site.cache.parent == Path("/run")
    assert int(room) >= 4 * int(kept)
