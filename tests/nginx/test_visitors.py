"""What a visitor may ask, and in how many ways: none is dear, and what is the same is one page."""

import ast
import http.client
import ipaddress
import math
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

from publish.nginx.site import Site
from publish.nginx.template import NGINX
from server.routes import ROUTES, fill
from tests.conftest import ROOT, Tell
from tests.nginx.face import CARD, Face, converse, running, wait
from tests.nginx.test_metadata import FOO, content_of, put

MARKDOWN, HTML = ".md", ""


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/markdown", MARKDOWN),
        ("text/html, text/markdown;q=0.5", HTML),
        ("text/html;q=0.4, text/markdown;q=0.5", MARKDOWN),
        ("text/html;q=0.55, text/markdown;q=0.5", HTML),
        ("text/html;q=0.5, text/markdown;q=0.50", MARKDOWN),
        ("text/html;q=0.5, text/markdown;q=0.499", HTML),
        ("text/html;q=1.000, text/markdown", MARKDOWN),
        ("text/html, text/markdown;q=1", MARKDOWN),
        ("text/html, text/markdown;q=0.999", HTML),
        ("text/markdown;q=0.5, */*;q=0.8", HTML),
        ("text/markdown;q=0.5, */*;q=0.1", MARKDOWN),
        ("text/markdown;q=0.5, text/*;q=0.8, */*;q=0.1", HTML),
        ("text/markdown;q=0.5, text/html;q=0.1, */*;q=0.9", MARKDOWN),
        ("text/markdown;q=0.5,text/html;q=0", MARKDOWN),
        ("text/markdown;q=0.0, text/html;q=0", HTML),
        ("text/markdown;charset=utf-8;q=0.5, text/html;level=1;q=0.6", HTML),
        ("TEXT/MARKDOWN ; Q=0.7 ,\ttext/html ; q=0.6", MARKDOWN),
        ("text/markdownish, text/html;q=0.5", HTML),
        ("application/text/markdown", HTML),
        ("*/*", HTML),
        ("text/*", HTML),
        ("", HTML),
    ],
)
def test_accept_is_weighed(site: Face, accept: str, form: str) -> None:
    """Markdown for those who name it and want HTML no more."""
    answer = site.ask("/docs", Accept=accept)

    assert f" /docs{form}</p>".encode() in answer.body


def _example(path: str) -> str:
    """An address of a route."""
    named = {"type": "plugin", "digest": "abc123", "number": "1"}
    return fill(path, lambda part: named.get(part[1], "some-name"))


def test_nginx_and_the_app_know_the_same_twins(site: Face) -> None:
    """Each page of the app that has a twin in Markdown is asked for it, and no other."""
    assert sum(route.twin for route in ROUTES) >= 7
    for route in ROUTES:
        if route.path == "/health":
            continue
        wanted = _example(route.twin_path if route.twin else route.path)
        answer = site.ask(_example(route.path), Accept="text/markdown")

        if b"</p>" in answer.body:  # else a file of the release, which is none of the app's pages
            assert f" {wanted}</p>".encode() in answer.body, route.path


def _read_by(module: str) -> set[str]:
    """The names that a module takes out of a query string."""
    text = (ROOT / "server" / f"{module}.py").read_text()
    names = set(re.findall(r'said\.get\("(\w+)"', text) + re.findall(r'\)\.get\("(\w+)"', text))
    for several in re.findall(r"said\.get\(name, \"\"\).*?for name in \((.*?)\)", text):
        names |= set(re.findall(r'"(\w+)"', several))
    return names


def test_nginx_and_the_app_read_the_same_of_a_query() -> None:
    """What the app looks for is what nginx hands on: not a name more, not a name less."""
    conf = (NGINX / "http" / "asked.conf").read_text()
    asked = set(re.findall(r"\b(\w+)=\$arg_\1\b", conf))

    listed = {"q", "type", "php", "within", "closed", "installable", "sort", "page"}
    assert _read_by("browse") == listed
    assert _read_by("machines/list_query") == {"page", "per_page", "updated_since", "cursor"}
    readers = ("browse", "machines/list_query", "machines/composer", "pages/compare")
    assert asked == set().union(*map(_read_by, readers))
    assert len(re.findall(r"=\$", conf)) == len(re.findall(r"\b(\w+)=\$arg_\1\b", conf))


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/?fbclid=x&utm_source=a&gclid=b", ""),
        ("/packages/plugin/foo?fbclid=x", ""),
        ("/docs?q=words", ""),
        ("/?page=2&utm_medium=mail&q=two+words&x", "two+words&&&&&&&2"),
        ("/?%71=other&q=", ""),
        ("/?Q=first&q=second", "first&&&&&&&"),
        ("/?q=a&q=b", "a&&&&&&&"),
        ("/tags/forms?page=3&q=a&ref=b", "3"),
        ("/search.json?q=a&per_page=5&type=b&utm_id=1", "a&b&&5"),
        ("/?installable=1&type=theme", "&theme&&&&1&&"),
        ("/?cursor=a&per_page=9&updated_since=1&q=b", "b&&&&&&&"),
        ("/api/packages?sort=name&callback=x", "&&&&&&name&&&&"),
        (
            "/api/packages?cursor=W-_&updated_since=2026-11-01&per_page=9",
            "&&&&&&&&9&2026-11-01&W-_",
        ),
        ("/compare?b=plugin/y&fbclid=1&a=plugin/x&a=z", "plugin/x&plugin/y&&"),
        ("/compare.md?a=plugin%2Fx&q=1", "plugin%2Fx&&&"),
        ("/list.json?vendor=wp-plugin&_=1", "&wp-plugin"),
        ("/metadata/changes.json?since=5&x=1", "5"),
        ("/api/packages/plugin/foo?x=1", ""),
    ],
)
def test_the_app_is_asked_what_it_reads(site: Face, path: str, asked: str) -> None:
    """All else of a query is left out, so it can make no other page of it."""
    seen = site.ask(path).headers["x-asked"]

    assert re.sub(r"\w+=", "", seen) == asked


def test_what_advertisers_add_is_the_same_page(site: Face) -> None:
    """From the cache, whatever the link was decorated with; twins as well."""
    assert site.keep("/packages/plugin/shared").cache == "MISS"
    assert site.ask("/packages/plugin/shared?fbclid=1").cache == "HIT"
    assert site.ask("/packages/plugin/shared?utm_source=x&gclid=2").cache == "HIT"
    assert site.keep("/?q=shared").cache == "MISS"
    assert site.ask("/?utm_campaign=x&q=shared&fbclid=3").cache == "HIT"
    assert site.ask("/?q=shared&page=2").cache == "MISS"
    assert b" /index.md</p>" in site.ask("/?fbclid=4", Accept="text/markdown").body


def test_a_path_and_a_query_are_never_one(site: Face) -> None:
    """A question mark in a name is no query's, nor is what looks like the end of a key."""
    assert site.keep("/tags/a%3Fpage=2").cache == "MISS"
    assert site.ask("/tags/a?page=2").cache == "MISS"
    assert site.ask("/tags/a%3Fpage=2").cache == "HIT"


def test_searches_have_a_rate_of_their_own(folder: Path) -> None:
    """Who searches without end is told to wait, in whatever place, and can read on."""
    places = (
        "/?q=",
        "/?sort=name&page=",
        "/search.json?q=",
        "/api/packages?q=",
        "/list.json?filter=",
    )
    with running(folder, rate=40) as face:
        asked = 0
        while face.ask(f"{places[asked % 5]}{asked}").status != 429:
            asked += 1
            assert asked < 1_000
        assert asked > 100
        for place in places:  # each draws on the same allowance
            while face.ask(f"{place}{asked}").status != 429:
                asked += 1
                assert asked < 2_000
        for page in ("/?utm_source=a", "/packages/plugin/foo?q=a"):
            wait(lambda page=page: face.ask(page).status == 200)  # type: ignore[misc]


class _Slow(Face):
    """A site whose app has a second to answer."""

    def conf(self, site: Site, run: Path) -> str:
        text = super().conf(site, run)
        assert "proxy_read_timeout    15s;" in text
        return text.replace("proxy_read_timeout    15s;", "proxy_read_timeout    1s;")


def test_a_page_that_takes_too_long_is_not_asked_for_twice(folder: Path) -> None:
    """One process was too slow for it: the other one is not made so as well."""
    face = _Slow(folder, apps=2)
    face.expected.append("upstream timed out")
    try:
        face.start_apps()
        face.hold()
        answer = face.ask("/page?sleep=held")
        in_hand = face.in_hand()
        face.let_go()
    finally:
        face.end()

    assert answer.status == 504
    assert in_hand == 1


def _statuses(face: Face, *addresses: str) -> list[int]:
    return [face.ask("/page", X_Forwarded_For=address).status for address in addresses]


def test_an_ipv6_network_is_one_visitor(folder: Path) -> None:
    """All of a /64 have one rate together; the next network, and an IPv4 neighbour, their own."""
    base = ipaddress.IPv6Address("2001:db8:0:a00::")
    with running(folder, rate=1, proxies=("127.0.0.1",)) as face:
        same = _statuses(face, *(str(base + number * 977) for number in range(8)))
        others = _statuses(face, *(str(base + (number << 64)) for number in range(1, 8)))
        four = _statuses(face, *(f"192.0.2.{number}" for number in range(8)))

    assert 429 in same
    assert set(others) == set(four) == {200}


def test_only_a_known_proxy_is_believed(folder: Path) -> None:
    """An address that somebody claims is none, without a proxy that is named."""
    with running(folder, rate=1, proxies=("192.0.2.0/24", "2001:db8::/32")) as face:
        assert 429 in _statuses(face, *(f"198.51.100.{number}" for number in range(8)))


def _headers(face: Face, path: str) -> dict[str, str]:
    return face.ask(path).headers


def test_what_may_be_opened_says_what_it_may_do(site: Face) -> None:
    """Pages, files and error pages ask for no device and share no window; files run nothing."""
    for path in ("/page", "/docs", "/robots.txt", "/feed.xml", "/.git"):
        headers = _headers(site, path)
        assert "camera=()" in headers["permissions-policy"], path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
    for path in ("/robots.txt", "/feed.xml"):
        assert "default-src 'none'" in _headers(site, path)["content-security-policy"]


def test_files_are_open_to_other_sites(site: Face) -> None:
    """Their scripts may read what the app's JSON may be read by; cards, by any way, be shown."""
    put(site.data, FOO, content_of(FOO))
    put(site.data, "/packages.json", b"{}")
    for path in ("/robots.txt", "/feed.xml", FOO, "/packages.json"):
        assert _headers(site, path)["access-control-allow-origin"] == "*", path
    for path in ("/og/plugin/foo.png", CARD):
        assert _headers(site, path)["cross-origin-resource-policy"] == "cross-origin", path
    assert "cross-origin-resource-policy" not in _headers(site, "/page")


@pytest.mark.parametrize(
    "form",
    [
        "/%b",
        "/?q=%b",
        "/packages/plugin/%b",
        "/tags/%b/feed.xml",
        "/feed.xml?%b",
        "/og/%b.png",
        "/p2/wp-plugin/%b.json",
        "/list.json?filter=%b",
    ],
)
@pytest.mark.parametrize("size", [300, 4_200, 8_100])
def test_a_long_address_is_no_error(site: Face, form: str, size: int) -> None:
    """It is answered, in whatever way, and error.log, which nobody bounds, has no line of it."""
    before = site.amiss()
    sent = form.replace("%b", "a" * (size - len(form))).encode()
    answer = converse(site.port, b"GET %b HTTP/1.0\r\n\r\n" % sent)

    assert re.match(rb"HTTP/1\.1 (200|404) ", answer)
    assert site.amiss() == before


def test_the_error_page_needs_no_file(folder: Path) -> None:
    """An nginx that runs has it in its configuration, whatever becomes of the checkout."""
    with running(folder) as face:
        conf = (face.data.parent / "run" / "nginx.conf").read_text()

    assert str(ROOT) not in conf.replace(str(face.data.parent), "")
    assert "<header>Frontispiece</header>" in conf


_HEADERS = ("Accept-Encoding", "Accept", "User-Agent", "Referer")
_FILLS = (
    *(
        " ",
        "\t",
        ",",
        ", ",
        ";",
        "; ",
        "gzip",
        "gzip ",
        "gzip,",
        "gzip;q=0,",
        "gzip; ",
        "gzip;q=0 ",
    ),
    *("text/markdown", "text/markdown,", "text/markdown; ", "text/html;q=", "*/*;", "*/*, ", "0"),
)
_QUERIES = ("a&", "q=&", "q=a&", "page", "q=", "%71=&", "=")
_LENGTH = 8_000
_REQUESTS = 6
_TRIES = (3, 30)  # the least of so many is believed; where it is too much, of so many more


class _OneWorker(Face):
    """A site of which one process does everything, so that its time can be read off."""

    def __init__(self, folder: Path, *, jit: bool) -> None:
        self._jit = jit
        super().__init__(folder, rate=1_000_000)

    def conf(self, site: Site, run: Path) -> str:
        text = super().conf(site, run)
        for old, new in {
            "worker_processes auto;": "worker_processes 1;",
            "pcre_jit on;": f"pcre_jit {'on' if self._jit else 'off'};",
        }.items():
            assert text.count(old) == 1
            text = text.replace(old, new)
        return text

    def spent(self) -> float:
        """Processor seconds of its worker, to the nanosecond."""
        workers = psutil.Process(self._nginx.pid).children()
        (worker,) = (one for one in workers if "worker process" in one.cmdline()[0])
        return int(Path(f"/proc/{worker.pid}/schedstat").read_text().split()[0]) / 1e9


@contextmanager
def _one_worker(folder: Path, *, jit: bool) -> Iterator[_OneWorker]:
    face = _OneWorker(folder, jit=jit)
    try:
        face.start_apps()
        yield face
    finally:
        face.end()


def _cost(face: _OneWorker, request: bytes) -> float:
    """Ask some times on one connection; give the processor seconds of nginx's worker for one."""
    line = http.client.HTTPConnection("127.0.0.1", face.port, timeout=60)
    line.connect()
    with closing(line):
        before = face.spent()
        for _ in range(_REQUESTS):
            line.sock.sendall(request)
            answer = http.client.HTTPResponse(line.sock)
            answer.begin()
            assert answer.status == 200
            answer.read()
        return (face.spent() - before) / _REQUESTS


def _costs(face: _OneWorker, half: bytes, whole: bytes) -> tuple[float, float]:
    """Give the least that each costs: another load on the machine only ever adds to it."""
    at_half = at_whole = math.inf
    least, most = _TRIES
    for tried in range(1, most + 1):
        at_half = min(at_half, _cost(face, half))
        at_whole = min(at_whole, _cost(face, whole))
        if tried >= least and at_whole < 3 * at_half:
            break
    return at_half, at_whole


def _filled(fill: str, size: int) -> str:
    return (fill * (size // len(fill) + 1))[:size]


@pytest.mark.parametrize("jit", [True, False], ids=["ours", "Debian's"])
def test_no_header_is_dear(folder: Path, tell: Tell, jit: bool) -> None:
    """Twice as long a header, of whatever kind, takes nginx twice as long at most.

    Debian's nginx does not make expressions into machine code, as ours does.
    """
    dearest = (0.0, "")
    with _one_worker(folder, jit=jit) as face:
        for _ in range(3):
            face.keep("/docs", Accept_Encoding="gzip")
        requests = {
            f"{header}: {fill!r}": f"GET /docs HTTP/1.1\r\nHost: a\r\n{header}: x{{}}x\r\n\r\n"
            for header in _HEADERS
            for fill in _FILLS
        } | {f"?{fill}": "GET /docs?{} HTTP/1.1\r\nHost: a\r\n\r\n" for fill in _QUERIES}
        for name, request in requests.items():
            fill = name[1:] if name.startswith("?") else ast.literal_eval(name.partition(": ")[2])
            half, whole = _costs(
                face,
                *(request.format(_filled(fill, size)).encode() for size in (_LENGTH // 2, _LENGTH)),
            )
            assert whole < 3 * half, f"{name}: {half * 1e3:.2f} ms at 4 KB, {whole * 1e3:.2f} at 8"
            dearest = max(dearest, (whole, name))
    tell(f"nginx, 8 KB in a header: {dearest[0] * 1e3:.2f} ms at most ({dearest[1]})")
