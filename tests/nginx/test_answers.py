"""What nginx answers, row by row: status, type, who may keep it, what else is said."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nginx.face import CARD, CARD_BYTES, NEW, OLD, PLATE, Face, converse, publish, running

ABSENT = None
HTML, PNG, TEXT, XML = "text/html; charset=utf-8", "image/png", "text/plain; charset=utf-8", "xml"
SVG = "image/svg+xml"
YEAR = "public, max-age=31536000, immutable"
OWN = "no-store"  # what our error pages say
LOST = CARD.replace("abab.png", "abac.png")

# path, method, status, type, Cache-Control, other headers (ABSENT: not to be there)
ROWS: list[tuple[str, str, int, str, str | None, dict[str, str | None]]] = [
    ("/", "GET", 200, HTML, "public, max-age=60", {"content-security-policy": ABSENT}),
    ("/", "HEAD", 200, HTML, "public, max-age=60", {}),
    ("/packages/plugin/akismet", "GET", 200, HTML, "public, max-age=60", {"x-release": OLD}),
    ("/og/plugin/akismet.png", "GET", 200, HTML, "public, max-age=60", {"x-release": OLD}),
    ("/?q=a//b/../c%00", "GET", 200, HTML, "public, max-age=60", {}),
    ("/health", "GET", 200, HTML, "no-store", {"x-cache": "BYPASS"}),
    ("/missing", "GET", 404, HTML, "no-store", {"x-release": OLD}),
    ("/robots.txt", "GET", 200, TEXT, "public, max-age=300", {"x-cache": ABSENT}),
    ("/robots.txt", "HEAD", 200, TEXT, "public, max-age=300", {}),
    ("/feed.xml", "GET", 200, "application/atom+xml", "public, max-age=300", {}),
    (CARD, "GET", 200, PNG, YEAR, {"cross-origin-resource-policy": "cross-origin"}),
    (CARD, "HEAD", 200, PNG, YEAR, {"content-length": str(len(CARD_BYTES))}),
    (f"{CARD}?share=1", "GET", 200, PNG, YEAR, {}),
    (LOST, "GET", 404, HTML, OWN, {"x-release": ABSENT}),
    # What only looks like a card is the app's affair.
    (PLATE, "GET", 200, SVG, YEAR, {"cross-origin-resource-policy": "cross-origin"}),
    (PLATE, "POST", 405, HTML, OWN, {"allow": "GET, HEAD"}),
    (f"{PLATE}.bak", "GET", 200, HTML, "public, max-age=60", {}),
    (CARD.replace("abab.png", "ABAB.png"), "GET", 200, HTML, "public, max-age=60", {}),
    (f"{CARD}.bak", "GET", 200, HTML, "public, max-age=60", {}),
    # Nothing of DATA but store/og and the release's static files has an address.
    ("/site.db", "GET", 200, HTML, "public, max-age=60", {"x-release": OLD}),
    ("/static/robots.txt", "GET", 200, HTML, "public, max-age=60", {"x-release": OLD}),
    # Nothing can be sent.
    ("/", "POST", 405, HTML, OWN, {"allow": "GET, HEAD", "x-release": ABSENT}),
    ("/", "PUT", 405, HTML, OWN, {"allow": "GET, HEAD"}),
    ("/", "DELETE", 405, HTML, OWN, {"allow": "GET, HEAD"}),
    ("/", "OPTIONS", 405, HTML, OWN, {"allow": "GET, HEAD"}),
    ("/", "PROPFIND", 405, HTML, OWN, {"allow": "GET, HEAD"}),
    ("/", "TRACE", 405, HTML, OWN, {"allow": "GET, HEAD"}),
    ("/robots.txt", "POST", 405, HTML, OWN, {"allow": "GET, HEAD"}),
    ("/health", "POST", 405, HTML, OWN, {"allow": "GET, HEAD"}),
    (CARD, "POST", 405, HTML, OWN, {"allow": "GET, HEAD"}),
    (CARD, "DELETE", 405, HTML, OWN, {"allow": "GET, HEAD"}),
]  # fmt: skip

# Addresses that are not the one spelling of anything, and their answer.
TRICKS = [
    ("//", 404),
    ("//robots.txt", 404),
    ("/packages//plugin/akismet", 404),
    ("/./robots.txt", 404),
    ("/og/..", 404),
    ("/og/../", 404),
    ("/og/../robots.txt", 404),
    ("/og/../../catalog.db", 400),
    ("/../", 400),
    ("/..", 400),
    ("/..%2f", 400),
    ("/..%2f..%2fcatalog.db", 400),
    ("/og/..%2frobots.txt", 404),
    ("/og%2f..%2frobots.txt", 404),
    ("/%2e%2e/catalog.db", 400),
    ("/og/%2E%2E/robots.txt", 404),
    ("/robots%2etxt", 404),
    ("/..%5c..%5ccatalog.db", 404),
    ("/..\\..\\catalog.db", 404),
    ("/robots.txt%00", 400),
    ("/robots.txt%00.png", 400),
    ("/%0a", 404),
    ("/page%0d%0aSet-Cookie:x", 404),
    ("/page%7f", 404),
    ("/.git/config", 404),
    ("/.env", 404),
    ("/packages/.hidden", 404),
    ("/.error/error.html", 404),
    ("/%zz", 400),
    (f"/og/ab/../ab{CARD[6:]}", 404),
    (CARD.replace("/og/ab/", "/og//ab/"), 404),
    (CARD.replace(".png", "%2epng"), 404),
]


@pytest.mark.parametrize(("path", "method", "status", "kind", "kept", "more"), ROWS)
def test_row(
    site: Face,
    path: str,
    method: str,
    status: int,
    kind: str,
    kept: str | None,
    more: dict[str, str | None],
) -> None:
    """Each address has its status, its type, its lifetime and its headers."""
    answer = site.ask(path, method)

    assert answer.status == status
    assert answer.headers["content-type"] == kind
    assert answer.headers.get("cache-control") == kept
    assert {name: answer.headers.get(name) for name in more} == more
    assert (answer.body == b"") == (method == "HEAD")


@pytest.mark.parametrize(
    ("path", "method"),
    [*sorted({(row[0], row[1]) for row in ROWS}), *((t[0], "GET") for t in TRICKS)],
)
def test_every_answer_is_safe(site: Face, path: str, method: str) -> None:
    """Each answer says nosniff and the referrer policy once, and no version of anything."""
    answer = site.ask(path, method)

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["server"] == "nginx"
    assert "via" not in answer.headers
    assert "x-powered-by" not in answer.headers


@pytest.mark.parametrize(("path", "status"), TRICKS)
def test_trick_is_refused(site: Face, path: str, status: int) -> None:
    """An address that is another's disguise is refused and never reaches the app."""
    answer = converse(site.port, f"GET {path} HTTP/1.0\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")

    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"X-Release" not in head
    assert b"secret" not in body
    assert b"Frontispiece" in body


def test_fragment_and_absolute_form(site: Face) -> None:
    """The absolute form of an address is the address; its `//` is no trick."""
    answer = converse(site.port, b"GET http://example.org/robots.txt HTTP/1.0\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")


def test_well_known_is_no_dotfile(site: Face) -> None:
    """/.well-known/ is open to those who need it (certificates, security.txt)."""
    answer = site.ask("/.well-known/security.txt")

    assert answer.status == 200
    assert answer.release == OLD


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /?" + b"a" * 7_000 + b" HTTP/1.0\r\n\r\n", 200),
        (b"GET /?" + b"a" * 9_000 + b" HTTP/1.0\r\n\r\n", 414),
        (b"GET / HTTP/1.0\r\nX-Long: " + b"a" * 9_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.0\r\n" + b"X-Some: a\r\n" * 5_000 + b"\r\n", 431),
        (b"GET / HTTP/1.0\r\nContent-Length: 100\r\n\r\n" + b"a" * 100, 200),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"a" * 9, 413),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"Content-Length: 3\r\n" * 2 + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        (b"get / HTTP/1.0\r\n\r\n", 400),
        (b"GET /\x01 HTTP/1.0\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00 hello", 400),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_request_of_an_odd_shape(site: Face, request_: bytes, status: int) -> None:
    """A request that is too large or breaks the rules is refused, by our own page."""
    site.expected.append("client intended to send too large body: 100000 bytes")

    answer = converse(site.port, request_)

    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert (b"<header>Frontispiece</header>" in answer) == (status != 200)


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/.git", "GET", 404), ("/", "POST", 405), ("/%00", "GET", 400), ("/a" * 4_500, "GET", 414)],
    ids=["404", "405", "400", "414"],
)
def test_own_page_runs_nothing(site: Face, path: str, method: str, status: int) -> None:
    """Our error pages may load and run nothing; their one style sheet is allowed by its hash."""
    answer = site.ask(path, method)
    policy = answer.headers["content-security-policy"]
    style = re.findall(rb"<style>(.*?)</style>", answer.body, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style[0]).digest()).decode()

    assert answer.status == status
    assert len(style) == 1
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(rb"<script|<link|<img|style=|src=|href=|https?:", answer.body)


@pytest.mark.parametrize(
    ("sent", "short", "title"),
    [
        (b"get / HTTP/1.0\r\n\r\n", "400", "This request could not be read"),
        (b"GET /.git HTTP/1.0\r\n\r\n", "404", "No such page"),
        (b"POST / HTTP/1.0\r\n\r\n", "405", "Here one can only read"),
        (
            b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n",
            "Too long",
            "This is more than can",
        ),
        (b"GET /?%b HTTP/1.0\r\n\r\n" % (b"a" * 9_000), "Too long", "This is more than can"),
        (b"GET / HTTP/1.0\r\nX: %b\r\n\r\n" % (b"a" * 9_000), "Too long", "This is more than can"),
    ],
    ids=["400", "404", "405", "413", "414", "431"],
)
def test_own_page_says_what_is_amiss(site: Face, sent: bytes, short: str, title: str) -> None:
    """One page has the words for each error, in its title and in its body, and no others."""
    site.expected.append("client intended to send too large body: 2000 bytes")
    _assert_words(converse(site.port, sent).decode(), short, title)


def test_own_page_when_the_app_is_away_and_when_it_is_too_much(folder: Path) -> None:
    """Pages past the limit get the one, pages without an app the other."""
    with running(folder, started=False, rate=1) as face:
        face.expected.append("connect\\(\\) to unix:.* failed")
        pages = [face.ask("/page")]
        while pages[-1].status != 429:
            pages.append(face.ask("/page"))

    assert pages[0].status == 502
    _assert_words(pages[0].body.decode(), "Away", "Back in a moment")
    _assert_words(pages[-1].body.decode(), "429", "One page at a time")


def _assert_words(page: str, short: str, title: str) -> None:
    assert re.findall("<title>(.*)</title>|<h1>(.*)</h1>", page)[0][0].startswith(title)
    assert re.findall("<title>(.*) · Frontispiece</title>", page) == re.findall(
        "<h1>(.*)</h1>", page
    )
    assert re.findall("<small>(.*)</small>", page) == [short]
    assert re.findall(r"<p>([A-Z].*\.)</p>", page)
    assert "<!--" not in page


def test_app_sees_nothing_of_the_visitor(site: Face) -> None:
    """The app gets the address asked for; no header of the visitor's, no body."""
    sent = {
        "Cookie": "a=b",
        "Authorization": "Basic eDp4",
        "Accept_Language": "de",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_For": "1.2.3.4",
        "Forwarded": "host=evil.example",
        "Host": "evil.example",
        "Range": "bytes=0-1",
    }
    answer = site.ask("/echo?a=%2f//b", body="body", **sent)

    assert json.loads(answer.body) == {
        "HTTP_HOST": "frontispiece",
        "path": "/echo",
        "query": "a=%2f//b",
    }


def test_path_reaches_the_app_whole(site: Face) -> None:
    """Letters of other scripts, spaces, question marks and percent signs in a path arrive."""
    answer = site.ask("/packages/%D0%B6%20%3F%25%23;=&%C3%A9")

    assert "/packages/ж ?%#;=&é" in answer.body.decode("utf-8").encode("latin-1").decode("utf-8")


@pytest.mark.parametrize(
    ("path", "encoding", "vary"),
    [
        ("/packages/theme/a", "gzip", "Accept-Encoding, Accept"),
        ("/?q=a", "gzip", "Accept-Encoding"),
        ("/feed.xml", "gzip", "Accept-Encoding"),
        (CARD, None, None),
        ("/robots.txt", None, None),
    ],
)
def test_compression(site: Face, path: str, encoding: str | None, vary: str | None) -> None:
    """Text of some length is compressed for whom that is right; pictures and crumbs are not."""
    answer = site.ask(path, Accept_Encoding="gzip")

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers.get("vary") == vary
    assert "content-encoding" not in site.ask(path).headers


@pytest.mark.parametrize(
    ("accepted", "version", "form"),
    [
        ("gzip, deflate, br", "1.1", "gzip"),
        ("br;q=1.0, GZIP;q=0.5", "1.1", "gzip"),
        ("gzip;q=0, deflate", "1.1", None),
        ("gzip; q=0.000", "1.1", None),
        ("identity", "1.1", None),
        ("*", "1.1", None),
        ("gzipped", "1.1", None),
        ("gzip", "1.0", None),
    ],
)
def test_the_app_is_told_which_form_to_make(
    site: Face, accepted: str, version: str, form: str | None
) -> None:
    """Of all that a visitor accepts the app learns one thing: that they take gzip, or nothing."""
    sent = f"GET /echo HTTP/{version}\r\nHost: a\r\nAccept-Encoding: {accepted}\r\n\r\n"
    told = json.loads(converse(site.port, sent.encode()).partition(b"\r\n\r\n")[2])

    assert told.get("HTTP_ACCEPT_ENCODING") == form


@pytest.mark.parametrize(
    ("path", "accept", "asked"),
    [
        ("/", "text/markdown", "/index.md"),
        ("/docs", "text/markdown, text/html;q=0.5", "/docs.md"),
        (
            "/packages/plugin/akismet",
            "text/html;q=0.9, text/markdown",
            "/packages/plugin/akismet.md",
        ),
        ("/authors/somebody", "text/markdown;q=0.5", "/authors/somebody.md"),
        ("/compare", "text/markdown", "/compare.md"),
        ("/compare?a=plugin/x&b=plugin/y", "text/markdown", "/compare.md"),
        ("/compare?a=plugin/x&b=plugin/y", "text/html", "/compare"),
        ("/tags/compare?page=2", "text/markdown", "/tags/compare"),
        ("/packages/plugin/akismet", "text/html, text/markdown;q=0", "/packages/plugin/akismet"),
        ("/packages/plugin/akismet", "text/html,*/*;q=0.8", "/packages/plugin/akismet"),
        ("/packages/plugin/akismet.md", "text/markdown", "/packages/plugin/akismet.md"),
        ("/?q=a", "text/markdown", "/?q=a"),
        ("/api/packages", "text/markdown", "/api/packages"),
    ],
)
def test_a_page_has_a_twin_for_those_who_ask(
    site: Face, path: str, accept: str, asked: str
) -> None:
    """Accept: text/markdown is another page for the app and the cache, at the same address."""
    twin, page = (site.ask(path, **wish).body for wish in ({"Accept": accept}, {}))

    assert f" {asked.partition('?')[0]}</p>".encode() in twin
    assert f" {path.partition('?')[0]}</p>".encode() in page


def test_static_files_follow_the_release(folder: Path) -> None:
    """robots.txt is the live release's, from the moment of the switch."""
    with running(folder) as face:
        for release in (OLD, NEW, OLD, NEW):
            publish(face.data, release)
            assert release.encode() in face.ask("/robots.txt").body


@pytest.fixture(scope="module", name="under")
def _under(shared_folder: Path) -> Iterator[Face]:
    """A site that lives under /some/dir."""
    folder = shared_folder / "under"
    folder.mkdir()
    with running(folder, base="/some/dir") as face:
        yield face


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/some/dir/", 200, HTML),
        ("/some/dir/robots.txt", 200, TEXT),
        (f"/some/dir{CARD}", 200, PNG),
        (f"/some/dir{LOST}", 404, HTML),
        ("/", 404, HTML),
        ("/robots.txt", 404, HTML),
        (CARD, 404, HTML),
        ("/some/directory", 404, HTML),
        ("/some/dir/../dir/", 404, HTML),
        ("/some/dir//", 404, HTML),
        ("/site.db", 404, HTML),
        ("/error.html", 404, HTML),
    ],
)
def test_site_under_a_path(under: Face, path: str, status: int, kind: str) -> None:
    """A site that lives under a path has all its addresses there and none elsewhere."""
    answer = under.ask(path)

    assert answer.status == status
    assert answer.headers["content-type"] == kind


def test_app_under_a_path_lives_at_the_root(under: Face) -> None:
    """The app is handed addresses without the path under which the site lives."""
    answer = under.ask("/some/dir/echo?x=1")

    assert json.loads(answer.body)["path"] == "/echo"
    assert json.loads(answer.body)["query"] == "x=1"


def test_path_without_its_slash_is_completed(under: Face) -> None:
    """The bare path leads to itself with a slash, on whatever host it was asked for."""
    answer = under.ask("/some/dir", Host="packages.example.org:8443")

    assert answer.status == 301
    assert answer.headers["location"] == "/some/dir/"
