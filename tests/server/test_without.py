"""Where nothing is found: the word or filter that did it, and the number without it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from server import Settings, make_app
from server.queries import search
from server.queries.lists import Filter
from tests.server.conftest import FIRST, Visitor, make_release, record, switch

_RECORDS = (
    record("backup-one", "Backup One", requires_php="8.1", last_updated="2026-09-20"),
    record("backup-two", "Backup Two", requires_php="8.1", last_updated="2020-09-20"),
    record("backup-theme", "Backup Look", type="theme", last_updated="2020-09-20"),
    record("unicorn", "Unicorn"),
    record("seo", "SEO", "For engines."),
    record("bare", "Bare", versions=()),
)


@pytest.fixture(name="published", scope="module")
def _published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("without")
    make_release(data, records=_RECORDS)
    switch(data, FIRST)
    return data


@pytest.fixture(name="asked")
def _asked(published: Path) -> Visitor:
    return Visitor(make_app(Settings(data=published)))


def _said(visitor: Visitor, query: str) -> tuple[str, dict[str, str]]:
    """The paragraph that tells of it, and its links by their words."""
    page = visitor.get(f"/?{query}")
    assert page.status == 200
    (said,) = (one for one in page.dom.iter("p") if one.get("class") in ("aside", "nothing"))
    links = {"".join(link.itertext()): str(link.get("href")) for link in said.iter("a")}
    return " ".join("".join(said.itertext()).split()), links


@pytest.mark.parametrize(
    ("query", "told", "link"),
    [
        ("q=unicorn&type=theme", "Without only themes there is 1.", "/?q=unicorn"),
        ("q=backup&type=plugin&php=7.4", "Without PHP 7.4 there are 2.", "/?q=backup&type=plugin"),
        (
            "q=look&within=month",
            "Without updated within a month there is 1.",
            "/?q=look",
        ),
        ("q=backup&closed=1", "Without closed there are 3.", "/?q=backup"),
        ("q=bare&installable=1", "Without only installable there is 1.", "/?q=bare"),
        ("closed=1&type=theme", "Without closed there is 1.", "/?type=theme"),
    ],
)
def test_a_filter_that_left_nothing_is_named(
    asked: Visitor, query: str, told: str, link: str
) -> None:
    """With the number without it, and a link to that list, which has so many."""
    said, links = _said(asked, query)

    assert said.startswith("Nothing here answers to all of that.")
    assert told in said
    assert link in links.values()
    count = told.rstrip(".").split()[-1]
    assert f'data-count="{count}"' in asked.get(link).text


def test_a_word_that_left_nothing_is_named(asked: Visitor) -> None:
    """As it was typed; what has the other words is beside it."""
    said, links = _said(asked, "q=backup+Unicorn")

    assert said.startswith("Nothing has all of these words; these have some of them.")
    assert "Without “Unicorn” there are 3. Without “backup” there is 1." in said
    assert links == {"Without “Unicorn”": "/?q=backup", "Without “backup”": "/?q=Unicorn"}


def test_nothing_is_said_where_nothing_helps(asked: Visitor) -> None:
    """One word that nothing has leaves what there was to say."""
    said, links = _said(asked, "q=zzzzzzzz")

    assert said.startswith("Nothing here answers to that.")
    assert links == {}


def test_it_is_said_once(asked: Visitor) -> None:
    """Where plugins have some of the words, and only themes are asked for, as well."""
    page = asked.get("/?q=seo+unicorn&type=theme")

    assert page.text.count("Nothing ") == 1


def test_what_was_typed_is_shown_and_never_obeyed(asked: Visitor) -> None:
    """Markup in a word is a word."""
    page = asked.get("/?q=" + quote("backup <script>alert(1)</script>"))

    assert "<script>alert" not in page.text


def test_to_count_takes_no_longer_than_a_search_may() -> None:
    """An endless catalogue is given up and not told of; what is asked next is answered."""
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            f"CREATE VIEW package (type, withdrawn_at, closure) AS {endless})"
            " SELECT 'plugin', NULL, NULL FROM n"
        )
        assert search.count_each(db, [("", Filter())], seconds=0.01) == []
        assert db.execute(f"{endless} LIMIT 99999) SELECT count(*) FROM n").fetchone() == (99_999,)
