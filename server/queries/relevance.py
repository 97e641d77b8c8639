"""How well a package answers a search: its names, how many use it, and whether it is kept."""

import math
from functools import lru_cache
from typing import NamedTuple

from release import terms
from server.queries.typed import Typed

_LONGEST_NAME = 200  # characters that are compared
_REMEMBERED = 5_000  # names: the most installed packages are weighed in nearly every search
_YEAR = 365 * 86_400
_KEPT, _FORGOTTEN = 2, 8  # years since the last update: until then all counts, from then on least
_AGED, _AGE_UNKNOWN = 0.64, 0.8
_WHOLE, _BEGUN, _INSIDE = 1.0, 0.8, 0.4  # a term is a word of the name, begins one, is in one
_AFTER = 0.85  # in what the name says after a dash
# What multiplies with the installs: a match anywhere, in the name, in tags, the share of the name
# that was typed, a name that begins so, an exact one.
_LEAST, _BY_HITS, _BY_TAGS, _BY_COVER, _BY_START, _BY_EXACT = 0.35, 1.6, 0.3, 0.4, 0.25, 0.8
# Whatever the name: tags count only where one of six terms, or more, is not in it.
MOST = _LEAST + _BY_HITS + _BY_COVER + _BY_START + max(0, _BY_TAGS - _BY_HITS / 6)
_EXACT = 8  # what an exact name brings whatever its installs
_NAMED = 1_000  # and a slug that was typed as one


class Candidate(NamedTuple):
    """A package that may be what was meant. updated: Unix seconds; length: of its description;
    fits: it passes the filter."""

    id: int
    type: str
    slug: str
    name: str
    installs: int | None
    updated: int | None
    tags: str
    length: int
    fits: int


class _Names(NamedTuple):
    """What a package is called, to look terms up in: words with a blank on either side of each.

    title: the words of the short name and of the slug; after: those of the rest of the name. short:
    how many words the short name has. keys: of the short name, the whole name, and the slug.
    """

    title: str
    after: str
    short: int
    keys: tuple[str, str, str]


def worth(candidate: Candidate, now: int) -> float:
    """Give what counts whatever was typed. now: Unix seconds from which a package's age counts."""
    popularity = math.pow(1 + math.log10(1 + (candidate.installs or 0)), 1.5)
    return popularity * _kept(candidate.updated, now)


def score(candidate: Candidate, typed: Typed, worth: float) -> float:
    """Weigh a package; the more the better. worth: the package's own.

    It is at most MOST times as much as that, unless the package has just the name that was typed.
    """
    names = _names(candidate.name, candidate.slug)
    hits, words, named, told = 0.0, 0, True, True
    for term in typed.terms:
        hit = _hit(term, names.title)
        words += hit == _WHOLE
        if hit < _AFTER:
            hit = max(hit, _AFTER * _hit(term, names.after))
        hits += hit
        if not hit:
            named = False
            told = told and term in candidate.tags
    weight = _LEAST + _BY_HITS * hits / len(typed.terms)
    if told and not named:
        weight += _BY_TAGS
    weight += _BY_COVER * min(1, words / max(1, names.short))
    short, whole, slug = names.keys
    weight += _BY_START * whole.startswith(typed.key)
    # An exact name is a bonus: it lifts a forgotten package onto the first page, not above all.
    exact = 1 if typed.key in (whole, slug) else 0.5 if typed.key == short else 0
    weight += _BY_EXACT * exact
    just_it = typed.slug == candidate.slug and typed.type in ("", candidate.type)
    return worth * weight + _EXACT * exact + _NAMED * just_it


@lru_cache(_REMEMBERED)
def _names(name: str, slug: str) -> _Names:
    name = name[:_LONGEST_NAME]
    short = terms.short(name)
    # A dash that is not ASCII would have all the rest folded as if it were not, either.
    first, after = terms.words(short), terms.words(name[len(short) :].lstrip(" –—|-:("))
    key = "".join(first)
    return _Names(
        f" {' '.join(first)} {slug.replace('-', ' ')} ",
        f" {' '.join(after)} ",
        len(first),
        (key, key + "".join(after), slug.replace("-", "").replace("_", "")),
    )


def _hit(term: str, has: str) -> float:
    if f" {term}" in has:
        return _WHOLE if f" {term} " in has else _BEGUN
    return _INSIDE if term in has else 0


def _kept(updated: int | None, now: int) -> float:
    if updated is None:
        return _AGE_UNKNOWN
    years = (now - updated) / _YEAR
    if years <= _KEPT:
        return 1
    lost = (min(years, _FORGOTTEN) - _KEPT) / (_FORGOTTEN - _KEPT)
    return 1 - (1 - _AGED) * lost
