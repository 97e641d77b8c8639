"""Conditional requests."""

from pathlib import Path

import pytest

from server import Settings, make_app
from server.etag import etag, is_known
from tests.server.conftest import SECOND, Visitor, make_release, switch


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


def test_tag_tells_release_look_path_and_query_apart() -> None:
    """Each part of what makes an answer makes another tag, and they cannot run together."""
    tags = {
        etag("1", "a", "/", ""),
        etag("2", "a", "/", ""),
        etag("1", "b", "/", ""),
        etag("1", "a", "/x", ""),
        etag("1", "a", "/", "x"),
        etag("1", "a/", "", ""),
    }

    assert len(tags) == 6


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


def test_tags_change_with_the_release(visitor: Visitor, data: Path) -> None:
    """After a switch the old tag is not known any more."""
    tag = visitor.get("/packages/plugin/akismet").headers["etag"]
    make_release(data, SECOND)
    switch(data, SECOND)
    page = visitor.get("/packages/plugin/akismet", if_none_match=tag)

    assert page.status == 200
    assert page.headers["etag"] != tag


def test_tags_are_the_same_in_every_process(visitor: Visitor, data: Path) -> None:
    """Two apps on one release agree, so that a visitor may meet either."""
    other = Visitor(make_app(Settings(data=data)))

    assert visitor.get("/").headers["etag"] == other.get("/").headers["etag"]
