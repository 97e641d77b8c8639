"""An author's page: one an account, whatever name its packages print; old addresses lead there."""

import json
from pathlib import Path

import pytest

from server import Settings, make_app
from tests.server.conftest import FIRST, Record, Visitor, make_release, record, switch

_PROFILES = "https://profiles.wordpress.org/"


def _plugin(slug: str, printed: str, account: str = "", **more: object) -> Record:
    profile = {"author_profile": f"{_PROFILES}{account}/"} if account else {}
    return record(slug, author=f'<a href="https://{slug}.example.org/">{printed}</a>',
                  **profile, **more)  # fmt: skip


_RECORDS = (
    _plugin("seo", "Team Yoast", "yoast", active_installs=10_000_000, last_updated="2026-09-01"),
    _plugin("duplicate", "Enrico Battocchi & Team Yoast", "yoast", active_installs=4_000_000),
    _plugin("test-helper", "Team Yoast", "yoast", active_installs=800),
    record("frame", type="theme", active_installs=90, author={
        "user_nicename": "yoast", "profile": f"{_PROFILES}yoast/", "display_name": "Team Yoast",
        "author": "Yoast BV", "author_url": "https://yoast.example.org/"}),
    _plugin("one-john", "John", "john1", active_installs=5),
    _plugin("two-john", "John", "john2", active_installs=50, last_updated="2026-05-01"),
    _plugin("three-john", "John Smith", "john2", active_installs=50),
    _plugin("own", "Nobody Known"),
)  # fmt: skip


@pytest.fixture(name="asked")
def _asked(tmp_path: Path) -> Visitor:
    make_release(tmp_path, records=_RECORDS)
    switch(tmp_path, FIRST)
    return Visitor(make_app(Settings(data=tmp_path)))


def _listed(asked: Visitor, key: str) -> set[str]:
    return {one["slug"] for one in json.loads(asked.get(f"/api/authors/{key}").body)["packages"]}


def test_all_of_an_account_stand_on_one_page(asked: Visitor) -> None:
    """Plugins and themes, under the name that most of them print."""
    page = asked.get("/authors/yoast")

    assert _listed(asked, "yoast") == {"seo", "duplicate", "test-helper", "frame"}
    assert page.words(".//h1") == ["Team Yoast"]
    assert "4 packages" in page.text
    assert 'href="/authors/yoast"' in asked.get("/packages/theme/frame").text


def test_of_names_as_common_the_newest_is_shown(asked: Visitor) -> None:
    """Each of the two is printed once; the later change is the one of today."""
    assert asked.get("/authors/john2").words(".//h1") == ["John Smith"]


def test_without_an_account_the_name_is_the_key(asked: Visitor) -> None:
    """A source of one's own need not know wordpress.org."""
    assert _listed(asked, "nobody-known") == {"own"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/authors/team-yoast", "/authors/yoast"),
        ("/authors/team-yoast?page=2", "/authors/yoast"),
        ("/authors/team-yoast.md", "/authors/yoast.md"),
        ("/authors/team-yoast/feed.xml", "/authors/yoast/feed.xml"),
        ("/api/authors/team-yoast", "/api/authors/yoast"),
        ("/authors/yoast-bv", "/authors/yoast"),
    ],
)
def test_a_printed_name_leads_to_the_account(asked: Visitor, old: str, new: str) -> None:
    """For good, to what was asked for: the page, its twin, its feed, the API."""
    answer = asked.get(old)

    assert (answer.status, answer.headers["location"]) == (301, new)
    assert asked.get(new).status == 200


def test_a_name_of_several_accounts_is_a_choice(asked: Visitor) -> None:
    """The page names both and leads to neither; programs are told the accounts."""
    page, twin = asked.get("/authors/john"), asked.get("/authors/john.md")
    told = asked.get("/api/authors/john")

    assert page.status == 200
    assert page.meta("robots") == ["noindex"]
    assert [link in page.text for link in ('href="/authors/john1"', 'href="/authors/john2"')] == [
        True,
        True,
    ]
    assert "/authors/john2.md" in twin.text
    assert told.status == 404
    assert "john1, john2" in json.loads(told.body)["error"]
    assert asked.get("/authors/john/feed.xml").status == 404


def test_what_nobody_is_called_is_not_found(asked: Visitor) -> None:
    """Neither a page nor a choice; the empty name is nobody's."""
    assert asked.get("/authors/nobody").status == 404
    assert asked.get("/api/authors/nobody").status == 404
