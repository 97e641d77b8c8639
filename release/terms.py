"""What a search is made of: the terms under which packages are found, and those that are asked for.

The index holds beginnings of words up to LONGEST letters. Scripts without spaces are held as pairs
of neighbours, since what is looked for begins anywhere.
"""

import re
from collections.abc import Iterable, Iterator

from release.words import fold

LONGEST = 12
_LONGEST_KEY = 60
_LEAST_CORRECTED, _MOST_CORRECTED = 4, 24  # letters of a word that may be meant by a mistyped one
_COMPARED = 6  # letters at its beginning that are compared with those of the mistyped one

# Thai, Lao, Burmese, Khmer, Japanese, Chinese, Korean: no spaces, or words as long as sentences.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN = re.compile(f"([{_UNSPACED}]+)")
# Letters and digits, with the vowel signs of Indic and other scripts, which `\w` leaves out; and
# the languages C++, C#, F#.
_MARKS = (
    "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u0f00-\u0fff\u102b-\u103e\u17b4-\u17d3"
)
_WORD = re.compile(rf"(?<![^\W_])[a-z](?:\+\+|#)|(?:[^\W_]|[{_MARKS}])+")
_SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SUBTITLE = re.compile(r"\s+[–—|-]\s+|:\s+|\s+\(")


def words(text: str) -> list[str]:
    """Give the words of a text, folded."""
    folded = fold(text)
    if folded.isascii() and "+" not in folded and "#" not in folded:
        return folded.translate(_SIGNS).split()  # the same, in a third of the time
    return _WORD.findall(folded)


def key(text: str) -> str:
    """Give a name without its blanks and signs: 'Contact Form 7' -> 'contactform7'."""
    return "".join(words(text))[:_LONGEST_KEY]


def short(name: str) -> str:
    """Give a name without what is said after it: 'Yoast SEO – Advanced SEO' -> 'Yoast SEO'."""
    return _SUBTITLE.split(name, 1)[0]


def keys(slug: str, name: str) -> set[str]:
    """Give the keys of a package: of its slug, its name and its short name."""
    return {key(slug), key(name), key(short(name))} - {""}


def held(*texts: str) -> set[str]:
    """Give the terms that the index holds of some texts: words, their humps, pairs of letters.

    WooCommerce is also found as commerce, and 多合一 by any of its letters.
    """
    found: set[str] = set()
    for text in texts:
        every = (*words(text), *_humps(text))
        found.update(every if text.isascii() else _all_pieces(every, last=True))
    return {term[:LONGEST] for term in found}


def asked(text: str) -> list[str]:
    """Give the terms of what was typed, whole, in order, each once."""
    return list(dict.fromkeys(_all_pieces(words(text), last=False)))


def correctable(found: Iterable[str]) -> set[str]:
    """Give the words among some that may be mistyped, or be meant by a mistyped one."""
    return {
        word
        for word in found
        if _LEAST_CORRECTED <= len(word) <= _MOST_CORRECTED
        and not word.isdigit()
        and not _UNSPACED_RUN.search(word)
    }


def shortened(word: str) -> set[str]:
    """Give a word's beginning, and the same without each of its letters.

    Words that differ in one letter, or by two that changed places, have one of these in common.
    """
    start = word[:_COMPARED]
    return {start, *(start[:at] + start[at + 1 :] for at in range(len(start)))}


def _humps(text: str) -> Iterator[str]:
    for piece in _HUMP.split(text)[1:]:
        yield from words(piece.split(maxsplit=1)[0])


def _all_pieces(some: Iterable[str], last: bool) -> Iterator[str]:
    """Cut words: runs of a script without spaces into pairs, and their `last` letters alone."""
    for word in some:
        for number, piece in enumerate(_UNSPACED_RUN.split(word)):
            if number % 2:
                letters = [one for one in piece if one.isalpha()]
                count = len(letters) if last or len(letters) == 1 else len(letters) - 1
                yield from ("".join(letters[at : at + 2]) for at in range(count))
            elif piece:
                yield piece
