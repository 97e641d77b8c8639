"""Commits into tags, from a real Subversion server to what Composer is told of the version."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog import database, packages
from catalog.composer import remembered
from catalog.packages import Allowance
from catalog.source import opened
from catalog.wporg import Client, Limits, Saved, Sites, fetch
from tests.catalog.wporg import fake, subversion
from tests.catalog.wporg.subversion import Node, Revision, Subversion

_NOW = 1_800_000_000  # January 2027, after every commit


def _revision(day: int, *nodes: Node) -> Revision:
    date = f"2026-11-{day:02}T12:00:00.000000Z".encode()
    return Revision(nodes, {"svn:author": b"ann", "svn:date": date, "svn:log": b"Update"})


def _late(file: str) -> Node:
    return Node(f"akismet/tags/{file}", kind="file")


class _Directory:
    """A directory: its repository is real, its API made; what is fetched is built at once."""

    def __init__(self, server: Subversion, world: fake.World, sites: Sites, folder: Path) -> None:
        self._server, self._world, self._folder = server, world, folder
        self._sites = Sites(sites.api, server.url, sites.themes)
        self._revisions = 0
        self._turns = 0

    def commit(self, *revisions: Revision) -> None:
        self._server.load(revisions, first=self._revisions + 1)
        self._revisions += len(revisions)

    def announce(self, *versions: str) -> None:
        zips = {
            one: f"https://downloads.wordpress.org/plugin/akismet.{one}.zip" for one in versions
        }
        answer = fake.plugin("akismet", versions[0], versions=zips)
        answer["download_link"] = zips[versions[0]]
        self._world.answers["plugin", "akismet"] = answer

    def build(self) -> dict[str, dict[str, Any]]:
        """Fetch and build; give Composer's entries by version."""
        self._turns += 1
        now = _NOW + self._turns * 86_400
        with (
            Client(limits=Limits(backoff=0.0, tries=2)) as client,
            Saved(self._folder / "wporg") as saved,
        ):
            report = fetch(saved, client, self._sites, now=lambda: now)
        assert report.failures == []
        source = opened(str(self._folder / "wporg" / "records.jsonl"))
        with database.writing(self._folder) as db:
            packages.take(db, [source], Allowance(share=1), now)
            remembered.compose(db, replaces=False, reached=lambda _: None)
            (versions,) = db.execute(
                "SELECT metadata.versions FROM metadata JOIN package ON id = package_id"
                " WHERE slug = 'akismet'"
            ).fetchone()
        names = ("raw", "version", "time", "php", "why", "zip", "published", "revision", "changed")
        return {one[0]: dict(zip(names, one[:9], strict=True)) for one in json.loads(versions)}


@pytest.fixture(name="directory")
def _directory(tmp_path: Path) -> Iterator[_Directory]:
    world = fake.World()
    world.add("theme", "astra")
    world.add("plugin", "akismet")
    with subversion.running() as server, world.served() as sites:
        directory = _Directory(server, world, sites, tmp_path)
        directory.commit(
            _revision(1, *(Node(f"akismet{part}") for part in ("", "/trunk", "/tags"))),
            _revision(1, Node("akismet/tags/1.0", copied=(1, "akismet/trunk"))),
        )
        directory.announce("1.0")
        yield directory


def _changed(versions: dict[str, dict[str, Any]]) -> dict[str, tuple[int, str]]:
    return {
        raw: (one["revision"], datetime.fromtimestamp(one["changed"], UTC).date().isoformat())
        for raw, one in versions.items()
        if one["revision"] is not None
    }


def test_a_commit_into_an_old_tag_is_noticed(directory: _Directory) -> None:
    """With its revision and date; a later one takes its place."""
    assert _changed(directory.build()) == {}
    directory.commit(_revision(20, _late("1.0/late.txt")))
    assert _changed(directory.build()) == {"1.0": (3, "2026-11-20")}
    directory.commit(_revision(22, _late("1.0/later.txt")))
    assert _changed(directory.build()) == {"1.0": (4, "2026-11-22")}


def test_the_commits_of_a_tags_first_day_make_it(directory: _Directory) -> None:
    """The copy, and what is mended within a day, are the release; what comes later is not."""
    directory.build()
    directory.commit(
        _revision(10, Node("akismet/tags/1.1", copied=(1, "akismet/trunk"))),
        _revision(11, _late("1.1/forgotten.txt")),
        _revision(11, Node("akismet/trunk/more.txt", kind="file")),
    )
    directory.announce("1.1", "1.0")
    assert _changed(directory.build()) == {}
    directory.commit(_revision(13, _late("1.1/late.txt")))
    assert _changed(directory.build()) == {"1.1": (6, "2026-11-13")}


def test_a_tag_that_is_made_anew_is_noticed(directory: _Directory) -> None:
    """Deleted and copied again under the same name: other files under the same version."""
    directory.build()
    directory.commit(
        _revision(20, Node("akismet/tags/1.0", action="delete")),
        _revision(20, Node("akismet/tags/1.0", copied=(1, "akismet/trunk"))),
    )
    assert _changed(directory.build()) == {"1.0": (4, "2026-11-20")}
