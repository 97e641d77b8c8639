"""Words as the published site looks them up: folded, and as addresses made of names."""

import re
import unicodedata

_KEY_LENGTH = 80
_SIGN = re.compile(r"(?<=[^\W_])[+#]++(?![^\W\d_])")  # of C++ and C#, not of A+B and #1
_PROFILE = re.compile(r"(?:https?:)?//profiles\.wordpress\.org/(?:users/)?([a-z0-9_-]{1,60})/?")
_PHP = re.compile(r"([5-9])(?:\.(\d{1,2}))?(?:\.\d{1,3})?")
# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
    | {"þ": "th", "ĸ": "k", "ŋ": "n"}
)
# Accents of Latin, Greek and Cyrillic, points of Hebrew, signs of Arabic.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)


def fold(text: str) -> str:
    """Give a text as it is compared: small letters without accents, nothing invisible.

    'Łódź' -> 'lodz', 'ＡＢＣ' -> 'abc', 'Sub\u00adlime' -> 'sublime', 'Straße' -> 'strasse'.
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart).casefold().translate(_PLAIN))


def key(text: str) -> str:
    """Make an address of a name: 'Team Yoast' -> 'team-yoast'. Every script keeps its letters.

    What follows a word and means something is spelled: 'C++' -> 'c-plus-plus', 'C#' -> 'c-sharp'.
    """
    spelled = _SIGN.sub(_spelled, unicodedata.normalize("NFKC", text).casefold())
    letters = (one if unicodedata.category(one)[0] in "LNM" else " " for one in spelled)
    return "-".join("".join(letters).split())[:_KEY_LENGTH].strip("-")


def _spelled(signs: re.Match[str]) -> str:
    return signs[0].replace("+", " plus ").replace("#", " sharp ")


def account(url: str) -> str:
    """Read an account on wordpress.org from its profile's address; '' from any other.

    'https://profiles.wordpress.org/SergeyBiryukov/' -> 'sergeybiryukov'.
    """
    profile = _PROFILE.fullmatch(url.lower())
    return profile[1] if profile else ""


def php_number(version: str) -> int:
    """Read a lowest PHP version as a number to compare: '7.4' -> 704; 0 for anything odd."""
    found = _PHP.fullmatch(version)
    return int(found[1]) * 100 + int(found[2] or 0) if found else 0
