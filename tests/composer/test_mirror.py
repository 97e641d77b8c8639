"""The feed of changes, by the contract that mirrors go by."""

import json

import pytest

from tests.composer.mirror import Mirror
from tests.composer.place import Place
from tests.composer.zips import Zips


def _published(site: Place) -> dict[str, bytes]:
    folder = site.data / "store" / "p2"
    return {
        f"{path.parent.name}/{path.stem}": path.read_bytes() for path in folder.glob("wp-*/*.json")
    }


def test_a_mirror_follows_every_publication(changing: Place, zips: Zips) -> None:
    """New, changed, gone, nothing, back, and on again: the mirror is always equal to the site."""
    forms, gallery, paper = (zips.package(slug, "1.0") for slug in ("forms", "gallery", "paper"))
    newer = zips.package("forms", "1.1", "1.0")
    changing.publish(forms, gallery)
    mirror = Mirror(changing)
    mirror.begin()
    assert mirror.files == _published(changing)
    assert mirror.follow() == []

    changing.publish(newer, paper)
    assert mirror.follow() == [
        ("delete", "wp-plugin/gallery"),
        ("delete", "wp-plugin/gallery~dev"),
        ("update", "wp-plugin/forms"),
        ("update", "wp-plugin/paper"),
        ("update", "wp-plugin/paper~dev"),
    ]
    assert mirror.files == _published(changing)
    assert mirror.follow() == []

    changing.roll_back()
    assert mirror.follow() == [("resync", "*")]
    assert mirror.files == _published(changing)
    assert mirror.follow() == []

    changing.publish(newer, gallery)
    assert ("update", "wp-plugin/forms") in mirror.follow()
    assert mirror.files == _published(changing)


def test_a_mirror_that_slept_through_a_rollback(changing: Place, zips: Zips) -> None:
    """It saw a release that was taken back, and next sees a release after that: still equal."""
    feeds = [[zips.package("forms", version)] for version in ("1.0", "1.1", "1.2")]
    changing.publish(*feeds[0], zips.package("gallery", "1.0"))
    changing.publish(*feeds[1], zips.package("gallery", "1.1"))
    mirror = Mirror(changing)
    mirror.begin()
    changing.roll_back()
    changing.publish(*feeds[2], zips.package("gallery", "1.0"))
    mirror.follow()

    assert mirror.files == _published(changing)


@pytest.mark.parametrize(
    "query",
    ["", "?", "?since=", "?since=x", "?since=-1", "?since=1.5", f"?since={'9' * 30}", "?sin=1"],
)
def test_without_a_since_there_is_a_timestamp(site: Place, query: str) -> None:
    """400, with what to begin from; nobody may keep it."""
    answer = site.ask(f"/metadata/changes.json{query}")
    said = json.loads(answer.body)

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert "since" in said["error"]
    assert len(str(said["timestamp"])) == len("17900000000000")  # 1/10,000 s


@pytest.mark.parametrize("since", [0, 1, 1_767_323_045])
def test_before_the_log_begins_all_is_read_anew(site: Place, since: int) -> None:
    """Seconds taken for stamps, or long ago: a resync, not silence."""
    said = json.loads(site.ask(f"/metadata/changes.json?since={since}").body)

    assert [(one["type"], one["package"]) for one in said["actions"]] == [("resync", "*")]
    assert isinstance(said["actions"][0]["time"], int)


def test_times_are_seconds_and_stamps_are_not(changing: Place, zips: Zips) -> None:
    """An action's time is in seconds; the feed's timestamp, and since, in 1/10,000 s."""
    changing.publish(zips.package("forms", "1.0"))
    begin = json.loads(changing.ask("/metadata/changes.json").body)["timestamp"]
    changing.publish(zips.package("forms", "1.1"))
    said = json.loads(changing.ask(f"/metadata/changes.json?since={begin}").body)

    assert [one["time"] for one in said["actions"]] == [(said["timestamp"] - 1) // 10_000]
    assert said["timestamp"] > begin
