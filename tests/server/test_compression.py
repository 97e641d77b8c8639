"""Pages in gzip's form, for whoever accepts that: nginx."""

import gzip

import pytest

from tests.server.conftest import Visitor


@pytest.mark.parametrize("path", ["/", "/packages/plugin/arabic", "/api/packages", "/nowhere"])
def test_the_form_alone_differs(visitor: Visitor, path: str) -> None:
    """Whoever accepts gzip gets the same page in fewer bytes, under the same headers."""
    page = visitor.get(path)
    packed = visitor.get(path, accept_encoding="gzip")

    assert gzip.decompress(packed.body) == page.body
    assert len(packed.body) < len(page.body) * 0.8
    changed = {"content-encoding", "content-length", "etag"}
    assert {name for name, value in packed.headers.items() if page.headers.get(name) != value} == (
        changed & packed.headers.keys()
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-length"] == str(len(packed.body))


def test_one_tag_for_both_forms(visitor: Visitor) -> None:
    """The tag of a compressed page is the page's, weak; by either, either form is known."""
    strong = visitor.get("/").headers["etag"]
    weak = visitor.get("/", accept_encoding="gzip").headers["etag"]

    assert weak == f"W/{strong}"
    for tag in (strong, weak):
        assert visitor.get("/", if_none_match=tag).status == 304
        known = visitor.get("/", if_none_match=tag, accept_encoding="gzip")
        assert (known.status, known.body) == (304, b"")
        assert "content-encoding" not in known.headers


def test_a_page_is_always_packed_alike(visitor: Visitor) -> None:
    """The same page gives the same bytes."""
    first, second = (visitor.get("/docs", accept_encoding="gzip").body for _ in range(2))

    assert first == second


@pytest.mark.parametrize("path", ["/favicon.svg", "/docs/", "/health"])
def test_crumbs_are_left_as_they_are(visitor: Visitor, path: str) -> None:
    """An answer of a few bytes, or of none, would only grow."""
    answer = visitor.get(path, accept_encoding="gzip")

    assert len(answer.body) < 512
    assert "content-encoding" not in answer.headers
