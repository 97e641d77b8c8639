"""What was typed into a search: the terms to look for, and the one package it may name."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from release import terms

MOST_LETTERS = 200
_MOST_TERMS = 6
# Said in passing: everything here is for WordPress, and most of it a plugin.
_FILLING = frozenset(("a", "an", "and", "for", "in", "of", "on", "or", "the", "to", "with")) | {
    *("wordpress", "plugin", "plugins")
}
_SLUG = r"(?P<slug>[^\s/?#.:\"']+)"
# A name for Composer, ours or wpackagist's; addresses of wordpress.org: page, zip, Subversion,
# Trac; the address of a page here.
_NAMES = tuple(
    re.compile(pattern + _SLUG, re.IGNORECASE)
    for pattern in (
        r"(?:^|[\s/\"'])(?:wp|wpackagist)-(?P<type>plugin|theme)/",
        r"\bwordpress\.org/(?P<type>plugin|theme)s?/",
        r"\b(?P<type>plugin|theme)s\.(?:svn|trac)\.wordpress\.org/(?:browser/|log/)?",
        r"/packages/(?P<type>plugin|theme)/",
    )
)
_SLUG_ALONE = re.compile(r"[^\s-]+(?:-[^\s-]+)+")


@dataclass(frozen=True, slots=True)
class Typed:
    """A search.

    terms: what the packages must have, at most six; a word may be the beginning of one.
    key: all that was typed in one word. slug, type: the package that is named; '' if none is (a
    slug alone does not tell its type).
    """

    terms: tuple[str, ...]
    key: str
    slug: str = ""
    type: str = ""

    @classmethod
    def parse(cls, text: str) -> "Typed":
        """Read what was typed; never fails."""
        text = text[:MOST_LETTERS].strip()
        for pattern in _NAMES:
            if named := pattern.search(text):
                slug = unquote(named["slug"]).lower()
                return cls(_telling(slug), terms.key(slug), slug, named["type"].lower())
        slug = text.lower() if _SLUG_ALONE.fullmatch(text) else ""
        return cls(_telling(text), terms.key(text), slug)

    def corrected(self, words: tuple[str, ...]) -> "Typed":
        """Give the search for other words than those that were typed."""
        return Typed(words, "".join(words))


def _telling(text: str) -> tuple[str, ...]:
    """Give the terms that tell something; of too many the longest, in their order."""
    every = terms.asked(text)
    telling = [term for term in every if term not in _FILLING] or every
    longest = sorted(telling, key=len, reverse=True)[:_MOST_TERMS]
    return tuple(term for term in telling if term in longest)
