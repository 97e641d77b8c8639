"""What becomes of projects that exist when the site changes: new versions, closures, rollbacks."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.composer import place
from tests.composer.client import project
from tests.composer.place import Place
from tests.composer.zips import Zips
from tests.nginx.face import running

BASE = "/some/dir"


def _closed(reason: str, words: str, *, permanent: bool = False) -> dict[str, Any]:
    return {
        "closed": True,
        "closed_date": "2026-04-09",
        "reason": reason,
        "reason_text": words,
        "permanent": permanent,
    }


FOR_RULES = _closed("guideline-violation", "Guideline Violation")
FOR_SAFETY = _closed("security-issue", "Security Issue")
FOR_GOOD = _closed("author-request", "Author Request", permanent=True)


def test_rollback_reaches_a_warm_cache(changing: Place, zips: Zips, tmp_path: Path) -> None:
    """A client that has seen the newer metadata gets the older again, and then a newer one."""
    mine = project(tmp_path / "project", changing.url, zips)
    mine.requires(forms="*", gallery="*")
    gallery = zips.package("gallery", "1.0")
    seen = []
    for publish in (
        lambda: changing.publish(zips.package("forms", "1.0"), gallery),
        lambda: changing.publish(zips.package("forms", "1.1", "1.0"), gallery),
        changing.roll_back,
        lambda: changing.publish(zips.package("forms", "1.2", "1.0"), gallery),
    ):
        publish()
        mine.well("update", "--no-audit")
        seen.append((mine.locked_version("forms"), mine.installed_version("forms")))

    assert seen == [("1.0", "1.0"), ("1.1", "1.1"), ("1.0", "1.0"), ("1.2", "1.2")]


def test_other_packages_stay_cached(changing: Place, zips: Zips, tmp_path: Path) -> None:
    """One of two packages is released anew: the other is answered by 304, and so is the root."""
    mine = project(tmp_path / "project", changing.url, zips)
    mine.requires(forms="*", gallery="*")
    gallery = zips.package("gallery", "1.0")
    changing.publish(zips.package("forms", "1.0"), gallery)
    mine.well("update", "--no-install", "--no-audit")
    changing.publish(zips.package("forms", "1.1", "1.0"), gallery)
    changing.log()
    mine.well("update", "--no-install", "--no-audit")

    assert {one.path: one.status for one in changing.log()} == {
        "/packages.json": 304,
        "/p2/wp-plugin/forms.json": 200,
        "/p2/wp-plugin/gallery.json": 304,
    }


def test_a_new_version_leaves_the_lock_of_others_alone(
    changing: Place, zips: Zips, tmp_path: Path
) -> None:
    """Another last update and the same release: the lock file keeps its bytes."""
    mine = project(tmp_path / "project", changing.url, zips)
    mine.requires(forms="1.0")
    lock = mine.folder / "composer.lock"
    changing.publish(zips.package("forms", "1.0", last_updated="2026-01-02 3:04am GMT"))
    mine.well("update", "--no-install", "--no-audit")
    before = lock.read_bytes()
    changing.publish(
        zips.package(
            "forms", "1.1", "1.0", last_updated="2026-03-04 5:06am GMT", requires_php="8.0"
        )
    )
    mine.well("update", "--no-install", "--no-audit")

    assert lock.read_bytes() == before


def test_needed_plugins_are_suggested_or_required(
    changing: Place, zips: Zips, tmp_path: Path
) -> None:
    """REQUIRES_PLUGINS: what a plugin needs comes with it; by itself it is a suggestion."""
    extra = zips.package("extra", "1.0", requires_plugins=["forms"])
    locked = []
    for required in (False, True):
        changing.publish(zips.package("forms", "1.0"), extra, requires_plugins=required)
        mine = project(tmp_path / f"project-{required}", changing.url, zips)
        mine.requires(extra="*")
        mine.well("update", "--no-install", "--no-audit")
        locked.append(sorted(name for name in mine.locked if name.startswith("wp-")))

    assert locked == [["wp-plugin/extra"], ["wp-plugin/extra", "wp-plugin/forms"]]


def test_a_release_that_was_changed_is_another_to_composer(
    changing: Place, zips: Zips, tmp_path: Path
) -> None:
    """The lock file shows it, and the zip that lies in the cache is not taken for the new one."""
    mine = project(tmp_path / "project", changing.url, zips)
    mine.requires(forms="1.0")
    seen = []
    late = [7, "2026-03-01T12:00:00.5Z", 8, "2026-03-02T12:00:00Z"]
    for tags in ({}, {"1.0": late}):
        changing.publish(zips.package("forms", "1.0", svn_tags=tags))
        zips.asked.clear()
        mine.well("update", "--no-audit")
        dist = mine.locked["wp-plugin/forms"]["dist"]
        seen.append((dist["reference"], [one for one in zips.asked if "forms" in one]))
    page = changing.ask("/packages/plugin/forms").body.decode()
    told = json.loads(changing.ask("/packages/plugin/forms/versions.json").body)
    facts = json.loads(changing.ask("/api/packages/plugin/forms").body)

    assert seen == [
        ("tags/1.0", ["/plugin/forms.1.0.zip"]),
        ("tags/1.0@8", ["/plugin/forms.1.0.zip?r=8"]),
    ]
    assert "Changed after its release, by revision 8 on 2 March 2026" in page
    for versions in (told["published"], facts["versions"]):
        (change,) = (one["changed"] for one in versions)
        assert change["revision"] == 8
        assert change["date"].startswith("2026-03-02T12:00:00")


def test_audit_names_what_the_operators_feed_tells(
    changing: Place, zips: Zips, tmp_path: Path
) -> None:
    """Of the versions within the range, and no others; and no more when the feed is gone."""
    affected = {
        "package": {"ecosystem": "Packagist", "name": "wp-plugin/forms"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
    }
    advisory = {
        "id": "OWN-2026-7",
        "summary": "Anyone can read the entries",
        "published": "2026-05-06T07:08:09Z",
        "affected": [affected],
    }
    feed = tmp_path / "feed.jsonl"
    feed.write_text(json.dumps(advisory))
    mine = project(tmp_path / "project", changing.url, zips)
    seen = []
    for version, path in (("1.0", str(feed)), ("1.1", str(feed)), ("1.0", "")):
        changing.publish(zips.package("forms", "1.1", "1.0"), advisories=path)
        mine.requires(forms=version)
        mine.well("update", "--no-install", "--no-audit")
        ended = mine.run("audit", "--locked", "--format=json")
        found = dict(ended.json["advisories"]).get("wp-plugin/forms", [])
        seen.append((ended.code, [one["advisoryId"] for one in found]))

    assert seen == [(1, ["OWN-2026-7"]), (0, []), (0, [])]


def test_withdrawn_package(changing: Place, zips: Zips, tmp_path: Path) -> None:
    """What is gone is missed by name in an update, and still installs from a lock file."""
    forms, gallery = zips.package("forms", "1.0"), zips.package("gallery", "1.0")
    mine = project(tmp_path / "project", changing.url, zips)
    mine.requires(forms="*", gallery="*")
    changing.publish(forms, gallery)
    mine.well("update")
    changing.publish(forms)
    missed = mine.run("update")
    other = mine.copy(tmp_path / "other")
    other.well("install")

    assert missed.code == 2
    assert "wp-plugin/gallery[1.0] in the lock file but not in remote repositories" in missed.err
    assert other.installed_version("gallery") == "1.0"
    assert changing.ask("/packages/plugin/gallery").status == 410
    assert changing.ask("/packages/plugin/gallery/versions.json").status == 410


@pytest.mark.parametrize(
    ("closure", "day"),
    [
        (FOR_RULES, ""),
        (FOR_SAFETY, "2026-04-09"),
        ({**FOR_SAFETY, "closed_date": "2024-10-24 05:12:33"}, "2024-10-24"),
        ({**FOR_SAFETY, "closed_date": "0000-00-00 00:00:00"}, "20"),
    ],
    ids=["rules", "safety", "with a time", "with no date"],
)
def test_a_closure_comes_and_goes(
    changing: Place, zips: Zips, tmp_path: Path, closure: dict[str, Any], day: str
) -> None:
    """Closed: abandoned, with an advisory if it concerns safety; open again: neither.

    A date that PHP cannot read would end both commands.
    """
    mine = project(tmp_path / "project", changing.url, zips)
    mine.requires(forms="*")
    said = []
    for facts in ({}, closure, {}):
        changing.publish(zips.package("forms", "1.0", **facts))
        mine.well("update", "--no-install", "--no-audit")
        audit = mine.run("audit", "--locked", "--format=json")
        said.append(("abandoned" in mine.locked["wp-plugin/forms"], audit.code))
        if day and facts:
            (advisory,) = audit.json["advisories"]["wp-plugin/forms"]
            assert advisory["reportedAt"].startswith(day)

    assert said == [(False, 0), (True, int(bool(day))), (False, 0)]


def test_closed_packages_can_be_removed_instead(
    changing: Place, zips: Zips, tmp_path: Path
) -> None:
    """CLOSED=remove takes a closed package's metadata away, and CLOSED=abandon brings it back."""
    forms, leaky = zips.package("forms", "1.0"), zips.package("leaky", "1.0", **FOR_SAFETY)
    mine = project(tmp_path / "project", changing.url, zips)
    mine.requires(leaky="*")
    codes = []
    for closed in ("abandon", "remove", "abandon"):
        changing.publish(forms, leaky, closed=closed)
        codes.append(mine.run("update", "--no-install", "--no-audit").code)
        listed = json.loads(changing.ask("/list.json").body)["packageNames"]
        assert ("wp-plugin/leaky" in listed) == (closed == "abandon")
        versions = json.loads(changing.ask("/packages/plugin/leaky/versions.json").body)
        assert bool(versions["published"]) == (closed == "abandon")
        assert versions["closed"]["reason"] == "security-issue"

    assert codes == [0, 2, 0]


def test_closed_for_good(changing: Place, zips: Zips) -> None:
    """Its files are gone, its page says 410 and why, no search finds it and nothing leads there."""
    forms = zips.package("forms", "1.0")
    changing.publish(forms, zips.package("buried", "1.0"))
    assert changing.ask("/p2/wp-plugin/buried~dev.json").status == 200
    changing.publish(forms, zips.package("buried", "1.0", **FOR_GOOD))
    page = changing.ask("/packages/plugin/buried")
    versions = changing.ask("/packages/plugin/buried/versions.json")

    for file in ("buried.json", "buried~dev.json"):
        assert changing.ask(f"/p2/wp-plugin/{file}").status == 404
        assert changing.ask(f"/p2/wp-plugin/{file}", Accept_Encoding="gzip").status == 404
    assert page.status == 410
    assert b"Author Request" in page.body
    assert b"9 April 2026" in page.body
    assert versions.status == 410
    assert json.loads(versions.body)["closed"] == {
        "date": "2026-04-09",
        "reason": "author-request",
        "text": "Author Request",
        "permanent": True,
    }
    assert json.loads(changing.ask("/list.json").body)["packageNames"] == ["wp-plugin/forms"]
    assert json.loads(changing.ask("/search.json?q=buried").body)["total"] == 0
    for page in ("/", "/closed"):
        assert b"/packages/plugin/buried" not in changing.ask(page).body


def test_old_names_are_stood_for(changing: Place, zips: Zips, tmp_path: Path) -> None:
    """REPLACES: what asks for a wpackagist name is content with the package; else it is not."""
    child = {"name": "acme/child", "version": "1.0", "type": "metapackage"}
    child |= {"require": {"wpackagist-plugin/forms": "^1.0"}}
    codes = []
    for old_names in (True, False):
        changing.publish(zips.package("forms", "1.1", "1.0"), replaces=old_names)
        mine = project(tmp_path / f"project-{old_names}", changing.url, zips)
        file = mine.folder / "composer.json"
        facts = json.loads(file.read_text())
        facts["repositories"]["acme"] = {"type": "package", "package": child}
        facts["require"] = {"acme/child": "*", "wp-plugin/forms": "*"}
        file.write_text(json.dumps(facts))
        codes.append(mine.run("update", "--no-install").code)

    assert codes == [0, 2]


def test_site_under_a_path(folder: Path, zips: Zips, tmp_path: Path) -> None:
    """All of it works for a site that does not live at the root of its host."""
    with place.served(folder, base=BASE) as site:
        site.publish(zips.package("forms", "1.0"), zips.package("gallery", "1.0"))
        mine = project(tmp_path / "project", site.url, zips)
        mine.well("require", "wp-plugin/forms")
        site.log()
        mine.well("update", "--no-audit")
        found = mine.well("search", "--format=json", "gallery").json
        shown = mine.well("show", "-a", "wp-plugin/*").out
        statuses = {one.path: one.status for one in site.log() if one.method == "GET"}

    assert mine.installed_version("forms") == "1.0"
    assert [one["url"] for one in found] == [f"{site.url}/packages/plugin/gallery"]
    assert [line.split()[0] for line in shown.splitlines()] == [
        "wp-plugin/forms",
        "wp-plugin/gallery",
    ]
    assert statuses["/packages.json"] == statuses["/p2/wp-plugin/forms.json"] == 304
    assert mine.locked["wp-plugin/forms"]["notification-url"] == f"{site.url}/downloads"


def test_installs_and_updates_without_the_app(folder: Path, zips: Zips, tmp_path: Path) -> None:
    """nginx alone is enough for require, update and install."""
    with running(folder, started=False) as face:
        site = Place(folder / "site", face.port)
        site.data.mkdir()
        site.publish(zips.package("forms", "1.0"))
        shutil.copytree(site.data / "store" / "p2", face.data / "store" / "p2")
        mine = project(tmp_path / "project", site.url, zips)
        mine.well("require", "wp-plugin/forms")
        mine.well("update")

    assert mine.installed_version("forms") == "1.0"
