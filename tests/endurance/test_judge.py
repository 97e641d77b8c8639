"""The judge of the endurance test sees what it is there for."""

from dataclasses import replace

import pytest

from tests.endurance import turning
from tests.endurance.edition import Edition, Moment
from tests.endurance.judge import judge
from tests.endurance.visitors import Body, Note

_PAGE = "/packages/plugin/p0"
_LIST, _FILE = "/feed.xml", "/p2/wp-plugin/p0.json"
_DATES = [f"Wed, 25 Nov 2026 12:00:0{second} GMT" for second in range(4)]


def _edition(turn: int) -> Edition:
    cards = {turning.label(one): _card(one, turn) for one in range(turning.NUMBERS)}
    files = {_LIST: f"list {turn}", _FILE: f"file {turn}"}
    return Edition(f"r{turn}", turn, cards, frozenset(cards.values()), files)


def _card(number: int, turn: int) -> str:
    return f"/og/{number}-{turn}.png"


def _body(turn: int) -> Body:
    said, own = [(turning.PULSE, turn)] * 20, _card(0, turn)
    return Body(f"page {turn}", True, said, [own], own, f"of turn {turn}")


# One release after another, each live for ten seconds, then back to the second of them.
_MOMENTS = [Moment(10 * at, 10 * at + 1, _edition(turn)) for at, turn in enumerate((0, 1, 2, 1))]
_BODIES = {
    **{body.body: body for body in map(_body, range(3))},
    **{name: Body(name, True) for turn in range(3) for name in (f"list {turn}", f"file {turn}")},
    "mixed": replace(_body(1), body="mixed", mentions=[(0, 1), (0, 0), *[(0, 1)] * 18]),
    "other image": replace(_body(1), body="other image", image=_card(0, 0), alt="of turn 0"),
    "other card": replace(_body(1), body="other card", cards=[_card(0, 0)]),
    "other words": replace(_body(1), body="other words", alt="of turn 0"),
    "blind": replace(_body(1), body="blind", mentions=[(0, 1)]),
    "half": replace(_body(1), body="half", whole=False),
    "png": Body("png", True),
    "other png": Body("other png", True),
}  # fmt: skip


def _note(kind: str, path: str, at: float, body: str, **told: object) -> Note:
    note = Note(0, kind, path, path, False, at, at + 0.1, 200, body=body)
    return replace(note, **told)  # type: ignore[arg-type]


def _page(at: float, turn: int, body: str = "", **told: object) -> Note:
    return _note("package", _PAGE, at, body or f"page {turn}", release=f"r{turn}", **told)


def _list(at: float, turn: int, date: int, **told: object) -> Note:
    return _note("static", _LIST, at, f"list {turn}", modified=_DATES[date], **told)


def _file(at: float, turn: int, date: int, **told: object) -> Note:
    return _note("metadata", _FILE, at, f"file {turn}", modified=_DATES[date], **told)


def _card_note(at: float, body: str, status: int = 200) -> Note:
    return _note("card", _card(0, 1), at, body, status=status)


GOOD = {
    "release after release": [_page(5, 0), _page(15, 1), _page(25, 2), _page(35, 1)],
    "either release while one is being published": [_page(10.2, 0), _page(10.5, 1)],
    "a file just before its release": [_page(10.1, 0), _file(10.2, 1, 0), _page(10.4, 0)],
    "what is kept": [_page(15, 1), _page(16, 1, status=304), _file(17, 1, 0, status=304)],
    "a list's date goes back with a rollback": [_list(15, 1, 1), _list(25, 2, 2), _list(35, 1, 1)],
    "a file's date does not": [_file(15, 1, 1), _file(25, 2, 2), _file(35, 1, 3)],
}
_OVER = "not live then, or seen to be over"
BAD = {
    "no answer": ("no answer", [_page(15, 1, status=0)]),
    "an error": ("answers 502", [_page(15, 1, status=502)]),
    "a page of a release that is over": (_OVER, [_page(25, 0)]),
    "a page of a release not yet begun": (_OVER, [_page(5, 1)]),
    "a page of a release that never was": ("there was no release", [_page(5, 7)]),
    "an older page after a newer one": (_OVER, [_page(10.2, 1), _page(10.5, 0)]),
    "an older list after a newer page": ("has this list", [_page(10.2, 1), _list(10.5, 0, 0)]),
    "an older file after a newer page": ("has this file", [_page(10.2, 1), _file(10.5, 0, 0)]),
    "an older file after a newer one": ("has this file", [_file(10.2, 1, 1), _file(10.5, 0, 1)]),
    "a file that is gone": ("has this file (404)", [_file(15, 1, 1, status=404)]),
    "a page kept too long": ("as of turn 0", [_page(15, 1, "page 0", status=304)]),
    "a list kept too long": ("list (304)", [_list(5, 0, 0), _list(25, 0, 0, status=304)]),
    "two bodies in one release": ("two bodies", [_page(15, 1), _page(16, 1, "other card")]),
    "a page of two releases": ("p0 as of turn 0, in", [_page(15, 1, "mixed")]),
    "another release's og:image": ("its og:image is", [_page(15, 1, "other image")]),
    "another release's card": ("cards of other releases", [_page(15, 1, "other card")]),
    "a card described otherwise": ("described as", [_page(15, 1), _page(16, 1, "other words")]),
    "a page that says nothing": ("says too little", [_page(15, 1, "blind")]),
    "half a page": ("has no end", [_page(15, 1, "half")]),
    "a package gone too early": ("answers 410, not 200", [_page(15, 1, status=410)]),
    "no card": ("is answered 404", [_card_note(15, "png", 404)]),
    "another card": ("not what it was", [_card_note(15, "png"), _card_note(16, "other png")]),
    "a list's date goes back": ("no rollback did", [_list(5, 0, 2), _list(15, 1, 1)]),
    "a file's date goes back": ("its date went back", [_file(5, 0, 2), _file(15, 1, 1)]),
    "other bytes, the same date": ("its body went", [_file(5, 0, 1), _file(15, 1, 1)]),
    "the same bytes, another date": ("its body went", [_file(15, 1, 1), _file(16, 1, 2)]),
}


@pytest.mark.parametrize("notes", GOOD.values(), ids=GOOD.keys())
def test_what_is_promised_is_let_pass(notes: list[Note]) -> None:
    """Old and new meet while a release is being published, and metadata comes first."""
    assert judge(notes, _BODIES, _MOMENTS).faults == []


@pytest.mark.parametrize(("words", "notes"), BAD.values(), ids=BAD.keys())
def test_what_is_amiss_is_found(words: str, notes: list[Note]) -> None:
    """Each kind of mixture, staleness and loss is called by its name."""
    assert any(words in fault for fault in judge(notes, _BODIES, _MOMENTS).faults)
