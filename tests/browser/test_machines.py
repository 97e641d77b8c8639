"""What machines read: feeds, sitemaps, JSON-LD, the API, and the same head for every crawler."""

import gzip
import html
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.browser.conftest import KINDS, TOOLS, Site, tool

_LINK = re.compile(r'\s(?:href|src|action)="([^"]*)"')
_BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>')
_HEAD = re.compile(r"<head>.*</head>", re.DOTALL)
_CRAWLERS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.social/) Bot",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "Mozilla/5.0 AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 "
    "(Applebot/0.1; +http://www.apple.com/go/applebot)",
)
_TAGS = (
    *("og:title", "og:description", "og:url", "og:image", "og:image:width", "og:image:height"),
    *("og:image:alt", "twitter:card", "twitter:image:alt", "description"),
)
_FEEDS = {
    "/feed.xml": 50,
    "/new/feed.xml": 50,
    "/closed/feed.xml": 1,
    "/packages/plugin/akismet/feed.xml": 1,
    "/packages/plugin/shut-for-now/feed.xml": 1,
    "/authors/john-blackbourn/feed.xml": 3,
}


def test_every_link_leads_somewhere(site: Site) -> None:
    """A crawl from the front page finds no address of the site that does not answer 200."""
    seen: dict[str, int] = {}
    left = ["/"]
    while left:
        path = left.pop()
        if path in seen:
            continue
        answer = site.get(path)
        seen[path] = answer.status
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in _LINK.findall(_without_blocks(answer.text)):
            absolute = urldefrag(urljoin(site.url + path, html.unescape(link))).url
            if absolute.startswith(site.url + "/") and not _endless(absolute):
                left.append(absolute.removeprefix(site.url))

    assert {path: status for path, status in seen.items() if status not in (200, 302)} == {}
    assert len([path for path in seen if path.startswith("/packages/")]) > 180
    assert len(seen) > 500


def _endless(link: str) -> bool:
    # Every mixture of filters is a page; those one step from the front are enough.
    return urlsplit(link).query.count("=") > 1


def _without_blocks(page: str) -> str:
    return _BLOCK.sub("", page)


@pytest.mark.parametrize("kind", ["home", "list", "package", "author", "closed", "docs"])
def test_every_crawler_gets_the_same_complete_head(site: Site, kind: str) -> None:
    """Twelve crawlers and previewers, with and without compression: one head, whole, early."""
    heads = set()
    for crawler in _CRAWLERS:
        for encoding in ("identity", "gzip"):
            answer = site.get(KINDS[kind], User_Agent=crawler, Accept_Encoding=encoding)
            packed = answer.headers.get("content-encoding") == "gzip"
            page = gzip.decompress(answer.body) if packed else answer.body
            assert answer.status == 200
            assert page.find(b"</head>") < 60_000
            heads.add(_found(_HEAD, page.decode()))

    assert len(heads) == 1
    for tag in _TAGS:
        assert heads.copy().pop().count(f'="{tag}" content="') == 1, tag


def test_every_page_of_every_package_is_well(site: Site) -> None:
    """Each package in the sitemap answers 200 with its card, and the card is there."""
    index = site.get("/sitemap.xml").text
    parts = re.findall(r"<loc>(.*?)</loc>", index)
    pages = [
        loc
        for part in parts
        for loc in re.findall(r"<loc>(.*?)</loc>", site.get(part.removeprefix(site.url)).text)
    ]
    packages = [page.removeprefix(site.url) for page in pages if "/packages/" in page]

    assert len(packages) == 196
    for path in packages:
        answer = site.get(path)
        card = _found(re.compile(r'property="og:image" content="([^"]*)"'), answer.text, 1)
        assert answer.status == 200
        assert site.get(card.removeprefix(site.url)).headers["content-type"] == "image/png"


@pytest.mark.parametrize("path", _FEEDS)
def test_feeds_are_atom(site: Site, path: str, tmp_path: Path) -> None:
    """Each feed is valid by Atom's schema, newest entry first, ids once each."""
    answer = site.get(path)
    _valid(answer.body, "--relaxng", "atom.rng", tmp_path)
    moments = re.findall(r"<updated>(.*?)</updated>", answer.text)
    ids = re.findall(r"<id>(.*?)</id>", answer.text)

    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert len(moments) == 1 + _FEEDS[path]
    assert moments[1:] == sorted(moments[1:], reverse=True)
    assert moments[0] == max(moments)
    assert len(ids) == len(set(ids))
    assert ids[0] == site.url + path


def test_sitemaps_are_valid(site: Site, tmp_path: Path) -> None:
    """The index and its parts are valid by the protocol's schemas."""
    index = site.get("/sitemap.xml")
    _valid(index.body, "--schema", "siteindex.xsd", tmp_path)
    for part in re.findall(r"<loc>(.*?)</loc>", index.text):
        _valid(site.get(part.removeprefix(site.url)).body, "--schema", "sitemap.xsd", tmp_path)


def _valid(document: bytes, option: str, schema: str, folder: Path) -> None:
    path = folder / "document.xml"
    path.write_bytes(document)
    command = ["xmllint", "--noout", "--nonet", option, str(TOOLS / "schemas" / schema), str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_linked_data_is_whole(site: Site) -> None:
    """JSON-LD parses, names its type, has what search engines require, and links to real pages."""
    needed = {
        "WebSite": {"name", "url", "potentialAction"},
        "SoftwareApplication": {"name", "url", "offers", "applicationCategory", "operatingSystem"},
        "BreadcrumbList": {"itemListElement"},
    }
    seen = set()
    for path in (KINDS["home"], KINDS["package"], KINDS["rtl"], KINDS["versions"]):
        for block in _BLOCK.findall(site.get(path).text):
            thing = json.loads(block)
            seen.add(thing["@type"])
            assert thing["@context"] == "https://schema.org"
            assert needed[thing["@type"]] <= thing.keys()
    trail = json.loads(_BLOCK.findall(site.get(KINDS["package"]).text)[1])["itemListElement"]

    assert seen == needed.keys()
    assert [step["position"] for step in trail] == [1, 2, 3]
    for step in trail:
        assert site.get(step["item"].removeprefix(site.url)).status == 200


def test_the_api_is_what_its_description_says(site: Site) -> None:
    """The description is valid OpenAPI, and each answer has the fields that it requires."""
    told = json.loads(site.get("/api/openapi.json").text)
    examples = {
        "/api/packages": "/api/packages?q=form&page=1",
        "/api/packages/{type}/{slug}": "/api/packages/plugin/akismet",
        "/api/authors/{key}": "/api/authors/john-blackbourn",
        "/api/tags/{tag}": "/api/tags/seo",
        "/api/status": "/api/status",
        "/status.json": "/status.json",
        "/api/stats": "/api/stats",
        "/api/packages/{type}/{slug}/stats.json": "/api/packages/plugin/akismet/stats.json",
        "/packages/{type}/{slug}/versions.json": "/packages/plugin/akismet/versions.json",
        "/release.json": "/release.json",
        "/closed.json": "/closed.json",
    }

    assert tool("openapi.mjs", given=told) == {"valid": True}
    assert examples.keys() == told["paths"].keys()
    for path, example in examples.items():
        content = told["paths"][path]["get"]["responses"]["200"]["content"]
        schema = _resolved(told, content["application/json"]["schema"])
        answer = json.loads(site.get(example).text)
        assert set(schema["required"]) <= answer.keys() <= set(schema["properties"]), path
    entry = _resolved(told, {"$ref": "#/components/schemas/ListedPackage"})
    for one in json.loads(site.get("/api/packages").text)["packages"]:
        assert set(entry["required"]) == one.keys()


def _resolved(told: dict[str, object], schema: dict[str, object]) -> dict[str, object]:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: object = told
    for step in reference.removeprefix("#/").split("/"):
        assert isinstance(found, dict)
        found = found[step]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("kind", ["home", "package", "closed-package", "author", "tag", "closed",
                                  "docs", "status"])  # fmt: skip
def test_pages_have_twins(site: Site, kind: str) -> None:
    """Accept: text/markdown and the .md address give the same words, without a tag of HTML."""
    path = KINDS[kind]
    twin = site.get("/index.md" if path == "/" else f"{path}.md")
    asked = site.get(path, Accept="text/markdown")

    assert twin.headers["content-type"].startswith("text/markdown")
    assert twin.body == asked.body
    assert twin.text.startswith("# ")
    assert not re.search(r"</?(?:p|div|a|li|span|html)\b", twin.text)


def test_a_known_page_is_not_sent_again(site: Site) -> None:
    """Through nginx as well, compressed or not."""
    for kind in ("home", "package", "docs"):
        tag = site.get(KINDS[kind]).headers["etag"]
        assert site.get(KINDS[kind], If_None_Match=tag).status == 304
        assert site.get(KINDS[kind], If_None_Match=f"W/{tag}", Accept_Encoding="gzip").status == 304


def _found(pattern: re.Pattern[str], text: str, group: int = 0) -> str:
    match = pattern.search(text)
    assert match is not None
    return match[group]
