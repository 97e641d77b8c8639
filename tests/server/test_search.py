"""Searching, and asking for nonsense."""

from pathlib import Path
from urllib.parse import quote

import pytest

from server.browse import Browse
from tests.server.conftest import FIRST, NewVisitor, Row, Visitor, make_release, switch


def test_search_finds_by_every_field(visitor: Visitor) -> None:
    """Name, slug, author and description are searched, beginnings of words included."""
    assert visitor.search("akis") == ["Akismet Anti-spam"]
    assert visitor.search("seo-press") == ["SEOPress"]
    assert visitor.search("benjamin") == ["SEOPress"]
    assert visitor.search("sitemaps titles") == ["SEOPress"]


def test_search_ignores_accents_and_reads_every_script(visitor: Visitor) -> None:
    """Café is found as cafe, Arabic as Arabic."""
    assert visitor.search("cafe theme") == ["Café Thème"]
    assert visitor.search("البطاقات") == ["إضافة البطاقات"]


def test_search_takes_the_name_that_composer_uses(visitor: Visitor) -> None:
    """A package name copied from composer.json finds that package."""
    assert visitor.search("wp-plugin/akismet") == ["Akismet Anti-spam"]


def test_search_passes_over_withdrawn_packages(visitor: Visitor) -> None:
    """What was withdrawn is not found."""
    assert visitor.search("gallery") == []


def test_an_exact_name_is_a_bonus_and_a_slug_typed_as_one_is_meant(
    tmp_path: Path, visit: NewVisitor
) -> None:
    """Called exactly what was typed stands before the equally popular, not before all."""
    rows = [
        Row("many-forms", "Forms, Forms, Forms", installs=9_000_000),
        Row("quiet-forms", "Forms of silence", installs=10),
        Row("forms-by-me", "Forms", installs=10),
        Row("my-forms", "Another", installs=10),
        Row("forms-of-mine", "My Forms for All", installs=9_000_000),
    ]
    make_release(tmp_path, rows=rows)
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)

    assert visitor.search("forms")[:2] == ["Forms, Forms, Forms", "My Forms for All"]
    assert visitor.search("FORMS")[2] == "Forms"
    assert visitor.search("my-forms")[0] == "Another"
    assert visitor.search("my forms")[:2] == ["My Forms for All", "Another"]


def test_popularity_breaks_ties(tmp_path: Path, visit: NewVisitor) -> None:
    """Of two equal matches the one with more installs comes first."""
    rows = [Row("a-shop", "Shop A", installs=10), Row("b-shop", "Shop B", installs=1_000_000)]
    make_release(tmp_path, rows=rows)
    switch(tmp_path, FIRST)

    assert visit(tmp_path).search("shop") == ["Shop B", "Shop A"]


def test_results_can_be_filtered_and_sorted(visitor: Visitor) -> None:
    """The type filter and the orders hold for results too, and the links keep the words."""
    assert visitor.search("author", "&type=theme&sort=name") == ["Astra", "Café Thème"]
    assert visitor.search("author", "&sort=installs")[0] == "Akismet Anti-spam"
    page = visitor.get("/?q=a&sort=name")
    links = [tag.attrib["href"] for tag in page.dom.iterfind(".//main//nav//a")]
    assert links
    assert all("q=a" in link for link in links)


@pytest.mark.parametrize(
    "query",
    [
        "q=%22",
        "q=%22%2A",
        "q=*",
        "q=%25",
        "q=-",
        "q=NEAR",
        "q=NEAR(a%20b,%203)",
        "q=AND",
        "q=a%20OR",
        "q=NOT%20a",
        "q=name:a",
        "q={name}:a",
        "q=^a",
        "q=a%2Bb",
        "q=a%00b",
        "q=%ff%fe",
        "q=%ED%A0%80",
        "q=\xff",
        "q[]=a",
        "q[]=a&q[]=b",
        "q=a&q=b",
        "q",
        "=",
        "&&&",
        "%",
        "q=%u0041",
        "q=%F0%9F%92%A9",
        "q=" + "a" * 10_000,
        "q=" + "%22" * 4_000,
        "q=" + "a+" * 5_000,
        "&".join(f"a{number}={number}" for number in range(2_000)),
        "q=%27;DROP%20TABLE%20package;--",
        "page=-1",
        "page=0",
        "page=abc",
        "page=999999999",
        "page=99999999999999999999999999",
        "page=1e9",
        "page=%D9%A3",
        "sort=random()",
        "type=plugin'--",
        "q=a&page=999999999",
    ],
)
def test_nonsense_gets_an_ordinary_answer(visitor: Visitor, query: str) -> None:
    """Whatever is asked, the list answers 200 with valid HTML and no entry in the log."""
    page = visitor.get(f"/?{query}")

    assert page.status == 200
    assert len(list(page.dom.iter("h1"))) == 1
    assert len(page.body) < 60_000


@pytest.mark.parametrize("words", ['"', "*", "%", "-", "' '"])
def test_search_without_a_letter_finds_nothing(visitor: Visitor, words: str) -> None:
    """Words that hold no letter or digit find nothing, and the page says so."""
    page = visitor.get(f"/?q={quote(words)}")

    assert page.words(".//ol[@class='contents']") == []
    assert "Nothing here answers to that." in page.text


def test_page_beyond_the_end_is_the_last(visitor: Visitor) -> None:
    """A page number past the end shows the last page, under the last page's address."""
    page = visitor.get("/?page=999999999")

    assert page.meta("og:url") == visitor.get("/?sort=installs").meta("og:url")


def test_one_state_has_one_query() -> None:
    """However a list is asked for, its links spell it one way and leave out what is usual."""
    spelled = Browse.parse("page=1&sort=installs&type=&q=").query
    searched = Browse.parse("page=02&q=%20a%20%20b%20&type=theme&sort=name&utm_source=x").query

    assert spelled == "sort=installs"
    assert searched == "q=a+b&type=theme&sort=name&page=2"
    assert Browse.parse(searched).query == searched
