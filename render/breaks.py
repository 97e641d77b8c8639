"""Where a line may not end, and where a text may be cut: Pango's rules, and what readers expect."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import pyphen

Span = tuple[int, int]  # characters, from and before

# A separator begins no line and ends none, so it stays with the words on both its sides.
# Hyphens of every kind are among them where a blank follows.
_SEPARATOR = re.compile(
    r"\s*[–—―|│·•｜]+\s*|\s+(?:[-\u2010-\u2012\u2212]+|/+|[»:+&~]|::)\s+|(?<=\w)[-\u2010-\u2012]+\s+"
)
_NO_BREAK, _JOINER = "\u00a0", "\u2060"
# Korean is broken at spaces, and no word of foreign origin in Japanese is broken at all.
_WORD = re.compile(r"\S*[\uac00-\ud7a3]\S*|[\u30a1-\u30fa\u30fc-\u30fe\uff66-\uff9f]{2,}")
_JOINTS = "-_/.:@\\'’+&=~%#"
_PLAIN = re.compile(r"[\w\s.,!?'()]*\Z", re.ASCII)
_ZERO_WIDTH_SPACE, _SOFT_HYPHEN = "\u200b", "\u00ad"

_JOINT = re.compile(
    r"(?<=[-_/.:@\\])(?=\w)|(?<=[a-zà-öø-ÿа-яα-ω])(?=[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω])|(?<=[0-9])(?=[A-Z])"
)
# German is spelled with Latin letters, and a word is parted where five and more are on either side.
# For any other there is no need to load its syllables: that takes as long as a hundred cards.
_PART = 5
_LETTERS = re.compile(f"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]{{{2 * _PART},}}")


def joined(text: str) -> str:
    """Return `text` with its separators joined to the words on both sides.

    A dash allows a break before a blank that does not (UAX 14, LB12a), so it needs a joiner.
    """
    return text if _PLAIN.match(text) else _SEPARATOR.sub(_joined, text)


def _joined(match: re.Match[str]) -> str:
    sign = match[0].strip()
    before, _, after = match[0].partition(sign)
    blanks = [_NO_BREAK if blank else "" for blank in (before, after)]
    return f"{blanks[0] or _JOINER}{sign}{_JOINER}{blanks[1]}"


def unbroken(text: str) -> list[Span]:
    """Return the spans of `text` in which no line may end: they are spoken as one word."""
    return [] if text.isascii() else [match.span() for match in _WORD.finditer(text)]


def word_end(text: str, ends: Sequence[int], limit: int) -> int:
    """Return where to cut `text` at `limit` or before: the last end of a whole word; 0 for none.

    `ends` are the places where words end as Unicode (UAX 29) has it, ascending. A word with a joint
    in it, like 'e-mail', ends behind its last part; where there is no other, behind any part.
    """
    parts = [end for end in ends if 0 < end <= min(limit, len(text) - 1)]
    whole = [end for end in parts if not (text[end] in _JOINTS and _goes_on(text, end))]
    return max(whole or parts, default=0)


def _goes_on(text: str, joint: int) -> bool:
    return joint + 1 < len(text) and not text[joint + 1].isspace()


def soften(text: str, longest: int) -> str:
    """Return `text` with places to break in words of more than `longest` characters.

    They are after - _ / and the like, and at camel-case joints; in a word without any, between
    syllables: it is German, or one of its neighbours, that makes words of such a length.
    """
    return " ".join(
        _softened(word, longest) if len(word) > longest else word for word in text.split(" ")
    )


def _softened(word: str, longest: int) -> str:
    parts = _JOINT.sub(_ZERO_WIDTH_SPACE, word).split(_ZERO_WIDTH_SPACE)
    return _ZERO_WIDTH_SPACE.join(
        _LETTERS.sub(lambda match: _syllables(match[0]), part) if len(part) > longest else part
        for part in parts
    )


@functools.lru_cache(256)
def _syllables(word: str) -> str:
    """Put a soft hyphen between syllables, not too near to either end."""
    places = [at for at in _german().positions(word) if _PART <= at <= len(word) - _PART]
    for at in reversed(places):
        word = word[:at] + _SOFT_HYPHEN + word[at:]
    return word


@functools.cache
def _german() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="de_DE")
