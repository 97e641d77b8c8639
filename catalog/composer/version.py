"""Composer's grammar of versions: what it can read, what it makes of it, and how it sorts that.

One version that Composer cannot read aborts a user's whole run, so `normalize` accepts nothing
that Composer's own parser (composer/semver, `VersionParser::normalize`) refuses, and gives the same
normalised form. It refuses a few shapes that Composer does read; each of them says why below.

    version  = ["v"] (numbers | date) [modifier] ["+" metadata]
    numbers  = 1 to 4 numbers joined by "."; the first has 1 to 5 digits
    date     = a year and 1 to 6 pairs of digits, then 1 to 3 more digits; "." ":" "-" may part them
    modifier = ["." | "_" | "-"] [word {["." | "-"] number}] [["." | "-"] "dev"]
    word     = "stable" | "beta" | "b" | "RC" | "alpha" | "a" | "patch" | "pl" | "p"
    branch   = ["v"] 1 to 4 of: a number, "x", "*"; then ["." | "-"] "dev"
"""

import re
from functools import lru_cache
from typing import Literal

from catalog.composer.rule import Rule

Stability = Literal["dev", "alpha", "beta", "RC", "stable"]
Order = tuple[tuple[int, int], ...]

MAX_LENGTH = 128  # WordPress.org's own table cuts longer versions off
# Of ten versions of real packages eight are those of other packages, too: "1.0", "1.0.1".
_remembered = lru_cache(maxsize=1 << 14)

_FLAGS = re.ASCII | re.IGNORECASE | re.VERBOSE

_MODIFIER = r"""
    [._-]?
    (?: (?P<word> stable | beta | b | RC | alpha | a | patch | pl | p )
        (?P<count> (?: [.-]? \d+ )*+ ) )?
    (?P<dev> [.-]? dev )?
"""
_NUMBERS = re.compile(
    r"v? (?P<first>\d{1,5}) (?P<second>\.\d++)? (?P<third>\.\d++)? (?P<fourth>\.\d++)?" + _MODIFIER,
    _FLAGS,
)
_DATE = re.compile(
    r"v? (?P<date> \d{4} (?: [.:-]? \d{2} ){1,6} (?: [.:-]? \d{1,3} )? )" + _MODIFIER,
    _FLAGS,
)
_PART = r"\. (?: \d++ | [x*] )"
_BRANCH = re.compile(
    rf"v? (?P<first>\d++) (?P<second>{_PART})? (?P<third>{_PART})? (?P<fourth>{_PART})? [.-]? dev",
    _FLAGS,
)
_METADATA = re.compile(r"^([^+]+)\+.+")
_ALIAS = re.compile(r"\S+ +as +\S+", re.IGNORECASE)
_FLAG = re.compile(r"@(?:stable|RC|beta|alpha|dev)$", re.IGNORECASE)
_FIVE_NUMBERS = re.compile(r"v?\d+(?:\.\d+){4}", re.ASCII | re.IGNORECASE)
_STRANGE = re.compile(r"[^0-9A-Za-z.:*_+-]")

_WORDS: dict[str, str] = {"a": "alpha", "b": "beta", "p": "patch", "pl": "patch", "rc": "RC"}

_ANY = "9999999"  # Composer's own stand-in for "x"

_UNSTABLE: dict[str, Stability] = {"alpha": "alpha", "beta": "beta", "RC": "RC"}
_STABILITY = re.compile(r"-(?P<word>alpha|beta|RC)[\d.-]*$")
_TOKEN = re.compile(r"\d+|[A-Za-z]+")
_RANKS = {"dev": 0, "alpha": 1, "beta": 2, "RC": 3, "patch": 6}
_END, _NUMBER = 4, 5
_LONGEST = (1 << 63) - 1  # PHP reads larger numbers as this one


class InvalidVersion(ValueError):
    """A version that is not to be offered: `rule` for machines, the message for people."""

    def __init__(self, rule: Rule, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule


@_remembered
def normalize(raw: str) -> str:
    """Return the form that Composer compares, or raise `InvalidVersion`."""
    text = raw.strip(" ")
    if text == "trunk":
        return "dev-trunk"
    _refuse_strange(raw, text)
    version = _METADATA.sub(r"\1", text)
    if match := _NUMBERS.fullmatch(version):
        return _numbers(match) + _modifier(match)
    if match := _DATE.fullmatch(version):
        return _not_reserved(re.sub(r"\D", ".", match["date"]) + _modifier(match))
    if match := _BRANCH.fullmatch(version):
        return _branch(match)
    if _FIVE_NUMBERS.match(version):
        raise InvalidVersion(Rule.PARTS, f"“{text}” has more than four numbers.")
    raise InvalidVersion(Rule.UNREADABLE, f"“{text}” is not a version to Composer.")


@_remembered
def pretty(raw: str) -> str:
    """Return a valid raw version as people write it in a requirement: no blanks, no leading v."""
    return re.sub(r"^[vV](?=\d)", "", raw.strip(" "))


@_remembered
def stability(normalized: str) -> Stability:
    """Return the stability that Composer gives to a normalised version; patches are stable."""
    if normalized.startswith("dev-") or normalized.endswith("-dev"):
        return "dev"
    match = _STABILITY.search(normalized)
    if match is None:
        return "stable"
    return _UNSTABLE[match["word"]]


@_remembered
def order(normalized: str) -> Order:
    """Return a key that sorts normalised versions, and finds them equal, as Composer does.

    This is PHP's `version_compare`: at each place dev < alpha < beta < RC < nothing < a number
    < patch; any other word stands below dev.
    """
    return (*(_place(token) for token in _TOKEN.findall(normalized)), (_END, 0))


def _place(token: str) -> tuple[int, int]:
    if token.isdigit():
        return _NUMBER, min(int(token), _LONGEST)
    return _RANKS.get(token, -1), 0


def _refuse_strange(raw: str, text: str) -> None:
    """Refuse what is no version at all, and what Composer reads but nobody could ask for."""
    if len(raw) > MAX_LENGTH:
        raise InvalidVersion(
            Rule.LENGTH, f"It has {len(raw)} characters; {MAX_LENGTH} is the most."
        )
    if not text:
        raise InvalidVersion(Rule.UNREADABLE, "It is empty.")
    if _ALIAS.fullmatch(text):
        raise InvalidVersion(Rule.ALIAS, f"“{text}” would be read as an alias.")
    if _FLAG.search(text):
        raise InvalidVersion(Rule.FLAG, f"“{text}” would be read as a wish for a stability.")
    # Composer takes anything after "dev-", blanks and markup too, and three names without it.
    if text.lower().startswith("dev-") or text in ("master", "default"):
        raise InvalidVersion(Rule.BRANCH, f"“{text}” would be read as a branch.")
    # Composer also trims controls, takes a blank before "dev", and any sign after a "+". No folder
    # in Subversion can have such a name, and zero-width signs would make two versions look alike.
    if strange := _STRANGE.search(text):
        raise InvalidVersion(Rule.CHARACTERS, f"It holds {strange[0]!a}.")


def _not_reserved(normalized: str) -> str:
    if normalized == f"{_ANY}-dev":
        raise InvalidVersion(Rule.BRANCH, "This is how Composer 1 wrote the main branch.")
    return normalized


def _numbers(match: re.Match[str]) -> str:
    return "".join([match["first"], *(match[n] or ".0" for n in ("second", "third", "fourth"))])


def _branch(match: re.Match[str]) -> str:
    parts = [match["first"], *(match[n] or ".x" for n in ("second", "third", "fourth"))]
    return re.sub(r"[xX*]", _ANY, "".join(parts)) + "-dev"


def _modifier(match: re.Match[str]) -> str:
    word, count, dev = match["word"] or "", match["count"] or "", match["dev"] or ""
    if word.lower() == "stable":
        # Composer knows this word in small letters only and sorts "STABLE" below every dev
        # version; and it forgets a "dev" that follows it, which would pass as a stable release.
        if word != "stable" or dev:
            raise InvalidVersion(
                Rule.STABLE, f"“{match.string}” is a misleading spelling of stable."
            )
        return ""
    suffix = ""
    if word:
        suffix = "-" + _WORDS.get(word.lower(), word.lower()) + count.lstrip(".-")
    return suffix + ("-dev" if dev else "")
