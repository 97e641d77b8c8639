"""The folder of Composer's files: what is written, what keeps its date, what goes."""

import gzip
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from publish.composer import p2
from publish.site import published
from tests.conftest import ROOT, SITE_URL

_SCHEMA = (ROOT / "release" / "site.sql").read_text()
_NOW = 1_790_000_000
_NAMES = ("wp-plugin/a", "wp-theme/b")


def _site(tmp_path: Path, id: str, contents: Mapping[str, str], stamp: int = 0) -> Path:
    """Write a site.db whose packages have these words in both of their files."""
    path = tmp_path / f"{id}.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_SCHEMA)
        meta = {"site_url": SITE_URL, "stamp": str(stamp)}
        db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        for number, (name, words) in enumerate(contents.items()):
            packed = (gzip.compress(f"{words}{dev}".encode(), mtime=0) for dev in ("", "~"))
            db.execute("INSERT INTO metadata VALUES (?, ?, ?, ?)", (number, name, *packed))
        db.commit()
    return path


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> p2.Folder:
    (tmp_path / "store").mkdir()
    return p2.Folder(tmp_path)


def _show(folder: p2.Folder, id: str, site: Path, changed: list[str] | None = None) -> int:
    return folder.show(id, site, changed, lambda _: None)


def _dates(tmp_path: Path) -> dict[str, int]:
    """Give the modification time of every file, in whole seconds as HTTP tells it."""
    shown = tmp_path / "store" / "p2"
    files = (path for path in shown.rglob("*") if path.is_file())
    return {str(path.relative_to(shown)): int(path.stat().st_mtime) for path in files}


def _contents(tmp_path: Path) -> dict[str, str]:
    """Give every package's file; its twin holds the same and has the same date."""
    found = {}
    for path in sorted((tmp_path / "store" / "p2").glob("wp-*/*.json")):
        twin = path.with_name(f"{path.name}.gz")
        assert gzip.decompress(twin.read_bytes()) == path.read_bytes()
        assert twin.stat().st_mtime_ns == path.stat().st_mtime_ns
        found[f"{path.parent.name}/{path.stem}"] = path.read_text()
    return found


def _age(tmp_path: Path) -> None:
    """Let all files be of a day long ago."""
    for path in (tmp_path / "store" / "p2").rglob("*.json*"):
        os.utime(path, (_NOW, _NOW))


def test_unchanged_files_keep_their_date(tmp_path: Path, folder: p2.Folder) -> None:
    """Of two packages one changes: its files alone are new, be the names told or not."""
    _show(folder, "1", _site(tmp_path, "1", dict.fromkeys(_NAMES, "one")))
    for id, changed in (("2", [_NAMES[0]]), ("3", None)):
        _age(tmp_path)
        site = _site(tmp_path, id, {_NAMES[0]: id, _NAMES[1]: "one"})
        assert _show(folder, id, site, changed) == 1
        dates = _dates(tmp_path)
        new = {name for name, date in dates.items() if date != _NOW}
        assert new == {f"wp-plugin/a{dev}.json{gz}" for dev in ("", "~dev") for gz in ("", ".gz")}


def test_another_content_has_another_date(tmp_path: Path, folder: p2.Folder) -> None:
    """There and back within an instant: no date stands for two contents."""
    one = _site(tmp_path, "1", dict.fromkeys(_NAMES, "one"))
    two = _site(tmp_path, "2", dict.fromkeys(_NAMES, "two"))
    seen = []
    for id, site in (("1", one), ("2", two), ("1", one), ("2", two)):
        _show(folder, id, site)
        seen.append(_dates(tmp_path)["wp-plugin/a.json"])

    assert len(set(seen)) == 4
    assert seen == sorted(seen)


def test_no_file_is_older_than_its_release(tmp_path: Path, folder: p2.Folder) -> None:
    """Whatever the clock says when it is written, a mirror finds it new enough."""
    ahead = 4_000_000_000
    _show(folder, "1", _site(tmp_path, "1", dict.fromkeys(_NAMES, "one"), ahead * 10_000 + 9_999))

    assert set(_dates(tmp_path).values()) == {ahead}


def test_files_of_a_package_that_is_gone_go(tmp_path: Path, folder: p2.Folder) -> None:
    """Both of its files and both of their twins, and its name in the list."""
    for changed in ([_NAMES[0]], None):
        _show(folder, "1", _site(tmp_path, f"1-{bool(changed)}", dict.fromkeys(_NAMES, "one")))
        assert (
            _show(folder, "2", _site(tmp_path, f"2-{bool(changed)}", {_NAMES[1]: "one"}), changed)
            == 1
        )
        assert set(_contents(tmp_path)) == {"wp-theme/b", "wp-theme/b~dev"}
        assert not list((tmp_path / "store" / "p2" / "wp-plugin").iterdir())
        assert "wp-plugin/a" not in (tmp_path / "store" / "p2" / "list.json").read_text()


def test_a_name_that_begins_like_another_stays(tmp_path: Path, folder: p2.Folder) -> None:
    """The ~dev file belongs to its package, and to no other whose name begins alike."""
    both = {"wp-plugin/a": "one", "wp-plugin/ab": "one"}
    _show(folder, "1", _site(tmp_path, "1", both))
    _show(folder, "2", _site(tmp_path, "2", {"wp-plugin/ab": "one"}))

    assert set(_contents(tmp_path)) == {"wp-plugin/ab", "wp-plugin/ab~dev"}


def test_a_file_without_its_twin_is_written_again(tmp_path: Path, folder: p2.Folder) -> None:
    """Killed between two renames, and back to what the twin still holds: both are equal again."""
    site = _site(tmp_path, "1", dict.fromkeys(_NAMES, "one"))
    _show(folder, "1", site)
    path = tmp_path / "store" / "p2" / "wp-plugin" / "a.json"
    path.write_text("two")
    (tmp_path / "store" / "p2.release").unlink()
    folder.mend()

    assert _show(folder, "1", site) == 1
    assert _contents(tmp_path)["wp-plugin/a"] == "one"


def test_while_it_changes_it_equals_no_release(tmp_path: Path, folder: p2.Folder) -> None:
    """A run that is killed in the middle leaves no claim."""
    _show(folder, "1", _site(tmp_path, "1", dict.fromkeys(_NAMES, "one")))
    assert folder.equals() == "1"
    claims = []
    two = _site(tmp_path, "2", dict.fromkeys(_NAMES, "two"))
    folder.show("2", two, None, lambda _: claims.append(folder.equals()))

    assert claims == [None]
    assert folder.equals() == "2"


def test_a_first_folder_is_seen_when_it_is_whole(tmp_path: Path, folder: p2.Folder) -> None:
    """Killed before that, nothing of it can be asked for, and what was written is removed."""
    first = _site(tmp_path, "1", {"wp-plugin/one": "1"})
    seen: list[bool] = []

    def killed(_stage: str) -> None:
        seen.append((tmp_path / "store" / "p2").exists())
        raise InterruptedError

    with pytest.raises(InterruptedError):
        folder.show("1", first, None, killed)
    assert seen == [False]
    assert (tmp_path / "store" / "p2.tmp").exists()
    folder.mend()
    assert not (tmp_path / "store" / "p2.tmp").exists()
    assert _show(folder, "1", first) == 1
    assert folder.equals() == "1"


def test_difference_is_told_both_ways(tmp_path: Path) -> None:
    """New, changed and gone packages, whichever of the two releases is the older."""
    one = _site(tmp_path, "1", {"wp-plugin/a": "x", "wp-plugin/b": "x", "wp-plugin/c": "x"})
    two = _site(tmp_path, "2", {"wp-plugin/b": "x", "wp-plugin/c": "y", "wp-plugin/d": "x"})

    assert published.differing(one, two) == ["wp-plugin/a", "wp-plugin/c", "wp-plugin/d"]
    assert published.differing(two, one) == published.differing(one, two)
