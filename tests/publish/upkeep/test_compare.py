"""`compare`: what another Composer repository offers, held against what is published here."""

import functools
import json
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests import runs
from tests.answering import listening
from tests.conftest import Source, record, run


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(name="other")
def _other(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another repository: its address, and the folder of its files."""
    folder = tmp_path / "other"
    (folder / "p2" / "wp-plugin").mkdir(parents=True)
    handler = functools.partial(_Quiet, directory=str(folder))
    with listening(handler) as url:
        yield url, folder


def _versions(slug: str, *versions: str, **more: Any) -> dict[str, Any]:
    zips = {one: f"https://downloads.wordpress.org/plugin/{slug}.{one}.zip" for one in versions}
    return record(slug, version=versions[0], versions=zips, **more)


def test_differences_are_told_both_ways(
    data: Path, source: Source, other: tuple[str, Path]
) -> None:
    """Versions are the same that Composer finds equal; what it cannot read counts nowhere."""
    url, folder = other
    (folder / "packages.json").write_text('{"metadata-url": "/p2/%package%.json"}')
    for slug, versions in (("one", ["1.10", "v1.2", "1.0.0", "junk"]), ("two", ["1.0"])):
        entries = [{"version": version} for version in versions]
        file = folder / "p2" / "wp-plugin" / f"{slug}.json"
        file.write_text(json.dumps({"packages": {f"wp-plugin/{slug}": entries}}))
    records = source(
        _versions("one", "1.2", "1.1", "1.0", active_installs=900),
        _versions("two", "1.0", active_installs=800),
        _versions("three", "1.0", active_installs=700),
        _versions("four", "1.0", active_installs=600),
    )
    runs.boundaries(runs.pipeline, data, records)
    ended = run(data, "compare", url, "--most", "3")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        "wp-plugin/one: only there 1.10; only here 1.1",
        "wp-plugin/three: not there",
        "compare: 1 packages have the same versions there, 1 are not there",
    ]


@pytest.mark.parametrize("content", [None, "{", "{}", '{"metadata-url": 7}', "[]"])
def test_what_is_no_repository_is_named(
    data: Path, source: Source, other: tuple[str, Path], content: str | None
) -> None:
    url, folder = other
    if content is not None:
        (folder / "packages.json").write_text(content)
    runs.boundaries(runs.pipeline, data, source(record("one")))
    ended = run(data, "compare", url)

    assert ended.returncode == 1
    assert f"compare: {url}/packages.json" in ended.stderr
