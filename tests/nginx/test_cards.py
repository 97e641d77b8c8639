"""Cards: files that never change, sent by nginx itself, whatever the app does."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.nginx.face import CARD, CARD_BYTES, Face, running


def test_card_is_the_file(site: Face) -> None:
    """A card's bytes are the file's, with its length and its type."""
    answer = site.ask(CARD)

    assert answer.body == CARD_BYTES
    assert answer.headers["content-length"] == str(len(CARD_BYTES))
    assert answer.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("asked", "told"), [("If_None_Match", "etag"), ("If_Modified_Since", "last-modified")]
)
def test_known_card_is_not_sent_again(site: Face, asked: str, told: str) -> None:
    """Who has a card, by its tag or its date, gets a 304 without a body that stays immutable."""
    answer = site.ask(CARD, **{asked: site.ask(CARD).headers[told]})

    assert answer.status == 304
    assert answer.body == b""
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_other_tag_gets_the_card(site: Face) -> None:
    """Who has another card than this one gets this one."""
    assert site.ask(CARD, If_None_Match='"another"').status == 200


def test_part_of_a_card(site: Face) -> None:
    """A part of a card can be asked for, as some crawlers do."""
    answer = site.ask(CARD, Range="bytes=0-7")

    assert answer.status == 206
    assert answer.body == CARD_BYTES[:8]


def test_card_drawn_a_moment_later_is_there(folder: Path) -> None:
    """That a card was missing is not remembered."""
    with running(folder, started=False) as face:
        path = CARD.replace("abab.png", "abcd.png")
        for _ in range(5):
            assert face.ask(path).status == 404
        (face.data / "store" / path[1:]).write_bytes(CARD_BYTES)

        assert face.ask(path).status == 200


def test_cards_outlive_the_app(folder: Path) -> None:
    """Cards and the release's own files are served while no app runs at all."""
    with running(folder) as face:
        face.kill_apps()

        assert face.ask(CARD).body == CARD_BYTES
        assert face.ask("/robots.txt").status == 200


def test_pages_are_rationed_and_cards_are_not(folder: Path) -> None:
    """Past its share an address gets 429 for pages, with when to come back; cards go on."""
    with running(folder, rate=1) as face:
        with ThreadPoolExecutor(8) as pool:
            pages = list(pool.map(face.ask, [f"/page/{n}" for n in range(40)]))
            cards = list(pool.map(face.ask, [CARD] * 200))
        refused = [page for page in pages if page.status == 429]

        # One, and three at once, and one for each second that this took.
        assert 4 <= len(pages) - len(refused) < 40
        assert {page.status for page in pages} == {200, 429}
        assert refused[-1].headers["retry-after"] == "5"
        assert refused[-1].headers["cache-control"] == "no-store"
        assert b"One page at a time" in refused[-1].body
        assert {card.status for card in cards} == {200}
        assert {face.ask("/robots.txt").status for _ in range(50)} == {200}
