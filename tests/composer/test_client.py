"""What a Composer user does, done by Composer: against a site that nobody changes meanwhile."""

import json
from pathlib import Path

import pytest

from tests.composer.client import project
from tests.composer.conftest import NewProject
from tests.composer.place import Asked, Place
from tests.composer.zips import Zips


def test_require(new_project: NewProject, site: Place) -> None:
    """`composer require` takes the newest stable version, and installs its zip."""
    mine = new_project()
    ended = mine.well("require", "wp-plugin/forms", "wp-theme/paper")
    forms = mine.locked["wp-plugin/forms"]

    assert "Using version ^1.1 for wp-plugin/forms" in ended.err
    assert mine.installed_version("forms") == "1.1"
    assert (mine.folder / "vendor/wp-theme/paper/paper.php").exists()
    assert (forms["version"], forms["type"]) == ("1.1", "wordpress-plugin")
    assert forms["dist"]["reference"] == "tags/1.1"
    assert forms["notification-url"] == f"{site.url}/downloads"
    assert forms["time"] == "2026-01-02T03:04:00+00:00"
    assert forms["authors"] == [{"name": "Somebody & Co"}]
    assert mine.locked["wp-theme/paper"]["type"] == "wordpress-theme"
    assert "composer/installers" in mine.locked


def test_update_follows_the_constraint(new_project: NewProject) -> None:
    """`composer update` after a constraint was changed, there and back."""
    mine = new_project()
    for constraint, version in (("^2.0", "2.0.1"), ("2.0.0", "2.0.0"), ("1.*", "1.0")):
        mine.requires(gallery=constraint)
        mine.well("update")
        assert mine.locked_version("gallery") == version.replace("v", "")
        assert mine.installed_version("gallery") in (version, f"v{version}")


def test_install_from_the_lock_asks_for_no_metadata(
    new_project: NewProject, site: Place, zips: Zips, tmp_path: Path
) -> None:
    """Another checkout, nothing cached: zips are fetched, and not one of the site's files."""
    mine = new_project()
    mine.requires(forms="1.0", gallery="*")
    mine.well("update", "--no-install")
    other = mine.copy(tmp_path / "other")
    site.log()
    zips.asked.clear()
    other.well("install")

    assert [one for one in site.log() if one.method == "GET"] == []
    assert {one for one in zips.asked if "library" not in one} == {
        "/plugin/forms.1.0.zip",
        "/plugin/gallery.2.0.1.zip",
    }
    assert other.installed_version("forms") == "1.0"
    assert other.installed_version("gallery") == "2.0.1"


def test_second_run_is_answered_by_304_alone(new_project: NewProject, site: Place) -> None:
    """With a warm cache no file is sent again, as nginx tells it."""
    mine = new_project()
    mine.requires(forms="*", gallery="^2", rolling="*@dev")
    mine.well("update", "--no-install", "--no-audit")
    site.log()
    mine.well("update", "--no-install", "--no-audit")
    files = [
        "/packages.json",
        *(f"/p2/wp-plugin/{slug}.json" for slug in ("forms", "gallery", "rolling")),
        "/p2/wp-plugin/rolling~dev.json",
    ]

    assert sorted(site.log(), key=lambda one: one.path) == sorted(
        (Asked("GET", file, 304) for file in files), key=lambda one: one.path
    )


def test_show_all_tells_every_version(new_project: NewProject) -> None:
    """`composer show -a` of a package that is not installed."""
    shown = new_project().well("show", "-a", "wp-plugin/forms").out

    assert "versions : 2.0-beta1, 1.1, 1.0\n" in shown
    assert "descrip. : Forms for contact pages.\n" in shown


def test_show_tells_where_to_look_and_what_is_needed(new_project: NewProject) -> None:
    """Homepage, support, licence and keywords; what it needs is a suggestion."""
    mine = new_project()
    shown = mine.well("show", "-a", "--format=json", "wp-plugin/linked").json
    browsed = mine.well("browse", "--show", "wp-plugin/linked")
    page = "https://wordpress.org/plugins/linked/"

    assert shown["keywords"] == ["Form", "Builder"]
    assert [one["osi"] for one in shown["licenses"]] == ["GPL-2.0-or-later"]
    assert list(shown["suggests"]) == ["wp-plugin/forms"]
    assert shown["support"] == {
        "issues": "https://wordpress.org/support/plugin/linked/",
        "source": "https://plugins.trac.wordpress.org/browser/linked",
        "docs": page,
        "changelog": f"{page}#developers",
    }
    assert "https://plugins.trac.wordpress.org/browser/linked" in browsed.out
    assert mine.well("browse", "--show", "--homepage", "wp-plugin/linked").out.strip() == page


def test_show_all_by_pattern(new_project: NewProject) -> None:
    """`composer show -a` with a pattern names those that fit, of the site's and no others."""
    mine = new_project()
    shown = {
        pattern: sorted(
            line.split()[0] for line in mine.well("show", "-a", pattern).out.split("\n") if line
        )
        for pattern in ("wp-plugin/fo*", "wp-*/*r*", "wp-theme/*")
    }

    assert shown == {
        "wp-plugin/fo*": ["wp-plugin/forms", "wp-plugin/forms-extra"],
        "wp-*/*r*": [
            *("wp-plugin/forms", "wp-plugin/forms-extra", "wp-plugin/gallery"),
            *("wp-plugin/harmless", "wp-plugin/modern", "wp-plugin/rolling", "wp-theme/paper"),
        ],
        "wp-theme/*": ["wp-theme/paper"],
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["contact"], ["wp-plugin/forms", "wp-plugin/forms-extra", "wp-theme/paper"]),
        (["contact", "extras"], ["wp-plugin/forms-extra"]),
        (["wp-plugin/gallery"], ["wp-plugin/gallery"]),
        (["--type", "wordpress-theme", "contact"], ["wp-theme/paper"]),
        (["--type", "library", "contact"], []),
        (["nothingofthekind"], []),
        (["--only-name", "forms"], ["wp-plugin/forms", "wp-plugin/forms-extra"]),
        (["--only-name", "pap"], ["wp-theme/paper"]),
        (["--only-vendor", "wp"], ["wp-plugin", "wp-theme"]),
    ],
)
def test_search(new_project: NewProject, words: list[str], found: list[str]) -> None:
    """`composer search`: by words, by type, by name, by vendor."""
    results = new_project().well("search", "--format=json", *words).json

    assert sorted(one["name"] for one in results if one["name"] != "composer/installers") == found


def test_search_tells_what_and_where(new_project: NewProject, site: Place) -> None:
    """A result has its description, and the page where more is told."""
    first = new_project().well("search", "--format=json", "forms").json[0]

    assert first["name"] == "wp-plugin/forms"
    assert first["description"] == "Forms for contact pages."
    assert first["url"] == f"{site.url}/packages/plugin/forms"
    assert "abandoned" not in first


def test_search_as_json_is_not_cut(changing: Place, zips: Zips, tmp_path: Path) -> None:
    """As the documentation says for Composer 2.5, whose text cuts letters beyond ASCII apart."""
    description = "Für " + "ä" * 200
    changing.publish(zips.package("umlaut", "1.0", short_description=description))
    mine = project(tmp_path / "project", changing.url, zips)

    assert mine.well("search", "--format=json", "umlaut").json[0]["description"] == description


def test_outdated(new_project: NewProject) -> None:
    """`composer outdated` names what has a newer version, and no other."""
    mine = new_project()
    mine.requires(forms="1.0", gallery="*")
    mine.well("update")
    outdated = mine.well("outdated", "--format=json").json["installed"]

    assert [(one["name"], one["version"], one["latest"]) for one in outdated] == [
        ("wp-plugin/forms", "1.0", "1.1")
    ]


def test_prefer_lowest(new_project: NewProject) -> None:
    """--prefer-lowest takes the oldest version that will do."""
    mine = new_project()
    mine.requires(gallery=">=1", forms="*")
    mine.well("update", "--no-install", "--prefer-lowest")

    assert (mine.locked_version("gallery"), mine.locked_version("forms")) == ("1.0", "1.0")


@pytest.mark.parametrize(
    ("stability", "version"), [("stable", "1.1"), ("beta", "2.0-beta1"), ("dev", "2.0-beta1")]
)
def test_minimum_stability(new_project: NewProject, stability: str, version: str) -> None:
    """Pre-releases come to those who ask for them."""
    mine = new_project(**{"minimum-stability": stability})
    mine.requires(forms="*")
    mine.well("update", "--no-install")

    assert mine.locked_version("forms") == version


def test_trunk_is_pinned_to_a_revision(new_project: NewProject) -> None:
    """dev-trunk is what it was at one revision; whoever asks for any version gets a release."""
    mine = new_project(**{"minimum-stability": "dev"})
    mine.requires(rolling="*")
    mine.well("update", "--no-install")
    release = mine.locked_version("rolling")
    mine.requires(rolling="dev-trunk")
    mine.well("update", "--no-install")

    assert release == "1.0"
    assert mine.locked_version("rolling") == "dev-trunk"
    assert "dist" not in mine.locked["wp-plugin/rolling"]
    assert mine.locked["wp-plugin/rolling"]["source"] == {
        "type": "svn",
        "url": "https://plugins.svn.wordpress.org/rolling/",
        "reference": "trunk@3483213",
    }


def test_lowest_php_is_required_of_the_current_version(new_project: NewProject) -> None:
    """On an older PHP the version before is chosen, and the reason is told to who insists."""
    mine = new_project()
    mine.requires(modern="*")
    mine.well("update", "--no-install")
    chosen = mine.locked_version("modern")
    mine.requires(modern="2.0")
    insisted = mine.run("update", "--no-install")

    assert chosen == "1.0"
    assert insisted.code == 2
    assert "wp-plugin/modern 2.0 requires php >=9.0" in insisted.err


def test_audit_names_date_and_reason(new_project: NewProject) -> None:
    """What was closed for its security is an advisory; what was closed for a rule is not."""
    mine = new_project()
    mine.requires(leaky="1.0", harmless="*", forms="*")
    mine.well("update", "--no-install", "--no-audit")
    ended = mine.run("audit", "--locked", "--format=json")
    (advisory,) = ended.json["advisories"]["wp-plugin/leaky"]

    assert ended.code == 1
    assert list(ended.json["advisories"]) == ["wp-plugin/leaky"]
    assert advisory["title"] == "Closed by WordPress.org on 2026-04-09: Security Issue"
    assert advisory["reportedAt"] == "2026-04-09T00:00:00+00:00"
    assert advisory["affectedVersions"] == "*"
    assert advisory["link"] == "https://wordpress.org/plugins/leaky/"


def test_closed_packages_are_abandoned(new_project: NewProject) -> None:
    """They go on installing, and Composer says that they are abandoned, at once and later."""
    mine = new_project()
    mine.requires(leaky="*", harmless="*", forms="*")
    said = mine.well("update").err
    shown = {slug: mine.well("show", f"wp-plugin/{slug}").err for slug in ("harmless", "forms")}

    for slug in ("leaky", "harmless"):
        assert f"Package wp-plugin/{slug} is abandoned, you should avoid using it." in said
        assert mine.installed_version(slug)
    assert "Package wp-plugin/forms is abandoned" not in said
    assert "This package is abandoned" in shown["harmless"]
    assert "abandoned" not in shown["forms"]


def test_the_summary_of_the_filter_list_is_the_truth(site: Place) -> None:
    """It is where packages.json says, and names those closed packages whose files say why."""
    announced = json.loads(site.ask("/packages.json").body)["filter"]
    path = announced["summary-url"].removeprefix(site.url)
    (listed,) = json.loads(site.ask(path).body)["filter"].values()
    files = {
        slug: json.loads(site.ask(f"/p2/wp-plugin/{slug}.json").body)
        for slug in ("forms", "harmless", "leaky")
    }

    assert listed == {"wp-plugin/harmless": "*", "wp-plugin/leaky": "*"}
    assert {slug: file.get("filter") for slug, file in files.items() if "filter" in file} == {
        "harmless": {"wporg-closed": [_listed("harmless", "Guideline Violation")]},
        "leaky": {"wporg-closed": [_listed("leaky", "Security Issue")]},
    }


def _listed(slug: str, why: str) -> dict[str, str]:
    return {
        "constraint": "*",
        "url": f"https://wordpress.org/plugins/{slug}/",
        "reason": f"Closed on 2026-04-09: {why}",
        "id": f"closed-plugin-{slug}-2026-04-09",
    }


def test_unknown_and_buried_packages(new_project: NewProject, site: Place) -> None:
    """A name that is not here, or no longer, is refused by name after one quick 404."""
    mine = new_project()
    mine.requires(nowhere="*", buried="*", forms="*")
    site.log()
    ended = mine.run("update")
    statuses = {one.path: one.status for one in site.log()}

    assert ended.code == 2
    assert "requires wp-plugin/nowhere, it could not be found in any version" in ended.err
    assert "requires wp-plugin/buried, it could not be found in any version" in ended.err
    assert statuses["/p2/wp-plugin/nowhere.json"] == statuses["/p2/wp-plugin/buried.json"] == 404
    assert statuses["/p2/wp-plugin/forms.json"] == 200


def test_other_vendors_are_not_asked_for_here(new_project: NewProject, site: Place) -> None:
    """The site says which names are its own, so it is not asked for the rest of the world."""
    mine = new_project(require={"monolog/monolog": "*", "wp-plugin/forms": "*"})
    site.log()
    ended = mine.run("update")

    assert ended.code == 2
    assert {one.path for one in site.log()} == {"/packages.json", "/p2/wp-plugin/forms.json"}


def test_nothing_but_this_machine_was_needed(new_project: NewProject, zips: Zips) -> None:
    """The client of these tests has no way out: an address elsewhere fails at once."""
    mine = new_project(repositories={"away": {"type": "composer", "url": "http://example.org"}})
    ended = mine.run("show", "-a", "wp-plugin/forms")

    assert ended.code != 0
    assert "127.0.0.1:9" in ended.err or "Connection refused" in ended.err
