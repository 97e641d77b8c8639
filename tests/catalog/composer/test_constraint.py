"""Ranges of advisories: what Composer's own code finds within, and what it cannot read."""

import random

import pytest

from catalog.composer.constraint import Constraint, InvalidRange
from catalog.composer.version import normalize
from tests.catalog.composer.judge import Judge

_VERSIONS = (
    *("1", "1.0", "1.0.1", "1.2", "1.2.0", "1.2.1", "1.2.10", "1.3", "2.0", "0.9", "10.0"),
    *("1.2-beta1", "1.2-RC1", "1.2-alpha", "1.2-dev", "1.2-p1", "1.2.0.1", "2018-03-08"),
    *("v1.2", "1.2-patch2", "1.3-beta2"),
)
_RANGES = (
    *("*", "1.2", "=1.2", "==1.2", "!=1.2", "<>1.2", "<1.2", "<=1.2", ">1.2", ">=1.2"),
    *(">=1.0,<1.2", ">=1.0 <1.2", ">= 1.0 , < 1.2", ">=1.0,<1.2|>=2.0", "<1.0 || 1.2.1"),
    *("1.2.*", "1.*", "v1.2.*", "<1.2-beta1", ">=1.2-beta1", "<=1.2-RC1", "<1.2-p1", ">=1.2-p1"),
    *("<1.2-dev", "1.2-dev", "1.0|1.2|1.3", "!=1.2,!=1.3", "<2018-03-09", ">=1.2.0.1"),
)


def test_a_range_holds_what_composer_finds_within(judge: Judge) -> None:
    """Pre-releases at its ends, patches, wildcards, dates; and many made of those."""
    chance = random.Random(7)
    made = [
        "|".join(
            ",".join(chance.choice(_RANGES[1:10]) for _ in range(chance.randint(1, 3)))
            for _ in range(chance.randint(1, 3))
        )
        for _ in range(60)
    ]
    pairs = [(version, text) for version in _VERSIONS for text in (*_RANGES, *made)]
    ours = [Constraint.parse(text).holds(normalize(version)) for version, text in pairs]

    theirs = judge.ask("within", pairs)
    assert [
        pair for pair, one, other in zip(pairs, ours, theirs, strict=True) if one != other
    ] == []
    written = [(version, Constraint.parse(text).text) for version, text in pairs]
    assert judge.ask("within", written) == theirs


def test_a_branch_is_within_everything_alone() -> None:
    """No number tells where trunk stands."""
    assert Constraint.parse("*").holds("dev-trunk")
    assert Constraint.parse("<1.0|*").holds("dev-trunk")
    assert not Constraint.parse("<1.0|>0.1").holds("dev-trunk")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "|",
            "1.0|",
            "1.0||",
            "<",
            ">=",
            "latest",
            "<1.0 beta",
            "1.0-foo",
            "^1.0",
            "~1.0",
        ),
        *("1.0 - 2.0", "<1.0,latest", "dev-trunk", "1.0@beta", "=>1.0", "1.x.*", "*.*", "<*"),
        *("1.0 as 2.0", "<1\x000", "<" + "1" * 200, "|".join(["1.0"] * 201), "<1." * 3_000),
    ],
)
def test_what_is_no_range_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidRange, match="range"):
        Constraint.parse(text)
