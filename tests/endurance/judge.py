"""Holds every answer against the releases that there were, in the order in which they came."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

from tests.endurance.edition import Edition, Moment
from tests.endurance.visitors import MOMENTARY, Body, Note

_PACKAGE = re.compile(r"/(?:packages|api/packages|og|badges)/((?:plugin|theme)/p(\d+))([./].*)?")
# So many times at least what is asked of a package says of which turn it is: were it fewer, the
# looking for it would have gone blind. On a page its name stands in the title, the heading, two of
# <meta>, the feed's title and twice in JSON-LD; its description in the lead, three of <meta> and
# JSON-LD; its version among the facts, in JSON-LD, in the list and in the name of its zip.
_FEWEST = {"": 16, ".md": 5, "/versions.json": 3, "/feed.xml": 4}
_FEWEST_API = 5


@dataclass
class Verdict:
    """What is wrong, in sentences, and how many answers of each kind were looked at."""

    faults: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    of_moment: Counter[int] = field(default_factory=Counter)  # answers by the moment's index
    packed: Counter[bool] = field(default_factory=Counter)
    kept: int = 0  # answered 304
    bodies: int = 0  # looked at for what they say, each with each release that sent it


def judge(notes: Sequence[Note], bodies: Mapping[str, Body], moments: Sequence[Moment]) -> Verdict:
    """Judge all answers. moments: in their order, the first before anybody asked."""
    verdict = Verdict()
    releases = _Releases(bodies, moments, verdict)
    by_visitor: dict[int, list[Note]] = {}
    for note in notes:
        by_visitor.setdefault(note.visitor, []).append(note)
    for told in by_visitor.values():
        _Course(releases, moments, verdict).follow(told)
    return verdict


class _Releases:
    """Looks at what each answer says, once for each body and release."""

    def __init__(
        self, bodies: Mapping[str, Body], moments: Sequence[Moment], verdict: Verdict
    ) -> None:
        self._bodies, self._verdict = bodies, verdict
        self._editions = {one.edition.id: one.edition for one in moments}
        self._same: dict[tuple[str, str], str] = {}
        self._looked: set[tuple[str, str, str]] = set()
        self._cards: dict[str, str] = {}  # digests of cards by path, which never change
        self._words: dict[str, str] = {}  # and what is printed on them

    def look(self, note: Note) -> list[str]:
        """Say what is wrong with an answer by itself."""
        if note.status == 0:
            return [f"no answer: {note.body}"]
        if note.status >= 500:
            return [f"it answers {note.status}"]
        body = self._bodies.get(note.body, Body("", whole=True))
        if not body.whole:
            return ["it has no end"]
        if self._words.setdefault(body.image, body.alt) != body.alt:
            return [f"{body.image} is described as {body.alt!r}, and was otherwise before"]
        if note.kind == "card":
            return self._card(note)
        if note.release:
            return self._released(note)
        return []

    def _card(self, note: Note) -> list[str]:
        if note.status not in (200, 304):
            return [f"a card that a page names is answered {note.status}"]
        if self._cards.setdefault(note.path, note.body) != note.body:
            return ["a card is not what it was"]
        return []

    def _released(self, note: Note) -> list[str]:
        """Hold an answer against the release that it says it is of."""
        edition = self._editions.get(note.release)
        if edition is None:
            return [f"there was no release {note.release}"]
        faults = _wrong_status(note, edition)
        if note.path == MOMENTARY or not note.body:
            return faults
        if self._same.setdefault((note.same, note.release), note.body) != note.body:
            faults.append(f"two bodies in one release: {note.body}")
        asked = (note.same, note.release, note.body)
        if note.kind != "stable" and asked not in self._looked:
            self._looked.add(asked)
            self._verdict.bodies += 1
            faults += _misstatements(note, self._bodies[note.body], edition)
        return faults


def _wrong_status(note: Note, edition: Edition) -> list[str]:
    found = _PACKAGE.fullmatch(note.same)
    if found is None:
        return [] if note.status in (200, 304) else [f"it answers {note.status}"]
    label, number = found[1], int(found[2])
    wanted = edition.status(number)
    if note.kind == "stable" and wanted != 404:  # old shares show the cards of withdrawn ones
        if note.status == 302 and note.location.endswith(edition.own[label]):
            return []
        return [f"it leads to {note.location!r} ({note.status}), not to {edition.own[label]}"]
    if wanted == 410 and note.same.endswith("/feed.xml"):
        wanted = 404
    if note.status == (304 if note.status == 304 and wanted == 200 else wanted):
        return []
    return [f"it answers {note.status}, not {wanted}"]


def _misstatements(note: Note, body: Body, edition: Edition) -> list[str]:
    """Say what a body tells that its release does not."""
    found = _PACKAGE.fullmatch(note.same)
    number = int(found[2]) if found else None
    faults = [
        f"it shows p{one} as of turn {turn}, in a release of turn {edition.turn}"
        for one, turn in set(body.mentions)
        if edition.known.get(one) != turn or (one not in edition.listed and one != number)
    ]
    if strange := set(body.cards) - edition.cards:
        faults.append(f"it names cards of other releases: {strange}")
    if found is None or number not in edition.listed:
        return faults
    own = edition.own[found[1]]
    part = found[3] or ""
    is_page = note.same.startswith("/packages/") and part == ""
    if is_page and body.image != own:
        faults.append(f"its og:image is {body.image!r}, not {own}")
    if (is_page or part == ".md" or note.kind == "api") and body.cards != [own]:
        faults.append(f"it names the cards {body.cards}, not {own}")
    fewest = _FEWEST_API if note.kind == "api" else _FEWEST[part]
    if sum(one == number for one, _ in body.mentions) < fewest:
        faults.append(f"it says too little of its package: {len(body.mentions)} mentions")
    return faults


class _Course:
    """One visitor's answers: releases only ever come in their order."""

    def __init__(self, releases: _Releases, moments: Sequence[Moment], verdict: Verdict) -> None:
        self._releases, self._moments, self._verdict = releases, moments, verdict
        self._at = 0  # the first moment that all seen so far may be of
        self._files: dict[str, tuple[int, Note]] = {}

    def follow(self, notes: Iterable[Note]) -> None:
        """Judge a visitor's answers, in their order."""
        for note in notes:
            self._verdict.kinds[note.kind] += 1
            self._verdict.statuses[note.status] += 1
            self._verdict.packed[note.packed] += 1
            self._verdict.kept += note.status == 304
            for fault in [*self._releases.look(note), *self._out_of_order(note)]:
                self._verdict.faults.append(f"{note.path} (visitor {note.visitor}): {fault}")

    def _out_of_order(self, note: Note) -> list[str]:
        if note.release:
            return self._page(note)
        if note.kind == "static":
            return self._list(note)
        return self._metadata(note) if note.kind == "metadata" else []

    def _page(self, note: Note) -> list[str]:
        fitting = self._fitting(note, self._at, lambda edition: edition.id == note.release)
        if not fitting:
            return [f"it is of {note.release}, which was not live then, or seen to be over"]
        self._at = fitting[0]
        self._verdict.of_moment[self._at] += 1
        return []

    def _list(self, note: Note) -> list[str]:
        """A file of the release: live with it."""
        fitting = self._fitting(note, self._at, lambda one: one.files.get(note.path) == note.body)
        if not fitting:
            return [f"no release that was live then has this list ({note.status})"]
        self._at = fitting[0]
        self._verdict.of_moment[self._at] += 1
        before = self._files.get(note.path)
        self._files[note.path] = fitting[0], note
        if before is None or _date(note) >= _date(before[1]):
            return []
        ids = [one.edition.id for one in self._moments[before[0] : fitting[-1] + 1]]
        return [] if ids != sorted(ids) else ["its date went back, and no rollback did"]

    def _metadata(self, note: Note) -> list[str]:
        """A file of the store: shown just before its release is live, gone just before as well."""
        wanted = note.body if note.status != 404 else None
        before = self._files.get(note.path)
        lowest = max(self._at, before[0]) if before else self._at
        fitting = self._fitting(note, lowest, lambda one: one.files.get(note.path) == wanted)
        if not fitting:
            return [f"no release that was shown then has this file ({note.status})"]
        self._verdict.of_moment[fitting[0]] += 1
        self._files[note.path] = fitting[0], note
        if before is None or not note.modified or not before[1].modified:
            return []
        return self._dates(before, note, fitting[-1])

    def _dates(self, before: tuple[int, Note], note: Note, at: int) -> list[str]:
        """Its date is all that Composer goes by: another exactly if its bytes were others."""
        old, new = _date(before[1]), _date(note)
        if new < old:
            return [f"its date went back from {old} to {new}"]
        between = {one.edition.files.get(note.path) for one in self._moments[before[0] : at + 1]}
        if (new == old and note.body != before[1].body) or (new != old and len(between) == 1):
            return [f"from {old} to {new} its body went from {before[1].body} to {note.body}"]
        return []

    def _fitting(self, note: Note, lowest: int, fits: Callable[[Edition], bool]) -> list[int]:
        """Give the moments from `lowest` on that an answer may be of."""
        found = []
        for at in range(lowest, len(self._moments)):
            if self._moments[at].began > note.had:
                break
            over = at + 1 < len(self._moments) and self._moments[at + 1].ended < note.asked
            if not over and fits(self._moments[at].edition):
                found.append(at)
        return found


def _date(note: Note) -> datetime:
    return parsedate_to_datetime(note.modified)
