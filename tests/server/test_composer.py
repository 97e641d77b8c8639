"""The JSON that Composer and mirrors ask of the app: searches, lists, changes, versions."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from publish.site import write
from release import identity
from server import Settings, make_app
from tests.server.conftest import SITE_URL, Page, Visitor, make_release, record, switch

BEGUN, CHANGED, LIVE = "20261101T000000Z", "20261101T000001Z", "20261101T000002Z"
SINCE, STAMP = (int(identity.made(id).timestamp() * 10_000) for id in (BEGUN, LIVE))
CLOSED = {
    "closed": True,
    "closed_date": "2026-04-09",
    "reason": "security-issue",
    "reason_text": "Security Issue",
}
ELSEWHERE = {
    "1.0": "https://example.org/a.zip",
    "0.9": "https://example.org/a.zip",
    "1.1": "https://example.org/b.zip",
}
FORM_00 = record("form-00", "Form 0", active_installs=0, requires_php="7.4", versions=ELSEWHERE)
RECORDS = (
    FORM_00,
    *(record(f"form-{n:02}", f"Form {n}", active_installs=n) for n in range(1, 65)),
    record("frame", "A Form's Frame", type="theme", active_installs=7),
    record("leaky", "Leaky Form", **CLOSED),
    record("own_", "A Form of Our Own"),
    record("bare", "Bare", "", active_installs=None, versions=()),
)
BURIED = record("buried", "Buried Form", closed=True, closed_date="2026-02-02", permanent=True)
LEAVING = record("leaving", "Leaving")
MOVING = record("moving", "Moving", svn_revision=1)
NOT_OFFERED = ("own_", "buried", "bare")


def _release(data: Path, site_url: str, closed: str = "abandon") -> Visitor:
    """Publish three releases: `leaving` goes with the second, `moving` changes, then goes, too."""
    settings = write.Settings(site_url, closed)
    before = [*RECORDS, BURIED, MOVING, LEAVING]
    make_release(data, BEGUN, before, settings=settings, change=_count_installs)
    moved = record("moving", "Moving", svn_revision=2)
    make_release(data, CHANGED, [*RECORDS, BURIED, moved], settings=settings)
    make_release(data, LIVE, [*RECORDS, BURIED], settings=settings)
    switch(data, LIVE)
    return Visitor(make_app(Settings(data=data)))


def _count_installs(db: sqlite3.Connection) -> None:
    db.execute("UPDATE package SET installs = 1200 WHERE slug = 'frame'")


@pytest.fixture(scope="module", name="visitor")
def _visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A visitor of a site with a repository; nothing may have been logged at the end."""
    visitor = _release(tmp_path_factory.mktemp("site") / "data", SITE_URL)
    yield visitor
    assert visitor.errors.getvalue() == ""


def _facts(page: Page, status: int = 200) -> Any:
    assert page.status == status
    assert page.headers["content-type"] == "application/json"
    return json.loads(page.body)


def _names(visitor: Visitor, query: str) -> list[str]:
    return [one["name"] for one in _facts(visitor.get(f"/search.json?{query}"))["results"]]


def test_a_result_is_as_packagist_spells_it(visitor: Visitor) -> None:
    """Name, description, addresses and figures, and no key that says nothing."""
    assert _facts(visitor.get("/search.json?q=frame")) == {
        "results": [
            {
                "name": "wp-theme/frame",
                "description": "Does one thing.",
                "url": f"{SITE_URL}/packages/theme/frame",
                "repository": "https://themes.svn.wordpress.org/frame/",
                "downloads": 1200,
                "favers": 0,
            }
        ],
        "total": 1,
    }


def test_code_is_wordpress_orgs_only_where_the_zip_is(visitor: Visitor) -> None:
    """A package whose zip is elsewhere is not said to be WordPress.org's of the same name."""
    results = _facts(visitor.get("/search.json?q=form-00"))["results"]

    assert results[0]["name"] == "wp-plugin/form-00"
    assert results[0]["repository"] == ""


def test_next_leads_to_every_result_once(visitor: Visitor) -> None:
    """Page by page, over absolute addresses, until there is no next."""
    seen, target, sizes = [], "/search.json?q=form&type=wordpress-plugin&per_page=20", []
    while target:
        answer = _facts(visitor.get(target))
        seen += [one["name"] for one in answer["results"]]
        sizes.append(len(answer["results"]))
        following = answer.get("next", "")
        assert following.startswith(f"{SITE_URL}/search.json?") or not following
        target = urlsplit(following)._replace(scheme="", netloc="").geturl()

    assert len(seen) == len(set(seen)) == 65
    assert sum(sizes[:-1]) >= 59
    assert all(name.startswith("wp-plugin/form-") for name in seen)


@pytest.mark.parametrize(("given", "size"), [("", 30), ("5", 5), ("0", 1), ("999", 66), ("x", 30)])
def test_size_of_a_page(visitor: Visitor, given: str, size: int) -> None:
    """30 unless said, at most 100; nonsense is as if it had not been said."""
    results = _names(visitor, f"q=form&per_page={given}")

    assert abs(len(results) - size) <= 1  # one that is not offered may stand on the page


@pytest.mark.parametrize(
    ("type_", "prefixes"),
    [
        ("", {"wp-plugin", "wp-theme"}),
        ("wordpress-plugin", {"wp-plugin"}),
        ("wordpress-theme", {"wp-theme"}),
        ("library", set()),
        ("plugin", set()),
    ],
)
def test_type_is_composers(visitor: Visitor, type_: str, prefixes: set[str]) -> None:
    """A type that no package here has finds none."""
    names = _names(visitor, f"q=form&per_page=100&type={type_}")

    assert {name.partition("/")[0] for name in names} == prefixes


def test_without_words_all_is_listed(visitor: Visitor) -> None:
    """The most installed first."""
    answer = _facts(visitor.get("/search.json?per_page=2"))

    assert [one["name"] for one in answer["results"]][:1] == ["wp-plugin/form-64"]
    assert answer["total"] >= 66
    assert "q=&" in answer["next"]


@pytest.mark.parametrize("slug", ["leaky", "buried", "own_"])
def test_what_cannot_be_had_is_not_found(visitor: Visitor, slug: str) -> None:
    """Closed packages, and names that Composer refuses."""
    assert f"wp-plugin/{slug}" not in _names(visitor, f"q={slug}&per_page=100")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("filter=wp-plugin/form-1*", [f"wp-plugin/form-{n}" for n in range(10, 20)]),
        ("filter=WP-Plugin/FORM-11", ["wp-plugin/form-11"]),
        ("filter=wp-plugin/form-1", []),
        ("filter=*frame", ["wp-theme/frame"]),
        ("filter=*/frame&vendor=wp-theme", ["wp-theme/frame"]),
        ("filter=*/frame&vendor=wp-plugin", []),
        ("vendor=wp-theme", ["wp-theme/frame"]),
        ("vendor=wp", []),
        ("vendor=wp-*&filter=*ame", ["wp-theme/frame"]),
        ("filter=wp-plugin/form-1?", []),
        ("filter=wp-plugin/form-1[0-9]", []),
        ("filter=wp-plugin/form%25", []),
        ("filter=%FF%00'%22", []),
        (f"filter={'*a' * 500}", []),
    ],
)
def test_list_is_filtered(visitor: Visitor, query: str, expected: list[str]) -> None:
    """By pattern, by vendor, by both; nothing but `*` means more than itself."""
    assert _facts(visitor.get(f"/list.json?{query}")) == {"packageNames": expected}


def test_whole_list(visitor: Visitor) -> None:
    """Every package offered, sorted: those that are abandoned, too."""
    names = _facts(visitor.get("/list.json"))["packageNames"]

    assert names == sorted(names)
    assert len(names) == len(RECORDS) + 1 - len(NOT_OFFERED)
    assert "wp-plugin/leaky" in names


_ALL = ["leaving delete", "leaving~dev delete", "moving delete", "moving~dev delete"]


@pytest.mark.parametrize(
    ("since", "actions"),
    [
        (SINCE, _ALL),
        (SINCE + 1, _ALL),
        (SINCE + 10_001, _ALL[2:]),
        (STAMP, _ALL[2:]),
        (STAMP + 1, []),
        (SINCE - 1, ["* resync"]),
        (STAMP + 2, ["* resync"]),
        (0, ["* resync"]),
    ],
)
def test_changes_since(visitor: Visitor, since: int, actions: list[str]) -> None:
    """The last word on each file from there on; all anew from before the log, or after its end."""
    answer = _facts(visitor.get(f"/metadata/changes.json?since={since}"))
    said = [
        f"{one['package'].removeprefix('wp-plugin/')} {one['type']}" for one in answer["actions"]
    ]

    assert said == actions
    assert answer["timestamp"] == STAMP + 1
    assert all(one["time"] <= STAMP // 10_000 for one in answer["actions"])


def test_asking_from_the_timestamp_tells_nothing_twice(visitor: Visitor) -> None:
    """`actions` is there when it is empty, too."""
    first = _facts(visitor.get(f"/metadata/changes.json?since={SINCE}"))

    assert _facts(visitor.get(f"/metadata/changes.json?since={first['timestamp']}")) == {
        "actions": [],
        "timestamp": first["timestamp"],
    }


@pytest.mark.parametrize("query", ["", "since=", "since=1e3", "since=%D9%A1", "since=" + "9" * 19])
def test_changes_without_a_since(visitor: Visitor, query: str) -> None:
    """400 with the timestamp to begin from."""
    answer = _facts(visitor.get(f"/metadata/changes.json?{query}"), 400)

    assert answer["timestamp"] == STAMP + 1
    assert answer["error"]


def test_versions_are_told_with_the_reason_for_the_missing(visitor: Visitor) -> None:
    """What is offered, with time, PHP and zip; what is not, with why."""
    assert _facts(visitor.get("/packages/plugin/form-00/versions.json")) == {
        "package": "wp-plugin/form-00",
        "page": f"{SITE_URL}/packages/plugin/form-00",
        "closed": None,
        "published": [
            {
                "version": "1.0",
                "advisories": [],
                "tag": "1.0",
                "time": "2026-09-21T14:13:20+00:00",
                "published": None,
                "changed": None,
                "php": "7.4",
                "zip": "https://example.org/a.zip",
            },
            {
                "version": "0.9",
                "advisories": [],
                "tag": "0.9",
                "time": None,
                "published": None,
                "changed": None,
                "php": None,
                "zip": "https://example.org/a.zip",
            },
        ],
        "not_published": [{"version": "1.1", "why": "“1.1” is above 1.0, the stable version."}],
    }


def test_no_version_of_what_is_not_offered(visitor: Visitor, tmp_path: Path) -> None:
    """Where the package itself is not offered, none of its versions is."""
    removing = _release(tmp_path / "data", SITE_URL, closed="remove")
    for site, slug, why in (
        (visitor, "own_", "Composer refuses its name: “own_” is not words"),
        (removing, "leaky", "The package is closed."),
    ):
        answer = _facts(site.get(f"/packages/plugin/{slug}/versions.json"))

        assert answer["published"] == []
        assert answer["not_published"]
        assert all(one["why"].startswith(why) for one in answer["not_published"])


def test_versions_of_a_closed_package(visitor: Visitor) -> None:
    """They are still offered, and when and why it was closed is told."""
    answer = _facts(visitor.get("/packages/plugin/leaky/versions.json"))

    assert [one["version"] for one in answer["published"]] == ["1.0", "0.9"]
    assert answer["closed"] == {
        "date": "2026-04-09",
        "reason": "security-issue",
        "text": "Security Issue",
        "permanent": False,
    }


def test_versions_of_what_is_gone_or_never_was(visitor: Visitor) -> None:
    """410 and 404, in JSON."""
    gone = _facts(visitor.get("/packages/plugin/buried/versions.json"), 410)

    assert gone["closed"]["permanent"] is True
    assert "2026-02-02" in gone["error"]
    assert "error" in _facts(visitor.get("/packages/plugin/nowhere/versions.json"), 404)


@pytest.mark.parametrize(
    "target",
    [
        "/search.json?q=form",
        "/list.json?vendor=wp-theme",
        f"/metadata/changes.json?since={SINCE}",
        "/packages/plugin/leaky/versions.json",
    ],
)
def test_json_is_answered_as_pages_are(visitor: Visitor, target: str) -> None:
    """With a release, an ETag that is known again, HEAD, and nothing that may not be kept."""
    page = visitor.get(target)
    tag = page.headers["etag"]
    known, head = visitor.get(target, if_none_match=tag), visitor.get(target, "HEAD")

    assert page.headers["x-release"] == LIVE
    assert page.headers["cache-control"].startswith("public, ")
    assert (known.status, known.body) == (304, b"")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == tag


@pytest.mark.parametrize(
    "query", ["q[]=x", "q=%FF%FE", "q=%22*%20NEAR(", "page=-1", "page=999999999", "q=" + "a" * 9000]
)
def test_odd_searches_find_what_they_find(visitor: Visitor, query: str) -> None:
    """No question breaks the search."""
    assert isinstance(_facts(visitor.get(f"/search.json?{query}"))["results"], list)


def test_addresses_of_a_site_under_a_path(tmp_path: Path) -> None:
    """What is absolute carries the site's path, once."""
    visitor = _release(tmp_path / "data", f"{SITE_URL}/some/dir")
    answer = _facts(visitor.get("/some/dir/search.json?q=form&per_page=5"))

    assert answer["next"].startswith(f"{SITE_URL}/some/dir/search.json?q=form&")
    assert answer["results"][0]["url"].startswith(f"{SITE_URL}/some/dir/packages/plugin/form-")
