"""bucket: a bucket holds what nginx would send, and no index comes before what it leads to."""

import gzip
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest

from catalog import lock
from catalog.journal import Journal
from publish.cards.store import CardStore
from publish.zips.store import ZipStore
from scripts import bucket, build, render_new, rollback
from tests import runs
from tests.conftest import Source, record, run
from tests.sshd import free_port, wait_for
from tests.stub import blank

_NAME = "packages-example-org"


class _Store:
    """The bucket as anybody sees it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.client: Any = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")

    def etags(self) -> dict[str, str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=_NAME)
        return {one["Key"]: one["ETag"] for page in pages for one in page.get("Contents", ())}

    def times(self) -> dict[str, object]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=_NAME)
        return {
            one["Key"]: one["LastModified"] for page in pages for one in page.get("Contents", ())
        }

    def get(self, key: str) -> Any:
        return self.client.get_object(Bucket=_NAME, Key=key)


@pytest.fixture(scope="module", name="endpoint")
def _endpoint() -> Iterator[str]:
    port = free_port()
    # A process of its own, for runs are forked here, and that does not go well with its threads.
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand-ins, and no way to any that are real."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(name="store")
def _store(endpoint: str) -> Iterator[_Store]:
    store = _Store(endpoint)
    store.client.create_bucket(Bucket=_NAME)
    yield store
    for key in store.etags():
        store.client.delete_object(Bucket=_NAME, Key=key)
    store.client.delete_bucket(Bucket=_NAME)


def _publish(data: Path, source: Source, *slugs: str, **fields: object) -> None:
    with lock.hold(data, "test"):
        file = source(*(record(slug, **fields) for slug in slugs))
        assert runs.pipeline(data, file, Journal()) == 0


def _send(data: Path, store: _Store, *more: str, journal: Journal | None = None) -> int:
    where = ["--data", str(data), "--endpoint", store.endpoint]
    return bucket.main([*where, *more, f"s3://{_NAME}"], journal)


def _files(data: Path) -> set[str]:
    """Name what the bucket is to hold: what nginx would send as files, each by its address."""
    store = data / "store"
    pictures = [*store.glob("og/*/*.png"), *store.glob("*/*/*.svg")]
    metadata = list((store / "p2").rglob("*.json"))
    return {str(path.relative_to(store)) for path in pictures} | {
        str(path.relative_to(store if "wp-" in str(path) else store / "p2")) for path in metadata
    }


def _same(data: Path, store: _Store) -> None:
    assert set(store.etags()) == _files(data)
    for key in store.etags():
        sent = store.get(key)
        body = sent["Body"].read()
        if key.endswith(".json"):
            body = gzip.decompress(body)
        path = data / "store" / key
        assert body == (path if path.exists() else data / "store/p2" / key).read_bytes(), key


def test_everything_is_sent_under_its_address_as_what_it_is(
    data: Path, source: Source, store: _Store
) -> None:
    """By the command; types and caching as nginx says them."""
    _publish(data, source, "akismet", "jetpack")
    done = run(data, "bucket", "--endpoint", store.endpoint, f"s3://{_NAME}")
    said = {
        (key.rpartition("/")[0].partition("/")[0], key.rpartition(".")[2]): [
            (sent := store.get(key))["ContentType"],
            sent["CacheControl"],
            sent.get("ContentEncoding"),
        ]
        for key in store.etags()
    }

    assert done.returncode == 0, done.stderr
    _same(data, store)
    metadata = ["application/json", "public, max-age=0, must-revalidate", "gzip"]
    assert said == {
        ("og", "png"): ["image/png", "public, max-age=31536000, immutable", None],
        ("plates", "svg"): ["image/svg+xml", "public, max-age=31536000, immutable", None],
        ("badges", "svg"): ["image/svg+xml", "public, max-age=3600", None],
        ("p2", "json"): metadata,
        ("", "json"): metadata,
    }


def test_plain_metadata_and_a_prefix(data: Path, source: Source, store: _Store) -> None:
    """For clients that cannot unpack, and for a bucket that is not ours alone."""
    _publish(data, source, "akismet")
    where = ["--data", str(data), "--endpoint", store.endpoint, "--plain"]
    assert bucket.main([*where, f"s3://{_NAME}/below/it"]) == 0
    sent = store.get("below/it/p2/wp-plugin/akismet.json")

    assert "ContentEncoding" not in sent
    assert sent["Body"].read() == (data / "store/p2/wp-plugin/akismet.json").read_bytes()
    assert set(store.etags()) == {f"below/it/{name}" for name in _files(data)}


def test_only_changed_objects_are_sent_and_what_is_gone_is_deleted(
    data: Path, source: Source, store: _Store
) -> None:
    """One package new, one withdrawn: their objects and the list, and nothing else."""
    _publish(data, source, "akismet", "jetpack")
    _send(data, store)
    before = store.etags()
    _publish(data, source, "akismet", "newcomer")
    journal = Journal()
    assert _send(data, store, journal=journal) == 0
    after = store.etags()

    changed = {key for key in after if before.get(key) != after[key]}
    assert sum(key.startswith("plates/") for key in changed) == 1
    assert {key for key in changed if not key.startswith(("og/", "plates/"))} == {
        "p2/wp-plugin/newcomer.json",
        "p2/wp-plugin/newcomer~dev.json",
        "badges/plugin/newcomer.svg",
        "badges/plugin/jetpack.svg",
        "list.json",
    }
    assert journal.steps[-1].sent == len(changed)
    assert {key for key in before if key not in after and key.startswith("p2/")} == {
        "p2/wp-plugin/jetpack.json",
        "p2/wp-plugin/jetpack~dev.json",
    }
    _same(data, store)


def test_with_nothing_changed_the_bucket_is_not_asked(
    data: Path, source: Source, store: _Store, endpoint: str
) -> None:
    """A run with nothing to do does nothing: it ends well even when nobody listens."""
    _publish(data, source, "akismet")
    _send(data, store)
    record = next((data / "elsewhere").iterdir())
    before = record.stat().st_mtime_ns
    journal = Journal()

    assert _send(data, store, journal=journal) == 0
    assert journal.steps[-1].sent == 0
    assert record.stat().st_mtime_ns == before


def test_the_order_is_pictures_then_metadata_then_the_lists_then_deletions(
    data: Path, source: Source, store: _Store
) -> None:
    """Seen from outside at every boundary: nobody is led to what is not there."""
    seen: dict[str, set[str]] = {}

    def look(boundary: str) -> None:
        seen[boundary] = set(store.etags())

    _publish(data, source, "akismet", "jetpack")
    _send(data, store, journal=Journal(reached=look))
    assert {key.partition("/")[0] for key in seen["bucket: cards sent"]} == {"og", "plates"}
    assert {key for key in seen["bucket: metadata sent"] if "/" not in key} == set()
    assert seen["bucket: metadata sent"] == _files(data) - {
        *("list.json", "filter-summary.json", "packages.json"),
    }

    _publish(data, source, "akismet")
    _send(data, store, journal=Journal(reached=look))
    assert "p2/wp-plugin/jetpack.json" in seen["bucket: lists sent"]
    assert "p2/wp-plugin/jetpack.json" not in seen["bucket: gone deleted"]


@pytest.mark.parametrize("full", [False, True])
def test_a_lost_record_is_mended_by_the_listing(
    data: Path, source: Source, store: _Store, full: bool
) -> None:
    """What is missing or differs is sent, what nobody knows goes, what is not ours stays."""
    _publish(data, source, "akismet", "jetpack")
    _send(data, store)
    before = store.times()
    for key in ("p2/wp-plugin/unknown.json", "p2/wp-plugin/jetpack.json", "somebody/elses.txt"):
        store.client.put_object(Bucket=_NAME, Key=key, Body=b"another")
    card = next(key for key in before if key.startswith("og/"))
    store.client.delete_object(Bucket=_NAME, Key=card)
    if not full:
        next((data / "elsewhere").iterdir()).unlink()
    journal = Journal()
    assert _send(data, store, *["--full"] * full, journal=journal) == 0

    assert journal.steps[-1].sent == 2
    assert store.get("somebody/elses.txt")["Body"].read() == b"another"
    store.client.delete_object(Bucket=_NAME, Key="somebody/elses.txt")
    _same(data, store)


def test_a_rollback_reaches_the_bucket(data: Path, source: Source, store: _Store) -> None:
    """The older metadata come back, found by comparing."""
    url = "https://downloads.wordpress.org/plugin/akismet.2.0.zip"
    _publish(data, source, "akismet")
    _send(data, store)
    older = store.etags()["p2/wp-plugin/akismet.json"]
    _publish(data, source, "akismet", version="2.0", versions={"2.0": url})
    _send(data, store)
    assert store.etags()["p2/wp-plugin/akismet.json"] != older
    assert rollback.main(["--data", str(data)]) == 0
    assert _send(data, store) == 0

    _same(data, store)


def test_cards_can_be_sent_before_a_release_names_them(
    data: Path, source: Source, store: _Store
) -> None:
    """Between render-new and deploy: pages that come from here find their pictures there."""
    _publish(data, source, "akismet")
    _send(data, store)
    where = ["--data", str(data)]
    assert build.main([*where, "--source", str(source(record("akismet"), record("new")))]) == 0
    assert render_new.main(where, None, blank, runs.Here()) == 0
    before = store.etags()
    assert _send(data, store, "--cards") == 0

    added = {key for key in store.etags() if key not in before}
    assert len(added) == 1
    assert {key for key in store.etags() if key.startswith("og/")} == {
        f"og/{name[:2]}/{name}.png" for name in CardStore(data / "store/og").all()
    }


def test_kept_zips_are_sent_before_a_release_offers_them_and_stay(
    data: Path, source: Source, store: _Store
) -> None:
    """Under their address; also where a zip is lost here, by the record and by the listing."""
    _publish(data, source, "akismet")
    _send(data, store)
    zips = ZipStore(data / "store/zips")
    came = zips.coming("came")
    came.write_bytes(b"PK of a plugin")
    name = hashlib.sha256(b"PK of a plugin").hexdigest()[:32]
    zips.take(came, name)
    key = f"zips/{name[:2]}/{name}.zip"
    zips.coming("other").write_bytes(b"PK")
    assert _send(data, store, "--cards") == 0

    sent = store.get(key)
    assert sent["Body"].read() == b"PK of a plugin"
    assert sent["ContentType"] == "application/zip"
    assert sent["CacheControl"] == "public, max-age=31536000, immutable"
    assert [one for one in store.etags() if one.startswith("zips/")] == [key]
    assert _send(data, store) == 0
    before = store.times()[key]
    zips.remove(name)
    _publish(data, source, "akismet", "jetpack")
    assert _send(data, store) == _send(data, store, "--full") == 0
    assert store.times()[key] == before


def test_a_kill_at_every_boundary_is_made_good_by_the_next_run(
    data: Path, source: Source, store: _Store
) -> None:
    """Killed anywhere, the next run leaves exactly what is here."""

    def sending(data: Path, _source: Path, journal: Journal) -> int:
        return _send(data, store, journal=journal)

    for boundary in count():
        _publish(data, source, *(f"package-{number}" for number in range(boundary, boundary + 3)))
        killed = runs.killed_at(sending, data, data, boundary)
        if not killed:
            break
        assert _send(data, store) == 0
        _same(data, store)
    assert boundary == 5


def test_an_object_that_fails_stops_the_run_before_the_lists(
    data: Path, source: Source, store: _Store
) -> None:
    """Named, exit 1; the lists that would lead to it are not sent, and the next run goes on."""
    _publish(data, source, "akismet")
    _send(data, store)
    listed = store.etags()["list.json"]
    _publish(data, source, "akismet", "newcomer")
    broken = data / "store/p2/wp-plugin/newcomer.json.gz"
    content = broken.read_bytes()
    broken.unlink()
    broken.mkdir()  # there, and not to be read
    done = run(data, "bucket", "--endpoint", store.endpoint, f"s3://{_NAME}")
    assert (done.returncode, store.etags()["list.json"]) == (1, listed)
    assert "newcomer.json" in done.stderr

    broken.rmdir()
    broken.write_bytes(content)
    assert _send(data, store) == 0
    _same(data, store)


@pytest.mark.parametrize(
    ("setting", "code", "words"),
    [
        (["s3://no-such-bucket-here"], 1, "no-such-bucket-here"),
        (["no-bucket"], 2, "is not like s3://name"),
    ],
)
def test_what_cannot_be_is_said(
    data: Path, source: Source, endpoint: str, setting: list[str], code: int, words: str
) -> None:
    """A bucket that is not there, a name that is none."""
    _publish(data, source, "akismet")
    done = run(data, "bucket", "--endpoint", endpoint, *setting)

    assert done.returncode == code
    assert words in done.stderr


def test_without_credentials_or_a_release_it_ends_with_2(
    data: Path, source: Source, store: _Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with a sentence, before anything is sent."""
    data.mkdir()
    assert _send(data, store) == 2
    _publish(data, source, "akismet")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    assert run(data, "bucket", "--endpoint", store.endpoint, f"s3://{_NAME}").returncode == 2
    assert store.etags() == {}
