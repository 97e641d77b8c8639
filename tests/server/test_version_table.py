"""A package's versions as a table: in which order, what folds, and where changes are shown."""

import json
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from release.wordpress_org import changeset
from server.pages.version_table import is_early
from tests.server.conftest import FIRST, NewVisitor, Page, Visitor, make_release, record, switch

_ZIPS = "https://downloads.wordpress.org/plugin"


@pytest.fixture(name="visitor")
def _visitor(tmp_path: Path, visit: NewVisitor) -> Visitor:
    history = [f"{major}.{minor}" for major in range(9, 0, -1) for minor in (2, 1, 0)]
    records = [
        record("many", version="9.2", versions=history),
        record("early", version="2.0", versions=("2.1-beta2", "2.0", "2.0-RC1", "1.0")),
        record("odd", version="1.1", versions=("1.1", "1.0+a&b c", "dev", "../x")),
        record("look", type="theme", version="1.1", versions=("1.1", "1.0")),
        record("far", version="1.1", download_link="https://example.org/far.zip", versions={
            one: f"https://example.org/far.{one}.zip" for one in ("1.1", "1.0")}),
        record("rolling", version="8.0", svn_revision=7, versions=(),
               download_link=f"{_ZIPS}/rolling.zip"),
        record("ahead", version="3.0", versions=("2.0", "1.0"),
               download_link=f"{_ZIPS}/ahead.zip"),
    ]  # fmt: skip
    make_release(tmp_path, records=records)
    switch(tmp_path, FIRST)
    return visit(tmp_path)


def _rows(page: Page) -> list[str]:
    return page.words(".//section[@id='versions']/table/tbody/tr/td[1]")


def _links(page: Page) -> dict[str, str]:
    rows = page.dom.iterfind(".//section[@id='versions']//a")
    return {"".join(link.itertext()): link.attrib["href"] for link in rows}


def test_ten_are_open_and_the_others_fold_by_their_first_number(visitor: Visitor) -> None:
    """What is still older than four such numbers is one fold; a fold says how to ask for one."""
    page = visitor.get("/packages/plugin/many")
    folds = page.words(".//section[@id='versions']/details/summary")
    inside = page.words(".//section[@id='versions']/details//td[1]")

    assert len(_rows(page)) == 10
    assert folds == [
        *("6.1 – 6.0 2 versions", "5.2 – 5.0 3 versions", "4.2 – 4.0 3 versions"),
        *("3.2 – 3.0 3 versions", "2.2 – 1.0 6 versions"),
    ]
    assert inside[0] == "6.1"
    assert len(inside) == 17
    assert "composer require wp-plugin/many: and the version" in page.words(".//details/p")


def test_a_version_shows_its_command_and_downloads_nothing(visitor: Visitor) -> None:
    """Without any script: it unfolds."""
    page = visitor.get("/packages/plugin/many")
    first = page.words(".//section[@id='versions']/table/tbody/tr[2]/td[1]/details")

    assert first == ["9.1 composer require wp-plugin/many:9.1 zip"]


def test_a_pre_release_is_marked_and_not_first(visitor: Visitor) -> None:
    """What one gets stands first; a stable version tells what changed since the stable before."""
    page = visitor.get("/packages/plugin/early")
    names = [row.split()[0] for row in _rows(page)]
    marked = [row.split()[0] for row in _rows(page) if row.endswith("pre-release")]

    assert names[0] == "2.0"
    assert marked == [name for name in names if name not in ("2.0", "1.0")]
    assert "since 1.0" in _links(page)
    assert page.words(".//section[@id='versions']/table/tbody/tr[1]/td[last()]") == ["since 1.0"]


def test_what_is_missing_stands_with_its_reason(visitor: Visitor) -> None:
    """In the same table; the announced version, which one looks for, first."""
    page = visitor.get("/packages/plugin/ahead")
    (missing,) = page.words(".//tr[@class='shut']/td[2]")

    assert _rows(page)[0] == "3.0"
    assert missing.startswith("not offered: There is no tag 3.0")


def test_changes_are_shown_where_the_code_lives(visitor: Visitor) -> None:
    """By Trac, for plugins and themes of WordPress.org and for no others; of trunk as well."""
    paths = ("plugin/many", "theme/look", "plugin/far")
    plugin, theme, far = (_links(visitor.get(f"/packages/{path}")) for path in paths)
    changed = "https://plugins.trac.wordpress.org/changeset"

    assert plugin["since 9.1"] == f"{changed}?old_path=/many/tags/9.1&new_path=/many/tags/9.2"
    assert theme["since 1.0"] == (
        "https://themes.trac.wordpress.org/changeset?old_path=/look/1.0&new_path=/look/1.1"
    )
    assert not any("trac" in link for link in far.values())
    assert "8.0 (trunk)" in _rows(visitor.get("/packages/plugin/rolling"))[1]
    assert "new_path=/a/trunk" in changeset("plugin", "a", "1.0", "")


@pytest.mark.parametrize("tag", ["1.0&new_path=/b", "../../x", "1.0#x", 'a"b', "é ü", "%2e"])
def test_a_tag_stays_a_tag_in_an_address(tag: str) -> None:
    """Whatever it holds, it is one part of one path."""
    asked = parse_qs(urlsplit(changeset("plugin", "a", tag, "1")).query)

    assert asked == {"old_path": [f"/a/tags/{tag}"], "new_path": ["/a/tags/1"]}
    assert "/" not in changeset("plugin", "a", tag, "1").partition("tags/")[2].partition("&")[0]


@pytest.mark.parametrize(
    ("version", "early"),
    [
        *(("1.0", False), ("1.0-beta", True), ("1.0-RC1", True), ("2.0b3", True), ("1.0.a", True)),
        *(("1.0-p1", False), ("dev-main", True), ("1.0-dev", True), ("20240101", False)),
        ("1." + "1" * 200 + "x", False),
    ],
)
def test_pre_releases_are_told(version: str, early: bool) -> None:
    """As Composer tells them; a patch is none."""
    assert is_early(version) is early


def test_the_twin_says_the_same(visitor: Visitor) -> None:
    """Every version, folded or not, and what changed since the one before."""
    twin = visitor.get("/packages/plugin/many.md").text.replace("\\", "")

    assert twin.count("\n- ") > 27
    assert "changes since 9.1: <https://plugins.trac.wordpress.org/changeset?" in twin
    assert "- 1.0: <" in twin


def test_one_command_moves_a_project(visitor: Visitor, tmp_path: Path) -> None:
    """The front page's, for those who come from wpackagist: the repository and the names."""
    project = tmp_path / "composer.json"
    mirror = {"type": "composer", "url": "https://wpackagist.org", "only": ["wpackagist-plugin/*"]}
    required = {"wpackagist-plugin/akismet": "^5.0", "wpackagist-theme/astra": "*", "php": ">=8"}
    project.write_text(json.dumps({"repositories": [mirror], "require": required}))
    (command,) = visitor.get("/").words(".//section[@aria-labelledby='move']//pre")
    subprocess.run(command, shell=True, cwd=tmp_path, check=True)  # noqa: S602  as people do
    moved = json.loads(project.read_text())

    assert moved["repositories"][0]["url"] == "https://packages.example.org"
    assert moved["repositories"][0]["only"] == ["wp-plugin/*"]
    assert [*moved["require"]] == ["wp-plugin/akismet", "wp-theme/astra", "php"]
