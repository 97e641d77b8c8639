"""How well a package answers a search: its names, how many use it, and whether it is kept."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from release import terms
from server.queries.typed import Typed

_LONGEST_NAME = 200  # characters that are compared
_YEAR = 365 * 86_400
_KEPT, _FORGOTTEN = 2, 8  # years since the last update: until then all counts, from then on least
_LEAST = 0.64
_AGE_UNKNOWN = 0.8
_WHOLE, _BEGUN, _INSIDE = 1.0, 0.8, 0.4  # a term is a word of the name, begins one, is in one


@dataclass(frozen=True, slots=True)
class Candidate:
    """A package that may be what was meant. updated: Unix seconds; fits: it passes the filter."""

    id: int
    type: str
    slug: str
    name: str
    installs: int | None
    updated: int | None
    tags: str
    fits: int


def score(candidate: Candidate, typed: Typed, now: int) -> float:
    """Weigh a package; the more the better. now: Unix seconds from which its age counts."""
    name, slug = candidate.name[:_LONGEST_NAME], candidate.slug
    popularity = (1 + math.log10(1 + (candidate.installs or 0))) ** 1.5
    short = terms.words(terms.short(name))
    has = [*terms.words(name), *slug.split("-")]
    hits = [_hit(term, has) for term in typed.terms]
    keys = (terms.key(slug), "".join(short), terms.key(name))
    exact = typed.key in keys
    weight = 0.35 + 1.25 * sum(hits) / len(hits)
    if all(hits):
        weight += 0.4 * min(1, len(hits) / max(1, len(short)))
    elif all(hit or term in candidate.tags for hit, term in zip(hits, typed.terms, strict=True)):
        weight += 0.3
    weight += 0.4 * keys[0].startswith(typed.key) or 0.4 * keys[1].startswith(typed.key)
    # An exact name is a bonus: it lifts a forgotten package onto the first page, not above all.
    weight += 0.8 * exact
    named = typed.slug == slug and typed.type in ("", candidate.type)
    return popularity * weight * _kept(candidate.updated, now) + 8 * exact + 1_000 * named


def _hit(term: str, has: Sequence[str]) -> float:
    if term in has:
        return _WHOLE
    if any(word.startswith(term) for word in has):
        return _BEGUN
    return _INSIDE if any(term in word for word in has) else 0


def _kept(updated: int | None, now: int) -> float:
    if updated is None:
        return _AGE_UNKNOWN
    years = (now - updated) / _YEAR
    lost = (min(max(years, _KEPT), _FORGOTTEN) - _KEPT) / (_FORGOTTEN - _KEPT)
    return 1 - (1 - _LEAST) * lost
