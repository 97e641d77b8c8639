"""The move from wpackagist on the page of the documentation, in Chromium."""

import json

from catalog.composer.migration import Immovable, moved
from tests.browser.conftest import Site, tool

_PROJECT = """{
  "repositories": [
    {"type": "composer", "url": "https://wpackagist.org", "only": ["wpackagist-plugin/*"]}
  ],
  "require": {"wpackagist-plugin/Akismet" : "^5", "wpackagist-theme\\/astra": "*", "a/b": "1"},
  "extra": {
    "installer-paths": {"web/{$name}/": ["type:wordpress-plugin", "vendor:wpackagist-theme"]}
  },
  "note": "wpackagist-plugin is not a name, \\"wpackagist-plugin/x\\" neither"
}
"""
_GIVEN = (
    _PROJECT,
    '{"require": {"a/b": "1"}}',
    '{"require":{"wpackagist-plugin/foo---bar":"1"}}',
    '{"require":{"wpackagist-plugin/a":"1","wp-plugin/a":"1"}}',
    '{"require": ',
    "[]",
)


def test_the_page_moves_as_the_command_does(site: Site) -> None:
    """The same text, sign for sign; what cannot be moved is said; and nothing is sent."""
    result = tool("move.mjs", given={"url": site.url, "given": _GIVEN})
    assert isinstance(result, dict)
    told = result["told"]

    assert result["asked"] == []
    assert [one["text"] for one in told] == [_by_command(text, site.url) for text in _GIVEN]
    assert told[0]["said"] == "4 names moved, and the repository."
    assert "no package of this name" in told[2]["said"]
    assert "It names both wpackagist-plugin/a and wp-plugin/a" in told[3]["said"]


def _by_command(text: str, repository: str) -> str | None:
    try:
        return moved(text, repository).text
    except (Immovable, json.JSONDecodeError, ValueError):
        return None
