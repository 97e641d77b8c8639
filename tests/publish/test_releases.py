"""Releases: one switch, going back, pruning, and mending what a killed run left."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publish.releases import Releases, UnknownRelease

_NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def _publish(releases: Releases, content: str, now: datetime = _NOON) -> str:
    folder = releases.begin(now)
    (folder / "static").mkdir()
    (folder / "static" / "page").write_text(content)
    id = releases.finish(folder)
    releases.switch(id)
    return id


def _go_back(releases: Releases, id: str) -> None:
    releases.hold_back(id)
    releases.switch(id)


def _live(data: Path) -> str:
    return (data / "current" / "static" / "page").read_text()


def test_a_switch_shows_the_new_release_through_the_same_link(tmp_path: Path) -> None:
    """`current` is a relative link, so the folder can be moved as a whole."""
    releases = Releases(tmp_path / "a")
    _publish(releases, "one")
    second = _publish(releases, "two")
    moved = (tmp_path / "a").rename(tmp_path / "b")

    assert _live(moved) == "two"
    assert Releases(moved).current() == second


def test_ids_always_grow_even_when_the_clock_goes_back(tmp_path: Path) -> None:
    """Two releases in a second, or after a jump backwards, still sort in the order made."""
    releases = Releases(tmp_path)
    ids = [
        _publish(releases, "1"),
        _publish(releases, "2"),
        _publish(releases, "3", datetime(1999, 1, 1, tzinfo=UTC)),
    ]

    assert ids == sorted(set(ids))
    assert ids == ["20261123T120000Z", "20261123T120001Z", "20261123T120002Z"]


def test_a_finished_release_cannot_be_written(tmp_path: Path) -> None:
    """Its files are read-only, whoever owns them."""
    releases = Releases(tmp_path)
    id = _publish(releases, "one")

    assert (releases.path(id) / "static" / "page").stat().st_mode & 0o777 == 0o444


def test_the_files_of_two_releases_never_share_a_date(tmp_path: Path) -> None:
    """In one second or after a jump backwards, else an old copy would pass for the new one."""
    releases = Releases(tmp_path)
    ids = [_publish(releases, "1"), _publish(releases, "2", datetime(1999, 1, 1, tzinfo=UTC))]
    dates = [(releases.path(id) / "static" / "page").stat().st_mtime for id in ids]

    assert dates == [_NOON.timestamp(), _NOON.timestamp() + 1]


def test_a_file_shared_with_an_older_release_keeps_its_date(tmp_path: Path) -> None:
    """Whoever has it is told that it is the same."""
    releases = Releases(tmp_path)
    before = releases.path(_publish(releases, "1")) / "static" / "page"
    folder = releases.begin(_NOON)
    (folder / "page").hardlink_to(before)
    releases.finish(folder)

    assert before.stat().st_mtime == _NOON.timestamp()


def test_a_release_killed_while_it_was_built_is_removed(tmp_path: Path) -> None:
    """What has no final name was never published; the live one stays."""
    releases = Releases(tmp_path)
    first = _publish(releases, "one")
    releases.begin(_NOON)
    (tmp_path / "current.tmp").symlink_to("releases/nowhere")
    done = releases.mend()

    assert done == ["removed the unfinished release 20261123T120001Z"]
    assert releases.ids() == [first]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "releases"]


def test_a_release_killed_before_its_switch_is_published(tmp_path: Path) -> None:
    """A finished release was checked before it got its name: only the switch is missing."""
    releases = Releases(tmp_path)
    _publish(releases, "one")
    folder = releases.begin(_NOON)
    (folder / "static").mkdir()
    (folder / "static" / "page").write_text("two")
    second = releases.finish(folder)

    assert releases.mend() == [f"published the finished release {second}"]
    assert _live(tmp_path) == "two"


def test_a_rollback_stays_until_something_newer_is_made(tmp_path: Path) -> None:
    """Mending does not undo a rollback; the next release does."""
    releases = Releases(tmp_path)
    first, second = _publish(releases, "one"), _publish(releases, "two")
    _go_back(releases, first)

    assert releases.mend() == []
    assert (releases.current(), releases.rolled_back_from()) == (first, second)
    assert _live(tmp_path) == "one"

    third = _publish(releases, "three")

    assert releases.mend() == []
    assert (releases.current(), releases.rolled_back_from()) == (third, None)


def test_pruning_keeps_the_newest_and_the_live_one(tmp_path: Path) -> None:
    """After a rollback the live release is old, and stays."""
    releases = Releases(tmp_path)
    ids = [_publish(releases, str(number)) for number in range(5)]
    _go_back(releases, ids[0])

    assert releases.old(3) == ids[1:3]

    for id in releases.old(3):
        releases.remove(id)

    assert releases.ids() == [ids[0], *ids[3:]]
    assert _live(tmp_path) == "0"


@pytest.mark.parametrize("id", ["", "..", "20261123T120000Z.tmp", "20990101T000000Z"])
def test_an_unknown_release_is_refused_by_name(tmp_path: Path, id: str) -> None:
    """No path is built from what is not the name of a kept release."""
    releases = Releases(tmp_path)
    first = _publish(releases, "one")

    with pytest.raises(UnknownRelease, match=first):
        releases.hold_back(id)


def test_a_link_that_leads_nowhere_is_no_release(tmp_path: Path) -> None:
    """A damaged `current` reads as none, and the next mend points it at the newest release."""
    releases = Releases(tmp_path)
    id = _publish(releases, "one")
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to("releases/gone")

    assert releases.current() is None
    assert releases.mend() == [f"published the finished release {id}"]
    assert releases.current() == id
