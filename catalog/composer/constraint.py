"""Ranges of versions as advisories write them, judged as Composer judges them.

    range      = part {("|" | "||") part}
    part       = comparison {("," | blank) comparison}
    comparison = "*" | number {"." number} ".*" | [operator] version
    operator   = "<" | "<=" | ">" | ">=" | "=" | "==" | "!=" | "<>"

Composer reads more (`^1.2`, `~1.2`, `1.0 - 2.0`), which no advisory needs. One range that it cannot
read ends a user's run, so whatever else is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Self

from catalog.composer.version import InvalidVersion, Order, normalize, order, stability

_MOST = 200  # comparisons of a range: one may name each version that is affected
_LONGEST = 4_000
_OPERATOR = re.compile(r"(<>|!=|==|=|<=|<|>=|>)?(.+)")
_BLANK_AFTER = re.compile(r"([<>=!])\s+")
_WILDCARD = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){0,2})\.\*", re.ASCII)
_JUDGES: dict[str, Callable[[Order, Order], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "=": eq,
    "==": eq,
    "": eq,
    "!=": ne,
    "<>": ne,
}

_Comparison = tuple[str, Order]  # an operator, and what is compared with


class InvalidRange(ValueError):
    """A text that is no range; the message says why."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A range. `text` is how Composer is told of it; `parts` hold where one of them does."""

    text: str
    parts: tuple[tuple[_Comparison, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a range. Raises InvalidRange."""
        if len(text) > _LONGEST:
            raise InvalidRange(f"its range has more than {_LONGEST:,} characters")
        parts = [_part(part) for part in re.split(r"\|\|?", text)]
        if sum(map(len, parts)) > _MOST:
            raise InvalidRange(f"its range has more than {_MOST} comparisons")
        written = "|".join(",".join(part.split()) for part in re.split(r"\|\|?", _tight(text)))
        return cls(written, tuple(parts))

    def holds(self, normalized: str) -> bool:
        """Tell whether a normalised version is within; a branch is within `*` alone."""
        if normalized.startswith("dev-"):
            return any(not part for part in self.parts)
        version = order(normalized)
        return any(
            all(_JUDGES[operator](version, bound) for operator, bound in part)
            for part in self.parts
        )


def _tight(text: str) -> str:
    return _BLANK_AFTER.sub(r"\1", text.replace(",", " "))


def _part(text: str) -> tuple[_Comparison, ...]:
    words = _tight(text).split()
    if not words:
        raise InvalidRange(f"its range {text[:80]!r} lacks a part")
    return tuple(one for word in words for one in _comparisons(word))


def _comparisons(word: str) -> list[_Comparison]:
    if word == "*":
        return []
    if wildcard := _WILDCARD.fullmatch(word):
        numbers = [int(number) for number in wildcard[1].split(".")]
        above = [*numbers[:-1], numbers[-1] + 1]
        return [(">=", _bound(">=", _dotted(numbers))), ("<", _bound("<", _dotted(above)))]
    match = _OPERATOR.fullmatch(word)
    if match is None:
        raise InvalidRange(f"its range holds {word[:80]!r}, which is no comparison")
    operator = match[1] or ""
    return [(operator, _bound(operator, match[2]))]


def _dotted(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))


def _bound(operator: str, raw: str) -> Order:
    try:
        normalized = normalize(raw)
    except InvalidVersion as error:
        raise InvalidRange(f"its range holds {raw[:80]!r}: {error}") from None
    # Composer puts every pre-release of 1.2 outside of `<1.2`, and inside of `>=1.2`.
    if operator in ("<", ">=") and stability(normalized) == "stable" and "patch" not in normalized:
        normalized += "-dev"
    return order(normalized)
