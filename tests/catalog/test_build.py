"""build: good records are taken, bad ones kept aside, and a bad feed empties nothing."""

import codecs
import gzip
import json
import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from catalog import database, packages
from catalog.record import MAX_BYTES
from catalog.source import Line, Source, read, seal
from scripts import build
from tests.conftest import ROOT, record, run, scripts


def _build(data: Path, source: Path | str, *more: str) -> int:
    return build.main(["--data", str(data), "--source", str(source), *more])


def _packages(data: Path) -> dict[str, tuple[str, bool]]:
    with database.reading(data) as db:
        rows = db.execute("SELECT slug, name, withdrawn_at IS NULL FROM package").fetchall()
    return {slug: (name, bool(listed)) for slug, name, listed in rows}


def _generation(data: Path) -> int:
    with database.reading(data) as db:
        return database.generation(db)


def _rejected(data: Path) -> list[dict[str, object]]:
    text = (data / "rejected" / "rejected.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_a_bad_line_never_stops_the_good_ones(data: Path, source: Source) -> None:
    """Each bad line is kept with file, line and reason; the good ones around it are taken."""
    bad = [b"{", b"[]", b'{"slug":"\xff"}', b'{"slug":"x"}\0', b'{"type":"plugin","slug":"A"}']
    path = source(record("one"), *bad, record("two"), record("one", name="Again"), record("three"))

    assert _build(data, path) == 1
    assert _packages(data).keys() == {"one", "two", "three"}
    assert [row["line"] for row in _rejected(data)] == [2, 3, 4, 5, 6, 8]
    assert _rejected(data)[-1]["reason"] == "its type and slug are those of line 1"
    assert all(row["source"] == str(path) for row in _rejected(data))


def test_a_ten_megabyte_line_is_refused_without_being_kept(data: Path, source: Source) -> None:
    """Its length and its beginning are remembered, its neighbours taken."""
    huge = b'{"type":"plugin","slug":"huge","name":"' + b"x" * 10_000_000 + b'"}'
    path = source(record("one"), huge, record("two"))

    assert _build(data, path) == 1
    assert _packages(data).keys() == {"one", "two"}
    (row,) = _rejected(data)
    assert (row["line"], row["bytes"]) == (2, len(huge) + 1)
    assert str(MAX_BYTES)[:1] in str(row["reason"])
    assert len(str(row["record"])) <= 2_000


def test_the_same_rejects_again_are_no_news(data: Path, source: Source) -> None:
    """A run exits 1 for rejects that the run before did not have, and only for those."""
    assert _build(data, source(record("one"), b"{")) == 1
    assert _build(data, source(record("one"), b"{")) == 0
    assert _build(data, source(record("one"), b"{", b"[")) == 1
    assert _build(data, source(record("one"))) == 0
    assert _rejected(data) == []


def test_what_is_gone_is_withdrawn_and_may_return(data: Path, source: Source) -> None:
    """A withdrawn package keeps its row, and comes back as it was."""
    both = (record("one"), record("two"))
    _build(data, source(*both))
    _build(data, source(record("one")))

    assert _packages(data) == {"one": ("One", True), "two": ("Two", False)}

    _build(data, source(*both))

    assert _packages(data) == {"one": ("One", True), "two": ("Two", True)}


def test_a_feed_that_lost_too_much_changes_nothing(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 40 packages 10 may go (the least), not 11; the message gives figures and the way out."""
    forty = [record(f"p{number}") for number in range(40)]
    _build(data, source(*forty))
    before = _packages(data)

    assert _build(data, source(*forty[:29], record("new"))) == 3
    assert _packages(data) == before
    assert "lacks 11 of 40" in (said := capsys.readouterr().err)
    assert "MAX_WITHDRAWN" in said
    assert _build(data, source(*forty[:30])) == 0
    assert _build(data, source(*forty[:5]), "--max-withdrawn", "100%") == 0
    assert sum(listed for _, listed in _packages(data).values()) == 5


def test_an_empty_source_empties_nothing_however_small_the_site(data: Path, source: Source) -> None:
    """Three packages are fewer than the ten that may go, but a source of none is no source."""
    _build(data, source(record("a"), record("b"), record("c")))

    assert _build(data, source()) == 3
    assert _build(data, source(b"<html>busy</html>")) == 3
    assert all(listed for _, listed in _packages(data).values())
    assert _build(data, source(), "--max-withdrawn", "3") == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"versions": "1.0"},
        {"versions": {"1.0": [{"slug": "two"}]}, "type": "widget"},
        {"name": "x" * MAX_BYTES},
    ],
    ids=["versions", "type", "length"],
)
def test_a_refused_record_leaves_its_package_as_it_was(
    data: Path, source: Source, odd: dict[str, object]
) -> None:
    """The source speaks of it still, so it is not withdrawn; what is withdrawn stays so."""
    first, last = record("one"), record("four")
    _build(data, source(first, record("two"), record("three"), last))
    _build(data, source(first, record("two"), last))

    assert _build(data, source({**first, **odd}, {**record("three"), **odd}, b"{", last)) == 1
    assert _packages(data) == {
        "four": ("Four", True),
        "one": ("One", True),
        "two": ("Two", False),
        "three": ("Three", False),
    }


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_byte_order_mark_is_no_part_of_the_first_record(
    data: Path, source: Source, tmp_path: Path, mark: bytes
) -> None:
    """Of lines and of saved answers; the same source without it is no news."""
    path = source(record("one"), record("two"))
    content = path.read_bytes()
    saved = tmp_path / "saved.json"
    saved.write_bytes(mark + content)
    path.write_bytes(mark + content)

    assert _build(data, path) == _build(data, saved) == 0
    generation = _generation(data)
    path.write_bytes(content)
    assert _build(data, path) == 0
    assert _packages(data) == {"one": ("One", True), "two": ("Two", True)}
    assert _generation(data) == generation


_CLOSED = {"closed": True, "reason": "guideline-violation"}


@pytest.mark.parametrize("closure", [_CLOSED, {**_CLOSED, "permanent": True}])
def test_a_feed_that_closes_too_much_changes_nothing(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str], closure: dict[str, object]
) -> None:
    """Closed and gone ones count together: of 40 packages ten may be either, not eleven."""
    forty = [record(f"p{number}") for number in range(40)]
    _build(data, source(*forty))
    before = _generation(data)

    closed = [{**one, **closure} for one in forty]
    assert _build(data, source(*closed)) == 3
    assert _build(data, source(*closed[:6], *forty[6:35])) == 3
    assert _generation(data) == before
    assert "lacks 5 of 40 packages and closes 6" in (said := capsys.readouterr().err)
    assert "MAX_WITHDRAWN" in said
    assert _build(data, source(*closed[:5], *forty[5:35])) == 0
    assert _build(data, source(*closed[:5], *forty[5:35])) == 0
    assert _build(data, source(*closed[:35]), "--max-withdrawn", "100%") == 0


def test_packages_that_are_closed_already_are_not_closed_again(data: Path, source: Source) -> None:
    """A closure that becomes one for good counts once more; other words do not."""
    closed = [record(f"p{number}", **_CLOSED) for number in range(40)]
    _build(data, source(*closed))

    assert _build(data, source(*({**one, "reason_text": "Other"} for one in closed))) == 0
    assert _build(data, source(*({**one, "permanent": True} for one in closed))) == 3


def test_closed_for_good_altogether_is_no_site_however_small(data: Path, source: Source) -> None:
    """Three packages are fewer than the ten that may go, but nothing would be left."""
    three = [record("a"), record("b"), record("c")]
    gone = [{**one, **_CLOSED, "permanent": True} for one in three]
    _build(data, source(*three))

    assert _build(data, source(*gone)) == 3
    assert _build(data, source(*gone[:2])) == 3
    assert _build(data, source(*gone[:2], three[2])) == 0
    assert _build(data, source(*gone), "--max-withdrawn", "3") == 0


def test_metadata_that_cannot_be_made_fails_its_package_alone(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, keeps what it had, and is tried again; the others have theirs."""
    _build(data, source(record("one"), record("two"), record("three")))
    with database.writing(data) as db:
        had = db.execute("SELECT main FROM metadata ORDER BY package_id").fetchall()
        db.execute("UPDATE package SET closure = '[]', facts_in = 99 WHERE slug = 'two'")
        db.execute("UPDATE metadata SET settings = ''")
    same = source(record("one"), record("two"), record("three"))
    capsys.readouterr()

    assert _build(data, same) == _build(data, same) == 1
    said = capsys.readouterr().err
    assert said.count("build: plugin/two: no Composer metadata: ValueError") == 2
    assert said.count("no Composer metadata") == 2
    with database.writing(data) as db:
        assert db.execute("SELECT main FROM metadata ORDER BY package_id").fetchall() == had
        changed = dict(db.execute("SELECT slug, changed_in FROM package").fetchall())
        db.execute("UPDATE package SET closure = NULL WHERE slug = 'two'")
    assert changed["two"] < changed["one"] == changed["three"] == _generation(data)
    assert _build(data, same) == 0


def test_a_source_read_again_writes_nothing(data: Path, source: Source) -> None:
    """Neither the same lines nor the same facts in another spelling are a change."""
    path = source(record("one"), record("two"))
    _build(data, path)
    first, before = _generation(data), (data / "catalog.db").read_bytes()
    _build(data, path)

    assert (data / "catalog.db").read_bytes() == before

    _build(data, source(record("one"), record("two")))

    assert (data / "catalog.db").read_bytes() == before

    _build(data, source(record("two", rating=99), record("one", num_ratings=7)))

    assert _generation(data) == first

    _build(data, source(record("two", version="1.1"), record("one")))

    assert _generation(data) > first


def test_a_file_that_did_not_change_is_not_read(data: Path, source: Source) -> None:
    """Whatever was written into it since, in place or by a rename, at the same length, is read."""
    path = source(record("one"), record("two"), b"{")
    assert _build(data, path) == 1
    with database.writing(data) as db:
        unread = Source(str(path), _never(), partial(seal, str(path)))
        outcome = packages.take(db, [unread], packages.Allowance(), 1)
    assert (outcome.unchanged, outcome.rejected, outcome.touched) == (2, 1, 0)

    for name in ("Aaa", "Bbb"):
        path = source(record("one", name=name), record("two"), b"{")
        assert _build(data, path) == 0
        assert _packages(data)["one"] == (name, True)
    fresh = path.with_name("fresh")
    fresh.write_bytes(path.read_bytes().replace(b"Bbb", b"Ccc"))
    before = path.stat()
    os.utime(fresh, ns=(before.st_atime_ns, before.st_mtime_ns))
    fresh.rename(path)
    assert _build(data, path) == 0
    assert _packages(data)["one"] == ("Ccc", True)


def test_a_file_that_changes_while_it_is_read_is_read_again(data: Path, source: Source) -> None:
    """What came after its beginning was read is taken by the next run."""
    path = source(record("one"), record("two"))

    def lines() -> Iterator[Line]:
        yield from read(str(path))
        source(record("one"), record("two", name="Late"))

    with database.writing(data) as db:
        for found in (lines(), read(str(path))):
            changing = Source(str(path), found, partial(seal, str(path)))
            packages.take(db, [changing], packages.Allowance(), 1)
    assert _packages(data)["two"] == ("Late", True)


def _never() -> Iterator[Line]:
    raise AssertionError("the source was read")
    yield


def test_gzip_stdin_and_saved_answers_are_sources(data: Path, tmp_path: Path) -> None:
    """.jsonl.gz, -, and a .json file of pretty-printed answers in a row are read alike."""
    lines = "".join(json.dumps(record(slug)) + "\n" for slug in ("one", "two"))
    packed = tmp_path / "records.jsonl.gz"
    packed.write_bytes(gzip.compress(lines.encode()))
    answers = [record("one"), record("two")]
    for answer in answers:
        del answer["type"]
    saved = tmp_path / "answers.json"
    saved.write_text("\n".join(json.dumps(answer, indent=2) for answer in answers))

    assert _build(tmp_path / "a", packed) == 0
    assert _build(tmp_path / "b", saved) == 0
    piped = subprocess.run(
        scripts(data, "build", "--source", "-"),
        input=lines,
        text=True,
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert piped.stdout.startswith("build: 2 new")
    assert _packages(tmp_path / "a") == _packages(tmp_path / "b") == _packages(data)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.jsonl", None, "No such file"),
        ("cut.jsonl.gz", gzip.compress(b"{}\n" * 1000, mtime=0)[:40], "Compressed file ended"),
        ("plain.jsonl.gz", b"{}\n", "Not a gzipped file"),
    ],
)
def test_a_source_that_cannot_be_read_is_named(
    data: Path, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    """The run ends with 2, names the file, and changes nothing."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ended = run(data, "build", "--source", tmp_path / name)

    assert ended.returncode == 2
    assert name in ended.stderr
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert _packages(data) == {}


@pytest.mark.parametrize("text", ["", "ten", "10.5%", "-1", "101%", "%"])
def test_a_share_that_is_none_is_refused(data: Path, source: Source, text: str) -> None:
    """A contradictory value is a usage error with a sentence."""
    ended = run(data, "build", "--source", source(), f"--max-withdrawn={text}")

    assert ended.returncode == 2
    assert "--max-withdrawn" in ended.stderr


def test_the_embedded_catalogue_has_no_complaints(data: Path) -> None:
    """Every record of the sample is taken: at least 150 packages, several versions each."""
    assert _build(data, ROOT / "data" / "sources" / "sample.jsonl") == 0
    with database.reading(data) as db:
        packages, versions = db.execute(
            "SELECT count(*), avg(json_array_length(versions)) FROM package"
        ).fetchone()
    assert packages >= 150
    assert versions > 3
