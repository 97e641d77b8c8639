"""Figures as printed: rounded down, short, steady."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.labels import active_installs, at_least, closed_note

_UNITS = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}


def _value(label: str) -> int:
    figure = label.removesuffix("+").replace(",", "")
    unit = _UNITS.get(figure[-1], 1)
    return round(float(figure.rstrip("KMBT")) * unit)


@pytest.mark.parametrize(
    ("count", "label"),
    [
        (0, ""),
        (-3, ""),
        (1, "1+"),
        (7, "5+"),
        (10, "10+"),
        (99, "90+"),
        (123, "120+"),
        (999, "990+"),
        (1_000, "1,000+"),
        (1_251, "1,200+"),
        (1_500, "1,500+"),
        (9_999, "9,900+"),
        (10_000, "10K+"),
        (999_999, "990K+"),
        (1_000_000, "1M+"),
        (1_999_999, "1.9M+"),
        (10_000_000, "10M+"),
        (999_999_999, "990M+"),
        (1_000_000_000, "1B+"),
    ],
)
def test_spelling(count: int, label: str) -> None:
    """A count is spelled as a short lower bound."""
    assert label == at_least(count)


@given(st.integers(1, 10**14))
def test_a_label_is_true_and_close(count: int) -> None:
    """No label says more than the count, nor less than half of it."""
    value = _value(at_least(count))

    assert value <= count
    assert value * 5 >= count
    assert "1000" not in at_least(count)


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_labels_keep_the_order(one: int, other: int) -> None:
    """The larger count never has the smaller label."""
    less, more = sorted((one, other))

    assert _value(at_least(less)) <= _value(at_least(more))


def test_a_count_that_hovers_is_not_redrawn() -> None:
    """Around a border the label changes at most once."""
    shown, labels = "", []
    for count in (1_003, 998, 1_004, 999, 1_010, 997, 1_001):
        shown = at_least(count, shown)
        labels.append(shown)

    assert len(list(itertools.groupby(labels))) == 2


def test_a_count_that_is_past_the_border_rises() -> None:
    """A quarter of a step past the border the label follows."""
    assert at_least(1_024, "990+") == "990+"
    assert at_least(1_025, "990+") == "1,000+"
    assert at_least(5_000, "990+") == "5,000+"


@given(st.lists(st.integers(1, 3_000), min_size=1))
def test_hysteresis_never_makes_a_label_untrue(counts: list[int]) -> None:
    """Whatever was shown before, the label is a lower bound."""
    shown = ""
    for count in counts:
        shown = at_least(count, shown)
        assert _value(shown) <= count


def test_active_installs_are_the_directorys() -> None:
    """Unknown is nothing, under ten is said so, a figure rounded at its source is printed."""
    assert active_installs(None) == ""
    assert active_installs(0) == "<10"
    assert active_installs(9) == "<10"
    assert active_installs(5_000_000) == "5M+"
    assert active_installs(1_000_000, "900K+") == "1M+"
    assert active_installs(1_003, "990+") == "990+"


@pytest.mark.parametrize(
    ("day", "reason", "note"),
    [
        ("2026-05-12", "Security Issue", "Closed 12 May 2026 · security issue"),
        ("2026-05-12", "", "Closed 12 May 2026"),
        ("2026-12-01 10:00:00", "GPL Violation.", "Closed 1 December 2026 · GPL violation"),
        ("", "Merged into WordPress.org", "Closed · merged into WordPress.org"),
        ("soon", "", "Closed"),
        ("", "", "Closed"),
    ],
)
def test_a_closed_note_says_what_is_known(day: str, reason: str, note: str) -> None:
    """Date and reason are told when they are known, and nothing in their place."""
    assert closed_note(day, reason) == note
