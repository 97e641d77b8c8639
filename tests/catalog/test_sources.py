"""Several sources in one run: none withdraws what another has, and the first listed one wins."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog import database, packages
from catalog.packages import Outcome
from catalog.source import Line, Source, opened
from scripts import build
from tests.conftest import ROOT, record, run

Feeds = dict[str, Path]


@pytest.fixture(name="feeds")
def _feeds(tmp_path: Path) -> Feeds:
    """Two files: `ours` has one and two, `theirs` has three, four and five."""
    feeds = {name: tmp_path / f"{name}.jsonl" for name in ("ours", "theirs")}
    _write(feeds["ours"], record("one"), record("two"))
    _write(feeds["theirs"], record("three"), record("four"), record("five"))
    return feeds


def _write(path: Path, *records: dict[str, Any] | bytes) -> Path:
    """Write a feed anew, as a new file: the one before may have been written this very moment."""
    fresh = path.with_suffix(".new")
    lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in records]
    fresh.write_bytes(b"".join(line + b"\n" for line in lines))
    fresh.rename(path)
    return path


def _build(data: Path, *sources: Path, most: str = "10%") -> int:
    said = [word for one in sources for word in ("--source", str(one))]
    return build.main(["--data", str(data), *said, "--max-withdrawn", most])


def _listed(data: Path) -> dict[str, str]:
    """Give the names of listed packages by slug."""
    with database.reading(data) as db:
        rows = db.execute("SELECT slug, name FROM package WHERE withdrawn_at IS NULL").fetchall()
    return dict(rows)


def _take(data: Path, *sources: Source) -> Outcome:
    with database.writing(data) as db:
        return packages.take(db, sources, packages.Allowance(), 1)


def _unread(path: Path) -> Source:
    """Give a source that fails the test when it is read."""
    return Source(str(path), _never(), opened(str(path)).seal)


def _never() -> Iterator[Line]:
    raise AssertionError("the source was read")
    yield


def test_a_package_goes_when_its_own_source_lacks_it_and_no_other_way(
    data: Path, feeds: Feeds
) -> None:
    """Each source loses what it lost, and nothing of the other's, whichever of them changed."""
    ours, theirs = feeds["ours"], feeds["theirs"]
    assert _build(data, ours, theirs) == 0
    assert _listed(data).keys() == {"one", "two", "three", "four", "five"}

    _write(theirs, record("three"), record("four"))
    assert _build(data, ours, theirs) == 0
    assert _listed(data).keys() == {"one", "two", "three", "four"}

    _write(ours, record("two"))
    assert _build(data, ours, theirs) == 0
    assert _listed(data).keys() == {"two", "three", "four"}


def test_what_two_sources_offer_is_taken_from_the_first(
    data: Path, feeds: Feeds, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said once by name and counted in every run; it stays when one of the two loses it."""
    ours, theirs = feeds["ours"], feeds["theirs"]
    _write(theirs, record("two", name="Their Two"), record("three"))
    _build(data, ours, theirs)
    said = capsys.readouterr().out

    assert f"build: plugin/two: taken from {ours}, not from {theirs}" in said
    assert "1 in a second source" in said
    assert _listed(data)["two"] == "Two"

    _write(ours, record("one", name="Uno"), record("two"))
    _build(data, ours, theirs)
    said = capsys.readouterr().out

    assert "plugin/two" not in said
    assert "1 in a second source" in said

    _write(ours, record("one"))
    assert _build(data, ours, theirs) == 0
    assert _listed(data)["two"] == "Their Two"

    _write(ours, record("one"), record("two", name="Ours Again"))
    assert _build(data, ours, theirs) == 0
    assert _listed(data)["two"] == "Ours Again"

    _write(theirs, record("three"))
    assert _build(data, ours, theirs) == 0
    assert _listed(data) == {"one": "One", "two": "Ours Again", "three": "Three"}


def test_the_order_decides_not_the_history(data: Path, feeds: Feeds) -> None:
    """Listed the other way round, both files as they were, the other one's facts are taken."""
    ours, theirs = feeds["ours"], feeds["theirs"]
    _write(theirs, record("two", name="Their Two"), record("three"))
    _build(data, ours, theirs)
    assert _build(data, theirs, ours) == 0
    assert _listed(data)["two"] == "Their Two"
    assert _build(data, ours, theirs) == 0
    assert _listed(data)["two"] == "Two"


def test_a_source_that_is_no_longer_named_takes_its_packages_along(
    data: Path, feeds: Feeds, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the other one has, too, stays; the guard holds, and says where the rest came from."""
    ours, theirs = feeds["ours"], feeds["theirs"]
    many = [record(f"p{number}") for number in range(30)]
    _write(theirs, record("two", name="Their Two"), *many)
    _build(data, ours, theirs)
    before = _listed(data)

    assert _build(data, ours) == 3
    assert _listed(data) == before
    assert f"30 came from {theirs}, which is no source of this run" in capsys.readouterr().err
    assert _build(data, ours, most="100%") == 0
    assert _listed(data) == {"one": "One", "two": "Two"}
    assert _build(data, ours, theirs) == 0
    capsys.readouterr()
    assert _build(data, theirs) == 0
    said = capsys.readouterr().out
    assert f"build: {ours} is no source of this run, 1 withdrawn with it" in said
    assert _listed(data).keys() == {"two", *(one["slug"] for one in many)}
    assert _listed(data)["two"] == "Their Two"


def test_a_source_by_another_name_withdraws_nothing(
    data: Path, feeds: Feeds, tmp_path: Path
) -> None:
    """The same records in a file of another name are the same packages, and no news."""
    _build(data, feeds["ours"], feeds["theirs"])
    with database.reading(data) as db:
        before = database.generation(db)
    moved = tmp_path / "moved.jsonl"
    shutil.copy(feeds["theirs"], moved)

    assert _build(data, feeds["ours"], moved, most="0") == 0
    with database.reading(data) as db:
        assert database.generation(db) == before


def test_a_source_that_has_nothing_any_more_empties_nothing(data: Path, feeds: Feeds) -> None:
    """Two packages are fewer than the ten that may go, but a source of none is no source."""
    ours, theirs = feeds["ours"], feeds["theirs"]
    _build(data, ours, theirs)
    for content in ((), (b"<html>busy</html>",)):
        _write(ours, *content)
        assert _build(data, ours, theirs) == 3
    assert len(_listed(data)) == 5
    assert _build(data, ours, theirs, most="2") == 1  # the refused line is news
    assert len(_listed(data)) == 3


def test_a_source_that_cannot_be_read_stops_the_run(
    data: Path, feeds: Feeds, tmp_path: Path
) -> None:
    """Nothing of the others is taken, be they before it or behind it."""
    missing = tmp_path / "missing.jsonl"
    for sources in ((feeds["ours"], missing), (missing, feeds["ours"])):
        assert _build(data, *sources) == 2
    assert _listed(data) == {}


def test_a_refused_record_is_not_taken_from_elsewhere_instead(data: Path, feeds: Feeds) -> None:
    """The package stays as it was, run after run, until its source has it right or lets it go."""
    ours, theirs = feeds["ours"], feeds["theirs"]
    _write(theirs, record("two", name="Their Two"), record("three"))
    _build(data, ours, theirs)
    _write(ours, record("one"), record("two", versions="1.0"))
    assert _build(data, ours, theirs) == 1
    assert _listed(data)["two"] == "Two"

    for name in ("Three", "Third"):  # read again or not, the refused line holds
        _write(theirs, record("two", name="Their Two"), record("three", name=name))
        assert _build(data, ours, theirs) == 0
        assert _listed(data)["two"] == "Two"
    _write(ours, record("one"))
    assert _build(data, ours, theirs) == 0
    assert _listed(data)["two"] == "Their Two"


def test_a_refused_line_spares_its_package_though_it_is_not_read_again(
    data: Path, feeds: Feeds
) -> None:
    """A source speaks of a package that only the other one had, and lost: it stays."""
    ours, theirs = feeds["ours"], feeds["theirs"]
    _write(ours, record("one"), record("three", versions="1.0"))
    _build(data, ours, theirs)
    _write(theirs, record("four"), record("five"))
    assert _build(data, ours, theirs) == 0
    assert _listed(data).keys() == {"one", "three", "four", "five"}


def test_one_bad_line_in_two_sources_is_told_of_both(data: Path, feeds: Feeds) -> None:
    """Each is kept with its own source and line."""
    _write(feeds["ours"], record("one"), b"{")
    _write(feeds["theirs"], b"{", record("three"))
    assert _build(data, feeds["ours"], feeds["theirs"]) == 1
    kept = (data / "rejected" / "rejected.jsonl").read_text().splitlines()

    assert [(json.loads(one)["source"], json.loads(one)["line"]) for one in kept] == [
        (str(feeds["ours"]), 2),
        (str(feeds["theirs"]), 1),
    ]
    assert _build(data, feeds["ours"], feeds["theirs"]) == 0


def test_only_what_changed_is_read(data: Path, feeds: Feeds) -> None:
    """Of two sources the one that stayed as it was is not; of two that did, neither."""
    ours, theirs = feeds["ours"], feeds["theirs"]
    _write(theirs, record("two"), record("three"), b"{")
    _build(data, ours, theirs)

    outcome = _take(data, _unread(ours), _unread(theirs))
    assert (outcome.unchanged, outcome.rejected, outcome.shadowed) == (3, 1, 1)

    _write(ours, record("one"), record("two", name="Zwei"))
    outcome = _take(data, opened(str(ours)), _unread(theirs))
    assert (outcome.changed, outcome.unchanged) == (1, 2)
    assert (outcome.rejected, outcome.shadowed) == (1, 1)

    _write(theirs, record("two"), record("three", name="Drei"))
    outcome = _take(data, _unread(ours), opened(str(theirs)))
    assert (outcome.changed, outcome.unchanged, outcome.rejected) == (1, 2, 0)
    assert _listed(data) == {"one": "One", "two": "Zwei", "three": "Drei"}


def test_read_again_without_a_change_nothing_is_written(data: Path, feeds: Feeds) -> None:
    """catalog.db is the same to the byte."""
    ours, theirs = feeds["ours"], feeds["theirs"]
    _write(theirs, record("two", name="Their Two"), record("three"), b"{")
    _build(data, ours, theirs)
    before = (data / "catalog.db").read_bytes()
    for path in (ours, theirs):
        path.write_bytes(path.read_bytes())
    assert _build(data, ours, theirs) == 0

    assert (data / "catalog.db").read_bytes() == before


def test_the_sample_and_a_file_of_ones_own(data: Path, feeds: Feeds) -> None:
    """As typed: --source twice; the embedded catalogue stays whole when the file loses a line."""
    sample = ROOT / "data" / "sources" / "sample.jsonl"
    said = ("--source", sample, "--source", feeds["ours"])
    assert run(data, "build", *said).returncode == 0
    whole = _listed(data)
    _write(feeds["ours"], record("one"))
    ended = run(data, "build", *said)

    assert "1 withdrawn" in ended.stdout
    assert whole.keys() - _listed(data).keys() == {"two"}
    twice = run(data, "build", "--source", sample, "--source", sample)
    assert twice.returncode == 2
    assert f"{sample} is named twice" in twice.stderr


def test_plan_says_what_two_sources_would_do(data: Path, feeds: Feeds) -> None:
    """And changes nothing."""
    _write(feeds["theirs"], record("two"), record("three"))
    said = ("--source", feeds["ours"], "--source", feeds["theirs"])
    ended = run(data, "plan", *said, "--site-url", "https://x.org")

    assert "take 3 new" in ended.stdout
    assert "take 1 packages from the first of two sources that have them" in ended.stdout
    assert not (data / "catalog.db").exists()


def test_make_splits_source_into_words() -> None:
    """SOURCE="wporg own.jsonl" is fetched and built from both, in this order."""
    told = _make("pipeline", "wporg own.jsonl")
    assert "--source 'wporg' --source 'own.jsonl' --max-withdrawn" in told
    assert " fetch " in _make("build", "own.jsonl wporg")
    assert " fetch " not in _make("build", "own.jsonl other.jsonl")


def _make(target: str, source: str) -> str:
    words = ["make", "--dry-run", "-o", "setup", target, f"SOURCE={source}"]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=True).stdout
