"""Twelve everyday jobs of people who choose packages, each with the steps that it takes at most."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scripts import from_wpackagist
from tests.browser.conftest import Site, tool

# A key, a text or a click is a step; so is a call of the API.
_MOST = {
    "find": 9,
    "untagged": 4,
    "changes": 1,
    "vendor": 1,
    "looks": 2,
    "alive": 1,
    "move": 2,
    "follow": 1,
    "closed": 4,
    "fresh": 1,
    "keyboard": 20,
    "month": 5,
}


@pytest.fixture(name="jobs", scope="module")
def _jobs(site: Site) -> Mapping[str, Any]:
    told = tool("jobs.mjs", given={"url": site.url})
    assert isinstance(told, dict)
    return told


@pytest.fixture(name="done")
def _done(request: pytest.FixtureRequest, jobs: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the test's own job came to, with no more steps than it may take."""
    name = request.node.name.removeprefix("test_job_")
    done: Mapping[str, Any] = jobs[name]
    assert "error" not in done, done
    assert 0 < done["steps"] <= _MOST[name]
    return done


def test_job_find(done: Mapping[str, Any]) -> None:
    """A kept SEO plugin for PHP 7.4, and its command on the clipboard."""
    assert done["copied"].startswith("composer require wp-plugin/")
    assert "seo" in done["words"].lower()
    assert "Long without an update" not in done["words"]


def test_job_untagged(done: Mapping[str, Any]) -> None:
    """Whether an untagged release can be installed, and what is had instead, with the command."""
    assert "8.4" in done["words"]
    assert "no tag" in done["words"]
    assert "8.3.1" in done["words"]
    assert "composer require wp-plugin/untagged-release" in done["words"]


def test_job_changes(site: Site, done: Mapping[str, Any]) -> None:
    """What changed between two versions: from the page, and by an address of one's own."""
    assert done["links"]
    assert all(
        link.startswith("https://plugins.trac.wordpress.org/changeset?old_path=/akismet/")
        for link in done["links"]
    )
    way = site.get("/packages/plugin/akismet/changes/5.4...5.5")
    assert way.status == 302
    assert way.headers["location"].endswith("old_path=/akismet/tags/5.4&new_path=/akismet/tags/5.5")


def test_job_vendor(done: Mapping[str, Any]) -> None:
    """All of one vendor, each once."""
    assert done["name"] == "John Blackbourn"
    assert done["found"] == 3


def test_job_looks(done: Mapping[str, Any]) -> None:
    """A theme by its looks: every entry of the list has a picture."""
    assert done["pictures"] == done["entries"] > 3
    assert "/packages/theme/" in done["address"]


def test_job_alive(done: Mapping[str, Any]) -> None:
    """Which of two is more alive: last change and releases stand side by side."""
    rows = {row.split()[0]: row for row in done["rows"]}

    assert "a=plugin%2Fakismet" in done["address"]
    assert done["chosen"].startswith("plugin/")
    assert {"Last", "Releases", "Active", "State"} <= rows.keys()
    assert rows["Last"].count(" 20") == 2


def test_job_move(site: Site, done: Mapping[str, Any], tmp_path: Path) -> None:
    """The command that moves a project does it, as the page spells it."""
    project = tmp_path / "composer.json"
    project.write_text(
        json.dumps(
            {
                "repositories": [{"type": "composer", "url": "https://wpackagist.org"}],
                "require": {"wpackagist-plugin/akismet": "*", "wpackagist-theme/astra": "^4"},
            }
        )
    )
    words = shlex.split(done["command"])
    arguments = [str(project) if word.endswith("composer.json") else word for word in words[3:]]

    assert words[1:3] == ["-m", "scripts.from_wpackagist"]
    assert from_wpackagist.main(arguments) == 0
    moved = json.loads(project.read_text())
    assert set(moved["require"]) == {"wp-plugin/akismet", "wp-theme/astra"}
    assert site.url in project.read_text()


def test_job_follow(done: Mapping[str, Any]) -> None:
    """A package's feed, linked where one reads of it."""
    assert done["feed"].endswith("/packages/plugin/akismet/feed.xml")
    assert done["status"] == 200
    assert "<title>Releases of Akismet" in done["text"]


def test_job_closed(done: Mapping[str, Any]) -> None:
    """That it was closed, when, and why."""
    assert done["address"].endswith("/packages/plugin/shut-for-now")
    assert "2 November 2026" in done["words"]
    assert "Security Issue" in done["words"]


def test_job_fresh(done: Mapping[str, Any]) -> None:
    """When the source was asked, and of when its newest fact is."""
    assert done["checked"].startswith("Checked ")
    assert "data of " in done["words"]


def test_job_keyboard(done: Mapping[str, Any]) -> None:
    """From a list to a command on the clipboard without a pointer."""
    assert done["address"].endswith(done["first"])
    assert done["copied"].startswith("composer require wp-plugin/")


def test_job_month(done: Mapping[str, Any]) -> None:
    """All themes updated this month: each once, none older, as many as are counted."""
    names = [one["package"] for one in done["found"]]

    assert len(names) == len(set(names)) == done["total"]
    assert all(one["type"] == "theme" for one in done["found"])
    assert all(one["updated"] >= done["since"] for one in done["found"])
