"""Hostile addresses and headers, byte by byte, through the real nginx to the real app."""

import random
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.fuzz.site import MARKUP, Site, faults

_HEADS = (
    *(
        "/",
        "/packages/plugin/",
        "/packages/theme/",
        "/og/",
        "/og/plugin/",
        "/p2/",
        "/p2/wp-plugin/",
    ),
    *("/authors/", "/tags/", "/api/", "/api/packages/", "/search.json", "/list.json", "/closed"),
    *(
        "/sitemaps/",
        "/feed.xml",
        "/badges/plugin/",
        "/downloads",
        "/metadata/changes.json",
        "/docs",
    ),
    *("/.error/", "/.nothing", "/assets/", "/status", "/health", "/release.json", "/packages.json"),
    *(
        "/api/authors/",
        "/api/tags/",
        "/api/stats",
        "/api/openapi.json",
        "/.well-known/",
        "/static/",
    ),
)
_TAILS = (
    *("akismet", "akismet.md", "akismet.json", "akismet.png", "akismet/feed.xml", "astra", "seo"),
    *(
        "..",
        "../",
        "..%2f",
        "%2e%2e/",
        "....//",
        "..;/",
        "..\\",
        "%5c..",
        "//",
        "/./",
        "~",
        ".git/",
    ),
    *(
        "secret",
        "secret.png",
        "../secret",
        "..%2fsecret.png",
        "current/site.db",
        "catalog.db",
        "%00",
    ),
    *("%ff", "%c0%ae", "%ed%a0%80", "%e2%80%ae", "%0d%0aZqh:%201", "\r\nZqh: 1", "\tx", "%u0041"),
    *(MARKUP, quote(MARKUP), quote(quote(MARKUP)), "a" * 300, "%", "%zz", "{{7*7}}", "$uri", "*"),
    *("etc/passwd", "proc/self/environ", "ab/" + "ab" * 16 + ".png", "ab/../../secret.png", "|id"),
)
_KEYS = (
    "q",
    "type",
    "sort",
    "page",
    "php",
    "within",
    "closed",
    "filter",
    "vendor",
    "since",
    "zq",
    "",
)
_VALUES = (
    *(
        "seo",
        "plugin",
        "theme",
        "2",
        "-1",
        "0",
        "9" * 30,
        "1e9",
        "NaN",
        '"',
        "'",
        "(",
        "*",
        "a*",
        "-",
    ),
    *(
        "AND OR NOT NEAR(",
        '"a" NEAR/2 "b"',
        "a:b",
        "^x",
        "{a b}:c",
        "\\",
        "%",
        "wp-plugin/*",
        "*/*",
    ),
    *(
        MARKUP,
        "x" * 1500,
        "%00",
        "%ff%fe",
        "%ed%a0%80",
        "%0d%0aZqh:%201",
        "é",
        "日本",
        "1" * 400,
        "+",
    ),
    *(
        "' OR 1=1 --",
        "; DROP TABLE package",
        "17954507855950000",
        "../../secret",
        "\u202e",
        "&&==??",
    ),
)
_NAMES = (
    *(
        "Accept",
        "Accept-Encoding",
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "If-Range",
        "Host",
    ),
    *(
        "X-Forwarded-Host",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Original-URL",
        "X-Rewrite-URL",
    ),
    *(
        "X-Accel-Redirect",
        "X-Real-IP",
        "Cookie",
        "Authorization",
        "Referer",
        "User-Agent",
        "Origin",
    ),
    *(
        "X-HTTP-Method-Override",
        "Expect",
        "Upgrade",
        "TE",
        "Trailer",
        "Via",
        "Forwarded",
        "Zq_Under",
    ),
)
_WORDS = (
    *(
        MARKUP,
        "text/markdown",
        "text/html;q=0",
        "gzip, br;q=0",
        "*",
        'W/"x"',
        '"x", "y"',
        "bytes=0-",
    ),
    *(
        "bytes=-1",
        "bytes=0-0,2-3,5-",
        "bytes=9999999999999999999-",
        "evil.example",
        "a" * 3000,
        "\xff",
    ),
    *(
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "not a date",
        "/etc/passwd",
        "/store/secret.png",
        "127.0.0.1",
    ),
    *("100-continue", "h2c", "javascript:alert(1)", "() { :; }; id", "\x01\x02", "", ";;;===,,,"),
)
_METHODS = ("GET",) * 12 + (
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PROPFIND",
    "get",
    "Zq",
)


def _request(chance: random.Random) -> bytes:
    pieces = (*_HEADS, *_TAILS) if chance.random() < 0.3 else _TAILS
    path = chance.choice(_HEADS) + "".join(chance.choices(pieces, k=chance.randint(0, 3)))
    pairs = [
        f"{chance.choice(_KEYS)}={_value(chance)}" for _ in range(chance.choice((0, 0, 1, 2, 5)))
    ]
    query = ("?" + "&".join(pairs)) if pairs else ""
    lines = [
        f"{chance.choice(_NAMES)}: {chance.choice(_WORDS)}" for _ in range(chance.randint(0, 4))
    ]
    target = path + query
    if chance.random() < 0.8:  # else as nginx has to refuse it
        target = quote(target, safe="/%?&=~*'();:@$,!+.-_\\|{}<>\"#")
    host = "" if any(line.startswith("Host:") for line in lines) else "Host: x\r\n"
    head = f"{chance.choice(_METHODS)} {target} HTTP/1.1\r\n{host}"
    rest = "".join(line + "\r\n" for line in lines)
    return (head + rest + "Connection: close\r\n\r\n").encode("utf-8")


def _value(chance: random.Random) -> str:
    value = chance.choice(_VALUES)
    return quote(value, safe="%") if chance.random() < 0.5 else value


@pytest.mark.parametrize("inputs", [3_500, pytest.param(40_000, marks=pytest.mark.soak)])
def test_any_request(served: Site, inputs: int, tried: Callable[[int], None]) -> None:
    """Never 5xx, no markup or header comes back, nothing outside is shown, nothing is written."""
    chance, before = random.Random(inputs), served.files()
    statuses: dict[int, int] = {}
    for _ in range(inputs):
        request = _request(chance)
        reply = served.send(request)
        statuses[reply.status] = statuses.get(reply.status, 0) + 1
        assert faults(reply) == [], (request, reply.status, reply.body[:500])
    tried(inputs)
    assert served.files() == before
    assert min(statuses.get(status, 0) for status in (200, 400, 404, 405)) > inputs // 200, statuses


@pytest.mark.parametrize("inputs", [500, pytest.param(5_000, marks=pytest.mark.soak)])
def test_any_bytes(served: Site, inputs: int, tried: Callable[[int], None]) -> None:
    """What is no request at all: refused by nginx, and the next visitor is served."""
    chance = random.Random(inputs)
    for _ in range(inputs):
        request = bytearray(_request(chance))
        for _ in range(chance.randint(1, 8)):
            request[chance.randrange(len(request) - 4)] = chance.randrange(256)
        first = bytes(request).partition(b"\n")[0]
        if b"ontent-" in request or b"ncoding" in request:
            continue  # it might have to wait for a body
        # The end of the head stays; HTTP/0.9, which has none, ends with its line.
        reply = served.send(bytes(request[:-4]) + b"\r\nConnection: close\r\n\r\n")
        assert faults(reply) == [], (first, reply.status, reply.body[:500])
    assert served.send(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status == 200
    tried(inputs)
