"""A package's name as it is set: title and subtitle, and the letter that stands on its plate."""

from __future__ import annotations

import re
import unicodedata

_SHORT = 20  # characters that need no parting
_PARTING = re.compile(r"\s+[–—|·-]\s+|\s*[:：]\s+|：|\s+\(|\s*（")
_OPEN, _CLOSE = "(（", ")）"
_SEPARATORS = " \t–—|·:：-"

# Words that begin half of all names, and tell none of them from another.
_COMMON = frozenset(
    ("wp", "wordpress", "woo", "woocommerce", "the", "easy", "simple", "super", "advanced", "all")
)
_WORDS = re.compile(r"[\s\-–—_/|:.]+")
# Thai and Lao vowels that are written before the consonant that they follow.
_BEFORE = "\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4"


def split(name: str) -> tuple[str, str]:
    """Part a long name at its first separator into title and subtitle ('' when it has none).

    The separator goes; so do brackets, where all of the subtitle stood in them.
    """
    match = _PARTING.search(name) if len(name) > _SHORT else None
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
    """Return the first letter of a word with the marks it bears, as a capital where it has one."""
    for at, char in enumerate(word):
        if unicodedata.category(char)[0] in "LN" and char not in _BEFORE:
            capital = char.title()
            return (capital if len(capital) == 1 else char) + _marks(word[at + 1 :])
    return ""


def _marks(rest: str) -> str:
    """Return the vowel signs and marks that a letter bears, but for one that joins it to more."""
    end = next(
        (at for at, char in enumerate(rest) if unicodedata.category(char) not in ("Mn", "Mc")),
        len(rest),
    )
    joined = (at for at in range(end) if unicodedata.combining(rest[at]) == _VIRAMA)
    return rest[: next(joined, end)][:_MARKS]


_VIRAMA = 9  # its combining class
_MARKS = 3
