"""count: logs set aside, counted and deleted, by a command that may be killed at any point."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from webob import Request

from catalog import database
from catalog.installs import count as counting_step
from catalog.installs import counting
from catalog.journal import Journal
from publish.cards.store import CardStore
from publish.releases import Releases
from publish.site import write
from scripts import count, redraw, render_new
from server import Settings, make_app
from tests import runs
from tests.catalog.installs.installing import build, line, totals, with_versions
from tests.conftest import ROOT, SITE_URL, Source, Tell, pipeline, record
from tests.runs import Here
from tests.runs import command as run
from tests.stub import blank

NOW = int(time.time()) // 3600 * 3600 - 7200
KILLS = 200


@pytest.fixture(name="shop")
def _shop(data: Path) -> Path:
    """A catalogue with two packages, and a folder for logs."""
    build(data, with_versions("one", "1.0", "1.1"), with_versions("two", "1.0"))
    (data / "log").mkdir()
    return data


def append(data: Path, *lines: bytes) -> None:
    """Log lines as nginx does: at the end of the file of this name, made if need be."""
    with (data / "log" / "downloads.log").open("ab") as log:
        for one in lines:
            log.write(one)


def logs(data: Path) -> list[str]:
    """Name the logs that there are."""
    return sorted(path.name for path in (data / "log").iterdir() if path.name != "nginx.pid")


def test_a_log_is_counted_and_deleted(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an nginx that runs: set aside, counted, gone; what was refused is named."""
    append(shop, line(NOW, "wp-plugin/one 1.0.0.0"), b"nonsense\n")
    code = count.main(["--data", str(shop)])
    said = capsys.readouterr()

    assert code == 0
    assert totals(shop) == {("one", "1.0"): 1}
    assert logs(shop) == []
    assert said.out.startswith("count: 1 installs of 1 packages from 2 lines in 1 logs;")
    assert ", line 2: it is not JSON" in said.err


def test_the_second_run_does_nothing(shop: Path) -> None:
    """Not a file is touched but the lock, and no run is remembered."""
    append(shop, line(NOW, "wp-plugin/one 1.0.0.0"))
    assert run(shop, "count").returncode == 0
    before = {
        path: path.stat().st_mtime_ns
        for path in shop.rglob("*")
        if path.name not in ("lock", "last-runs.json")
    }
    assert run(shop, "count").returncode == 0

    assert {path: path.stat().st_mtime_ns for path in before} == before
    with database.reading(shop) as db:
        assert db.execute("SELECT count(*) FROM run").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM install_log").fetchone() == (0,)


def test_without_a_log_there_is_nothing_to_do(data: Path) -> None:
    """Before the first visitor, and before the first pipeline."""
    assert run(data, "count").returncode == 0


def test_another_log(shop: Path, tmp_path: Path) -> None:
    """--log names one anywhere."""
    other = tmp_path / "elsewhere.jsonl"
    other.write_bytes(line(NOW, "wp-plugin/two 1.0.0.0"))

    assert count.main(["--data", str(shop), "--log", str(other)]) == 0
    assert totals(shop) == {("two", "1.0"): 1}
    assert not other.exists()


def test_a_log_that_cannot_be_moved_is_a_sentence(
    shop: Path,
) -> None:
    """A log that cannot be had is named, and the exit code is 2."""
    (shop / "plain").touch()
    ended = run(shop, "count", "--log", shop / "plain" / "log")

    assert ended.returncode == 2
    assert "plain/log: Not a directory" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_log_that_is_still_written_to_stays(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in it is counted at once; it is deleted by the run after the writer let go."""
    monkeypatch.setattr(counting_step, "_PATIENCE", 0.1)
    append(shop, line(NOW, "wp-plugin/one 1.0.0.0"))
    with (shop / "log" / "downloads.log").open("ab") as writer:
        assert count.main(["--data", str(shop)]) == 1
        assert "still writes to it" in capsys.readouterr().err
        assert totals(shop) == {("one", "1.0"): 1}
        writer.write(line(NOW, "wp-plugin/one 1.1.0.0", address="192.0.2.8"))
    assert len(logs(shop)) == 1

    assert count.main(["--data", str(shop)]) == 0
    assert totals(shop) == {("one", "1.0"): 1, ("one", "1.1"): 1}
    assert logs(shop) == []


def test_what_is_written_until_the_writer_lets_go_is_counted(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that comes between the first reading and the letting go."""
    append(shop, line(NOW, "wp-plugin/one 1.0.0.0"))
    writer = (shop / "log" / "downloads.log").open("ab")

    def late(*_: object) -> bool:
        if not writer.closed:
            writer.write(line(NOW, "wp-plugin/two 1.0.0.0"))
            writer.close()
            return True
        return False

    monkeypatch.setattr(counting_step, "in_use", late)

    assert count.main(["--data", str(shop)]) == 0
    assert totals(shop) == {("one", "1.0"): 1, ("two", "1.0"): 1}
    assert logs(shop) == []


def test_only_an_nginx_is_signalled(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pid file that is left over may name anybody by now: this signal would end them."""
    append(shop, line(NOW, "wp-plugin/one 1.0.0.0"))
    bystander = subprocess.Popen(["sleep", "60"])
    (shop / "log" / "nginx.pid").write_text(f"{bystander.pid}\n")
    try:
        assert count.main(["--data", str(shop)]) == 0
    finally:
        bystander.terminate()
    # A signal that was sent before, of a lower number, would have ended it.
    assert bystander.wait() == -signal.SIGTERM
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("content", ["", "nginx", "-1", "999999999"])
def test_a_pid_file_may_hold_anything(shop: Path, content: str) -> None:
    """Nobody is signalled, and the log is counted."""
    append(shop, line(NOW, "wp-plugin/one 1.0.0.0"))
    (shop / "log" / "nginx.pid").write_text(content)

    assert count.main(["--data", str(shop)]) == 0
    assert totals(shop) == {("one", "1.0"): 1}


def test_a_card_is_redrawn_when_what_it_prints_of_installs_changes(shop: Path) -> None:
    """From none to 1+ it is, from 1+ to 2 it is not."""

    def cards() -> dict[str, str]:
        with database.reading(shop) as db:
            rows = db.execute("SELECT slug, fingerprint FROM package JOIN card ON package_id = id")
            return dict(rows.fetchall())

    def day(hour: int) -> dict[str, str]:
        append(shop, line(NOW - 3600 * hour, "wp-plugin/one 1.0.0.0"))
        assert count.main(["--data", str(shop)]) == 0
        assert redraw.main(["--data", str(shop)], None, blank, Here()) == 0
        return cards()

    render_new.main(["--data", str(shop)], None, blank, Here())
    none, first, second = cards(), day(1), day(2)

    assert first["one"] != none["one"]
    assert first["two"] == none["two"]
    assert second == first
    assert CardStore(shop / "store" / "og").whole(first["one"])
    with database.reading(shop) as db:
        facts = db.execute("SELECT facts FROM card JOIN package ON id = package_id").fetchall()
    assert any('"downloads": "1+"' in text for (text,) in facts)


def _counting(data: Path, _source: Path, journal: Journal) -> int:
    return count.main(["--data", str(data)], journal)


def _settled(data: Path, expected: dict[tuple[str, str], int]) -> None:
    runs.boundaries(_counting, data, data)
    assert totals(data) == expected
    assert totals(data, "install_day") == expected
    assert logs(data) == []
    with database.reading(data) as db:
        assert db.execute("SELECT count(*) FROM install_log").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM install_due").fetchone() == (0,)


Traffic = Callable[[], None]


def _traffic(data: Path, seed: int, expected: dict[tuple[str, str], int]) -> Traffic:
    """Give what logs some lines each time it is called, and notes what they must count for."""
    chance = random.Random(seed)
    seen: set[tuple[int, int, str, str]] = set()

    def log() -> None:
        for _ in range(chance.randrange(60)):
            at = NOW - chance.randrange(20) * 3600
            address, slug = chance.randrange(30), chance.choice(["one", "two"])
            append(data, line(at, f"wp-plugin/{slug} 1.0.0.0", address=f"192.0.2.{address}"))
            key = (at // 3600, address, slug, "1.0")
            if key not in seen:
                seen.add(key)
                expected[slug, "1.0"] = expected.get((slug, "1.0"), 0) + 1

    return log


def test_a_kill_at_every_boundary_loses_and_repeats_nothing(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two durable acts, with small batches so that there are many."""
    monkeypatch.setattr(counting, "_BATCH", 2_000)
    expected: dict[tuple[str, str], int] = {}
    traffic = _traffic(shop, 1, expected)
    boundary = 0
    while True:
        traffic()
        if not runs.killed_at(_counting, shop, shop, boundary):
            break
        traffic()
        _settled(shop, expected)
        boundary += 1

    assert boundary >= 6


def test_two_hundred_kills_lose_and_repeat_nothing(
    shop: Path, monkeypatch: pytest.MonkeyPatch, tell: Tell
) -> None:
    """At seeded parts of a run and boundaries, while lines keep coming; every tenth may end."""
    monkeypatch.setattr(counting, "_BATCH", 2_000)
    chance = random.Random(20261123)
    expected: dict[tuple[str, str], int] = {}
    traffic = _traffic(shop, 2, expected)
    killed = tried = 0
    began = time.monotonic()
    traffic()
    lasts = runs.lasted(_counting, shop, shop)
    while killed < KILLS:
        tried += 1
        traffic()
        if chance.random() < 0.5:
            killed += runs.killed_at(_counting, shop, shop, chance.randrange(8))
        else:
            killed += runs.killed_after(_counting, shop, shop, chance.uniform(0, lasts))
        if tried % 10 == 0:
            _settled(shop, expected)
    _settled(shop, expected)
    tell(
        f"{killed} kills in {tried} runs, {sum(expected.values()):,} installs: none lost, "
        f"none twice ({time.monotonic() - began:.0f} s)"
    )


_MEASURED = """
import pathlib, resource, sys, time
from scripts import count
began = time.perf_counter()
code = count.main(["--data", sys.argv[1]])
usage = resource.getrusage(resource.RUSAGE_SELF)
seconds, cpu = time.perf_counter() - began, usage.ru_utime + usage.ru_stime
# Not ru_maxrss: a child begins with its parent's.
status = pathlib.Path("/proc/self/status").read_text().splitlines()
peak = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
print(seconds, cpu, peak, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    "number", [20_000, pytest.param(1_000_000, marks=pytest.mark.soak)], ids=lambda n: f"{n:,}"
)
def test_a_large_log_takes_little_memory(data: Path, number: int, tell: Tell) -> None:
    """Streamed: the peak stays under 150 MB however long the log; seconds are reported."""
    slugs = [f"package-{n}" for n in range(2_000)]
    build(data, *(with_versions(slug, *(f"{n}.0" for n in range(1, 11))) for slug in slugs))
    (data / "log").mkdir()
    chance = random.Random(number)
    with (data / "log" / "downloads.log").open("wb") as log:
        for n in range(number):
            said = [
                f"wp-plugin/{chance.choice(slugs)} {chance.randrange(1, 11)}.0.0.0"
                for _ in range(chance.choice([1, 1, 2, 4]))
            ]
            address = f"198.51.{chance.randrange(256)}.{chance.randrange(256)}"
            log.write(line(NOW - 80_000 * (number - n) / number, *said, address=address))
    ended = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds, cpu, peak = map(float, ended.stderr.split()[-3:])
    tell(
        f"{number:,} lines: {seconds:.1f} s ({cpu:.1f} s of processor, "
        f"{number / seconds:,.0f} lines a second), peak {peak / 1024:.0f} MB"
    )

    assert ended.returncode == 0, ended.stderr
    assert f"from {number:,} lines in 1 logs" in ended.stdout
    assert peak < 150 * 1024
    assert sum(totals(data).values()) > number


def test_the_daily_job_publishes_what_was_counted(data: Path, source: Source) -> None:
    """count, regenerate, deploy: the page, the card, the badge and the figures tell of it."""
    sample = source(record("one"), record("two"))
    assert run(data, *pipeline(sample)).returncode == 0
    (data / "log").mkdir(exist_ok=True)
    append(data, *(line(NOW, "wp-plugin/one 1.0.0.0", address=f"192.0.2.{n}") for n in range(12)))
    daily = ("regenerate", "--site-url", SITE_URL)
    first, second = run(data, *daily), run(data, *daily)
    app = make_app(Settings(data=data))

    def get(path: str) -> str:
        return str(Request.blank(path).get_response(app).text)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "1 drawn" in first.stdout
    assert "there was nothing to do" in second.stdout
    assert "; 12 in all<" in get("/packages/plugin/one")
    assert "counted here so far" in get("/packages/plugin/two")
    stats = json.loads(get("/api/packages/plugin/one/stats.json"))
    assert stats["installs"]["last_30_days"] == 12
    assert stats["versions"] == {"1.0": 12}
    assert json.loads(get("/api/stats"))["installs"]["total"] == 12
    assert "installs: 10+" in (data / "store" / "badges" / "plugin" / "one.svg").read_text()
    assert "installs: none yet" in (data / "store" / "badges" / "plugin" / "two.svg").read_text()


def test_a_release_grown_from_the_one_before_has_the_same_installs(
    data: Path, source: Source, tmp_path: Path
) -> None:
    """Totals made by adding to an older release equal those made anew, all packages included."""
    runs.boundaries(runs.pipeline, data, source(*(record(f"p{n}") for n in range(4))))
    (data / "log").mkdir(exist_ok=True)
    for turn, day in enumerate((70, 40, 10, 0)):
        at = NOW - day * 86_400
        append(data, line(at, *(f"wp-plugin/p{n} 1.0.0.0" for n in range(turn % 3, 4))))
        assert count.main(["--data", str(data)]) == 0
        runs.boundaries(runs.daily, data, data)
    newest = Releases(data).newest()
    assert newest is not None
    anew = tmp_path / "site.db"
    with database.writing(data) as db:
        write.write(db, None, anew, write.Settings(SITE_URL), time.time())

    assert _installs(anew) == _installs(data / "releases" / newest / "site.db")
    assert ("install_month", 0) in {row[:2] for row in _installs(anew)}


def _installs(site_db: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{site_db.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        return [
            (table, *row)
            for table in ("install_day", "install_month", "install_version")
            for row in db.execute(f"SELECT * FROM {table}").fetchall()
        ] + db.execute("SELECT 'package', id, installs FROM package").fetchall()
