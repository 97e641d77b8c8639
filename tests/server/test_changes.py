"""The way to what changed between two versions, and to a page by what Composer calls it."""

from pathlib import Path

import pytest

from server import Settings, make_app
from tests.server.conftest import FIRST, Visitor, make_release, record, switch

_PLUGINS = "https://plugins.trac.wordpress.org/changeset?"
_ZIPS = "https://downloads.wordpress.org/plugin/odd"
_ELSEWHERE = {"1.0": "https://example.org/own.1.0.zip", "0.9": "https://example.org/own.0.9.zip"}
_ODD = {
    tag: f"{_ZIPS}.{n}.zip"
    for n, tag in enumerate(("1.0", "v2.0", "3.0\r", "4..0...1", "../../x", "a&b=c#d", "ünï"))
} | {"9.9": ""}


@pytest.fixture(name="asked")
def _asked(tmp_path: Path) -> Visitor:
    theme = record("frame", type="theme", versions=("1.0", "0.9"))
    own, odd = record("own", versions=_ELSEWHERE), record("odd", versions=_ODD)
    make_release(tmp_path, records=[record("akismet"), theme, own, odd], gone=[record("gone")])
    switch(tmp_path, FIRST)
    return Visitor(make_app(Settings(data=tmp_path)))


@pytest.mark.parametrize(
    ("path", "trac"),
    [
        (
            "plugin/akismet/changes/0.9...1.0",
            f"{_PLUGINS}old_path=/akismet/tags/0.9&new_path=/akismet/tags/1.0",
        ),
        (
            "plugin/akismet/changes/1.0...trunk",
            f"{_PLUGINS}old_path=/akismet/tags/1.0&new_path=/akismet/trunk",
        ),
        (
            "theme/frame/changes/0.9...1.0",
            "https://themes.trac.wordpress.org/changeset?old_path=/frame/0.9&new_path=/frame/1.0",
        ),
        # A tag is called otherwise than the version; one holds what parts the two.
        (
            "plugin/odd/changes/1.0...v2.0",
            f"{_PLUGINS}old_path=/odd/tags/1.0&new_path=/odd/tags/v2.0",
        ),
        (
            "plugin/odd/changes/1.0...3.0",
            f"{_PLUGINS}old_path=/odd/tags/1.0&new_path=/odd/tags/3.0%0D",
        ),
        (
            "plugin/odd/changes/1.0...4..0...1",
            f"{_PLUGINS}old_path=/odd/tags/1.0&new_path=/odd/tags/4..0...1",
        ),
        (
            "plugin/odd/changes/1.0...a%26b=c%23d",
            f"{_PLUGINS}old_path=/odd/tags/1.0&new_path=/odd/tags/a%26b%3Dc%23d",
        ),
        (
            "plugin/odd/changes/1.0...%C3%BCn%C3%AF",
            f"{_PLUGINS}old_path=/odd/tags/1.0&new_path=/odd/tags/%C3%BCn%C3%AF",
        ),
    ],
)
def test_two_versions_lead_to_their_changeset(asked: Visitor, path: str, trac: str) -> None:
    """In the Trac of plugins or of themes, whatever the tags are called."""
    answer = asked.get(f"/packages/{path}")

    assert (answer.status, answer.headers["location"]) == (302, trac)


@pytest.mark.parametrize(
    "path",
    [
        "plugin/akismet/changes/0.9...9.9",
        "plugin/akismet/changes/0.9",
        "plugin/akismet/changes/...",
        "plugin/akismet/changes/0.9...",
        "plugin/akismet/changes/1.0..0.9",
        "plugin/akismet/changes/0.9...1.0&x=//example.org",
        "plugin/akismet/changes/" + "." * 4_000,
        "theme/frame/changes/1.0...trunk",
        "plugin/own/changes/0.9...1.0",
        "plugin/odd/changes/1.0...9.9",
        "plugin/odd/changes/1.0...%2E%2E%2F%2E%2E%2Fx",
        "plugin/gone/changes/0.9...1.0",
        "plugin/none/changes/0.9...1.0",
    ],
)
def test_what_wordpress_org_does_not_have_leads_nowhere(asked: Visitor, path: str) -> None:
    """Unknown versions, packages from elsewhere, what would climb: 404 with a sentence."""
    answer = asked.get(f"/packages/{path}")

    assert answer.status == 404
    assert "location" not in answer.headers
    assert asked.errors.getvalue() == ""


def test_the_sentence_says_what_is_wrong(asked: Visitor) -> None:
    """And names the package as it is called."""
    text = asked.get("/packages/plugin/akismet/changes/0.9...9.9").text

    assert "WordPress.org has no two such versions of Akismet" in text


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("wp-plugin/akismet", "plugin/akismet"),
        ("wp-theme/frame", "theme/frame"),
        ("wpackagist-plugin/akismet", "plugin/akismet"),
        ("wpackagist-theme/Frame", "theme/frame"),
        ("plugins/akismet", "plugin/akismet"),
        ("themes/frame/", "theme/frame"),
    ],
)
def test_what_composer_calls_it_leads_to_the_page(asked: Visitor, typed: str, page: str) -> None:
    """For good, to the one address of the page."""
    answer = asked.get(f"/packages/{typed}")
    if typed.endswith("/"):
        answer = asked.get(answer.headers["location"])

    assert (answer.status, answer.headers["location"]) == (301, f"/packages/{page}")


@pytest.mark.parametrize("typed", ["wp-theme/akismet", "wp-plugin/none", "wp-plugins/akismet"])
def test_what_there_is_not_leads_nowhere(asked: Visitor, typed: str) -> None:
    """404, for what is not there and for what is no such name."""
    assert asked.get(f"/packages/{typed}").status == 404
