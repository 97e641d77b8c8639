"""Changelogs: what of an author's markup reaches a page, and where each version's part begins."""

import re
from pathlib import Path

import pytest
from webob import Request

from publish.site.changelogs import cleaned, cut
from server import Settings, make_app
from tests import runs
from tests.conftest import Source, record

_MARKUP = """<h4>1.1 - 2026-05-06</h4><ul><li>Mends <a href="https://a.example/">this</a></li></ul>
<h4>Version 1.0</h4><p onclick="x">First &amp; last<script>alert(1)</script>
<img src=x onerror=alert(1)><a href="javascript:x">no</a></p><h4>Older</h4><h4>v1.0 again</h4>"""


def test_headings_that_begin_with_a_version_are_named_by_it() -> None:
    """Each version once; other headings stay below."""
    html, versions = cut(cleaned(_MARKUP))

    assert versions == "1.1 1.0"
    assert re.findall(r"<h\d[^>]*>[^<]*", html) == [
        '<h2 id="v1-1">1.1 - 2026-05-06',
        '<h2 id="v1-0">Version 1.0',
        "<h3>Older",
        "<h3>v1.0 again",
    ]


@pytest.mark.parametrize(
    "markup",
    [
        _MARKUP,
        "<h4>1.0<script>",
        '<h4>1.0" onclick="x</h4><svg onload=alert(1)>',
        "<style>*{display:none}</style><iframe src=//a.example></iframe><h2>2<h3>3</h2>",
        '<a href="data:text/html,x">x</a><form action=x><input name=q></form><p style="x">y',
        "<h4>1.0</h4>" * 3_000,
    ],
)
def test_nothing_runs_loads_or_lays_out(markup: str) -> None:
    html, _ = cut(cleaned(markup))

    assert re.findall(r"<(?!/?(?:h2|h3|h4|h5|p|ul|ol|li|a|code|pre|em|strong|br)\b)", html) == []
    assert re.findall(r'<[^>]*\s(?!href="https?:|rel="|id="v[\w-]+")\w+=', html) == []


def test_a_package_with_a_changelog_shows_it(data: Path, source: Source) -> None:
    """On a page of its own and in its twin, linked from the package and from each version."""
    given = record("one", version="1.0", sections={"changelog": _MARKUP})
    runs.boundaries(runs.pipeline, data, source(given, record("two")))
    app = make_app(Settings(data=data))

    def asked(path: str) -> str:
        return str(Request.blank(path).get_response(app).text)

    page, twin = asked("/packages/plugin/one/changelog"), asked("/packages/plugin/one/changelog.md")
    assert '<h2 id="v1-0">Version 1.0</h2>' in page
    assert "alert" not in page
    assert "\n## Version 1.0\nFirst & last" in twin.replace("\\", "")
    assert 'href="/packages/plugin/one/changelog#v1-0"' in asked("/packages/plugin/one")
    assert "/changelog" not in asked("/packages/plugin/two")
    assert "None is kept here" in asked("/packages/plugin/two/changelog")


def test_releases_in_feeds_link_what_is_told_of_them(data: Path, source: Source) -> None:
    """The part of their version: of a tag, of trunk; none where the changelog has no such part."""
    zips = "https://downloads.wordpress.org/plugin"
    facts = {"sections": {"changelog": _MARKUP}, "last_updated": "2026-05-06 1:02am GMT"}
    tags = {one: f"{zips}/tagged.{one}.zip" for one in ("1.1", "0.9")}
    tagged = record("tagged", version="1.1", versions=tags, **facts)
    facts |= {"svn_revision": 7}
    unzipped = f"{zips}/untagged.zip"
    trunk = record("untagged", version="1.0", download_link=unzipped, versions={}, **facts)
    silent = record("silent", version="2.0", versions={"2.0": f"{zips}/silent.2.0.zip"}, **facts)
    runs.boundaries(runs.pipeline, data, source(tagged, trunk, silent))
    app = make_app(Settings(data=data))
    addresses = ["packages/plugin/tagged/", "packages/plugin/untagged/", "packages/plugin/silent/"]
    linked = {
        address: re.findall(
            r'<link rel="related" type="text/html" title="Changelog" href="[^"]*(/packages[^"]*)"',
            str(Request.blank(f"/{address}feed.xml").get_response(app).text),
        )
        for address in ("", *addresses)
    }

    told = [f"/{addresses[0]}changelog#v1-1", f"/{addresses[1]}changelog#v1-0"]
    assert sorted(linked[""]) == told
    assert [linked[address] for address in addresses] == [told[:1], told[1:], []]
