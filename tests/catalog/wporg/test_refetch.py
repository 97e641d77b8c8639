"""`make refetch`: one package asked for anew and published, by the whole command."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog.wporg import Sites
from server import Settings, make_app
from tests.catalog.wporg import fake
from tests.conftest import ROOT
from tests.server.conftest import Visitor


@dataclass(frozen=True)
class _Place:
    """A wordpress.org, and a data folder that is made from it."""

    world: fake.World
    sites: Sites
    data: Path

    def make(self, *words: str) -> str:
        """Run make as an operator does; give what it says."""
        sites = self.sites
        asked = f"--api {sites.api} --plugins-svn {sites.plugins} --themes-svn {sites.themes}"
        command = (
            *("make", "-o", "setup", f"PY={sys.executable}", f"DATA={self.data}", *words),
            *("SOURCE=wporg", "JOBS=1", "PICTURES=0", "SITE_URL=https://packages.example.org"),
            f"OPTIONS={asked}",
        )
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def get(self, path: str) -> str:
        """Ask the app for a page."""
        return Visitor(make_app(Settings(data=self.data))).get(path).text

    def composer(self, name: str) -> list[str]:
        """Give the versions in a file as Composer reads it."""
        packages = json.loads(
            subprocess.run(
                ["gzip", "--decompress", "--stdout", self.data / f"store/p2/{name}.json.gz"],
                capture_output=True,
                check=True,
            ).stdout
        )["packages"]
        return [one["version"] for one in packages[name]]

    def releases(self) -> list[str]:
        """Give the names of the releases."""
        return sorted(one.name for one in (self.data / "releases").iterdir())


@pytest.fixture(name="place")
def _place(tmp_path: Path) -> Iterator[_Place]:
    world = fake.World()
    world.add("plugin", "akismet")
    world.add("plugin", "other")
    world.add("theme", "astra")
    with world.served() as sites:
        yield _Place(world, sites, tmp_path / "data")


def test_one_package_is_new_everywhere_in_one_release(place: _Place) -> None:
    """Page, Composer's file and card; of no other package is anything asked, or changed."""
    place.make("pipeline")
    for type, slug in (("plugin", "akismet"), ("plugin", "other"), ("theme", "astra")):
        place.world.release(type, slug, "2.0")
    others = [place.get(f"/api/packages/{one}") for one in ("plugin/other", "theme/astra")]
    before, first = json.loads(place.get("/api/packages/plugin/akismet")), place.releases()
    place.world.requests.clear()
    place.make("refetch", "PACKAGE=plugin/akismet")
    after = json.loads(place.get("/api/packages/plugin/akismet"))
    page = place.get("/packages/plugin/akismet")

    assert place.world.requests == [("api", ["akismet"])]
    assert len(place.releases()) == len(first) + 1
    assert (before["version"], after["version"]) == ("1.0", "2.0")
    assert place.composer("wp-plugin/akismet") == ["2.0", "0.9"]
    assert after["card"] != before["card"]
    assert (place.data / "store" / after["card"].partition(".org/")[2]).is_file()
    assert after["card"] in page
    assert "version 2.0" in page
    assert [place.get(f"/api/packages/{one}") for one in ("plugin/other", "theme/astra")] == others


def test_what_says_the_same_publishes_nothing(place: _Place) -> None:
    """Its card is not drawn again, and there is no release."""
    place.make("pipeline")
    before = place.releases()
    said = place.make("refetch", "PACKAGE=plugin/akismet")

    assert "there was nothing to do" in said
    assert place.releases() == before
