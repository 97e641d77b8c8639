"""Plugins whose announced release has no tag: which, whose, and what one can do about it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from server import Settings, make_app
from tests.server.conftest import FIRST, Record, Visitor, make_release, record, switch

_TRUNK = "https://downloads.wordpress.org/plugin/{}.zip"


def _untagged(slug: str, *versions: str, **facts: Any) -> Record:
    facts = {"version": "8.0", "download_link": _TRUNK.format(slug), **facts}
    return record(slug, versions=versions, **facts)


_RECORDS = (
    record("tagged"),
    record("good", author="Good"),
    _untagged("ahead", "6.0", "5.0", active_installs=900),
    _untagged("rolling", "7.0", active_installs=70_000, svn_revision=7, author="Others"),
    _untagged("never", active_installs=None),
    _untagged("sly", "1.0", version='8"; rm -rf ~; "', author="Sly & Co"),
    _untagged("shut", closed=True, closed_date="2026-04-09"),
    record("paper", type="theme", version="8.0", versions=("1.0",)),
    record("elsewhere", version="8.0", versions={"1.0": "https://own.example/1.0.zip"}),
)


@pytest.fixture(name="visitor", scope="module")
def _visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    data = tmp_path_factory.mktemp("untagged")
    make_release(data, records=_RECORDS)
    switch(data, FIRST)
    visitor = Visitor(make_app(Settings(data=data)))
    yield visitor
    assert visitor.errors.getvalue() == ""


def test_they_are_listed_by_installs(visitor: Visitor) -> None:
    """Open plugins of WordPress.org, with the newest tag; no theme, for those have no trunk."""
    page = visitor.get("/untagged")

    assert page.words(".//ol//h2//bdi") == ["Rolling", "Sly", "Ahead", "Never"]
    said = page.words(".//ol//p[@class='about']")
    assert said[0] == "8.0 is announced; the newest tag is 7.0."
    assert said[3] == "8.0 is announced; no tag can be installed."
    assert visitor.get("/untagged.md").text.count("\n- ") == 4


def test_they_are_listed_by_author(visitor: Visitor) -> None:
    """Each author once, with the installs of all those plugins together."""
    page = visitor.get("/untagged/authors")

    assert page.words(".//ol//h2//bdi") == ["Others", "Sly & Co", "An Author"]
    assert page.words(".//ol//data") == ["70K+", "1,000+", "900+"]
    assert "2 plugins" in page.text
    assert "/untagged/authors/an-author.md): 2" in visitor.get("/untagged/authors.md").text


def test_an_author_can_be_told_what_to_do(visitor: Visitor) -> None:
    """The text names each plugin, its newest tag, and the command that tags the version."""
    (letter,) = visitor.get("/untagged/authors/an-author").words(".//pre")

    assert "- Ahead 8.0: the newest tag is 6.0" in letter
    assert "- Never 8.0: there is no tag of it" in letter
    svn = "https://plugins.svn.wordpress.org/ahead"
    assert f'svn copy {svn}/trunk {svn}/tags/8.0 -m "Tag 8.0"' in letter
    assert "/packages/plugin/ahead" in letter
    assert "https://packages.example.org/badges/plugin/ahead.tag.svg" in letter
    assert "    Hello," in visitor.get("/untagged/authors/an-author.md").text


def test_no_command_is_made_of_a_version_that_a_shell_would_obey(visitor: Visitor) -> None:
    """The version is any text; whoever copies the letter runs nothing of it."""
    (letter,) = visitor.get("/untagged/authors/sly-co").words(".//pre")

    assert "- Sly 8" in letter
    assert "svn copy" not in letter


def test_who_has_none_has_no_page(visitor: Visitor) -> None:
    """An author who is not there; one whose plugins are all tagged has nothing to be told."""
    assert visitor.get("/untagged/authors/nobody").status == 404
    page = visitor.get("/untagged/authors/good")
    assert (page.status, page.words(".//pre")) == (200, [])


def test_the_package_and_the_api_say_it(visitor: Visitor) -> None:
    """A field of the offer; on the page a link to what one can write."""
    said = {
        slug: json.loads(visitor.get(f"/api/packages/plugin/{slug}").body)["offer"]["untagged"]
        for slug in ("tagged", "ahead", "rolling", "elsewhere")
    }

    assert said == {"tagged": False, "ahead": True, "rolling": True, "elsewhere": False}
    link = 'href="/untagged/authors/an-author#letter"'
    assert link in visitor.get("/packages/plugin/ahead").text
    assert link not in visitor.get("/packages/plugin/tagged").text
