"""What one gets of a package: the version and the command that everything prints."""

from dataclasses import replace
from typing import Any

import pytest

from catalog.composer.metadata import Closure, Facts
from catalog.composer.offer import Offer, offer, stored
from catalog.composer.selection import published, stable_version

_ZIPS = "https://downloads.wordpress.org/plugin"
_TRUNK = f"{_ZIPS}/foo.zip"


def _offer(announced: str, *tags: str, link: str = _TRUNK, **facts: Any) -> Offer:
    told = Facts(**{"type": "plugin", "slug": "foo", **facts})
    stable = stable_version(told.slug, announced, link)
    zips = {raw: f"{_ZIPS}/foo.{raw}.zip" for raw in tags}
    return offer(told, announced, link, published(zips, stable, slug=told.slug))


@pytest.mark.parametrize(
    ("announced", "tags", "link", "facts", "case", "version", "constraint"),
    [
        ("1.1", ("1.0", "1.1"), "foo.1.1.zip", {}, "announced", "1.1", ""),
        ("v1.1", ("1.0", "1.1.0"), "foo.zip", {}, "announced", "1.1.0", ""),
        ("1.1", ("v1.1",), "", {}, "announced", "1.1", ""),
        ("1.1", ("1.0", "1.1"), "", {"revision": 7}, "announced", "1.1", ""),
        ("1.1-beta1", ("1.0", "1.1-beta1"), "", {}, "announced", "1.1-beta1", ":1.1-beta1"),
        ("1.1-dev", ("1.0", "1.1-dev"), "", {}, "announced", "1.1-dev", ":1.1-dev"),
        ("3.1.0", ("3.0", "3.1"), "foo.3.1.zip", {}, "announced", "3.1", ""),
        ("1.9.0", ("1.8.0", "1.9.0"), "foo.1.8.0.zip", {}, "tag", "1.8.0", ""),
        ("1.4", ("1.4", "1.6"), "foo.1.6.zip", {}, "tag", "1.6", ""),
        ("", ("1.0", "0.9"), "", {}, "tag", "1.0", ""),
        ("8.0", ("6.0",), "foo.zip", {"revision": 7}, "trunk", "8.0 (trunk)", ":dev-trunk"),
        ("8.0", (), "foo.zip", {"revision": 7}, "trunk", "8.0 (trunk)", ":dev-trunk"),
        ("", (), "", {"revision": 7}, "trunk", "trunk", ":dev-trunk"),
        ("2.0f", (), "foo.2.0f.zip", {"revision": 7}, "trunk", "trunk", ":dev-trunk"),
        ("8.0", ("6.0", "5.0"), "foo.zip", {}, "older", "6.0", ""),
        ("8.0", ("6.0-RC1",), "foo.zip", {}, "older", "6.0-RC1", ":6.0-RC1"),
        ("2.0f", ("1.9",), "foo.2.0f.zip", {"revision": 7}, "older", "1.9", ""),
        ("8.0", ("6.0",), "", {"type": "theme", "revision": 7}, "older", "6.0", ""),
    ],
)
def test_the_table_of_cases(
    announced: str,
    tags: tuple[str, ...],
    link: str,
    facts: dict[str, Any],
    case: str,
    version: str,
    constraint: str,
) -> None:
    """Which version, and the command that Composer locks exactly that one for."""
    found = _offer(announced, *tags, link=link and f"{_ZIPS}/{link}", **facts)
    name = f"wp-{facts.get('type', 'plugin')}/foo"

    assert (found.case, found.version) == (case, version)
    assert found.command == f"composer require {name}{constraint}"
    assert bool(found.why) == (case in ("trunk", "older"))


@pytest.mark.parametrize(
    ("announced", "tags", "facts", "why"),
    [
        ("8.0", (), {}, "No version of it is tagged, and no revision of its trunk is known here."),
        ("", (), {"type": "theme"}, "No version of it is tagged."),
        ("2.0f", ("2.0f",), {}, "None of its tags can be installed by Composer, and no"),
        ("1.0", ("1.0",), {"slug": "aux"}, "Composer refuses its name: “aux” is a name"),
        ("1.0", ("1.0",), {"type": "theme", "slug": "_tk"}, "Composer refuses its name: “_tk”"),
        ("1.0", ("1.0",), {"closure": Closure("", 0, permanent=True)}, "It was closed for good."),
    ],
)
def test_nothing_to_be_had(
    announced: str, tags: tuple[str, ...], facts: dict[str, Any], why: str
) -> None:
    """The announced version and no command, but the reason, and what one can do instead."""
    found = _offer(announced, *tags, **facts)

    assert (found.case, found.version, found.command) == ("none", announced, "")
    assert found.why.startswith(why)
    assert found.why.endswith("from WordPress.org.") == ("closed" not in why)


def test_the_newest_tag_is_called_older_only_where_it_is() -> None:
    """What Composer cannot read is neither older nor newer."""
    assert _offer("8.0", "6.0").why.endswith("is 6.0, which is older.")
    assert _offer("2.0f", "6.0").why.endswith("is 6.0.")


def test_trunk_tells_its_revision_and_what_it_takes() -> None:
    assert _offer("8.0", revision=7).why == (
        "Version 8.0 has no tag: only trunk can be installed, as it was at revision 7. "
        "Composer fetches it with Subversion: the command svn has to be there."
    )


def test_a_closed_package_has_no_command_though_composer_has_it() -> None:
    closed = _offer("1.0", "1.0", closure=Closure("2026-04-09", 0))

    assert (closed.case, closed.version, closed.command) == ("announced", "1.0", "")


@pytest.mark.parametrize(
    ("link", "home"),
    [
        ("https://downloads.wordpress.org/plugin/foo.1.0.zip", True),
        ("https://evil.example/?x=//downloads.wordpress.org/plugin/foo.zip", False),
        ("https://downloads.wordpress.org.evil.example/plugin/foo.zip", False),
        ("https://downloads.wordpress.org@evil.example/plugin/foo.zip", False),
        ("https://[evil/downloads.wordpress.org/", False),
        ("", True),  # then the zips tell
    ],
)
def test_where_a_package_lives_is_told_by_the_host(link: str, home: bool) -> None:
    assert _offer("1.0", "1.0", link=link).wordpress_org is home


def test_an_offer_is_stored_as_text() -> None:
    """A package whose metadata never could be made has none: nothing is offered."""
    one = _offer("8.0", "6.0", revision=7)

    assert stored(one.text, "8.0") == one
    assert replace(stored(None, "8.0"), why="") == Offer(
        "none", "8.0", "", "", trunk=False, wordpress_org=False
    )
