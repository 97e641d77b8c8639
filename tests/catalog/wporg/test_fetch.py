"""Whole runs against a local wordpress.org: what is asked, saved, and left alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog.record import parse
from catalog.wporg import Client, Limits, Report, Saved, Sites, fetch
from tests.catalog.wporg import fake

HOUR, DAY = 3_600, 86_400


class Run:
    """Runs against one world, with a clock that is set by hand."""

    def __init__(self, world: fake.World, sites: Sites, folder: Path) -> None:
        self.world, self.sites, self.folder = world, sites, folder
        self.now = 1_800_000_000

    def __call__(self, after: int = 0, **options: Any) -> Report:
        """Fetch `after` seconds later; requests are counted from here."""
        self.now += after
        self.world.now = lambda: self.now
        self.world.requests.clear()
        limits = Limits(backoff=0.0, tries=2, concurrency=4)
        with Client(limits=limits) as client, Saved(self.folder) as saved:
            return fetch(saved, client, self.sites, now=lambda: self.now, **options)

    @property
    def records(self) -> dict[str, dict[str, Any]]:
        lines = (self.folder / "records.jsonl").read_bytes().splitlines()
        records = [json.loads(line) for line in lines]
        keys = [(record["type"], record["slug"]) for record in records]
        assert keys == sorted(set(keys))
        for line in lines:
            parse(line)
        return {
            f"{type_}/{slug}": record for (type_, slug), record in zip(keys, records, strict=True)
        }


@pytest.fixture
def world() -> fake.World:
    """Two plugins, a theme, a name that never was a package, a plugin closed long ago."""
    world = fake.World()
    world.add("plugin", "akismet")
    world.add("plugin", "jetpack")
    world.add("plugin", "never-approved", fake.NOT_FOUND["plugin"])
    world.add("plugin", "long-closed", fake.closed("long-closed"))
    world.add("theme", "astra")
    world.repositories["plugin"].names.append("Kein Slug")
    return world


@pytest.fixture
def run(world: fake.World, tmp_path: Path) -> Iterator[Run]:
    with world.served() as sites:
        yield Run(world, sites, tmp_path)


def test_the_first_run_takes_the_directory(run: Run) -> None:
    """One request for each index, one for each hundred names; an answer is a record."""
    report = run()
    assert set(run.records) == {"plugin/akismet", "plugin/jetpack", "theme/astra"}
    assert run.records["theme/astra"] == {"type": "theme", **fake.theme("astra"), "svn_revision": 1}
    assert (report.asked, report.changed, report.failures) == (5, 3, [])
    assert [kind for kind, _ in run.world.requests] == ["index", "index", "api", "api"]


def test_nothing_new_costs_two_requests(run: Run) -> None:
    """A look at each log, and no file is touched."""
    run()
    files = written(run.folder)
    report = run(HOUR)
    assert [kind for kind, _ in run.world.requests] == ["log", "log"]
    assert not report.rewritten
    assert written(run.folder) == files


def written(folder: Path) -> dict[str, tuple[int, int]]:
    """Tell each file's inode and time of writing."""
    stats = {path.name: path.stat() for path in folder.iterdir()}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}


def test_a_release_is_fetched(run: Run) -> None:
    """Only the package with the commit is asked; its record carries the revision."""
    run()
    revision = run.world.release("plugin", "jetpack", "2.0")
    report = run(HOUR)
    assert [slugs for kind, slugs in run.world.requests if kind == "api"] == [["jetpack"]]
    assert report.changed == 1
    assert run.records["plugin/jetpack"]["version"] == "2.0"
    assert run.records["plugin/jetpack"]["svn_revision"] == revision
    assert run.records["plugin/akismet"]["svn_revision"] == 4  # the index's


def test_commits_into_tags_are_saved_in_the_state(run: Run) -> None:
    """A tag that is committed into again: first and last revision, after any number of runs."""
    run()
    first = run.world.release("plugin", "jetpack", "2.0")
    run(HOUR)
    last = run.world.repositories["plugin"].commit("/jetpack/tags/2.0/late.php")
    run(HOUR)
    with Saved(run.folder) as saved:
        [(tag, commits)] = saved.state.plugin.tags["jetpack"].items()
    assert (tag, commits.first, commits.last) == ("2.0", first, last)
    assert commits.began


def test_an_api_that_lags_is_asked_again(run: Run) -> None:
    """The old answer twice, then the new one: the release is not lost, and then it is quiet."""
    run()
    run.world.release("plugin", "jetpack", "2.0", stale=2)
    for _ in range(2):
        run(HOUR)
        assert run.records["plugin/jetpack"]["version"] == "1.0"
    run(HOUR)
    assert run.records["plugin/jetpack"]["version"] == "2.0"
    run(HOUR)
    assert run.world.asked("api") == 0


def test_a_new_package_is_found_by_its_commit(run: Run) -> None:
    """No index is read for it."""
    run()
    run.world.add("theme", "brand-new")
    run(HOUR)
    assert "theme/brand-new" in run.records
    assert run.world.asked("index") == 0


def test_a_commit_that_the_log_has_not_yet_comes_later(run: Run) -> None:
    """The watermark stands at what was read, not at what the index said."""
    run()
    run.world.release("plugin", "akismet", "1.1")
    run.world.release("plugin", "jetpack", "2.0")
    run.world.repositories["plugin"].replica_lacks = 1
    run(HOUR)
    assert run.records["plugin/akismet"]["version"] == "1.1"
    assert run.records["plugin/jetpack"]["version"] == "1.0"
    run.world.repositories["plugin"].replica_lacks = 0
    run(HOUR)
    assert run.records["plugin/jetpack"]["version"] == "2.0"


@pytest.mark.parametrize("more", [{}, {"error": None, "closed": True}])
def test_a_closure_is_noticed_within_a_day(run: Run, more: dict[str, Any]) -> None:
    """It leaves no commit; the daily question tells. The last record stays, with the reason."""
    run()
    run.world.answers["plugin", "akismet"] = fake.closed("akismet", **more)
    run(HOUR)
    assert "closed" not in run.records["plugin/akismet"]
    report = run(DAY)
    assert report.closed == 1
    closed = run.records["plugin/akismet"]
    assert (closed["closed"], closed["closed_date"], closed["reason"]) == (
        True, "2026-04-09", "security-issue",
    )  # fmt: skip
    assert closed["versions"] == fake.plugin("akismet")["versions"]
    assert not closed["permanent"]
    assert run(DAY).rewritten is False


def test_a_closed_package_comes_back_by_the_apis_word(run: Run) -> None:
    """A commit does not reopen it, an answer does."""
    run()
    run.world.answers["plugin", "akismet"] = fake.closed("akismet")
    run(DAY)
    run.world.repositories["plugin"].commit("/akismet/trunk/x.php")
    run(HOUR)
    assert run.records["plugin/akismet"]["closed"] is True
    run.world.release("plugin", "akismet", "1.1")
    run(HOUR)
    assert "closed" not in run.records["plugin/akismet"]
    assert run.records["plugin/akismet"]["version"] == "1.1"


def test_a_theme_no_longer_found_is_closed(run: Run) -> None:
    """The themes' API gives no reason; an unknown name stays unknown."""
    run()
    run.world.answers["theme", "astra"] = fake.NOT_FOUND["theme"]
    run(DAY)
    assert run.records["theme/astra"]["closed"] is True
    assert run.records["theme/astra"]["reason"] == ""
    assert run.records["theme/astra"]["version"] == "1.0"


def test_a_plugin_no_longer_found_is_not_closed(run: Run) -> None:
    """It stays for a week of such answers, then it goes."""
    run()
    run.world.answers["plugin", "akismet"] = fake.NOT_FOUND["plugin"]
    for _ in range(7):
        run(DAY)
        assert "closed" not in run.records["plugin/akismet"]
    run(DAY)
    assert "plugin/akismet" not in run.records


@pytest.mark.parametrize(
    "fault",
    [
        fake.status(500),
        fake.status(429),
        fake.status(404),
        fake.status(403),
        fake.body(b"null"),
        fake.body(b"{}"),
        fake.body(b"<html>closed</html>"),
        fake.body(b'{"error":"closed","closed":true}'),
        fake.cut_short,
        fake.reset,
    ],
)
@pytest.mark.parametrize("kind", ["api", "log"])
def test_an_outage_changes_nothing(run: Run, kind: str, fault: Any) -> None:
    """No package is closed, dropped or forgotten by it; the next run catches up."""
    run()
    before = run.records
    run.world.release("plugin", "jetpack", "2.0")
    run.world.always[kind] = fault
    report = run(HOUR)
    assert report.failures
    assert run.records == before
    run.world.always.clear()
    assert run(HOUR).failures == []
    assert run.records["plugin/jetpack"]["version"] == "2.0"
    assert set(run.records) == set(before)


def test_a_first_run_in_an_outage_knows_nothing(run: Run) -> None:
    """The index is a page of excuses: no record, no watermark, and the next run begins again."""
    run.world.always["index"] = fake.body(b"<html><title>Sorry</title></html>")
    report = run()
    assert len(report.failures) == 2
    assert not (run.folder / "records.jsonl").exists()
    run.world.always.clear()
    run()
    assert len(run.records) == 3


def test_odd_answers_leave_what_was_known(run: Run) -> None:
    """`null`, a foreign answer or an unknown error about one package fails for it alone."""
    run()
    before = run.records
    for odd in (None, False, fake.plugin("other"), {"error": "Internal"}, []):
        run.world.answers["plugin", "akismet"] = odd
        report = run(DAY)
        assert report.failed == 1
        assert "plugin/akismet" in report.failures[0]
        assert run.records == before


def test_one_poisoned_package_holds_up_no_other(run: Run) -> None:
    """The API breaks over one of 250: all the others are saved."""
    for number in range(250):
        run.world.add("plugin", f"p{number}")
    run.world.poison = {"p77"}
    report = run()
    assert report.failed == 1
    assert "plugin/p77" in report.failures[0]
    assert len(run.records) == 252
    run.world.poison = set()
    run(HOUR)
    assert "plugin/p77" in run.records


def kinds(run: Run) -> tuple[int, int]:
    """Count the API's requests: of more than one package, and of one."""
    sizes = [len(slugs) for kind, slugs in run.world.requests if kind == "api"]
    return sum(size > 1 for size in sizes), sum(size == 1 for size in sizes)


def test_themes_without_batches_are_asked_singly(run: Run) -> None:
    """The API sees no slugs: each theme is asked for, and for a week no batch is tried."""
    for number in range(300):
        run.world.add("theme", f"t{number}")
    report = run()
    assert (report.failures, report.failed, report.asked) == ([], 0, 305)
    assert len(run.records) == 303
    batches, singly = kinds(run)
    assert singly == 301
    assert batches <= 1 + 4  # the plugins', and the themes' that were under way
    run(DAY)
    assert kinds(run) == (1, 301)
    run.world.theme_batches = True
    run(6 * DAY)
    assert kinds(run) == (1 + 3, 1)


def test_batches_are_counted_out_for_themes_alone(run: Run) -> None:
    """The plugins' batches go on."""
    for number in range(300):
        run.world.add("plugin", f"p{number}")
    run.world.add("theme", "generatepress")
    run()
    run(DAY)
    assert kinds(run) == (4, 2)


def test_a_batch_that_one_name_spoils_is_asked_in_halves(run: Run) -> None:
    """One error for all, but slugs were seen: batches stay, and no request is made twice."""
    run.world.theme_batches = True
    for number in range(99):
        run.world.add("theme", f"t{number}")
    run.world.add("theme", "never-a-theme", fake.NOT_FOUND["theme"])
    run.world.spoilers = {"never-a-theme"}
    report = run()
    assert (report.failures, len(run.records)) == ([], 102)
    batches, singly = kinds(run)
    assert batches <= 1 + 2 + 12
    assert singly <= 4
    run.world.add("theme", "next")
    run.world.add("theme", "last")
    run(HOUR)
    assert kinds(run) == (1, 0)


def test_a_plugin_approved_late_is_found(run: Run) -> None:
    """Asked too early, the API keeps its "not found" for two days: it is asked until they pass."""
    run()
    run.world.add("plugin", "brand-new", fake.NOT_FOUND["plugin"])
    run(HOUR)
    run.world.answers["plugin", "brand-new"] = fake.plugin("brand-new")
    for _ in range(3):
        run(DAY)
    assert "plugin/brand-new" in run.records


def test_a_theme_approved_late_is_found(run: Run) -> None:
    """Its "not found" is kept for a week."""
    run()
    run.world.add("theme", "brand-new", fake.NOT_FOUND["theme"])
    run(HOUR)
    run.world.answers["theme", "brand-new"] = fake.theme("brand-new")
    for _ in range(8):
        run(DAY)
    assert "theme/brand-new" in run.records


def test_a_name_listed_before_it_is_a_package_is_found(run: Run) -> None:
    """No commit tells of the approval: the name of the index is asked daily while it may come."""
    run()
    run.world.answers["plugin", "never-approved"] = fake.plugin("never-approved")
    for _ in range(3):
        run(DAY)
    assert "plugin/never-approved" in run.records


def test_a_theme_in_review_is_asked_until_it_is_announced(run: Run) -> None:
    """1.1 is tagged and not yet announced: asked within hours, not a day later."""
    run()
    versions = {"1.0": "", "1.1": ""}
    run.world.answers["theme", "astra"] = fake.theme("astra", versions=versions)
    run.world.repositories["theme"].commit("/astra/1.1/style.css")
    for _ in range(6):  # 2 days
        run(8 * HOUR)
        assert ["astra"] in [slugs for kind, slugs in run.world.requests if kind == "api"]
        assert run.records["theme/astra"]["version"] == "1.0"
    run.world.answers["theme", "astra"] = fake.theme("astra", "1.1", versions=versions)
    run(4 * HOUR)
    assert run.records["theme/astra"]["version"] == "1.1"
    run(HOUR)
    assert run.world.asked("api") == 0


def test_figures_that_change_daily_are_no_change(run: Run) -> None:
    """The plugins' ratings and support threads are others in every answer: no file is touched."""
    run()
    report = run(DAY)
    assert run.world.asked("api") == 2
    assert (report.changed, report.rewritten) == (0, False)
    assert not set(fake.DAILY) & set(run.records["plugin/akismet"])


def test_pictures_are_asked_for(run: Run) -> None:
    """A plugin's icons and a theme's screenshot come on request only."""
    run()
    assert run.records["plugin/akismet"]["icons"] == fake.plugin("akismet")["icons"]
    assert run.records["theme/astra"]["screenshot_url"] == fake.theme("astra")["screenshot_url"]


def test_log_chunks_before_an_outage_are_kept(run: Run) -> None:
    """150 commits, and the second request for the log fails: the first hundred are fetched."""
    for number in range(150):
        run.world.add("plugin", f"p{number}", fake.plugin(f"p{number}"))
    run()
    for number in range(150):
        run.world.release("plugin", f"p{number}", "2.0")
    run.world.repositories["plugin"].breaks_at = len(run.world.repositories["plugin"].log) - 100
    report = run(HOUR)
    assert len(report.failures) == 1
    assert sum(record["version"] == "2.0" for record in run.records.values()) == 99
    run.world.repositories["plugin"].breaks_at = 0
    run(HOUR)
    assert sum(record["version"] == "2.0" for record in run.records.values()) == 150


def test_a_dead_api_is_left_alone(run: Run) -> None:
    """Six failures in a row end the run: not one request for each of 5,000 packages."""
    for number in range(5_000):
        run.world.add("plugin", f"p{number}")
    run.world.always["api"] = fake.status(503)
    report = run()
    assert any("the API is out" in failure for failure in report.failures)
    assert report.failed == 5_005
    assert run.world.asked("api") <= 2 * (6 + 4)


def test_told_to_wait_an_hour_the_run_ends(run: Run) -> None:
    """A pause longer than a run can make is kept by ending it."""
    run()
    run.world.always["api"] = fake.status(429, Retry_After="7200")
    report = run(DAY)
    assert report.failed == 4  # all but the old closure
    assert run.world.asked("api") <= 2


def test_a_seed_list_is_a_directory_of_its_own(run: Run) -> None:
    """Only the seeds, without Subversion; without the list the whole directory comes back."""
    run()
    run(HOUR, seeds={"plugin": ["jetpack", "long-closed", "no-such"], "theme": []})
    assert set(run.records) == {"plugin/jetpack"}
    assert {kind for kind, _ in run.world.requests} == {"api"}
    run.world.answers["plugin", "jetpack"] = fake.plugin("jetpack", "2.0")
    run(60, seeds={"plugin": ["jetpack"]})
    assert run.records["plugin/jetpack"]["version"] == "2.0"
    run(60)
    assert set(run.records) == {"plugin/akismet", "plugin/jetpack", "theme/astra"}
    assert run.records["plugin/jetpack"]["version"] == "2.0"


def test_relist_finds_a_name_that_no_log_told(run: Run) -> None:
    """The index is read again; what is known already is not asked for it."""
    run()
    run.world.repositories["plugin"].names.append("slipped-by")
    run.world.answers["plugin", "slipped-by"] = fake.plugin("slipped-by")
    run(HOUR, relist=True)
    assert [slugs for kind, slugs in run.world.requests if kind == "api"] == [["slipped-by"]]
    assert "plugin/slipped-by" in run.records


def test_the_order_of_answers_does_not_matter(world: fake.World, tmp_path: Path) -> None:
    """Two runs with answers in another order save the same bytes."""
    for number in range(500):
        world.add("plugin", f"p{number}")
    texts = []
    with world.served() as sites:
        for way, concurrency in (("one", 1), ("eight", 8)):
            with (
                Client(limits=Limits(concurrency=concurrency)) as client,
                Saved(tmp_path / way) as saved,
            ):
                fetch(saved, client, sites)
                texts.append(saved.records.read_bytes())
    assert texts[0] == texts[1]
