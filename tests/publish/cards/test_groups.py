"""The cards of authors and tags: who has one, and when it is drawn."""

import re
from pathlib import Path

import pytest

from catalog import database
from publish.cards import groups
from publish.releases import Releases
from publish.site import app, published
from release.data import SITE
from render import Card, CardRenderer
from scripts import build, deploy, plan, redraw, render_new
from tests.conftest import SITE_URL, Source, record
from tests.runs import Here
from tests.stub import blank, plain

_OWN = re.compile(r'property="og:image" content="[^"]*/og/[0-9a-f]{2}/([0-9a-f]{32})\.png"')


class _Counting:
    """A renderer that remembers the cards of groups that it drew."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    def __call__(self, card: Card) -> bytes:
        if card.faces:
            self.drawn.append(f"{card.template} {card.name}: {card.note}")
        return blank(card)


def _feed(source: Source, count: int, **of_the_first: object) -> Path:
    """Give packages of one author, all tagged seo; the first is installed most."""
    one = {"author": "Ada", "tags": {"seo": "SEO"}}
    first = record("p0", **({"name": "Alpha", "active_installs": 90_000} | one | of_the_first))
    return source(first, *(record(f"p{number}", **one) for number in range(1, count)))


def _run(data: Path, feed: Path, renderer: _Counting) -> None:
    """Do what the pipeline and the daily job do."""
    where, at = ["--data", str(data)], ["--site-url", SITE_URL]
    assert build.main([*where, "--source", str(feed), "--max-withdrawn", "100%"]) == 0
    assert render_new.main(where, None, renderer, Here(), plain) == 0
    assert deploy.main([*where, *at]) == 0
    assert redraw.main(where, None, renderer, Here(), plain) == 0
    assert deploy.main([*where, *at]) == 0


def _cards(data: Path) -> dict[str, str]:
    cards = published.page_cards_of(data / "current" / SITE)
    return {page: card for page, card in cards if "/" in page}


def test_ten_packages_make_a_card_of_its_own(data: Path, source: Source) -> None:
    """The pages of the author and of the tag name it; those of fewer have that of their kind."""
    drawn = _Counting()
    _run(data, _feed(source, 9), drawn)
    assert (_cards(data), drawn.drawn) == ({}, [])

    _run(data, _feed(source, 10), drawn)
    assert drawn.drawn == [
        "author Ada: 10 packages for Composer",
        "tag SEO: 10 packages for Composer",
    ]
    pages = [f"/{page}" for page in _cards(data)]
    answers = app.ask(data / "current", pages)
    assert [_OWN.findall(answer.body) for answer in answers] == [
        [card] for card in _cards(data).values()
    ]


def test_plan_tells_how_many_are_due(
    data: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of a release that no daily job has seen."""
    feed, where = _feed(source, 10), ["--data", str(data)]
    assert build.main([*where, "--source", str(feed)]) == 0
    assert render_new.main(where, None, blank, Here(), plain) == 0
    assert deploy.main([*where, "--site-url", SITE_URL]) == 0
    capsys.readouterr()

    assert plan.main([*where, "--source", str(feed), "--site-url", SITE_URL]) == 0
    assert "  redraw 2 cards of authors and tags\n" in capsys.readouterr().out


def test_only_what_shows_otherwise_is_drawn_again(data: Path, source: Source) -> None:
    """A name among the first four does, a description does not, and no news are not looked at."""
    drawn = _Counting()
    _run(data, _feed(source, 10), drawn)
    drawn.drawn.clear()
    _run(data, _feed(source, 10, short_description="Another."), drawn)
    assert drawn.drawn == []

    _run(data, _feed(source, 10, name="Beta"), drawn)
    assert len(drawn.drawn) == 2

    _run(data, _feed(source, 10, name="Beta"), drawn)
    asked: list[Card] = []

    def fingerprint(card: Card) -> str:
        asked.append(card)
        return CardRenderer().fingerprint(card)

    releases = Releases(data)
    with database.reading(data) as db:
        groups.stale(db, releases.path(str(releases.newest())) / SITE, fingerprint)
    assert [card.faces for card in asked] == [""]


def test_who_falls_under_ten_has_the_card_of_the_kind_again(data: Path, source: Source) -> None:
    """The release after that names no other, and the file is let go after its grace."""
    _run(data, _feed(source, 10), _Counting())
    cards = set(_cards(data).values())
    _run(data, _feed(source, 9), _Counting())

    assert _cards(data) == {}
    with database.reading(data) as db:
        retired = {name for (name,) in db.execute("SELECT fingerprint FROM retired_card")}
    assert cards <= retired
