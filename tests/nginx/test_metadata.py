"""Composer's files as nginx sends them: dates, twins, what is not there, and no app behind them."""

import gzip
import json
import os
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from tests.nginx.face import OLD, Face, ask, running

FOO, DEV = "/p2/wp-plugin/foo.json", "/p2/wp-plugin/foo~dev.json"
FILES = (
    *(FOO, DEV, "/p2/wp-theme/2-cols_x.json"),
    *("/packages.json", "/filter-summary.json", "/list.json"),
)
JSON = "application/json"
THEN = 1_790_000_000
BASE = "/some/dir"


def put(data: Path, address: str, content: bytes, at: int = THEN) -> None:
    """Publish a file and its twin, each by a rename, as deploy does."""
    path = data / "store" / "p2" / address.removeprefix("/p2").lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    for name, form in ((path.name, content), (f"{path.name}.gz", gzip.compress(content, mtime=0))):
        unfinished = path.with_name("unfinished")
        unfinished.write_bytes(form)
        os.utime(unfinished, (at, at))
        unfinished.replace(path.with_name(name))


def content_of(address: str) -> bytes:
    """What stands in a file: some text of its own, long enough to be worth packing."""
    return json.dumps({"address": address, "words": "word " * 300}).encode()


@pytest.fixture(scope="module", name="repository")
def _repository(shared_folder: Path) -> Iterator[Face]:
    """A site with metadata, whose limit of pages is one a second, and whose app is dead."""
    with running(shared_folder, rate=1) as face:
        for address in FILES:
            put(face.data, address, content_of(address))
        (face.data / "store" / "p2.release").write_text("secret")
        face.kill_apps()
        face.expected += ["connect\\(\\) to unix:", "no live upstreams"]
        yield face


@pytest.mark.parametrize("address", FILES)
@pytest.mark.parametrize("packed", [True, False])
def test_file_is_sent_without_the_app(repository: Face, address: str, packed: bool) -> None:
    """Each file has its content, type and date, packed for whom that is right, kept by nobody."""
    wanted = {"Accept_Encoding": "gzip"} if packed else {}
    answer = repository.ask(address, **wanted)
    body = gzip.decompress(answer.body) if packed else answer.body

    assert answer.status == 200
    assert body == content_of(address)
    assert answer.headers["content-type"] == JSON
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["last-modified"] == formatdate(THEN, usegmt=True)
    assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"


def test_what_is_packed_is_the_twin(repository: Face) -> None:
    """The compressed form is the file made by deploy, byte for byte: nothing is packed anew."""
    twin = repository.data / "store" / "p2" / "wp-plugin" / "foo.json.gz"
    answer = repository.ask(FOO, Accept_Encoding="gzip")

    assert answer.body == twin.read_bytes()
    assert answer.headers["content-length"] == str(twin.stat().st_size)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(("seconds", "status"), [(0, 304), (-1, 200), (1, 200), (86_400, 200)])
def test_only_the_very_date_is_not_modified(
    repository: Face, seconds: int, status: int, packed: bool
) -> None:
    """304, empty, for the file's own date only; a client from after a rollback gets the file."""
    wanted = {"If_Modified_Since": formatdate(THEN + seconds, usegmt=True)}
    answer = repository.ask(FOO, **wanted, **({"Accept_Encoding": "gzip"} if packed else {}))

    assert answer.status == status
    assert (answer.body == b"") == (status == 304)
    assert answer.headers["last-modified"] == formatdate(THEN, usegmt=True)


def test_entity_tag_is_known_again(repository: Face) -> None:
    """Whoever goes by the ETag is answered 304 as well."""
    tag = repository.ask(FOO).headers["etag"]

    assert repository.ask(FOO, If_None_Match=tag).status == 304


def test_an_older_file_follows_a_newer_one(repository: Face) -> None:
    """A file replaced by one with an older date is sent to those who know the newer one."""
    address = "/p2/wp-plugin/back.json"
    put(repository.data, address, b"newer", THEN + 60)
    seen = repository.ask(address).headers["last-modified"]
    put(repository.data, address, b"older", THEN)

    assert repository.ask(address, If_Modified_Since=seen).body == b"older"


def test_files_are_not_rationed(repository: Face) -> None:
    """An update of a hundred packages at once is answered, where a hundred pages would not be."""
    assert {repository.ask(FOO).status for _ in range(100)} == {200}


@pytest.mark.parametrize(
    "address",
    [
        "/p2/wp-plugin/nowhere.json",
        "/p2/wp-plugin/nowhere~dev.json",
        "/p2/wp-plugin/foo",
        "/p2/wp-plugin/foo.json.gz",
        "/p2/wp-plugin/FOO.json",
        "/p2/wp-plugin/.json",
        "/p2/wp-plugin/foo~dev~dev.json",
        "/p2/wp-plugin/foo%0a.json",
        "/p2/wp-plugin/foo.json/",
        "/p2/wp-plugin/x/foo.json",
        f"/p2/wp-plugin/{'a' * 201}.json",
        "/p2/monolog/monolog.json",
        "/p2/packages.json",
        "/p2/list.json",
        "/p2/filter-summary.json",
        "/p2/",
        "/p2/wp-plugin/",
    ],
)
def test_what_is_not_there_is_404_at_once(repository: Face, address: str) -> None:
    """Nothing under /p2/ but metadata has an address, and nothing leads to the app or elsewhere."""
    assert repository.ask(address).status == 404


def test_tilde_in_disguise_is_a_tilde(repository: Face) -> None:
    """Clients that write ~ as %7E get the file."""
    assert repository.ask(DEV.replace("~", "%7E")).body == content_of(DEV)


@pytest.mark.parametrize("address", FILES)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_files_are_for_reading(repository: Face, address: str, method: str) -> None:
    """No method but GET and HEAD."""
    assert repository.ask(address, method).status == 405


@pytest.mark.parametrize("address", FILES)
def test_head_is_get_without_its_body(repository: Face, address: str) -> None:
    """HEAD says what GET would."""
    head, get = repository.ask(address, "HEAD"), repository.ask(address)

    assert head.body == b""
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["last-modified"] == get.headers["last-modified"]


@pytest.fixture(name="under")
def _under(folder: Path) -> Iterator[Face]:
    """A site under a path, with its app."""
    with running(folder, base=BASE) as face:
        for address in FILES:
            put(face.data, address, content_of(address))
        yield face


def test_files_under_a_path(under: Face) -> None:
    """A site that lives under a path has its files there, and not at the root."""
    for address in FILES:
        assert under.ask(BASE + address).body == content_of(address)
        assert ask(under.port, address).status == 404


def test_a_part_of_the_list_is_found_by_the_app(under: Face) -> None:
    """With filter or vendor the app is asked, by its own address; else the list is a file."""
    for query in ("filter=wp-plugin%2Ffoo*", "vendor=wp-theme", "vendor=wp-plugin&filter=a*"):
        answer = under.ask(f"{BASE}/list.json?{query}")
        assert f"<p>{OLD} /list.json</p>".encode() in answer.body
        assert answer.headers["x-release"] == OLD
    for query in ("", "?", "?x=1", "?filter=", "?filter=*", "?filter=%2A%2a"):
        assert under.ask(f"{BASE}/list.json{query}").body == content_of("/list.json")


def test_parts_of_the_list_are_kept_apart(folder: Path) -> None:
    """The cache knows one query from another."""
    with running(folder) as face:
        first = [face.keep(f"/list.json?filter={name}*") for name in "ab"]
        again = [face.ask(f"/list.json?filter={name}*") for name in "ab"]

    assert [one.cache for one in (*first, *again)] == ["MISS", "MISS", "HIT", "HIT"]
    assert first[0].body == again[0].body != again[1].body
