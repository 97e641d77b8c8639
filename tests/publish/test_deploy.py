"""deploy, rollback and prune: what is published, what comes back, and what may go."""

import os
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from catalog import database
from catalog.composer.remembered import Sharing
from publish.cards.store import CardStore
from publish.cards.workers import Workers
from publish.releases import Releases
from publish.site import published, shared, write
from scripts import deploy
from tests import runs, site
from tests.conftest import SITE_URL, Source, pipeline, record
from tests.runs import command as run

_DAY = 86_400


def _publish(data: Path, source: Path, *more: str) -> None:
    words = (*pipeline(source), *more)
    assert run(data, *words).returncode == 0


def _deploy(data: Path, *more: str) -> int:
    return deploy.main(["--data", str(data), "--site-url", SITE_URL, *more])


def test_a_release_made_from_the_one_before_equals_one_made_from_nothing(
    data: Path, source: Source, tmp_path: Path
) -> None:
    """Only changed rows are written, and the result is the same, search included."""
    runs.boundaries(runs.pipeline, data, source(*(record(f"p{n}") for n in range(30))))
    feed = source(
        *(record(f"p{n}") for n in range(2, 29)), record("p29", name="New Name"), record("p30")
    )
    runs.boundaries(runs.pipeline, data, feed)
    newest = Releases(data).newest()
    assert newest is not None
    anew = tmp_path / "site.db"
    with database.writing(data) as db:
        made = write.write(db, None, anew, write.Settings(SITE_URL), time.time())

    assert len(made.touched) == 31
    assert sorted(map(repr, site.rows(anew))) == sorted(
        map(repr, site.rows(Releases(data).path(newest) / "site.db"))
    )


class _Mortal(Workers):
    """Processes of which each second call ends one."""

    calls = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.calls += 1
        if self.calls % 2:
            return super().submit(os._exit, 1)
        return super().submit(fn, *args, **kwargs)


@pytest.mark.parametrize("processes", [Workers, _Mortal])
def test_a_release_that_processes_shared_is_the_same(
    data: Path, source: Source, tmp_path: Path, processes: type[Workers]
) -> None:
    """Batches of packages come in order, also from processes that die: what those had is made."""
    count = 1_100
    runs.boundaries(runs.pipeline, data, source(*(record(f"p{n}") for n in range(count))))
    anew, told = tmp_path / "site.db", write.Settings(SITE_URL)
    make = shared.maker(data, Sharing(2, processes, least=count))
    with database.writing(data) as db:
        write.write(db, None, anew, told, time.time(), make=make)

    assert sorted(map(repr, site.rows(anew))) == sorted(
        map(repr, site.rows(data / "current" / "site.db"))
    )


def test_the_same_input_gives_the_same_release(source: Source, tmp_path: Path) -> None:
    """Rows, card names and card bytes do not depend on when or where they were made."""
    feed = source(*(record(f"p{n}", name=f"مكون {n}") for n in range(20)), record("p20", author=""))
    made = []
    for name in ("a", "b"):
        _publish(tmp_path / name, feed)
        store = CardStore(tmp_path / name / "store" / "og")
        bytes_of = {card: store.path(card).read_bytes() for card in store.all()}
        made.append((site.rows((tmp_path / name / "current" / "site.db").resolve()), bytes_of))

    assert made[0] == made[1]


def test_a_second_run_changes_no_file(data: Path, source: Source) -> None:
    """No new release, no new file, no mtime but of the lock and of how the run went."""
    feed = source(record("one"), record("two"))
    _publish(data, feed)
    before = _mtimes(data)
    ended = run(data, *pipeline(feed))

    assert ended.returncode == 0
    assert "there was nothing to do" in ended.stdout
    assert _mtimes(data) == before


def _mtimes(data: Path) -> dict[str, int]:
    told = ("lock", "last-runs.json")
    files = (path for path in data.rglob("*") if not path.is_dir() and path.name not in told)
    return {str(path): path.lstat().st_mtime_ns for path in files}


def test_a_card_missing_on_disk_stops_the_release(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """The live release stays, exit 3 names the package, and nothing is left over."""
    _publish(data, source(record("one")))
    live = Releases(data).current()
    run(data, "build", "--source", source(record("one"), record("two")))
    run(data, "render-new")
    with database.reading(data) as db:
        (card,) = db.execute(
            "SELECT fingerprint FROM card JOIN package ON id = package_id WHERE slug = 'two'"
        ).fetchone()
    path = CardStore(data / "store" / "og").path(card)
    path.write_bytes(path.read_bytes()[:-20])

    assert _deploy(data) == 3
    assert f"plugin/two names card {card}, which is not whole on disk" in capsys.readouterr().err
    assert Releases(data).current() == live
    assert Releases(data).ids() == [live]


def test_without_a_default_card_nothing_is_published(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """A catalogue that was built but never drawn is refused with the way out."""
    run(data, "build", "--source", source(record("one")))

    assert _deploy(data) == 3
    assert "make render-new" in capsys.readouterr().err
    assert Releases(data).current() is None


def test_a_new_site_url_is_a_new_release(data: Path, source: Source) -> None:
    """Every published link rests on it."""
    _publish(data, source(record("one")))
    first = Releases(data).current()

    assert _deploy(data) == 0
    assert Releases(data).current() == first
    assert deploy.main(["--data", str(data), "--site-url", "https://example.org/wp"]) == 0
    assert Releases(data).current() != first
    assert "https://example.org/wp/og/" in site.pages(data)["/packages/plugin/one"]


def test_rollback_brings_back_pages_and_card_addresses_exactly(data: Path, source: Source) -> None:
    """And a pipeline with nothing new leaves it at that; a change publishes again."""
    _publish(data, source(record("one"), record("two")))
    first, before = Releases(data).current(), site.pages(data)
    changed = source(record("one", name="Renamed"), record("three"))
    _publish(data, changed)
    assert run(data, "regenerate", "--site-url", SITE_URL).returncode == 0
    after = site.pages(data)

    assert run(data, "rollback", "--release", str(first)).returncode == 0
    assert Releases(data).current() == first
    assert site.pages(data) == before != after

    ended = run(data, *pipeline(changed))

    assert "stays live (rolled back from" in ended.stdout
    assert site.pages(data) == before

    _publish(data, source(record("one", name="Renamed"), record("four")))

    assert Releases(data).rolled_back_from() is None
    assert "/packages/plugin/four" in site.pages(data)


def test_rollback_looks_for_the_pictures_in_which_a_release_differs(
    data: Path, source: Source
) -> None:
    """A card that only the older one names is lost: refused by name, and the live one stays."""
    _publish(data, source(record("one"), record("two")))
    first = data / "releases" / str(Releases(data).current())
    changed = source(record("one", name="Renamed"), record("two"))
    _publish(data, changed)
    assert run(data, "regenerate", "--site-url", SITE_URL).returncode == 0
    live = Releases(data).current()
    (card,) = {
        card for package, card in published.cards_of(first / "site.db") if package == "plugin/one"
    }
    CardStore(data / "store" / "og").path(card).unlink()

    ended = run(data, "rollback", "--release", first.name)

    assert ended.returncode == 3
    assert f"plugin/one names card {card}, which is not whole on disk" in ended.stderr
    assert Releases(data).current() == live


def test_prune_never_removes_what_a_kept_release_names(data: Path, source: Source) -> None:
    """A replaced card goes when no kept release names it and its days of grace are over."""
    store = CardStore(data / "store" / "og")
    _publish(data, source(record("one")))
    old = dict(published.cards_of(data / "current" / "site.db"))["plugin/one"]
    _publish(data, source(record("one", name="Renamed")))
    assert run(data, "regenerate", "--site-url", SITE_URL).returncode == 0

    run(data, "prune", "--keep", "5", "--grace-days", "0")
    assert store.whole(old), "a kept release still names it"

    run(data, "prune", "--keep", "1", "--grace-days", "30")
    assert store.whole(old), "its days of grace are not over"

    with database.writing(data) as db:
        db.execute("UPDATE retired_card SET retired_at = ?", (int(time.time()) - 31 * _DAY,))
    ended = run(data, "prune", "--keep", "1", "--grace-days", "30")

    assert "1 old cards" in ended.stdout
    assert not store.path(old).exists()
    assert site.pages(data)


def test_the_second_of_two_runs_is_refused_at_once(data: Path, source: Source) -> None:
    """It exits 75 and says who holds the lock since when; a dead holder holds nothing."""
    from catalog import lock

    with lock.hold(data, "build then deploy"):
        ended = run(data, *pipeline(source(record("one"))))

    assert ended.returncode == 75
    assert f"build then deploy (process {os.getpid()} on " in ended.stderr
    assert "holds the lock since 20" in ended.stderr
    assert run(data, *pipeline(source(record("one")))).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["deploy"], "--site-url"),
        (["deploy", "--site-url", "example.org"], "not an absolute http(s) address"),
        (["deploy", "--site-url", "https://example.org/a b"], "white space"),
        (["deploy", "--site-url", "https://example.org "], "white space"),
        (["deploy", "--site-url", "https://u:p@example.org"], "more than a host and a path"),
        (["deploy", "--site-url", "https://example.org/?q"], "more than a host and a path"),
        (["deploy", "--site-url", SITE_URL, "--keep", "0"], "not a whole number above 0"),
        (["render-new", "--jobs", "many"], "not a whole number above 0"),
        (["rollback", "--release", "../.."], "there is no release"),
        (["bild"], "there is no command 'bild'"),
        ([], "the commands are"),
    ],
)
def test_wrong_words_are_refused_with_a_sentence(data: Path, words: list[str], said: str) -> None:
    """Usage and configuration end with 2, and nothing is silently put right."""
    ended = run(data, *words)

    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


_VERBS = (
    "build render-new regenerate deploy rollback prune plan status releases check nginx-conf serve"
)


@pytest.mark.parametrize("verb", _VERBS.split())
def test_every_verb_explains_itself(data: Path, verb: str) -> None:
    """--help teaches, and makes nothing."""
    ended = run(data, verb, "--help")

    assert ended.returncode == 0
    assert f"usage: python -m scripts {verb}" in ended.stdout
    assert len(ended.stdout) > 250
    assert not data.exists()


def test_a_bad_line_fails_the_run_after_everything_else_was_published(
    data: Path, source: Source
) -> None:
    """Exit 1 once, with the good packages live; the same bad line again is no news."""
    feed = source(record("one"), b"{", record("two"))
    first, second = run(data, *pipeline(feed)), run(data, *pipeline(feed))

    assert (first.returncode, second.returncode) == (1, 0)
    assert "source.jsonl:2: refused: it is not JSON" in first.stderr
    assert site.pages(data).keys() == {"/packages/plugin/one", "/packages/plugin/two"}


def test_a_feed_that_lost_too_much_publishes_nothing(data: Path, source: Source) -> None:
    """Exit 3 stops the run before anything is drawn or published."""
    run(data, *pipeline(source(*(record(f"p{n}") for n in range(20)))))
    before = _mtimes(data / "releases")
    ended = run(data, *pipeline(source(*(record(f"q{n}") for n in range(20)))))

    assert ended.returncode == 3
    assert "lacks 20 of 20" in ended.stderr
    assert "render-new" not in ended.stdout
    assert _mtimes(data / "releases") == before
