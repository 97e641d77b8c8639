"""Composer's grammar, judged by Composer itself."""

import itertools
import json
import random
from pathlib import Path

import pytest

from catalog.composer.rule import Rule
from catalog.composer.version import InvalidVersion, normalize, order, pretty, stability
from tests.catalog.composer.judge import Judge
from tests.catalog.composer.strings import AVOIDED, REFUSED, VALID, generated

_RECORD = Path(__file__).with_name("read_by_composer_only.jsonl")
_COUNT = 10_000
_PAIRS = 20_000


def _ours(raw: str) -> str | None:
    try:
        return normalize(raw)
    except InvalidVersion:
        return None


def _rule(raw: str) -> Rule:
    with pytest.raises(InvalidVersion) as error:
        normalize(raw)
    assert str(error.value)
    return error.value.rule


@pytest.mark.parametrize(("raw", "normalized"), VALID.items())
def test_a_version_of_the_table_has_composers_normalised_form(raw: str, normalized: str) -> None:
    assert normalize(raw) == normalized


@pytest.mark.parametrize(("raw", "rule"), [*REFUSED.items(), *AVOIDED.items()])
def test_a_version_that_is_not_offered_names_its_rule(raw: str, rule: str) -> None:
    assert _rule(raw) == rule
    assert Rule(rule).sentence.endswith(".")


def test_composer_reads_the_table_as_we_say(judge: Judge) -> None:
    """Nothing in the table is folklore: Composer reads the first and last part, not the middle."""
    assert [said[0] for said in judge.ask("normalize", list(VALID))] == list(VALID.values())
    assert judge.ask("normalize", list(REFUSED)) == [None] * len(REFUSED)
    assert None not in judge.ask("normalize", list(AVOIDED))


def test_what_we_accept_composer_reads_in_the_same_way(judge: Judge) -> None:
    """Over the table and 10,000 generated strings: form, stability, and the form we print."""
    raws = [*VALID, *REFUSED, *AVOIDED, *generated(_COUNT)]
    accepted = {raw: form for raw in raws if (form := _ours(raw)) is not None}
    assert len(accepted) > _COUNT / 3  # the strings are near enough to the grammar to tell
    theirs = dict(zip(accepted, judge.ask("normalize", list(accepted)), strict=True))
    assert theirs == {raw: [form, stability(form)] for raw, form in accepted.items()}
    printed = {pretty(raw): form for raw, form in accepted.items()}
    assert [said[0] for said in judge.ask("normalize", list(printed))] == list(printed.values())


def test_what_composer_reads_and_we_drop_is_on_record(judge: Judge, tmp_path: Path) -> None:
    """A change of the grammar shows in the file as lines that come or go."""
    raws = list(dict.fromkeys([*VALID, *REFUSED, *AVOIDED, *generated(_COUNT)]))
    said = dict(zip(raws, judge.ask("normalize", raws), strict=True))
    lines = sorted(
        json.dumps([_rule(raw).value, raw, theirs[0]])
        for raw, theirs in said.items()
        if theirs is not None and _ours(raw) is None
    )
    found = tmp_path / _RECORD.name
    found.write_text("\n".join(lines) + "\n")
    assert lines == _RECORD.read_text().splitlines(), f"if all is well, copy {found} to {_RECORD}"


def test_only_wishes_branches_and_odd_signs_are_dropped_though_composer_reads_them() -> None:
    """A plain version that Composer reads is never dropped: no rule of grammar is on record."""
    rules = {json.loads(line)[0] for line in _RECORD.read_text().splitlines()}
    assert rules == {"alias", "branch", "characters", "flag", "length", "stable"}


def test_versions_sort_as_composer_sorts_them(judge: Judge) -> None:
    """Among 20,000 pairs of every kind that we offer."""
    chance = random.Random(7)
    forms = sorted({form for raw in [*VALID, *generated(_COUNT)] if (form := _ours(raw))})
    pairs = [(chance.choice(forms), chance.choice(forms)) for _ in range(_PAIRS // 2)]
    # Near neighbours are where an order goes wrong.
    neighbours = sorted(forms, key=order)
    pairs += itertools.islice(
        itertools.cycle([*itertools.pairwise(neighbours), *itertools.pairwise(forms)]), _PAIRS // 2
    )
    ours = [(order(a) > order(b)) - (order(a) < order(b)) for a, b in pairs]
    assert judge.ask("compare", pairs) == ours


def test_the_order_of_one_release_from_dev_to_patch() -> None:
    raws = ["1.0-dev", "1.0a", "1.0-beta2", "1.0-beta10", "1.0RC1", "1.0", "1.0-p1", "1.0.1"]
    forms = [normalize(raw) for raw in raws]
    assert sorted(forms, key=order) == forms
    assert [stability(form) for form in forms] == [
        "dev",
        "alpha",
        "beta",
        "beta",
        "RC",
        "stable",
        "stable",
        "stable",
    ]


@pytest.mark.parametrize(
    ("raw", "printed"),
    [("v1.0", "1.0"), ("V2.0 ", "2.0"), (" 1.0", "1.0"), ("1.0+5", "1.0+5"), ("trunk", "trunk")],
)
def test_a_version_is_printed_without_blanks_and_v(raw: str, printed: str) -> None:
    assert pretty(raw) == printed


def test_a_long_version_is_read_in_no_time() -> None:
    """Repetition in the grammar must not make a hostile version cost more than its length."""
    assert _ours("1" * 120) is None
    assert _ours("2024" + "01" * 60) is None
    assert _ours("1.0" + "-p" * 60) is None
    assert _ours("1.0-beta" + "-1" * 60) == "1.0.0.0-beta1" + "-1" * 59
