"""Packages side by side: what decides between them, in a page and in its twin."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from server import Settings, make_app
from tests.server.conftest import FIRST, RECORDS, Visitor, make_release, record, switch

_CLOSED = record("shut", "Shut | Down", closed=True, closed_date="2026-04-09", reason="abuse",
                 reason_text="Abuse", versions=())  # fmt: skip
_OLD = record("old", "Old & Tried", last_updated="2019-05-03", active_installs=30, requires="5.0",
              requires_php="7.4", tested="5.2", requires_plugins=["akismet"])  # fmt: skip
_PAIR = "/compare?a=plugin/akismet&b=plugin/old"


@pytest.fixture(name="asked")
def _asked(tmp_path: Path) -> Visitor:
    make_release(tmp_path, records=[*RECORDS, _CLOSED, _OLD], gone=[record("gone")])
    switch(tmp_path, FIRST)
    return Visitor(make_app(Settings(data=tmp_path)))


def _rows(visitor: Visitor, query: str) -> dict[str, list[str]]:
    """The cells of each row, by its heading."""
    page = visitor.get(f"/compare?{query}")
    assert page.status == 200
    rows = {}
    for row in page.dom.iterfind(".//tbody/tr"):
        heading, *cells = (" ".join("".join(cell.itertext()).split()) for cell in row)
        rows[heading] = cells
    return rows


def _columns(visitor: Visitor, query: str) -> list[str]:
    return visitor.get(f"/compare?{query}").words(".//thead//th/a/bdi")


def test_what_decides_stands_side_by_side(asked: Visitor) -> None:
    """Dates, installs, requirements, state and command of each; what nobody knows is unknown."""
    rows = _rows(asked, "a=plugin/akismet&b=plugin/old&c=plugin/bare&d=plugin/shut")

    assert rows["Last change"][0].startswith("21 Sep 2026")
    assert rows["Last change"][1].startswith("3 May 2019")
    assert rows["Last change"][2] == "Unknown"
    assert rows["Releases in a year"][1].startswith("0")
    assert rows["Active installs"][:3] == ["6,000,000+", "30+", "Unknown"]
    assert rows["Installs by Composer"] == ["None counted here"] * 4
    assert rows["PHP"][:2] == ["Not said", "7.4 or later"]
    assert rows["WordPress"][1] == "5.0 or later"
    assert rows["Tested up to"][1] == "5.2"
    assert rows["Plugins it needs"][:2] == ["None told of", "akismet"]
    assert rows["State"][:2] == ["Open", "Open"]
    assert rows["State"][3] == "Closed on 9 April 2026: Abuse"
    assert rows["Command"][1].startswith("composer require wp-plugin/old")


@pytest.mark.parametrize(
    "written",
    [
        "plugin/akismet",
        "wp-plugin/akismet",
        "wpackagist-plugin/akismet",
        "akismet",
        "Akismet",
        "https://wordpress.org/plugins/akismet/",
        "https://downloads.wordpress.org/plugin/akismet.5.3.zip",
        " plugin/akismet\t",
    ],
)
def test_a_package_may_be_named_in_many_ways(asked: Visitor, written: str) -> None:
    """As in the search; a slug alone is a plugin's before it is a theme's."""
    assert _columns(asked, f"a={quote(written)}&b=astra") == ["Akismet Anti-spam", "Astra"]


def test_what_there_is_not_is_said(asked: Visitor) -> None:
    """By what was typed, escaped; the others are compared."""
    page = asked.get("/compare?a=plugin/no%3Cb%3E&b=plugin/gone&c=plugin/akismet&d=plugin/akismet")

    assert "There is no package plugin/no&lt;b&gt; here." in page.text
    assert "The plugin gone was withdrawn." in page.text
    assert page.words(".//thead//th/a/bdi") == ["Akismet Anti-spam"]


def test_only_the_bare_page_is_indexed(asked: Visitor) -> None:
    """There are more comparisons than packages; each names itself in one way."""
    pair, bare = (
        asked.get(_PAIR.replace("b=plugin/old", "c=wp-plugin/old&x=1")),
        asked.get("/compare"),
    )

    assert pair.meta("robots") == ["noindex"]
    assert bare.meta("robots") == ["max-image-preview:large"]
    assert pair.meta("og:url") == [f"https://packages.example.org{_PAIR}"]
    assert pair.meta("og:title") == ["Akismet Anti-spam and Old & Tried compared"]


def test_the_twin_says_the_same(asked: Visitor) -> None:
    """As a table, whose cells nothing in a name can end."""
    twin = asked.get("/compare.md?a=plugin/akismet&b=plugin/shut")
    lines = [line for line in twin.text.split("\n") if line.startswith("|")]

    assert twin.headers["content-type"].startswith("text/markdown")
    assert len(lines) > 12
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {4}
    assert "| Active installs | 6,000,000\\+ |" in twin.text
    assert 'href="/compare.md?a=plugin/akismet&amp;b=plugin/old"' in asked.get(_PAIR).text


def test_a_form_leads_there_from_lists_and_packages(asked: Visitor) -> None:
    """By choosing among what stands there, without a script."""
    page = asked.get("/?type=plugin")
    (form,) = page.dom.iterfind(".//form[@class='versus']")
    choices = {one.get("name"): [option.get("value") for option in one] for one in
               form.iter("select")}  # fmt: skip

    assert form.get("action") == "/compare"
    assert "plugin/akismet" in choices["a"]
    assert "plugin/akismet" in choices["b"]
    assert asked.get("/?q=astra").text.count('class="versus"') == 0  # one alone is no choice


def test_with_a_related_package(tmp_path: Path) -> None:
    """The page's own package is given, the other one is chosen."""
    tags = {"spam": "Spam"}
    records = [record("one", tags=tags), record("two", tags=tags)]
    make_release(tmp_path, records=records)
    switch(tmp_path, FIRST)
    page = Visitor(make_app(Settings(data=tmp_path))).get("/packages/plugin/one")
    (form,) = page.dom.iterfind(".//form[@class='versus']")

    assert [one.get("value") for one in form.iter("input")] == ["plugin/one"]
    assert "plugin/two" in [one.get("value") for one in form.iter("option")]
