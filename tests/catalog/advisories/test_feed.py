"""The operator's file of advisories: what is taken of it, refused by line, and taken back."""

import json
from pathlib import Path
from typing import Any

from webob import Request

from catalog import database
from catalog.journal import Journal
from scripts import build
from server import Settings, make_app
from tests.conftest import Source, pipeline, record
from tests.runs import command as run


def _advisory(number: int, package: str = "wp-plugin/one", **more: Any) -> dict[str, Any]:
    return {
        "advisoryId": f"OWN-{number}",
        "packageName": package,
        "affectedVersions": "<1.1",
        "title": f"Number {number}",
        "link": f"https://own.example/{number}",
        "reportedAt": f"2026-05-{number:02}T00:00:00Z",
        "sources": [],
        **more,
    }


def _versions(slug: str, *versions: str) -> dict[str, Any]:
    zips = {one: f"https://downloads.wordpress.org/plugin/{slug}.{one}.zip" for one in versions}
    return record(slug, version=versions[0], versions=zips)


def _build(data: Path, source: Path, feed: Path | None) -> int:
    words = ["--advisories", str(feed)] if feed else []
    return build.main(["--data", str(data), "--source", str(source), *words], Journal())


def _held(data: Path) -> list[str]:
    with database.reading(data) as db:
        rows = db.execute("SELECT advisory FROM advisory ORDER BY advisory").fetchall()
    return [id for (id,) in rows]


def test_a_line_that_cannot_be_used_is_named(data: Path, source: Source, tmp_path: Path) -> None:
    """Bad ranges and unknown packages by line; the others count, and so does the exit code."""
    feed = tmp_path / "feed.jsonl"
    lines = [
        json.dumps(_advisory(1)),
        json.dumps(_advisory(2, affectedVersions="^1.0")),
        "",
        "{",
        json.dumps(_advisory(3, "wp-plugin/nowhere")),
    ]
    feed.write_text("\n".join(lines))
    ended = run(data, "build", "--source", source(record("one")), "--advisories", feed)

    assert ended.returncode == 1
    assert f"build: {feed}:2: refused: its range holds '^1.0'" in ended.stderr
    assert f"build: {feed}:4: refused: it is not a JSON object" in ended.stderr
    assert f"build: {feed}:5: refused: there is no plugin nowhere here" in ended.stderr
    assert "1 advisories, 2 refused, 1 of packages that are not here" in ended.stdout
    assert _held(data) == ["OWN-1"]


def test_an_unchanged_file_is_not_read_again(data: Path, source: Source, tmp_path: Path) -> None:
    """Unless packages came: one of them may be what a line speaks of."""
    feed = tmp_path / "feed.json"
    feed.write_text(json.dumps([_advisory(1), _advisory(2, "wp-plugin/two")]))
    first = _build(data, source(record("one")), feed)
    with database.reading(data) as db:
        before = database.generation(db)
    second = _build(data, source(record("one")), feed)
    with database.reading(data) as db:
        after = database.generation(db)
    third = _build(data, source(record("one"), record("two")), feed)

    assert (first, second, third) == (0, 0, 0)
    assert before == after
    assert _held(data) == ["OWN-1", "OWN-2"]


def test_composers_own_answer_is_a_feed_and_none_takes_all_back(
    data: Path, source: Source, tmp_path: Path
) -> None:
    feed = tmp_path / "feed.json"
    feed.write_text(json.dumps({"advisories": {"wp-plugin/one": [_advisory(1), _advisory(2)]}}))
    assert _build(data, source(record("one")), feed) == 0
    assert _held(data) == ["OWN-1", "OWN-2"]
    assert _build(data, source(record("one")), None) == 0
    assert _held(data) == []


def test_a_file_that_is_not_there_stops_the_build(
    data: Path, source: Source, tmp_path: Path
) -> None:
    """With a sentence, and nothing of the advisories that there are is lost."""
    feed = tmp_path / "feed.json"
    feed.write_text(json.dumps(_advisory(1)))
    assert _build(data, source(record("one")), feed) == 0
    feed.unlink()
    assert _build(data, source(record("one")), feed) == 2
    feed.write_text("{")
    assert _build(data, source(record("one")), feed) == 2
    assert _held(data) == ["OWN-1"]


def test_the_site_tells_which_versions_are_affected(
    data: Path, source: Source, tmp_path: Path
) -> None:
    """A notice on the page, a mark on each version, fields in the API; and whose feed it is."""
    feed = tmp_path / "feed.jsonl"
    feed.write_text(json.dumps(_advisory(1)))
    records = source(_versions("one", "1.1", "1.0"), _versions("two", "1.0"))
    run(data, *pipeline(records), "--advisories", feed, "--advisories-of", "Own feed, CC BY 4.0")
    app = make_app(Settings(data=data))
    page = Request.blank("/packages/plugin/one").get_response(app).text
    twin = Request.blank("/packages/plugin/one.md").get_response(app).text
    facts = Request.blank("/api/packages/plugin/one").get_response(app).json
    told = Request.blank("/packages/plugin/one/versions.json").get_response(app).json
    other = Request.blank("/packages/plugin/two").get_response(app).text

    assert "Vulnerable in older versions" in page
    assert page.count(">vulnerable</a>") == 1
    assert "Own feed, CC BY 4.0" in page
    assert "**Vulnerable**: Number 1, versions `<1.1`" in twin
    assert facts["advisories"] == [
        {
            "id": "OWN-1",
            "title": "Number 1",
            "link": "https://own.example/1",
            "cve": None,
            "severity": None,
            "affected": "<1.1",
            "reported": "2026-05-01T00:00:00+00:00",
        }
    ]
    assert facts["advisories_of"] == "Own feed, CC BY 4.0"
    for versions in (facts["versions"], told["published"]):
        assert {one["version"]: one["advisories"] for one in versions} == {
            "1.1": [],
            "1.0": ["OWN-1"],
        }
    assert "ulnerable" not in other
    assert "Own feed" not in other
