"""doctor: finds each fault that is planted, says how to mend it, and mends what is safe."""

import gzip
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from catalog import database, lock
from publish.cards import wanted
from publish.cards.store import CardStore, PlateStore
from publish.releases import Releases
from publish.site import published
from release import database as site_schema
from scripts import doctor
from tests import runs, site
from tests.conftest import SITE_URL, Source, record, run, write_source
from tests.stub import blank, plain

Plant = Callable[[Path], str]  # plants a fault, and gives words of the line that tells it


@pytest.fixture(scope="module", name="sound")
def _sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases of four packages, one of which has changed, and one of which is new."""
    folder = tmp_path_factory.mktemp("sound")
    data, feed = folder / "data", [record(f"p{number}") for number in range(4)]
    for packages in (feed[:3], [record("p0", name="Renamed"), *feed[1:]]):
        runs.boundaries(runs.pipeline, data, write_source(folder, *packages))
    assert len(Releases(data).ids()) == 2
    return data


@pytest.fixture(name="published")
def _published(sound: Path, data: Path) -> Path:
    """A copy of it, links, modes and times included."""
    return Path(shutil.copytree(sound, data, symlinks=True))


@pytest.fixture(scope="module", name="alone")
def _alone(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newer of the two alone: each look at a release starts the app."""
    data = Path(shutil.copytree(sound, tmp_path_factory.mktemp("alone") / "data", symlinks=True))
    run(data, "prune", "--keep", "1", "--grace-days", "0")
    assert len(Releases(data).ids()) == 1
    return data


def _doctor(data: Path, *more: str) -> int:
    return doctor.main(["--data", str(data), *more], blank, plain)


def _state(data: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path): (path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes())
        for path in data.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def _live(data: Path) -> Path:
    return Releases(data).path(str(Releases(data).current()))


def _older(data: Path) -> Path:
    return Releases(data).path(Releases(data).ids()[0])


def _card(data: Path, package: str = "plugin/p1") -> str:
    return dict(published.cards_of(_live(data) / "site.db"))[package]


def _card_file(data: Path, package: str = "plugin/p1") -> Path:
    return CardStore(data / "store" / "og").path(_card(data, package))


def _p2(data: Path, name: str) -> Path:
    return data / "store" / "p2" / name


def _write_site(path: Path, *statements: str) -> None:
    path.chmod(0o644)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)
    path.chmod(0o444)


def test_a_sound_site_has_no_fault_and_is_left_alone(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0, and neither looking nor mending changes a byte, a mode or a time."""
    before = _state(published)

    assert _doctor(published) == 0
    assert _doctor(published, "--mend") == 0
    assert capsys.readouterr().out == "doctor: 0 faults\ndoctor: 0 faults, 0 mended\n"
    assert _state(published) == before


def test_what_composer_cannot_have_is_no_fault(data: Path, source: Source) -> None:
    """A package without a version has Composer files, and the list of names does not name it."""
    runs.boundaries(runs.pipeline, data, source(record("one"), record("none", versions={})))
    assert "wp-plugin/none" not in _p2(data, "list.json").read_text()

    assert _doctor(data) == 0


def test_a_release_without_a_column_is_a_fault_and_no_end(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that some code between two versions has made: it is named, and all else is looked at."""
    _write_site(_older(published) / "site.db", "ALTER TABLE package RENAME COLUMN plate TO plates")

    assert _doctor(published) == 1
    said = capsys.readouterr().out
    assert f"{_older(published).name}" in said
    assert "no such column: plate" in said
    assert said.endswith("doctor: 1 faults\n")


def _lost_card(data: Path) -> str:
    _card_file(data).unlink()
    return f"card {_card(data)} of plugin/p1 in release {_live(data).name} is not on disk"


def _cut_card(data: Path) -> str:
    path = _card_file(data)
    path.write_bytes(path.read_bytes()[:-20])
    return "is damaged on disk"


def _rotten_card(data: Path) -> str:
    path = _card_file(data)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return "is damaged on disk"


def _lost_default_card(data: Path) -> str:
    with database.reading(data) as db:
        (card,) = db.execute(
            "SELECT fingerprint FROM page_card WHERE page = ?", (wanted.DEFAULT,)
        ).fetchone()
    CardStore(data / "store" / "og").remove(card)
    return f"card {card} of "


def _orphan(data: Path) -> str:
    path = CardStore(data / "store" / "og").path("0" * 32)
    path.parent.mkdir(exist_ok=True)
    shutil.copy(_card_file(data), path)
    return f"{path} is named by no kept release, nor by the catalogue"


def _plate(data: Path, package: str = "plugin/p1") -> str:
    return dict(published.plates_of(_live(data) / "site.db"))[package]


def _plate_file(data: Path) -> Path:
    return PlateStore(data / "store" / "plates").path(_plate(data))


def _lost_plate(data: Path) -> str:
    _plate_file(data).unlink()
    return f"plate {_plate(data)} of plugin/p1 in release {_live(data).name} is not on disk"


def _cut_plate(data: Path) -> str:
    path = _plate_file(data)
    path.write_bytes(path.read_bytes()[:-9])
    return "is damaged on disk"


def _rotten_plate(data: Path) -> str:
    path = _plate_file(data)
    path.write_bytes(path.read_bytes().replace(b"<desc>", b"<desc<"))
    return "is damaged on disk"


def _orphaned_plate(data: Path) -> str:
    path = PlateStore(data / "store" / "plates").path("0" * 32)
    path.parent.mkdir(exist_ok=True)
    shutil.copy(_plate_file(data), path)
    return f"{path} is named by no kept release, nor by the catalogue"


def _link_to_nowhere(data: Path) -> str:
    (data / "current").unlink()
    (data / "current").symlink_to("releases/20200101T000000Z")
    return "leads to releases/20200101T000000Z, which is not there"


def _no_link(data: Path) -> str:
    (data / "current").unlink()
    return "current is not there"


def _link_that_cannot_move(data: Path) -> str:
    live = _live(data)
    (data / "current").unlink()
    (data / "current").symlink_to(live)
    return "would not if the folder were moved"


def _unswitched(data: Path) -> str:
    newest = _live(data).name
    Releases(data).switch(_older(data).name)
    return f"release {newest} is finished, and {_older(data).name} is live"


def _writable_release(data: Path) -> str:
    path = _live(data) / "site.db"
    path.chmod(0o644)
    return f"{path} can be written to"


def _changed_file(data: Path) -> str:
    path = _p2(data, "wp-plugin/p1.json")
    path.write_bytes(path.read_bytes().replace(b"1.0", b"6.6"))
    return f"{path} differs from the live release"


def _changed_twin(data: Path) -> str:
    path = _p2(data, "wp-plugin/p1~dev.json")
    twin = path.with_name(f"{path.name}.gz")
    status = twin.stat()
    twin.write_bytes(gzip.compress(b"{}"))
    os.utime(twin, ns=(status.st_atime_ns, status.st_mtime_ns))
    return f"{path} has another content in its compressed twin"


def _cut_twin(data: Path) -> str:
    twin = _p2(data, "wp-plugin/p1.json.gz")
    twin.write_bytes(twin.read_bytes()[:-9])
    return "its compressed twin cannot be read"


def _no_twin(data: Path) -> str:
    _p2(data, "wp-plugin/p1.json.gz").unlink()
    return "has no compressed twin"


def _no_file(data: Path) -> str:
    _p2(data, "packages.json").unlink()
    return f"{_p2(data, 'packages.json')} is missing"


def _other_time(data: Path) -> str:
    path = _p2(data, "list.json")
    os.utime(path, ns=(0, path.stat().st_mtime_ns - 1_000_000_000))
    return f"{path} is not of the same time as its compressed twin"


def _foreign_file(data: Path) -> str:
    path = _p2(data, "wp-theme/of-nobody.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    return f"{path} is of no package"


def _unmarked(data: Path) -> str:
    (data / "store" / "p2.release").unlink()
    return f"is of release none, and {_live(data).name} is live"


def _unreadable_metadata(data: Path) -> str:
    with database.writing(data) as db:
        db.execute("UPDATE metadata SET main = x'00' WHERE name = 'wp-plugin/p2'")
    return "the metadata of plugin/p2: it cannot be read"


def _misnamed_metadata(data: Path) -> str:
    with database.writing(data) as db:
        db.execute("UPDATE metadata SET name = 'wp-plugin/P2' WHERE name = 'wp-plugin/p2'")
    return "it is named 'wp-plugin/P2', which should be 'wp-plugin/p2'"


def _leftovers(data: Path) -> str:
    for name in ("releases/20200101T000000Z.tmp/static", "store/og/00"):
        (data / name).mkdir(parents=True, exist_ok=True)
    left = ("store/og/00/x.tmp", "store/p2/list.json.tmp", "catalog.db.tmp-journal")
    for name in left:
        (data / name).touch()
    (data / "current.tmp").symlink_to("nowhere")
    return f"{data / 'store' / 'og' / '00' / 'x.tmp'} is left of a run that was killed"


def _anybodys(data: Path) -> str:
    _card_file(data).chmod(0o666)
    return f"{_card_file(data)} can be written by anybody"


_SAFE: list[Plant] = [
    *(_lost_card, _cut_card, _rotten_card, _lost_default_card, _orphan),
    *(_lost_plate, _cut_plate, _rotten_plate, _orphaned_plate),
    *(_link_to_nowhere, _no_link, _link_that_cannot_move, _writable_release),
    *(_changed_file, _changed_twin, _cut_twin, _no_twin, _no_file, _other_time, _foreign_file),
    *(_unmarked, _unreadable_metadata, _misnamed_metadata, _leftovers, _anybodys),
]


@pytest.mark.parametrize("plant", _SAFE)
def test_a_fault_is_told_and_mended(
    alone: Path, data: Path, source: Source, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    """Looking changes nothing; mending leaves a site without a fault, and the next run well."""
    _is_mended(Path(shutil.copytree(alone, data, symlinks=True)), source, plant, capsys)


def test_a_finished_release_is_published(
    published: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """So is a release that is finished and not live, as after a kill before the switch."""
    _is_mended(published, source, _unswitched, capsys)


def _is_mended(
    published: Path, source: Source, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    live, pages = _live(published), site.pages(published)
    words = plant(published)
    before = _state(published)

    assert _doctor(published) == 1
    line = next(line for line in capsys.readouterr().out.splitlines() if words in line)
    assert "`make doctor MEND=1`" in line
    assert _state(published) == before

    assert _doctor(published, "--mend") == 0
    assert "0 mended" not in capsys.readouterr().out
    assert _live(published) == live
    assert site.pages(published) == pages
    assert runs.boundaries(
        runs.pipeline, published, source(record("p0", name="Renamed"), record("p1"), record("p4"))
    )
    assert _doctor(published) == 0


def _broken_site(data: Path) -> str:
    path = _older(data) / "site.db"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:8192] + b"\xa5" * 100_000)
    path.chmod(0o444)
    return f"release {_older(data).name}: site.db: "


def _no_site(data: Path) -> str:
    path = _older(data) / "site.db"
    path.unlink()
    return f"there is no {path}"


def _other_schema(data: Path) -> str:
    _write_site(_older(data) / "site.db", "PRAGMA user_version = 99")
    return f"its schema is 99, and this version serves {site_schema.readable()}"


def _loose_row(data: Path) -> str:
    _write_site(
        _older(data) / "site.db", "UPDATE history SET package_id = 999 WHERE package_id = 1"
    )
    return "of history belongs to no package"


def _no_robots(data: Path) -> str:
    (_older(data) / "static" / "robots.txt").unlink()
    return "robots.txt is missing"


def _no_sitemap(data: Path) -> str:
    path = _older(data) / "static" / "sitemaps" / "packages-0.xml"
    path.unlink()
    return f"{path} is missing"


def _blind_app(data: Path) -> str:
    _write_site(_older(data) / "site.db", "DROP TABLE tag")
    return f"release {_older(data).name}: /packages/plugin/p0 answers 500, not 200"


def _written(data: Path) -> str:
    (_older(data) / "site.db-wal").touch()
    return "site.db-wal shows that something wrote to it"


def _card_of_the_past(data: Path) -> str:
    older = dict(published.cards_of(_older(data) / "site.db"))["plugin/p0"]
    with database.writing(data) as db:
        db.execute("DELETE FROM card WHERE fingerprint = ?", (older,))
    CardStore(data / "store" / "og").remove(older)
    return "is not on disk: nobody has it any more"


def _loose_memory(data: Path) -> str:
    with database.writing(data) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("INSERT INTO card_failure VALUES (999, 'why', 0)")
    return "of card_failure belongs to no package"


def _broken_memory(data: Path) -> str:
    path = data / "catalog.db"
    path.write_bytes(path.read_bytes()[:4096] + b"\xa5" * 100_000)
    return f"{path}: "


def _no_memory(data: Path) -> str:
    (data / "catalog.db").unlink()
    return f"there is no {data / 'catalog.db'}"


_GRAVE: list[Plant] = [
    *(
        _broken_site,
        _no_site,
        _other_schema,
        _loose_row,
        _no_robots,
        _no_sitemap,
        _blind_app,
        _written,
    ),
    *(_card_of_the_past, _loose_memory, _broken_memory, _no_memory),
]


@pytest.mark.parametrize("plant", _GRAVE)
def test_a_fault_that_needs_a_decision_is_told_and_left(
    published: Path, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --mend too: the way out is said, and nothing is removed or made up."""
    words = plant(published)
    before = _state(published)

    for more in ((), ("--mend",)):
        assert _doctor(published, *more) == 1
        line = next(line for line in capsys.readouterr().out.splitlines() if words in line)
        assert "MEND=1" not in line
    assert _state(published) == before


def test_an_orphan_keeps_its_days_of_grace(published: Path) -> None:
    """A share made yesterday may show it: mending hands it to prune."""
    _orphan(published)
    path = CardStore(published / "store" / "og").path("0" * 32)

    assert _doctor(published, "--mend") == 0
    assert path.exists()

    with database.writing(published) as db:
        db.execute("UPDATE retired_card SET retired_at = 0")
    run(published, "prune", "--keep", "2", "--grace-days", "30")

    assert not path.exists()


def test_a_retired_card_is_no_orphan(published: Path, source: Source) -> None:
    """It waits for the end of its grace, and is nobody's fault."""
    runs.boundaries(runs.daily, published, source())
    for _ in range(2):
        run(published, "deploy", "--site-url", f"{SITE_URL}/elsewhere", "--grace-days", "30")

    assert _doctor(published) == 0


def test_a_rollback_is_no_fault(published: Path) -> None:
    """The newest release stays back because somebody wanted it so."""
    run(published, "rollback")

    assert _doctor(published, "--mend") == 0
    assert _live(published) == _older(published)


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files to other users, so root")
def test_readers_and_owners(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The app's user must get everywhere that it reads; and nothing may be another's."""
    for folder in published.resolve().parents:
        if folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    assert _doctor(published, "--reader", "nobody") == 0

    _card_file(published).chmod(0o600)
    (_live(published) / "static").chmod(0o700)
    os.chown(_card_file(published, "plugin/p2"), 65534, 0)
    (published / "catalog.db").chmod(0o600)  # which no reader needs
    capsys.readouterr()

    assert _doctor(published, "--reader", "nobody") == 1
    told = capsys.readouterr().out
    assert f"{_card_file(published)} cannot be read by nobody: chmod g+rX" in told
    assert f"{_live(published) / 'static'} cannot be read by nobody" in told
    assert f"{_card_file(published, 'plugin/p2')} belongs to nobody, not to root" in told
    assert told.splitlines()[-1] == "doctor: 3 faults"

    published.chmod(0o700)
    published.parent.chmod(published.parent.stat().st_mode & ~stat.S_IXOTH)
    _doctor(published, "--reader", "nobody")
    told = capsys.readouterr().out
    assert f"{published.parent} does not let nobody pass" in told


def test_many_faults_are_counted_not_listed(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twenty lines tell what is wrong; thousands would hide it. All are mended."""
    runs.boundaries(runs.pipeline, data, source(*(record(f"p{n}") for n in range(40))))
    store = CardStore(data / "store" / "og")
    gone = list(store.all())
    for card in gone:
        store.remove(card)

    assert _doctor(data) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sum("is not on disk" in line for line in lines) == 20
    assert f"doctor: cards: and {len(gone) - 20} more" in lines
    assert _doctor(data, "--mend") == 0


def test_it_is_refused_while_another_run_works(published: Path) -> None:
    """What is half made would look like a fault."""
    with lock.hold(published, "build"):
        ended = run(published, "doctor")

    assert ended.returncode == 75


def test_without_anything_it_says_how_to_begin(data: Path) -> None:
    """And makes nothing; a reader whom nobody knows is a slip of the pen."""
    ended = run(data, "doctor")

    assert ended.returncode == 1
    assert "run `make pipeline`" in ended.stderr
    assert not data.exists()

    data.mkdir()
    assert run(data, "doctor", "--reader", "no-such-user").returncode == 2
