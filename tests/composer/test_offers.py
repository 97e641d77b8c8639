"""What is printed is what one gets: every command of the site, run by the real client."""

import json
from pathlib import Path
from typing import Any

from webob import Request

from server import Settings, make_app
from tests.composer.client import Project, project
from tests.composer.place import Place
from tests.composer.zips import Zips
from tests.conftest import ROOT

_SAMPLE = ROOT / "data" / "sources" / "sample.jsonl"
_REQUIRE = "composer require "
# Any package's PHP is there: another PHP makes Composer choose an older version, as it should.
_SETTINGS = {"secure-http": False, "platform": {"php": "9.99"}, "sort-packages": True}


def printed(data: Path, names: list[str]) -> dict[str, dict[str, Any]]:
    """Give what the API says of packages, by 'wp-plugin/akismet'; the pages print the same.

    The app is asked itself: nginx would find that so many pages are too many for one visitor.
    """
    app = make_app(Settings(data=data))
    told = {}
    for name in names:
        path = name.removeprefix("wp-")
        told[name] = Request.blank(f"/api/packages/{path}").get_response(app).json
        page = Request.blank(f"/packages/{path}.md").get_response(app).text
        command = told[name]["offer"]["command"]
        assert (f"\n    {command}\n" in page) == (command is not None), name
        assert (_REQUIRE in page) == (command is not None), name
    return told


def locked(mine: Project, told: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Run all printed commands as one; give the versions that are locked."""
    commands = [one["offer"]["command"] for one in told.values() if one["offer"]["command"]]
    mine.well("require", "--no-install", "--no-audit", *(one[len(_REQUIRE) :] for one in commands))
    return {name: one["version"] for name, one in mine.locked.items() if name in told}


def expected(told: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Give the version that is printed beside each command, as a lock file writes it."""
    return {
        name: "dev-trunk" if one["offer"]["case"] == "trunk" else one["version"]
        for name, one in told.items()
        if one["offer"]["command"]
    }


def lockable(mine: Project, names: list[str]) -> list[str]:
    """Give those of some packages that Composer can have in any version and stability."""
    file = mine.folder / "composer.json"
    wanted = {"require": dict.fromkeys(names, "*"), "minimum-stability": "dev"}
    file.write_text(json.dumps(json.loads(file.read_text()) | wanted))
    ended = mine.run("update", "--no-install", "--no-audit")
    assert ended.code == 2, ended.err
    return [name for name in names if f"requires {name}, it could not be found" not in ended.err]


def test_every_command_of_the_sample_locks_the_version_printed(
    changing: Place, zips: Zips, tmp_path: Path
) -> None:
    """And what has no command cannot be locked."""
    records = [json.loads(line) for line in _SAMPLE.read_text().splitlines()]
    changing.publish(*records)
    told = printed(changing.data, [f"wp-{one['type']}/{one['slug']}" for one in records])
    mine = project(tmp_path / "project", changing.url, zips, config=_SETTINGS)
    without = [name for name, one in told.items() if one["offer"]["command"] is None]

    assert len(told) == len(records) > 150
    assert locked(mine, told) == expected(told)
    assert without
    assert lockable(mine, without) == []


def test_the_command_of_each_case_locks_the_version_printed(
    changing: Place, zips: Zips, tmp_path: Path
) -> None:
    """Trunk with and without tags, an older tag, another tag than announced, a pre-release."""
    link = f"{zips.url}/plugin"
    changing.publish(
        zips.package("same", "1.1", "1.0"),
        zips.package("spelled", "1.1.0", "1.0", version="v1.1"),
        zips.package("behind", "1.9.0", "1.8.0", download_link=f"{link}/behind.1.8.0.zip"),
        zips.package("ahead", "6.0", "5.0", version="8.0", download_link=f"{link}/ahead.zip"),
        zips.package("rolling", "6.0", version="8.0", svn_revision=7, requires_php="8.4"),
        zips.package("bare", "8.0", svn_revision=7, versions={}),
        zips.package("early", "2.0-beta1", "1.0"),
        zips.package("never", "8.0", versions={}),
        zips.package("aux", "1.0"),
    )
    names = ("same", "spelled", "behind", "ahead", "rolling", "bare", "early", "never", "aux")
    told = printed(changing.data, [f"wp-plugin/{slug}" for slug in names])
    mine = project(tmp_path / "project", changing.url, zips, config=_SETTINGS)
    found = locked(mine, told)

    assert found == expected(told)
    assert [*map(found.get, told)] == [
        *("1.1", "1.1.0", "1.8.0", "6.0", "dev-trunk", "dev-trunk", "2.0-beta1", None, None)
    ]
    assert lockable(mine, ["wp-plugin/never"]) == []
    assert mine.run("require", "--no-install", "wp-plugin/aux").code != 0
    listed = set(json.loads(changing.ask("/list.json").body)["packageNames"])
    assert listed == set(found)


def test_a_first_tag_brings_a_package_into_the_list(changing: Place, zips: Zips) -> None:
    """The list follows what Composer can have, not which files there are."""
    changing.publish(zips.package("forms", "1.0"), zips.package("new", "1.0", versions={}))
    before = json.loads(changing.ask("/list.json").body)["packageNames"]
    changing.publish(zips.package("forms", "1.0"), zips.package("new", "1.0"))
    after = json.loads(changing.ask("/list.json").body)["packageNames"]

    assert (before, after) == (["wp-plugin/forms"], ["wp-plugin/forms", "wp-plugin/new"])
