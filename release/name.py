"""A package's name as it is set: title and subtitle, and the letter that stands on its plate."""

from __future__ import annotations

import itertools
import re
import unicodedata

_SHORT = 20  # characters that need no parting, a wide one counting as two
_PARTING = re.compile(r"\s*[–—|│·\u2010-\u2012\u2015\u2212-]\s+|\s*[:：]\s+|：|\s+\(|\s*（")
_OPEN, _CLOSE = "(（", ")）"
_SEPARATORS = " \t–—|│·:：-\u2010\u2011\u2012\u2015\u2212"

# Words that begin half of all names, and tell none of them from another.
_COMMON = frozenset(
    ("wp", "wordpress", "woo", "woocommerce", "the", "easy", "simple", "super", "advanced", "all")
)
_WORDS = re.compile(r"[\s\-–—_/|:.]+")
# Thai and Lao vowels that are written before the consonant that they follow.
_KEYCAP = re.compile("\ufe0f?\u20e3").match
_BEFORE = "\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4"


def split(name: str) -> tuple[str, str]:
    """Part a long name at its first separator into title and subtitle ('' when it has none).

    The separator goes; so do brackets, where all of the subtitle stood in them.
    """
    match = _PARTING.search(name) if _width(name) > _SHORT else None
    if match is None:
        return name, ""
    title, subtitle = name[: match.start()].rstrip(_SEPARATORS), name[match.end() :]
    bracket = match[0].strip()
    if bracket in ("(", "（"):
        subtitle = _unbracketed(bracket, subtitle)
    subtitle = subtitle.lstrip(_SEPARATORS)
    if not (_says(title) and _says(subtitle)):
        return name, ""
    return title, subtitle


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(char) in "WF" for char in text)


def _unbracketed(bracket: str, rest: str) -> str:
    """Return what stood in brackets without them; with them, where more follows."""
    inner = rest.rstrip(". ")
    if inner[-1:] in tuple(_CLOSE) and not any(sign in inner[:-1] for sign in _OPEN + _CLOSE):
        return inner[:-1]
    return bracket + rest


def _says(text: str) -> bool:
    return any(char.isalnum() for char in text)


def initial(name: str, slug: str) -> str:
    """Return the letter or digit that stands for a name; the slug's where the name has none."""
    words = [word for word in _WORDS.split(name) if _letter(word)]
    telling = [word for word in words if word.casefold() not in _COMMON]
    return _letter((telling or words or [slug])[0]) or _letter(slug)


def _letter(word: str) -> str:
    """Return the first letter of a word, as a capital where it has one.

    With the vowel signs that stand beside it, as Indian scripts have them. Keycaps are no letters.
    """
    for at, char in enumerate(word):
        after = word[at + 1 :]
        if unicodedata.category(char)[0] in "LN" and char not in _BEFORE and not _KEYCAP(after):
            capital = char.title()
            signs = itertools.takewhile(lambda sign: unicodedata.category(sign) == "Mc", after)
            return (capital if len(capital) == 1 else char) + "".join(signs)
    return ""
