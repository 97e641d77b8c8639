"""Saved answers of the API as a source: one package, a page of a query, the map of a batch."""

import json
from pathlib import Path
from typing import Any

import pytest

from catalog.record import Record, parse
from catalog.source import read
from tests.catalog.wporg import fake


def records(folder: Path, *answers: Any) -> list[Record]:
    """Save answers in a row, as they came, and read the records."""
    path = folder / "answers.json"
    path.write_text("\n".join(fake.php(answer) for answer in answers))
    return [parse(line.content) for line in read(str(path))]


def keys(found: list[Record]) -> list[str]:
    return [f"{record.type}/{record.slug}" for record in found]


@pytest.mark.parametrize("type_", ["plugin", "theme"])
def test_a_page_of_a_query_is_its_records(tmp_path: Path, type_: str) -> None:
    """`query_plugins` and `query_themes`: their records name neither type nor versions."""
    page = [{"slug": slug, "name": slug, "version": "1.0"} for slug in ("a", "b")]
    answer = {"info": {"page": 1, "pages": 9, "results": 99}, f"{type_}s": page}
    assert keys(records(tmp_path, answer)) == [f"{type_}/a", f"{type_}/b"]
    empty = {"info": {"page": 9, "pages": 9, "results": 99}, f"{type_}s": []}
    assert records(tmp_path, empty) == []


def test_the_map_of_a_batch_is_its_records(tmp_path: Path) -> None:
    """What the API does not know is passed over; a closure is a record."""
    batch = {
        "a": fake.plugin("a"),
        "no": fake.NOT_FOUND["plugin"],
        "b": fake.closed("b", type="plugin"),
    }
    found = records(tmp_path, batch)
    assert keys(found) == ["plugin/a", "plugin/b"]
    assert found[1].closure


def test_numeric_slugs_come_as_a_list(tmp_path: Path) -> None:
    """PHP writes the keys 0, 1 as a list."""
    batch = {"0": fake.plugin("0"), "1": fake.plugin("1")}
    assert keys(records(tmp_path, batch)) == ["plugin/0", "plugin/1"]


def test_pages_maps_and_answers_may_follow_each_other(tmp_path: Path) -> None:
    """As they were saved, also in a list."""
    page = {"info": {}, "themes": [fake.theme("t")]}
    found = records(tmp_path, page, {"a": fake.plugin("a")}, fake.plugin("b"), [page, page])
    assert keys(found) == ["theme/t", "plugin/a", "plugin/b", "theme/t", "theme/t"]


@pytest.mark.parametrize("slug", ["plugins", "themes", "error", "info", "slug"])
def test_a_package_may_be_called_like_a_field(tmp_path: Path, slug: str) -> None:
    """Alone and in a map, it is a package."""
    one = fake.plugin(slug)
    assert keys(records(tmp_path, one)) == [f"plugin/{slug}"]
    assert keys(records(tmp_path, {slug: one, "a": fake.plugin("a")})) == [
        f"plugin/{slug}", "plugin/a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"error": "Plugin not found."},
        {"a": 1},
        {"a": {"x": 1}},
        7,
        None,
        "text",
        {"plugins": 7},
    ],
)
def test_anything_else_is_one_line_to_be_refused(tmp_path: Path, odd: Any) -> None:
    """It reaches the reader of records as it stands, which names it."""
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(odd))
    assert [json.loads(line.content) for line in read(str(path))] == [odd]


def test_nesting_without_end_is_refused_and_no_crash(tmp_path: Path) -> None:
    """At any depth, also where it can be read but not be written again."""
    path = tmp_path / "answers.json"
    for depth in (*range(940, 1_010), 100_000):
        path.write_text(f'{{"slug":"x","a":{"[" * depth}{"]" * depth}}}')
        assert len(list(read(str(path)))) == 1
