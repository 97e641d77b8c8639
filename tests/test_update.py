"""From the version before to this one and back, as documented, while the site is asked."""

import http.client
import json
import subprocess
import sys
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from publish.releases import Releases
from release.database import READABLE, SCHEMA, connect, schema_of
from scripts import restart
from tests.conftest import ROOT, SITE_URL, Source, Tell, open_to_all, pipeline, record, run
from tests.nginx.face import AWAY
from tests.nginx.supervised import Supervised

# The last commit whose releases are of the schema before.
_BEFORE = "65a2eac"
_EXPECTED = {
    **dict.fromkeys(("/", "/?q=one", "/closed", "/docs", "/status", "/health", "/feed.xml"), 200),
    **dict.fromkeys(("/packages/plugin/one", "/packages/plugin/one.md", "/sitemap.xml"), 200),
    **dict.fromkeys(("/search.json?q=o", "/list.json", "/api/packages", "/packages.json"), 200),
    **dict.fromkeys(("/p2/wp-plugin/one.json", "/packages/theme/two", "/llms.txt"), 200),
    "/packages/plugin/gone": 410,
    "/packages/plugin/never": 404,
}


@pytest.fixture(name="before", scope="module")
def _before() -> Iterator[Path]:
    """The checkout of the version before, which the app's user may read, too."""
    archive = subprocess.run(
        ["git", "archive", _BEFORE], cwd=ROOT, capture_output=True, check=False
    )
    if archive.returncode:
        pytest.skip(f"this clone has no commit {_BEFORE}: it is a shallow one")
    with open_to_all("before-") as folder, tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(folder)  # noqa: S202  our own
        yield folder


# What that version drew with need not be installed any more: its own stand-in draws.
_PIPELINE = """
import sys
from scripts import build, deploy, render_new
from tests.runs import Here
from tests.stub import blank
data, source, site = sys.argv[1:]
where = ["--data", data]
assert build.main([*where, "--source", source]) == 0
assert render_new.main(where, None, blank, Here()) == 0
assert deploy.main([*where, "--site-url", site]) == 0
"""


def _old_pipeline(checkout: Path, data: Path, source: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _PIPELINE, str(data), str(source), SITE_URL],
        cwd=checkout,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


@contextmanager
def _crawl(port: int) -> Iterator[list[Future[Counter[tuple[str, int]]]]]:
    """Ask for every page again and again, on two connections, until the block ends."""
    over = threading.Event()

    def read(reader: int) -> Counter[tuple[str, int]]:
        seen: Counter[tuple[str, int]] = Counter()
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not over.is_set():
            for path in _EXPECTED:
                # Each is another page to nginx's cache, as to the app.
                fresh = f"{path}&page={seen.total()}" if "?q=" in path else path
                line.request("GET", fresh, headers={"Accept-Encoding": f"x{reader}"})
                answer = line.getresponse()
                answer.read()
                seen[path, answer.status] += 1
        line.close()
        return seen

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read, number) for number in range(2)]
        try:
            yield readers
        finally:
            over.set()


def _schema(data: Path, release: str) -> int:
    site = connect(data / "releases" / release / "site.db")
    try:
        return schema_of(site)
    finally:
        site.close()


def _health(site: Supervised) -> dict[str, object]:
    told: dict[str, object] = json.loads(site.ask("/health").body)
    return told


def test_an_update_and_the_way_back_are_not_seen(
    before: Path, open_folder: Path, source: Source, tell: Tell
) -> None:
    """nginx, the app, a release; back: a release of the version before, then the app."""
    data = open_folder / "data"
    feed = source(record("one"), record("two", type="theme"), record("gone"))
    _old_pipeline(before, data, feed)
    feed = source(record("one", name="One, renamed"), record("two", type="theme"))
    _old_pipeline(before, data, feed)
    (_, old) = Releases(data).ids()
    site = Supervised(open_folder, apps=2, rate=100_000, data=data)
    site.expected += AWAY
    words = ["--data", str(data), "--sockets", str(site.folder), "--by"]
    try:
        site.start_apps(before)
        with _crawl(site.port) as readers:
            assert restart.main([*words, site.by()]) == 0
            assert _health(site)["release"] == old
            grown = source(record("one", name="One anew"), record("two", type="theme"))
            assert run(data, *pipeline(grown)).returncode == 0
            new = Releases(data).current()
            assert new is not None
            assert _health(site) | {"status": "ok", "release": new} == _health(site)

            back = run(data, "rollback", "--release", old)
            assert back.returncode == 0, back.stderr
            assert _health(site)["release"] == old
            assert restart.main([*words, site.by(before)]) == 0
            assert _health(site)["release"] == old
        answers = sum((reader.result() for reader in readers), Counter[tuple[str, int]]())
    finally:
        site.end()
    tell(f"update and back: {answers.total():,} answers, all as they should be")

    assert [_schema(data, id) for id in (old, new)] == [READABLE[0], SCHEMA]
    assert dict(answers.keys()) == _EXPECTED
    assert len(answers) == len(_EXPECTED)


def test_a_rollback_to_what_the_app_cannot_read_is_refused(data: Path, source: Source) -> None:
    """3, with the reason; what is live stays live, and status does not complain of it."""
    assert run(data, *pipeline(source(record("one")))).returncode == 0
    assert run(data, *pipeline(source(record("one", name="Renamed")))).returncode == 0
    older, live = Releases(data).ids()
    path = data / "releases" / older / "site.db"
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[60:64] = (99).to_bytes(4, "big")  # user_version: https://sqlite.org/fileformat.html
    path.write_bytes(content)
    ended = run(data, "rollback")

    assert ended.returncode == 3
    assert f"refused to publish {older}: " in ended.stderr
    assert "has schema version 99; this code reads 1, 2 and 3" in ended.stderr
    assert Releases(data).current() == live
    assert run(data, "status").returncode == 0
