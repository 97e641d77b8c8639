"""Version strings: known ones with what becomes of them, and generated ones."""

import random

# raw -> normalised
VALID = {
    "1": "1.0.0.0",
    "01.0": "01.0.0.0",
    "1.00": "1.00.0.0",
    "1.0.0.0": "1.0.0.0",
    "v1.0": "1.0.0.0",
    "V2.0": "2.0.0.0",
    "20100102": "20100102",
    "123456": "123456",
    "1467012345": "1467012345",
    "12345": "12345.0.0.0",
    "2018-03-08": "2018.03.08",
    "2024-01": "2024.01",
    "1.0.202403081530": "1.0.202403081530.0",
    "100000.1": "100000.1",
    "1.0b2": "1.0.0.0-beta2",
    "1.0.b2": "1.0.0.0-beta2",
    "1.0_b2": "1.0.0.0-beta2",
    "1.0a": "1.0.0.0-alpha",
    "1.0b": "1.0.0.0-beta",
    "1.0RC1": "1.0.0.0-RC1",
    "1.0rc": "1.0.0.0-RC",
    "1.0-rc-1": "1.0.0.0-RC1",
    "1.0beta1": "1.0.0.0-beta1",
    "1.0-beta-1": "1.0.0.0-beta1",
    "1.0-beta1.2": "1.0.0.0-beta1.2",
    "1.0p1": "1.0.0.0-patch1",
    "2.0.pl1": "2.0.0.0-patch1",
    "1.0-pl": "1.0.0.0-patch",
    "1.0-patch": "1.0.0.0-patch",
    "1.0-stable": "1.0.0.0",
    "1.0-dev": "1.0.0.0-dev",
    "1.0dev": "1.0.0.0-dev",
    "1.0.x-dev": "1.0.9999999.9999999-dev",
    "1.x-dev": "1.9999999.9999999.9999999-dev",
    "1.0+5": "1.0.0.0",
    "1.0+5+6": "1.0.0.0",
    "1.0.": "1.0.0.0",
    "1.0-": "1.0.0.0",
    "1.0_": "1.0.0.0",
    "1.0 ": "1.0.0.0",
    " 1.0": "1.0.0.0",
    "trunk": "dev-trunk",
}

# raw -> the rule that drops it; Composer refuses all of these
REFUSED = {
    "1.0.0.0.1": "parts",
    "v1.0.0.0.1-beta": "parts",
    "100000.0.0.1": "unreadable",
    "08-03-2018": "unreadable",
    "Trunk": "unreadable",
    "TRUNK": "unreadable",
    "vtrunk": "unreadable",
    "v 1.0": "characters",
    "1.0 beta": "characters",
    "1.0-beta.": "unreadable",
    "1.0-dev1": "unreadable",
    "3.1.0-dev1": "unreadable",
    "1.0-dev.1": "unreadable",
    "1.0f": "unreadable",
    "1.0-free": "unreadable",
    "1.0-foo": "unreadable",
    "1.0-hotfix": "unreadable",
    "1.0-final": "unreadable",
    "1.0-1": "unreadable",
    "1.0-20180308": "unreadable",
    "1.0..": "unreadable",
    "1.3..4": "unreadable",
    ".1": "unreadable",
    "-1": "unreadable",
    "1,0": "characters",
    "1.0 12319": "characters",
    "1.0.1 Lite": "characters",
    "1.1(Beta)": "characters",
    "2025r1": "unreadable",
    "2.24080000-WP6.6.1": "unreadable",
    "latest": "unreadable",
    "stable": "unreadable",
    "": "unreadable",
    " ": "unreadable",
    "１.０": "characters",
    "1.０": "characters",
    "1\u200b.0": "characters",
    "1.0\u200d": "characters",
    "\ufeff1.0": "characters",
    "1.0\u00a0": "characters",
    "\u0661.0": "characters",
    "1.0+": "unreadable",
    "+5": "unreadable",
}

# raw -> the rule that drops it although Composer reads it
AVOIDED = {
    "1.0 as 2.0": "alias",
    "1.0@beta": "flag",
    "1.0@DEV": "flag",
    "DEV-trunk": "branch",
    "dev-trunk": "branch",
    "dev-<b> x": "branch",
    "master": "branch",
    "default": "branch",
    "9999999-dev": "branch",
    "1.0-STABLE": "stable",
    "1.0-stable-dev": "stable",
    "1.0 dev": "characters",
    "1.0 -dev": "characters",
    "1.0\n": "characters",
    "\t1.0": "characters",
    "1.0+\u200b": "characters",
    "1.0+a/b": "characters",
    "1.0+" + "5" * 125: "length",
    "1." + "0" * 127: "length",
}

_NUMBERS = ["0", "1", "2", "3", "9", "10", "00", "01", "42", "123", "1234", "2024", "99999"]
_BIG = ["100000", "20240102", "9999999", "202403081530", "9223372036854775807", "9" * 20]
_DATES = ["2018-03-08", "2024-01", "2024.01.02", "20240102", "2024-01-02-03", "2024:01:02:03.5"]
_WORDS = ["stable", "beta", "b", "RC", "rc", "alpha", "a", "patch", "pl", "p", "BETA", "Alpha"]
_ODD_WORDS = ["Stable", "dev-", "x", "X", "*", "final", "free", "trunk", "as", "r", "STABLE"]
_JOINS = ["", ".", "-", "_"]
_ODD_JOINS = [":", "..", " ", ",", "--"]
_TAILS = [
    "+5",
    "+a.b",
    "+a+b",
    "+",
    "@dev",
    "@beta",
    " as 2.0",
    " ",
    "\n",
    ".x-dev",
    ".*-dev",
    "~1",
]
_SIGNS = list("0123456789.-_:+@ vVxX*abpRCdev,#/~^<>=()|\t\n\0\u200b１é")


def generated(count: int, seed: int = 2005) -> list[str]:
    """Return `count` different strings in and near the grammar; the same ones on each call."""
    chance = random.Random(seed)
    known = [*VALID, *REFUSED, *AVOIDED]
    strings: dict[str, None] = {}
    while len(strings) < count:
        draw = chance.random()
        if draw < 0.8:
            string = _composed(chance)
        else:
            string = _piled(chance) if draw < 0.9 else chance.choice(known)
        if chance.random() < 0.25:
            string = _disturbed(string, chance)
        strings[string] = None
    return list(strings)


def _composed(chance: random.Random) -> str:
    """Numbers or a date, then perhaps a word, counts, dev and a tail, as versions are made."""

    def maybe(likely: float, some: list[str], others: list[str]) -> str:
        return chance.choice(some if chance.random() < likely else others)

    string = maybe(0.7, [""], ["v", "V"])
    if chance.random() < 0.15:
        string += chance.choice(_DATES)
    else:
        string += maybe(0.95, _NUMBERS, _BIG)
        for _ in range(chance.choice([0, 1, 1, 2, 2, 2, 3, 3, 4])):
            string += maybe(0.98, ["."], _JOINS + _ODD_JOINS) + maybe(0.9, _NUMBERS, _BIG)
    if chance.random() < 0.6:
        string += maybe(0.95, _JOINS, _ODD_JOINS) + maybe(0.9, _WORDS, _ODD_WORDS)
        for _ in range(chance.choice([0, 0, 1, 1, 2])):
            string += maybe(0.95, ["", ".", "-"], ["_", ".."]) + chance.choice(_NUMBERS)
    string += maybe(0.8, [""], ["-dev", ".dev", "dev", "-DEV", "_dev"])
    return string + maybe(0.85, [""], _TAILS)


def _piled(chance: random.Random) -> str:
    """Any of the grammar's pieces in any order."""
    pieces = _NUMBERS + _BIG + _DATES + _WORDS + _ODD_WORDS + _JOINS + _ODD_JOINS + _TAILS
    return "".join(chance.choice(pieces) for _ in range(chance.randint(1, 6)))


def _disturbed(string: str, chance: random.Random) -> str:
    """A sign more, less or other at some place."""
    place = chance.randint(0, len(string))
    sign = chance.choice([*_SIGNS, ""])
    return string[:place] + sign + string[place + chance.randint(0, 1) :]
