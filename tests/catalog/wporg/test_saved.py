"""The saved answers: nothing that was acknowledged is lost, whatever is cut off or done twice."""

import json
import random
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from catalog.wporg.details import Closed
from catalog.wporg.saved import Damaged, Saved, closure_of, digest, record_of
from tests.catalog.wporg import fake

CLOSURE = closure_of(Closed("2026-04-09", "unused", "Unused", "It was closed.", permanent=True))


def found(slug: str, version: str = "1.0", type_: str = "plugin", at: int = 10) -> dict[str, Any]:
    make = fake.plugin if type_ == "plugin" else fake.theme
    fields = record_of(type_, slug, make(slug, version), 0)
    return {"at": at, "type": type_, "slug": slug, "kind": "found", "version": version,
            "digest": digest(fields), "fields": fields}  # fmt: skip


def closed(slug: str) -> dict[str, Any]:
    return {"at": 20, "type": "plugin", "slug": slug, "kind": "closed", "version": "",
            "digest": digest(CLOSURE), "fields": CLOSURE}  # fmt: skip


def missing(slug: str, at: int) -> dict[str, Any]:
    return {
        "at": at,
        "type": "plugin",
        "slug": slug,
        "kind": "missing",
        "version": "",
        "digest": "",
    }


def save(folder: Path, *events: dict[str, Any]) -> bool:
    with Saved(folder) as saved:
        saved.append(events)
        return saved.absorb()


def records(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "records.jsonl").read_bytes().splitlines()]


def names(folder: Path) -> list[str]:
    return [f"{one['type']}/{one['slug']} {one['version']}" for one in records(folder)]


def test_records_are_sorted_and_merged(tmp_path: Path) -> None:
    """By type and slug, the newest answer of each; the others keep their bytes."""
    assert save(tmp_path, found("m"), found("z"), found("b", type_="theme"), found("c"))
    before = (tmp_path / "records.jsonl").read_bytes().splitlines()
    assert save(tmp_path, found("m", "2.0"), found("a"), found("m", "3.0"), found("zz"))
    assert names(tmp_path) == [
        "plugin/a 1.0", "plugin/c 1.0", "plugin/m 3.0", "plugin/z 1.0", "plugin/zz 1.0",
        "theme/b 1.0",
    ]  # fmt: skip
    after = (tmp_path / "records.jsonl").read_bytes().splitlines()
    assert set(before) - set(after) == {before[1]}


def test_a_closed_package_keeps_its_last_answer(tmp_path: Path) -> None:
    """The closure's fields stand beside it, and go when the package is open again."""
    save(tmp_path, found("a"))
    save(tmp_path, closed("a"))
    [record] = records(tmp_path)
    assert record == {"type": "plugin", **fake.plugin("a"), **CLOSURE}
    assert (record["closed"], record["closed_date"], record["permanent"]) == (
        True,
        "2026-04-09",
        True,
    )
    save(tmp_path, found("a", "1.1"))
    assert records(tmp_path) == [{"type": "plugin", **fake.plugin("a", "1.1")}]


def test_a_closure_in_the_same_run_finds_the_answer(tmp_path: Path) -> None:
    """Found, closed and closed again for another reason, before anything was absorbed."""
    other = closed("a")
    other["fields"] = {**CLOSURE, "reason": "author-request"}
    save(tmp_path, found("a"), closed("a"), other)
    assert [(one["version"], one["reason"]) for one in records(tmp_path)] == [
        ("1.0", "author-request")
    ]


def test_a_closure_of_the_unknown_is_no_record(tmp_path: Path) -> None:
    """A package that was closed before it was ever seen has nothing to show."""
    save(tmp_path, closed("a"), found("b"))
    assert names(tmp_path) == ["plugin/b 1.0"]


def test_what_is_given_up_leaves_the_file(tmp_path: Path) -> None:
    """After a week of `not found`; and all that a seed list does not name."""
    save(tmp_path, found("a"), found("b"), found("c"))
    week = 7 * 86_400
    assert not save(tmp_path, missing("a", 100))
    assert save(tmp_path, missing("a", 100 + week))
    assert names(tmp_path) == ["plugin/b 1.0", "plugin/c 1.0"]
    assert save(tmp_path, {"at": 9, "type": "plugin", "kept": ["c"]})
    assert names(tmp_path) == ["plugin/c 1.0"]


def test_no_news_leaves_the_records_alone(tmp_path: Path) -> None:
    """An answer like the last one costs no new file; no answer at all, no file at all."""
    save(tmp_path, found("a"))
    untouched = (tmp_path / "records.jsonl").stat().st_mtime_ns
    same = {key: value for key, value in found("a", at=99).items() if key != "fields"}
    assert not save(tmp_path, same)
    state = (tmp_path / "state.json").stat().st_mtime_ns
    assert not save(tmp_path)
    assert (tmp_path / "records.jsonl").stat().st_mtime_ns == untouched
    assert (tmp_path / "state.json").stat().st_mtime_ns == state
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records.jsonl", "state.json"]


def test_a_torn_end_is_cut_and_the_rest_counts(tmp_path: Path) -> None:
    """Cut off at any byte: every whole event counts, the torn one is asked again."""
    whole = tmp_path / "whole"
    with Saved(whole) as saved:
        saved.append([found("a")])
        saved.append([found("b"), closed("a")])
    text = (whole / "answers.jsonl").read_bytes()
    ends = [place for place in range(len(text) + 1) if text[:place].endswith(b"\n")]
    cuts = {*ends, *(end - 1 for end in ends), *random.Random(7).sample(range(len(text)), 40)}
    for cut in sorted(cuts):
        torn = tmp_path / f"torn{cut}"
        torn.mkdir()
        (torn / "answers.jsonl").write_bytes(text[:cut])
        with Saved(torn) as saved:
            kept = sum(cut >= end for end in ends[1:])
            assert list(saved.state.plugin.known) == ["a", "b"][: min(kept, 2)]
            saved.append([found("z")])
            saved.absorb()
        expected = {0: [], 1: ["a"], 2: ["a", "b"], 3: ["a", "b"]}[kept]
        assert [one["slug"] for one in records(torn)] == [*expected, "z"]
        assert ("closed" in records(torn)[0]) == (kept == 3)


class Stopped(Exception):
    pass


@pytest.mark.parametrize(
    "boundary", ["fetch: answers saved", "fetch: records replaced", "fetch: state saved"]
)
def test_a_stop_between_two_acts_is_made_good(tmp_path: Path, boundary: str) -> None:
    """Stopped after any durable act, the next run ends with the same two files."""

    def stop(reached: str) -> None:
        if reached == boundary:
            raise Stopped

    events = [found("a", "2.0"), closed("b"), found("new")]
    for folder in ("straight", "stopped"):
        save(tmp_path / folder, found("a"), found("b"))
    save(tmp_path / "straight", *events)
    with Saved(tmp_path / "stopped", stop) as saved, suppress(Stopped):
        saved.append(events)
        saved.absorb()
        pytest.fail("it was not stopped")
    with Saved(tmp_path / "stopped") as saved:
        saved.absorb()
    for name in ("records.jsonl", "state.json"):
        straight, stopped = (tmp_path / way / name for way in ("straight", "stopped"))
        assert stopped.read_bytes() == straight.read_bytes()
    assert not (tmp_path / "stopped" / "answers.jsonl").exists()


def test_absorbed_answers_are_not_taken_twice(tmp_path: Path) -> None:
    """An answers file that came back, from before the state, is recognised by its number."""
    with Saved(tmp_path) as saved:
        saved.append([found("a", "1.0")])
        shutil.copy(tmp_path / "answers.jsonl", tmp_path / "old")
        saved.absorb()
    save(tmp_path, found("a", "2.0"))
    (tmp_path / "old").rename(tmp_path / "answers.jsonl")
    with Saved(tmp_path) as saved:
        assert saved.state.plugin.known["a"].version == "2.0"
        assert not saved.absorb()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"absorbed": 3}', '{"absorbed":1,"plugin":7}'])
def test_a_damaged_state_is_named(tmp_path: Path, text: str) -> None:
    """It is never taken for "nothing known", which would ask 75,000 packages again in silence."""
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(Damaged, match=r"state\.json"):
        Saved(tmp_path)


def test_a_foreign_records_file_is_not_overwritten(tmp_path: Path) -> None:
    """A line that fetch did not write stops the merge, with its number."""
    (tmp_path / "records.jsonl").write_text('{"slug":"mine"}\n')
    with Saved(tmp_path) as saved:
        saved.append([found("a")])
        with pytest.raises(Damaged, match=r"records\.jsonl, line 1"):
            saved.absorb()
    assert (tmp_path / "records.jsonl").read_text() == '{"slug":"mine"}\n'
