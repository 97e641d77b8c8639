"""What one gets of a package: every teller says the same, and promises nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server import Settings, make_app
from tests.server.conftest import FIRST, Page, Visitor, make_release, record, switch

_SVN = "https://plugins.svn.wordpress.org"


def _zip(slug: str) -> str:
    return f"https://downloads.wordpress.org/plugin/{slug}.zip"


def _record(slug: str, *versions: str, **facts: Any) -> dict[str, Any]:
    facts = {"last_updated": "2025-09-21 14:13:20", "requires_php": "8.1", **facts}
    return record(slug, versions=versions, **facts)


RECORDS = (
    _record("plain", "1.1", "1.0", version="1.1"),
    _record("spelled", "3.1", version="3.1.0", download_link=_zip("spelled.3.1")),
    _record("behind", "1.9", "1.8", version="1.9", download_link=_zip("behind.1.8")),
    _record("rolling", version="8.0", svn_revision=7, download_link=_zip("rolling")),
    _record("ahead", "6.0", version="8.0", download_link=_zip("ahead"), requires="6.5"),
    _record("never", version="8.0", download_link=_zip("never")),
    _record("own_", "1.0"),
    _record("evil", "1.0", download_link=f"https://evil.example/?x={_zip('evil')[6:]}"),
    _record("shut", "1.0", closed=True, closed_date="2025-04-09", reason="abuse"),
)
# slug: case, printed version, constraint of the command (None: no command)
CASES = {
    "plain": ("announced", "1.1", ""),
    "spelled": ("announced", "3.1", ""),
    "behind": ("tag", "1.8", ""),
    "rolling": ("trunk", "8.0 (trunk)", ":dev-trunk"),
    "ahead": ("older", "6.0", ""),
    "never": ("none", "8.0", None),
    "own_": ("none", "1.0", None),
    "shut": ("announced", "1.0", None),
}


@pytest.fixture(name="visitor", scope="module")
def _visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    data = tmp_path_factory.mktemp("offers")
    make_release(data, records=RECORDS)
    switch(data, FIRST)
    visitor = Visitor(make_app(Settings(data=data)))
    yield visitor
    assert visitor.errors.getvalue() == ""


def _facts(page: Page) -> dict[str, str]:
    return dict(zip(page.words(".//dt"), page.words(".//dd"), strict=True))


def _json(visitor: Visitor, path: str) -> Any:
    return json.loads(visitor.get(path).body)


@pytest.mark.parametrize("slug", CASES)
def test_every_teller_says_the_same(visitor: Visitor, slug: str) -> None:
    """Page, twin, API, JSON-LD and the card's alt text: one version, one command or none."""
    case, version, constraint = CASES[slug]
    command = "" if constraint is None else f"composer require wp-plugin/{slug}{constraint}"
    page = visitor.get(f"/packages/plugin/{slug}")
    twin = visitor.get(f"/packages/plugin/{slug}.md").text
    facts = _json(visitor, f"/api/packages/plugin/{slug}")
    said = json.loads(page.words(".//script[@type='application/ld+json']")[0])
    (alt,) = page.meta("og:image:alt")

    assert page.words(".//*[@class='order']//code") == [command or f"wp-plugin/{slug}"]
    assert page.text.count("composer require") == page.text.count(
        f"composer require wp-plugin/{slug}"
    )
    assert page.words(".//li[@class='version']/strong") == [version]
    assert [line for line in twin.splitlines() if "composer require" in line] == (
        [f"    {command}"] if command else []
    )
    assert f"- Version: {version}" in twin.replace("\\", "")
    assert (facts["offer"]["case"], facts["version"]) == (case, version)
    assert facts["offer"]["command"] == (command or None)
    assert said["softwareVersion"] == version
    assert ("offers" in said) == bool(command)
    if slug != "shut":  # its card says that it is closed, and no version
        assert f", version {version}." in alt
    assert command in alt
    assert ("composer require" in alt) == bool(command)


@pytest.mark.parametrize(
    ("slug", "heading", "text"),
    [
        ("rolling", "Only in trunk", "the command svn has to be there"),
        ("ahead", "Newest version not tagged", "Version 8.0 is announced but has no tag"),
        ("never", "Not to be had by Composer", "No version of it is tagged"),
        ("own_", "Not to be had by Composer", "Composer refuses its name"),
    ],
)
def test_what_differs_is_explained(visitor: Visitor, slug: str, heading: str, text: str) -> None:
    """On the page, in its twin and in the API."""
    page = visitor.get(f"/packages/plugin/{slug}")
    twin = visitor.get(f"/packages/plugin/{slug}.md").text.replace("\\", "")
    why = _json(visitor, f"/api/packages/plugin/{slug}")["offer"]["why"]

    assert page.words(".//div[@class='notice']/h2") == [heading]
    assert page.words(".//div[@class='notice']/p") == [why]
    assert text in why
    assert f"**{heading}**: " in twin
    assert text in twin


@pytest.mark.parametrize("slug", ["plain", "spelled", "behind"])
def test_no_false_alarm(visitor: Visitor, slug: str) -> None:
    """A version that differs in its spelling only has its tag."""
    assert visitor.get(f"/packages/plugin/{slug}").words(".//div[@class='notice']/h2") == []


def test_what_is_said_of_the_announced_version_is_not_said_of_an_older_one(
    visitor: Visitor,
) -> None:
    """Neither its date nor what it requires."""
    page = visitor.get("/packages/plugin/ahead")
    facts = _facts(page)
    told = _json(visitor, "/api/packages/plugin/ahead")

    assert facts["Last change"].startswith("21 Sep 2025")
    assert "Last release" not in facts
    assert page.words(".//ul[@class='told']/li") == ["1,000+ active installs", "6.0 by Composer"]
    assert facts["PHP"] == "8.1 or later (version 8.0)"
    assert facts["WordPress"] == "6.5 or later (version 8.0)"
    assert (told["announced"], told["version"]) == ("8.0", "6.0")
    assert [(one["released"], one["php"]) for one in told["versions"]] == [(None, None)]


@pytest.mark.parametrize("slug", ["plain", "rolling", "never"])
def test_a_package_has_its_places(visitor: Visitor, slug: str) -> None:
    """Also one without any tag: whoever wants it finds Subversion and the directory's page."""
    page = visitor.get(f"/packages/plugin/{slug}")

    assert page.words(".//ul[@class='places']/li") == [
        *("WordPress.org", "Support", "Changelog", "Subversion", "Homepage", "Author’s site"),
    ]
    assert f'href="{_SVN}/{slug}/"' in page.text


def test_a_package_from_elsewhere_has_none_of_them(visitor: Visitor) -> None:
    """However its address is written."""
    page = visitor.get("/packages/plugin/evil")

    assert page.words(".//ul[@class='places']/li") == ["Homepage", "Author’s site"]
    (found,) = _json(visitor, "/search.json?q=evil")["results"]
    assert found["repository"] == ""


def test_composer_is_told_only_of_what_it_can_have(visitor: Visitor) -> None:
    """/search.json counts so, too; the closed package is abandoned, but still there."""
    found = _json(visitor, "/search.json?q=")
    names = {one["name"].removeprefix("wp-plugin/") for one in found["results"]}
    listed = _json(visitor, "/list.json")["packageNames"]
    offered = {"plain", "spelled", "behind", "rolling", "ahead", "evil"}

    assert names == offered
    assert found["total"] == len(offered)
    assert {name.removeprefix("wp-plugin/") for name in listed} == offered | {"shut"}


@pytest.mark.parametrize("path", ["/feed.xml", "/authors/an-author-author-example-org/feed.xml"])
def test_feeds_list_what_was_released_and_can_be_had(visitor: Visitor, path: str) -> None:
    """Not an older tag under the date of another version."""
    if path.startswith("/authors"):
        author = _json(visitor, "/api/packages/plugin/plain")["author"]["page"]
        path = "/authors/" + author.rpartition("/")[2] + "/feed.xml"
    feed = visitor.get(path).text

    for title in ("Plain 1.1", "Spelled 3.1", "Behind 1.8", "Rolling 8.0 (trunk)"):
        assert f"<title>{title}</title>" in feed
    for slug in ("Ahead", "Never", "Own_", "Shut 1"):
        assert f"<title>{slug}" not in feed
    assert "#8.0%20%28trunk%29</id>" in feed


def test_the_feed_of_a_package_in_trunk_only(visitor: Visitor) -> None:
    """It names what the feed of all releases names."""
    feed = visitor.get("/packages/plugin/rolling/feed.xml").text

    assert feed.count("<entry>") == 1
    assert "<title>Rolling 8.0 (trunk)</title>" in feed
    assert "#8.0%20%28trunk%29</id>" in feed


@pytest.mark.parametrize("path", ["/docs", "/docs.md"])
def test_the_docs_give_examples_that_are_there(visitor: Visitor, path: str) -> None:
    """dev-trunk of a plugin that has it; without a theme no slug is made up."""
    text = visitor.get(path).text

    assert "composer require wp-plugin/rolling:dev-trunk" in text
    assert "akismet" not in text
    assert "twentytwentyfive" not in text
    assert "composer require wp-plugin/ahead\n" in text


def test_the_docs_without_any_trunk_do_not_offer_one(tmp_path: Path) -> None:
    make_release(tmp_path, records=[_record("plain", "1.0", version="1.0")])
    switch(tmp_path, FIRST)
    visitor = Visitor(make_app(Settings(data=tmp_path)))

    assert "dev-trunk" not in visitor.get("/docs").text + visitor.get("/docs.md").text


def test_llms_txt_leads_to_a_page_that_is_there(visitor: Visitor) -> None:
    assert "/packages/plugin/ahead.md)" in visitor.get("/llms.txt").text
