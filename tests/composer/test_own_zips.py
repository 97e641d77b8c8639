"""Plugins that only trunk holds, installed by the real client from zips that are kept here."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import deploy, fetch_zips
from tests.composer.client import project
from tests.composer.place import Place
from tests.composer.zips import Zips as Library
from tests.conftest import record
from tests.publish.zips.hosts import Zips, link, packed, plugin


@pytest.fixture(name="hosts")
def _hosts() -> Iterator[Zips]:
    with Zips().served() as hosts:
        yield hosts


def untagged(version: str, **facts: object) -> dict[str, object]:
    """Make the record of a plugin whose announced version has no tag."""
    told = {"version": version, "versions": {}, "download_link": link("rolling")}
    return record("rolling", svn_revision=7, **{**told, **facts})


def publish(site: Place, hosts: Zips, *records: dict[str, object], which: str = "untagged") -> None:
    """Publish packages and keep what of them is untagged, or all, as the pipeline does."""
    site.publish(*records)
    where = ["--data", str(site.data), "--site-url", site.url]
    assert fetch_zips.main([*where, "--zips", which, "--through", hosts.base]) == 0
    assert deploy.main(where) == 0


def test_a_plain_require_installs_an_untagged_plugin(
    changing: Place, hosts: Zips, zips: Library, tmp_path: Path
) -> None:
    """Without svn; the lock is the same the second time, and an older one still installs."""
    first = hosts.has("rolling", "1.2")
    publish(changing, hosts, untagged("1.2"))
    mine = project(tmp_path / "project", changing.url, zips)
    told = json.loads(changing.ask("/api/packages/plugin/rolling").body)

    assert told["offer"]["command"] == "composer require wp-plugin/rolling"
    assert (told["version"], told["offer"]["case"]) == ("1.2", "announced")
    assert told["offer"]["untagged"] is False
    mine.well("require", "wp-plugin/rolling", "--no-audit")
    assert mine.locked_version("rolling") == mine.installed_version("rolling") == "1.2"
    dist = mine.locked["wp-plugin/rolling"]["dist"]
    name = hashlib.sha256(first).hexdigest()
    assert dist["url"] == f"{changing.url}/zips/{name[:2]}/{name[:32]}.zip"
    assert dist["shasum"] == hashlib.sha1(first, usedforsecurity=False).hexdigest()
    assert dist["reference"] == name
    before = (mine.folder / "composer.lock").read_bytes()
    mine.well("update", "--no-audit")
    assert (mine.folder / "composer.lock").read_bytes() == before

    older = mine.copy(tmp_path / "older")
    hosts.has("rolling", "1.3")
    publish(changing, hosts, untagged("1.3"))
    mine.well("update", "--no-audit")
    assert mine.installed_version("rolling") == "1.3"
    older.well("install")
    assert older.installed_version("rolling") == "1.2"
    mine.well("require", "wp-plugin/rolling:1.2", "--no-audit")
    assert mine.installed_version("rolling") == "1.2"
    assert hosts.asked == ["plugin/rolling.zip"] * 2


def test_a_tag_that_comes_later_changes_nothing(
    changing: Place, hosts: Zips, zips: Library, tmp_path: Path
) -> None:
    """The version stays what it was, in every lock file."""
    hosts.has("rolling", "1.2")
    publish(changing, hosts, untagged("1.2"))
    mine = project(tmp_path / "project", changing.url, zips)
    mine.well("require", "wp-plugin/rolling", "--no-audit")
    before = (mine.folder / "composer.lock").read_bytes()
    hosts.files["plugin/rolling.1.2.zip"] = hosts.files["plugin/rolling.zip"]
    publish(changing, hosts, untagged("1.2", versions={"1.2": link("rolling", "1.2")}))
    mine.well("update", "--no-audit")

    assert (mine.folder / "composer.lock").read_bytes() == before


def test_all_versions_come_from_here(
    changing: Place, hosts: Zips, zips: Library, tmp_path: Path
) -> None:
    """WordPress.org need not be there; a theme, too, and a version that is not the newest."""
    versions = {one: link("forms", one) for one in ("1.0", "1.1")}
    for version in versions:
        hosts.files[f"plugin/forms.{version}.zip"] = plugin("forms", version)
    theme = {
        "type": "theme",
        "versions": {"1.0": "https://downloads.wordpress.org/theme/p.1.0.zip"},
    }
    hosts.files["theme/p.1.0.zip"] = packed({"p/style.css": b"/* Version: 1.0 */"})
    forms = record("forms", version="1.1", versions=versions)
    publish(changing, hosts, forms, record("p", **theme), which="all")
    mine = project(tmp_path / "project", changing.url, zips)
    mine.well("require", "wp-plugin/forms:1.0", "wp-theme/p", "--no-audit")

    assert mine.installed_version("forms") == "1.0"
    urls = [mine.locked[name]["dist"]["url"] for name in ("wp-plugin/forms", "wp-theme/p")]
    assert all(url.startswith(f"{changing.url}/zips/") for url in urls)
    mine.well("update", "wp-plugin/forms", "--no-audit")
