"""Words as the published site looks them up: addresses made of names, and parts of words."""

import re
import unicodedata
from collections.abc import Iterator

# Scripts written without spaces, or with words as long as sentences: Thai, Lao, Burmese, Khmer,
# Japanese, Chinese, Korean. The server takes a search apart in the same way.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
# Letters that SQLite does not take for another letter with a mark, but people type so; and what
# nobody sees or types. The server spells what it is asked for in the same way.
PLAIN = str.maketrans(
    {
        **dict(zip("łŁøØđĐðÐħĦŧŦı", "lLoOdDdDhHtTi", strict=True)),
        "ß": "ss",
        "ẞ": "SS",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "þ": "th",
        "Þ": "TH",
        **dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff", ""),
    }
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_KEY_LENGTH = 80
_SIGN = re.compile(r"(?<=[^\W_])[+#]++(?![^\W\d_])")  # of C++ and C#, not of A+B and #1
_PROFILE = re.compile(r"^https?://profiles\.wordpress\.org/([a-z0-9_-]{1,60})/?$")
_PHP = re.compile(r"([5-9])(?:\.(\d{1,2}))?(?:\.\d{1,3})?")


def key(text: str) -> str:
    """Make an address of a name: 'Team Yoast' -> 'team-yoast'. Every script keeps its letters.

    What follows a word and means something is spelled: 'C++' -> 'c-plus-plus', 'C#' -> 'c-sharp'.
    """
    spelled = _SIGN.sub(_spelled, unicodedata.normalize("NFKC", text).casefold())
    letters = (one if unicodedata.category(one)[0] in "LNM" else " " for one in spelled)
    return "-".join("".join(letters).split())[:_KEY_LENGTH].strip("-")


def _spelled(signs: re.Match[str]) -> str:
    return signs[0].replace("+", " plus ").replace("#", " sharp ")


def plain(text: str) -> str:
    """Spell a text as it is typed where its letters are not at hand: 'Łódź' -> 'Lódź'.

    SQLite takes the marks off by itself.
    """
    return text.translate(PLAIN)


def author_key(name: str, url: str) -> str:
    """Make the address of an author: the account on wordpress.org where one is told."""
    profile = _PROFILE.match(url.lower())
    return profile[1] if profile and name else key(name)


def php_number(version: str) -> int:
    """Read a lowest PHP version as a number to compare: '7.4' -> 704; 0 for anything odd."""
    found = _PHP.fullmatch(version)
    return int(found[1]) * 100 + int(found[2] or 0) if found else 0


def parts(slug: str, *texts: str) -> str:
    """Give what else a package is found by: its slug in one word, humps of names, pairs of letters.

    'contact-form-7' is also looked for as contactform7, WooCommerce as commerce, and 多合一 by any
    of its letters. SQLite's own trigram index was tried on 75,000 packages: it finds no word of two
    letters, the usual length in Chinese, and is five times as large.
    """
    return " ".join(
        (
            slug.replace("-", ""),
            *(part for text in texts for part in (*_humps(text), *_pairs(text))),
        )
    )


def _humps(text: str) -> Iterator[str]:
    for word in text.split():
        humps = _HUMP.split(word)
        if len(humps) > 1:
            yield from humps[1:]


def _pairs(text: str) -> Iterator[str]:
    """Yield each two neighbours in runs of unspaced script, and the last letter of each run."""
    for run in _UNSPACED_RUN.findall(text):
        letters = [one for one in run if unicodedata.category(one)[0] == "L"]
        yield from ("".join(letters[n : n + 2]) for n in range(len(letters)))
