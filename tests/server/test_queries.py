"""Forty searches over the sample catalogue: what people type, and what they must find."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from catalog import database
from catalog.packages import Allowance, take
from catalog.source import opened
from publish.site import write
from server.browse import PAGE_SIZE
from server.queries import search
from server.queries.lists import Filter
from server.queries.relevance import Candidate, score, worth
from server.queries.typed import Typed
from tests.conftest import ROOT, record, write_source

# What is typed, and the slugs that come first, in this order.
TABLE = [
    # exact slugs and names
    ("akismet", ["akismet"]),
    ("contact-form-7", ["contact-form-7"]),
    ("Contact Form 7", ["contact-form-7"]),
    ("wp-plugin/woocommerce", ["woocommerce"]),
    ("elementor", ["elementor"]),
    ("astra", ["astra"]),
    ("go", ["go"]),
    ("WP Super Cache", ["wp-super-cache"]),
    ("twentytwentyfive", ["twentytwentyfive"]),
    ("bbPress", ["bbpress"]),
    # beginnings, several words, any order
    ("akis", ["akismet"]),
    ("woocom", ["woocommerce"]),
    ("yoast", ["wordpress-seo", "duplicate-post"]),
    ("seo", ["wordpress-seo"]),
    ("contact form", ["contact-form-7", "wpforms-lite"]),
    ("smtp mail", ["wp-mail-smtp"]),
    ("cache", ["litespeed-cache"]),
    ("plugin for events", ["the-events-calendar"]),
    ("twenty twenty", ["twentytwenty"]),
    # words run together or apart
    ("contactform7", ["contact-form-7"]),
    ("woo commerce", ["woocommerce"]),
    ("mail poet", ["mailpoet"]),
    ("tablepress", ["tablepress"]),
    # authors and purposes
    ("john blackbourn", ["wp-crontrol", "user-switching"]),
    ("automattic", ["woocommerce"]),
    ("backup", ["all-in-one-wp-migration"]),
    ("2fa", ["two-factor"]),
    ("page builder", ["elementor"]),
    # mistyped
    ("akismett", ["akismet"]),
    ("kaismet", ["akismet"]),
    ("woocomerce", ["woocommerce"]),
    ("elementer", ["elementor"]),
    ("wrodfence", ["wordfence"]),
    ("yost seo", ["wordpress-seo"]),
    # accents and other scripts
    ("Bathge", ["tablepress"]),
    ("多合一", ["baidu-submit-link"]),
    ("推送", ["baidu-submit-link"]),
    ("ショップ", ["usc-e-shop"]),
    ("관리", ["cosmosfarm-members"]),
    ("کاش", []),
    ("календарь", []),
    ("България", ["bulgarisation-for-woocommerce"]),
    # nothing has all of the words
    ("backup unicorn", ["all-in-one-wp-migration"]),
]


@pytest.fixture(name="catalogue", scope="module")
def _catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A release of the sample catalogue; its cards do not matter here."""
    sample = str(ROOT / "data" / "sources" / "sample.jsonl")
    with _released(tmp_path_factory.mktemp("queries"), sample) as connection:
        yield connection


@contextmanager
def _released(folder: Path, source: str) -> Iterator[sqlite3.Connection]:
    with database.writing(folder) as db:
        take(db, [opened(source)], Allowance(), int(time.time()))
        db.execute(
            "INSERT INTO page_card VALUES ('default', ?, '{}', 'x', 1200, 630, 0)", ["a" * 32]
        )
        write.write(db, None, folder / "site.db", write.Settings("https://x.org"), time.time())
    with closing(_opened(folder / "site.db")) as connection:
        yield connection


def _opened(site: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{site.as_uri()}?mode=ro&immutable=1", uri=True)


def _slugs(connection: sqlite3.Connection, words: str, wanted: Filter) -> list[str]:
    found = search.find(connection, words, wanted)
    if found.match is None or not found.counts:
        return []
    return [entry.slug for entry in search.page(connection, found.match, "", PAGE_SIZE, 0)]


@pytest.mark.parametrize(("words", "wanted"), TABLE, ids=[words for words, _ in TABLE])
def test_what_is_typed_finds_what_is_meant(
    catalogue: sqlite3.Connection, words: str, wanted: list[str]
) -> None:
    """The first results are those that were meant."""
    slugs = _slugs(catalogue, words, Filter())

    assert slugs[: len(wanted)] == wanted
    assert bool(slugs) == bool(wanted)


def test_filters_hold_for_results(catalogue: sqlite3.Connection) -> None:
    """Type and PHP version leave out what does not fit; the counts agree with the list."""
    everything = _slugs(catalogue, "tables", Filter())
    old_php = _slugs(catalogue, "woocommerce", Filter(php=700))
    themes = search.find(catalogue, "blog", Filter(type="theme"))

    assert everything[0] == "tablepress"
    assert "woo-razorpay" in old_php
    assert "woocommerce" not in old_php
    assert len(_slugs(catalogue, "blog", Filter(type="theme"))) == themes.counts["theme"]


def test_found_says_what_was_looked_for(catalogue: sqlite3.Connection) -> None:
    """A corrected search names the words; a loose one says that it is."""
    assert search.find(catalogue, "woocomerce", Filter()).instead == "woocommerce"
    assert search.find(catalogue, "backup unicorn", Filter()).loosely
    assert not search.find(catalogue, "backup", Filter()).loosely


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Łódź Maps", ["lodz", "Łódź", "łódź", "LODZ", "Lódź maps", "łodz"]),
        ("Straßen", ["strassen", "straßen", "STRASSEN", "STRAẞEN"]),
        ("Strassen", ["straßen"]),
        ("Ærø Smørrebrød", ["aero", "Ærø", "smorrebrod"]),
        ("Đorđe", ["dorde", "đorđe"]),
        (
            "Sub\u00adlime\u200b Te\u2060xt",
            ["sublime text", "Sublime", "Sub\u00adlime", "text\ufeff"],
        ),
        ("Café", ["cafe", "CAFÉ"]),
    ],
)
def test_letters_are_found_as_they_are_typed(tmp_path: Path, name: str, asked: list[str]) -> None:
    """Whatever keyboard it is typed on, and whatever hides in it, in each field of a record."""
    fields = ("name", "short_description", "author")
    records = [record(f"x{n}", **{field: name}) for n, field in enumerate(fields)]
    records.append(record("x3", tags={"x": name}))
    source = write_source(tmp_path, *records)
    with _released(tmp_path, str(source)) as connection:
        for words in asked:
            assert sorted(_slugs(connection, words, Filter())) == ["x0", "x1", "x2", "x3"], words


def test_what_is_not_weighed_is_not_on_the_first_page(tmp_path: Path) -> None:
    """The first page has the order of all scores: a name may lift what few use."""
    records = [
        record(
            f"p{number}",
            name=f"Contact Form {number}" if number > 24 else f"Number {number}",
            short_description="A form.",
            active_installs=100 if number > 24 else 1_000_000 + number,
            last_updated=f"{2026 - number % 11}-01-01 00:00:00",
        )
        for number in range(1, 59)
    ]
    source = write_source(tmp_path, *records)
    typed = Typed.parse("form")
    with _released(tmp_path, str(source)) as connection:
        shown = _slugs(connection, "form", Filter())
        now = int(
            connection.execute("SELECT max(value) FROM meta WHERE key = 'stamp'").fetchone()[0]
        )
        rows = connection.execute(
            "SELECT id, type, slug, name, active_installs, updated, tags, length(description), 1"
            " FROM package"
        )
        every = list(map(Candidate._make, rows))
    worths = {one.slug: worth(one, now // 10_000) for one in every}
    every.sort(key=lambda one: (-score(one, typed, worths[one.slug]), one.length, one.slug))

    assert shown == [one.slug for one in every[:PAGE_SIZE]]
    assert shown != sorted(worths, key=worths.__getitem__, reverse=True)[:PAGE_SIZE]
