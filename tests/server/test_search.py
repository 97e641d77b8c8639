"""Searching, and asking for nonsense."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from server.browse import Browse
from tests.server.conftest import FIRST, SITE_URL, NewVisitor, Visitor, make_release, record, switch


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
        record("many-forms", "Forms, Forms, Forms", active_installs=9_000_000),
        record("quiet-forms", "Forms of silence", active_installs=10),
        record("forms-by-me", "Forms", active_installs=10),
        record("my-forms", "Another", active_installs=10),
        record("forms-of-mine", "My Forms for All", active_installs=9_000_000),
    ]
    make_release(tmp_path, records=rows)
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)

    assert visitor.search("forms")[:2] == ["Forms, Forms, Forms", "My Forms for All"]
    assert visitor.search("FORMS")[2] == "Forms"
    assert visitor.search("my-forms")[0] == "Another"
    assert visitor.search("my forms")[:2] == ["My Forms for All", "Another"]


def test_popularity_breaks_ties(tmp_path: Path, visit: NewVisitor) -> None:
    """Of two equal matches the one with more installs comes first."""
    rows = [
        record("a-shop", "Shop A", active_installs=10),
        record("b-shop", "Shop B", active_installs=1_000_000),
    ]
    make_release(tmp_path, records=rows)
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


@pytest.mark.parametrize(
    "typed",
    [
        "wp-plugin/akismet",
        "wpackagist-plugin/akismet",
        "composer require wp-plugin/akismet:^5.3",
        '"wpackagist-plugin/akismet": "*"',
        "https://wordpress.org/plugins/akismet/",
        "wordpress.org/plugins/akismet",
        "https://de.wordpress.org/plugins/akismet/#developers",
        "https://downloads.wordpress.org/plugin/akismet.5.3.1.zip",
        "https://plugins.svn.wordpress.org/akismet/trunk/",
        "https://plugins.trac.wordpress.org/browser/akismet/tags",
        f"{SITE_URL}/packages/plugin/akismet",
        "https://WordPress.org/Plugins/AKISMET",
    ],
)
def test_a_pasted_name_or_address_finds_its_package(
    tmp_path: Path, visit: NewVisitor, typed: str
) -> None:
    """What names a package elsewhere names it here, before all that is like it."""
    rows = [
        record("akismet", "Anti-spam", active_installs=10),
        record("akismet-pro", "Akismet", active_installs=9_000_000),
        record("akismet", "A theme", type="theme", active_installs=9_000_000),
    ]
    make_release(tmp_path, records=rows)
    switch(tmp_path, FIRST)

    assert visit(tmp_path).search(typed)[0] == "Anti-spam"


def test_letters_that_unicode_does_not_take_apart_fold(tmp_path: Path, visit: NewVisitor) -> None:
    """The letters ł, ø, đ, ß and æ are found as they are typed without them, and as they are."""
    names = ["Łódź", "Smørrebrød", "Đorđe", "Straße", "Æon", "Sublime"]
    make_release(
        tmp_path, records=[record(f"p{number}", name) for number, name in enumerate(names)]
    )
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)

    for typed, name in zip(
        ("lodz", "smorrebrod", "dorde", "strasse", "aeon", "sublime"), names, strict=True
    ):
        assert visitor.search(typed) == visitor.search(name) == [name]
    assert visitor.search("l\u00adod\u200bz") == ["Łódź"]


def test_a_language_with_signs_is_a_word(tmp_path: Path, visit: NewVisitor) -> None:
    """`c++` finds C++, not everything that begins with c."""
    rows = [record("syntax", "Code in C++"), record("sharp", "C# for all"), record("cats", "Cats")]
    make_release(tmp_path, records=rows)
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)

    assert visitor.search("c++") == ["Code in C++"]
    assert visitor.search("C#") == ["C# for all"]
    assert len(visitor.search("c")) == 3


def test_a_closed_package_is_found_by_its_slug(tmp_path: Path, visit: NewVisitor) -> None:
    """It stands in the usual list under its slug alone, and by any word among the closed."""
    rows = [
        record("shut-shop", "A Shut Shop", closed=True, closed_date="2026-01-02"),
        record("shop", "Shop"),
    ]
    make_release(tmp_path, records=rows)
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)

    assert visitor.search("shut-shop")[0] == "A Shut Shop"
    assert visitor.search("wp-plugin/shut-shop")[0] == "A Shut Shop"
    assert visitor.search("shop") == ["Shop"]
    assert visitor.search("shop", "&closed=1") == ["A Shut Shop"]


def test_a_search_that_takes_too_long_is_given_up(data: Path, visitor: Visitor) -> None:
    """The page says so, and counts nothing; what else is asked is answered as ever."""
    with closing(sqlite3.connect(data / "current" / "site.db")) as db:
        db.executescript(
            "DROP TABLE search_key;"
            "CREATE VIEW search_key (key, rank) AS WITH RECURSIVE endless (n) AS"
            " (SELECT 1 UNION ALL SELECT n + 1 FROM endless) SELECT 'akismet', n FROM endless;"
        )
    page = visitor.get("/?q=akismet")

    assert page.status == 200
    assert "too much to look for" in page.text
    assert page.words(".//ol[@class='contents']") == []
    assert json.loads(visitor.get("/api/packages?q=akismet").body)["too_much"]
    assert "Akismet Anti-spam" in visitor.get("/?sort=name").text


def test_counts_are_exact_as_far_as_a_thousand(tmp_path: Path, visit: NewVisitor) -> None:
    """Beyond, the page says so by a plus; every page up to there has its entries, each once."""
    rows = [
        *(
            record(f"p{number}", f"Form {number}", versions=(), active_installs=number)
            for number in range(1_005)
        ),
        *(
            record(f"t{number}", f"Form {number}", versions=(), type="theme")
            for number in range(30)
        ),
    ]
    make_release(tmp_path, records=rows)
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)
    counts = visitor.get("/?q=form").words(".//span[@class='count']")
    first, second = (visitor.search("form", f"&page={page}&type=theme") for page in (1, 2))

    assert counts == ["1,030+", "1,000+", "30"]
    assert len({*first, *second}) == len(first) + len(second) == 30
    assert visitor.search("form", "&sort=installs&type=plugin")[0] == "Form 1004"
    assert len(visitor.search("form", "&type=plugin&page=42")) == 1_000 - 41 * 24


def test_filters_and_orders_hold_for_a_search(tmp_path: Path, visit: NewVisitor) -> None:
    """PHP version, last update and each order work together with words, of any script."""
    rows = [
        record("a", "多合一 Beta", requires_php="8.1", active_installs=30),
        record(
            "b",
            "多合一 Alpha",
            requires_php="7.4",
            active_installs=20,
            last_updated="2023-11-14 22:13:20",
        ),
        record("c", "多合一 Gamma", requires_php="", active_installs=10),
        record(
            "d",
            "Another",
            description="多合一",
            active_installs=5,
            last_updated="2003-02-01 00:00:00",
        ),
    ]
    make_release(tmp_path, records=rows)
    switch(tmp_path, FIRST)
    visitor = visit(tmp_path)
    every = ["多合一 Beta", "多合一 Alpha", "多合一 Gamma", "Another"]

    assert visitor.search("多合") == visitor.search("合一") == every
    assert visitor.search("多合一", "&php=7.4") == every[1:]
    assert visitor.search("多合一", "&within=year") == [every[0], every[2]]
    assert visitor.search("多合一", "&sort=name") == ["Another", every[1], every[0], every[2]]
    assert visitor.search("多合一", "&sort=updated") == [every[0], every[2], every[1], every[3]]
    assert visitor.search("多合一", "&sort=installs&php=7.4") == every[1:]


def test_a_release_of_the_schema_before_is_searched_too(data: Path, visitor: Visitor) -> None:
    """Until the next release, an update finds what is typed, counts it and sifts it."""
    with closing(sqlite3.connect(data / "current" / "site.db")) as db:
        for table in ("search", "search_name", "search_key", "search_word", "search_near"):
            db.execute(f"DROP TABLE {table}")
        db.execute(
            "CREATE VIRTUAL TABLE search USING fts5 (name, slug, author, description, tags, parts,"
            " tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')"
        )
        db.execute(
            "INSERT INTO search (rowid, name, slug, author, description, tags, parts) SELECT"
            " id, name, slug, author, description, '', '' FROM package WHERE withdrawn_at IS NULL"
        )
        db.commit()

    assert visitor.search("akis") == ["Akismet Anti-spam"]
    assert visitor.search("author", "&type=theme&sort=name") == ["Astra", "Café Thème"]
    assert visitor.search("author")[0] == "Akismet Anti-spam"
    assert visitor.search("nonsense") == []
