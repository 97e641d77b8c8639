"""Plates: drawn with the cards, named in a release, kept while anything shows them."""

import time
from pathlib import Path

import pytest

from catalog import database
from catalog.journal import Journal
from publish.cards import memory
from publish.cards.store import PlateStore
from publish.releases import Releases
from publish.site import published
from render import Plate
from scripts import build, deploy, redraw, render_new
from tests import runs
from tests.conftest import SITE_URL, Source, record
from tests.runs import Here
from tests.stub import blank, plain

_DAY = 86_400


class _Counting:
    """A renderer that remembers the plates it drew."""

    def __init__(self) -> None:
        self.plates: list[Plate] = []

    def __call__(self, plate: Plate) -> bytes:
        self.plates.append(plate)
        return plain(plate)


def _plates(data: Path) -> dict[str, str]:
    return dict(published.plates_of(data / "current" / "site.db"))


def _store(data: Path) -> PlateStore:
    return PlateStore(data / "store" / "plates")


def _run(data: Path, source: Path, plates: _Counting) -> None:
    """Do what the pipeline and the daily job do."""
    where = ["--data", str(data)]
    assert build.main([*where, "--source", str(source)]) == 0
    assert render_new.main(where, None, blank, Here(), plates) == 0
    assert redraw.main(where, None, blank, Here(), plates) == 0
    assert deploy.main([*where, "--site-url", SITE_URL, "--keep", "1", "--grace-days", "0"]) == 0


def test_every_package_of_a_release_has_a_plate_on_disk(data: Path, source: Source) -> None:
    """Two that show the same share a file."""
    _run(data, source(record("a1"), record("b2")), _Counting())

    assert _plates(data).keys() == {"plugin/a1", "plugin/b2"}
    assert all(map(_store(data).whole, _plates(data).values()))
    assert set(_store(data).all()) == set(_plates(data).values())


def test_a_plate_is_drawn_again_only_when_something_else_shows(data: Path, source: Source) -> None:
    """A fact of the card leaves it as it is; another initial does not, and the old one goes."""
    drawn = _Counting()
    _run(data, source(record("a1", name="Alpha")), drawn)
    first = _plates(data)
    _run(data, source(record("a1", name="Almost", active_installs=70_000)), drawn)
    assert (_plates(data), len(drawn.plates)) == (first, 1)

    _run(data, source(record("a1", name="Beta")), drawn)
    assert [plate.initial for plate in drawn.plates] == ["A", "B"]
    assert set(_store(data).all()) == set(_plates(data).values())


def test_a_closed_package_gets_the_closed_plate_in_the_run_that_learns_of_it(
    data: Path, source: Source
) -> None:
    """Without the daily job."""
    _run(data, source(record("a1")), _Counting())
    drawn, where = _Counting(), ["--data", str(data)]
    closed = record("a1", closed=True, closed_date="2026-05-12")
    assert build.main([*where, "--source", str(source(closed)), "--max-withdrawn", "100%"]) == 0
    assert render_new.main(where, None, blank, Here(), drawn) == 0

    assert [plate.template for plate in drawn.plates] == ["closed"]


def test_a_plate_missing_on_disk_stops_the_release(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 3 names the package, and nothing is published."""
    where = ["--data", str(data)]
    assert build.main([*where, "--source", str(source(record("a1")))]) == 0
    assert render_new.main(where, None, blank, Here(), plain) == 0
    with database.reading(data) as db:
        ((_, plate),) = memory.plates_in_use(db)
    _store(data).remove(plate)

    assert deploy.main([*where, "--site-url", SITE_URL]) == 3
    assert f"plugin/a1 names plate {plate}, which is not whole" in capsys.readouterr().err
    assert Releases(data).current() is None


def test_prune_never_removes_a_plate_that_anything_names(data: Path, source: Source) -> None:
    """One that was replaced goes when no kept release names it and its days of grace are over."""
    assert runs.pipeline(data, source(record("a1", name="Alpha")), Journal()) == 0
    (old,) = _plates(data).values()
    assert runs.pipeline(data, source(record("a1", name="Beta")), Journal()) == 0
    where = ["--data", str(data), "--site-url", SITE_URL]
    assert redraw.main(where[:2], None, blank, Here(), plain) == 0
    assert deploy.main([*where, "--keep", "5", "--grace-days", "0"]) == 0
    assert _store(data).whole(old), "a kept release still names it"

    assert runs.prune.main([*where[:2], "--keep", "1", "--grace-days", "30"]) == 0
    assert _store(data).whole(old), "its days of grace are not over"

    with database.writing(data) as db:
        db.execute("UPDATE retired_plate SET retired_at = ?", (int(time.time()) - 31 * _DAY,))
    assert runs.prune.main([*where[:2], "--keep", "1", "--grace-days", "30"]) == 0
    assert not _store(data).path(old).exists()
    assert all(map(_store(data).whole, _plates(data).values()))
