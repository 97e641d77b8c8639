"""plan, status and releases: true words, and not a byte changed."""

import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from webob import Request

from publish.releases import Releases, made
from scripts import render_new
from server import Settings, make_app
from tests.conftest import SITE_URL, Source, pipeline, record, run
from tests.runs import Here
from tests.stub import FAILS, moody


def _bytes(data: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in data.rglob("*") if path.is_file()}


def _plan(data: Path, source: Path) -> str:
    return run(data, "plan", "--source", source, "--site-url", SITE_URL).stdout


def test_plan_says_what_pipeline_and_regenerate_then_do(data: Path, source: Source) -> None:
    """Its figures come true, with a reason for each card, and it changes nothing itself."""
    shut = {"closed": True, "closed_date": "2026-04-09"}
    run(data, *pipeline(source(*map(record, ("one", "two", "three", "five")))))
    tags = {tag: f"https://downloads.wordpress.org/plugin/one.{tag}.zip" for tag in ("1.0", "1.1")}
    changed = record("one", version="1.1", versions=tags)
    feed = source(changed, record("two"), record("four"), record("five", **shut))
    before = _bytes(data)
    plan = _plan(data, feed)

    assert _bytes(data) == before
    assert "take 1 new and 2 changed packages, withdraw 1, take back 0, refuse 0 lines" in plan
    assert "draw 2 cards" in plan
    assert "plugin/four: it has none" in plan
    assert "plugin/five: template 'plugin' is now 'closed'" in plan
    assert "publish a new release" in plan
    assert "redraw 1 cards and keep 3" in plan
    assert "plugin/one: version '1.0' is now '1.1'" in plan

    ended = run(data, *pipeline(feed))

    assert "1 new, 2 changed, 0 returned, 1 withdrawn" in ended.stdout
    assert "cards 2 drawn" in ended.stdout
    assert "1 redrawn, 3 kept" in run(data, "regenerate", "--site-url", SITE_URL).stdout
    assert "publish nothing: nothing changed" in _plan(data, feed)


def test_plan_before_anything_and_after_too_much(data: Path, source: Source) -> None:
    """An empty folder is planned for without being made; a refusal is foretold."""
    assert "take 2 new" in _plan(data, source(record("one"), record("two")))
    assert not data.exists()

    run(data, *pipeline(source(*(record(f"p{n}") for n in range(20)))))
    ended = run(data, "plan", "--source", source(record("p1")), "--site-url", SITE_URL)

    assert ended.returncode == 3
    assert "lacks 19 of 20" in ended.stdout


def test_status_is_well_after_a_pipeline_and_says_when_it_is_not(
    data: Path, source: Source
) -> None:
    """No release, a failed card and a failed run each make it unwell, with the reason."""
    ended = run(data, "status")

    assert ended.returncode == 1
    assert "no release is published: run `make pipeline`" in ended.stdout

    run(data, *pipeline(source(record("one"))))
    ended = run(data, "status")

    assert ended.returncode == 0, ended.stdout
    assert "1 current, 0 stale, 0 failed, 0 never drawn" in ended.stdout

    run(data, "build", "--source", source(record("one", name="New"), record("two", name=FAILS)))
    render_new.main(["--data", str(data)], None, moody, Here())
    ended = run(data, "status", "--json")
    status = json.loads(ended.stdout)

    assert ended.returncode == 1
    assert status["cards"]["stale"] == 1
    assert status["cards"]["oldest_stale"]["package"] == "plugin/one"
    assert status["cards"]["failed"] == [
        {"package": "plugin/two", "error": "ValueError: this card always fails"}
    ]
    assert status["unwell"] == ["the card of plugin/two failed: ValueError: this card always fails"]


def test_the_release_says_what_status_says(data: Path, source: Source) -> None:
    """/status.json, /api/status and `make status` agree, on good things and on bad ones.

    All but the deploy itself, which is not over when the release is made.
    """
    closed = record("shut", closed=True, closed_date="2026-01-01", error="closed")
    run(data, *pipeline(source(record("one"), record("three"), closed, b'{"type": "plugin"}')))
    run(data, "build", "--source", source(record("one", name="New"), record("two", name=FAILS),
        record("three"), closed, b'{"type": "plugin"}'))  # fmt: skip
    render_new.main(["--data", str(data)], None, moody, Here())
    with closing(sqlite3.connect(data / "catalog.db")) as db, db:
        db.execute("UPDATE card SET drawn_at = drawn_at - 90")  # a run takes less than a second
        db.execute("UPDATE package SET changed_at = changed_at - iif(slug = 'one', 60, 120)")
    run(data, "deploy", "--site-url", SITE_URL)

    before = int(time.time())
    told = json.loads(run(data, "status", "--json").stdout)
    moments = [asked - told["release"]["age_seconds"] for asked in (before, time.time())]
    app = make_app(Settings(data=data))
    answers = [Request.blank(path).get_response(app) for path in ("/status.json", "/api/status")]
    published = answers[0].json

    assert answers[0].json.keys() == answers[1].json.keys()
    assert answers[0].content_type == answers[1].content_type
    assert published["release"] == told["release"]["id"]
    assert moments[0] <= made(published["release"]).timestamp() <= moments[1]
    assert published["packages"] == told["release"]["packages"] == 4
    assert published["catalogue"]["refused"] == told["refused_lines"] == 1
    cards, failed = told["cards"], len(told["cards"]["failed"])
    for name, count in (("current", 2), ("stale", 1), ("never", 1)):
        assert published["cards"][name] == cards[name] == count, name
    assert published["cards"]["failed"] == failed == 1
    oldest = [one["oldest_stale"] for one in (published, cards)]
    assert [one["package"] for one in oldest] == ["plugin/one"] * 2
    assert min(one["seconds"] for one in oldest) >= 60
    deployed, *runs = map(_run, told["runs"])
    assert [_run(one) for one in published["runs"]] == runs
    assert [code for _, _, code, _ in (deployed, *runs)] == [0, 0, 1]


def _run(told: dict[str, Any]) -> tuple[object, ...]:
    steps = [(step["step"], step["seconds"]) for step in told["steps"]]
    return told["started_at"], told["seconds"], told["exit_code"], steps


def test_a_character_without_a_font_is_reported_with_its_packages(
    data: Path, source: Source
) -> None:
    """plan and status name the character and where it stands; most catalogues have none."""
    feed = source(record("one", name="Plain"), record("two", name="Old \U0001d2c0 Sign"))
    run(data, *pipeline(feed))
    words = re.compile(r"no font has U\+1D2C0 \([^)]+\): plugin/two$", re.MULTILINE)

    assert words.search(run(data, "status").stdout)
    assert words.search(_plan(data, feed))

    run(data, *pipeline(source(record("one"), record("two"))))

    assert "every character of the catalogue has a font" in run(data, "status").stdout


def test_releases_marks_the_live_and_the_rolled_back(data: Path, source: Source) -> None:
    """Newest first, with package counts."""
    assert "no release yet" in run(data, "releases").stdout

    run(data, *pipeline(source(record("one"))))
    run(data, *pipeline(source(record("one"), record("two"))))
    run(data, "rollback")
    old, new = Releases(data).ids()
    lines = run(data, "releases").stdout.splitlines()

    assert [line.split()[0] for line in lines] == [new, old]
    assert lines[0].endswith("rolled back")
    assert lines[1].endswith("live")


def test_check_names_a_fault_of_a_release(data: Path, source: Source) -> None:
    """A sound release has none; one whose card is gone is reported by package."""
    run(data, *pipeline(source(record("one"))))

    assert run(data, "check").returncode == 0

    for card in (data / "store" / "og").glob("*/*.png"):
        card.unlink()
    ended = run(data, "check")

    assert ended.returncode == 1
    assert "plugin/one names card" in ended.stderr
