"""Conditional requests."""

import sqlite3
from pathlib import Path

import pytest

from publish.cards import memory, wanted
from publish.cards.memory import Drawn
from server import Settings, make_app
from server.etag import etag, is_known
from tests.server.conftest import GONE, SECOND, Visitor, make_release, switch
from tests.stub import blank


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b",W/"a"', True),
        ('  "b" ,  W/"a"  ', True),
        ("*", True),
        (" * ", True),
        ("", False),
        ("a", False),
        ('"b"', False),
        ('"a', False),
        ('"b, "a""', False),
        ('w/"a"', False),
        ('"A"', False),
    ],
)
def test_if_none_match(header: str, known: bool) -> None:
    """Lists, weak tags and * are understood; anything else names nothing."""
    assert is_known('"a"', header) is known


def test_tag_tells_answers_apart() -> None:
    """Another type or another body makes another tag, and the two cannot run together."""
    tags = {etag("a", b"b"), etag("a", b"c"), etag("b", b"b"), etag("ab", b""), etag("", b"ab")}

    assert len(tags) == 5
    assert etag("a", b"b") in tags


@pytest.mark.parametrize("path", ["/", "/?q=spam", "/packages/plugin/akismet", "/favicon.svg"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_known_page_is_not_sent_again(visitor: Visitor, path: str, method: str) -> None:
    """A visitor who names the tag gets 304, tag and release, and no body."""
    tag = visitor.get(path).headers["etag"]
    page = visitor.get(path, method, if_none_match=f'"other", W/{tag}')

    assert page.status == 304
    assert page.body == b""
    assert page.headers["etag"] == tag
    assert page.headers["cache-control"].startswith("public")
    assert "x-release" in page.headers
    assert "content-type" not in page.headers


@pytest.mark.parametrize(
    "path", ["/nope", "/packages/plugin/gone", "/health", "/og/plugin/akismet.png"]
)
def test_only_pages_have_tags(visitor: Visitor, path: str) -> None:
    """Errors, redirects and health have no tag, and * never makes them 304."""
    page = visitor.get(path, if_none_match="*")

    assert "etag" not in page.headers
    assert page.status != 304


def test_tags_change_exactly_when_the_answer_does(visitor: Visitor, data: Path) -> None:
    """A release in which one card changed changes the tag of that page, and of no other."""
    paths = ("/packages/plugin/akismet", "/packages/plugin/seo-press", "/?type=theme", "/docs")
    tags = {path: visitor.get(path).headers["etag"] for path in paths}
    make_release(data, SECOND, gone=GONE, change=_other_card)
    switch(data, SECOND)
    statuses = {path: visitor.get(path, if_none_match=tags[path]).status for path in paths}

    assert statuses == dict.fromkeys(paths, 304) | {"/packages/plugin/akismet": 200}


def _other_card(db: sqlite3.Connection) -> None:
    rows = db.execute("SELECT id FROM package WHERE slug = 'akismet'").fetchall()
    (card,) = wanted.for_packages(db, [id for (id,) in rows])
    memory.remember(db, [Drawn(card, "f" * 32, blank(card.card))], [], 1_780_000_000)


def test_tags_are_the_same_in_every_process(visitor: Visitor, data: Path) -> None:
    """Two apps on one release agree, so that a visitor may meet either."""
    other = Visitor(make_app(Settings(data=data)))

    assert visitor.get("/").headers["etag"] == other.get("/").headers["etag"]
