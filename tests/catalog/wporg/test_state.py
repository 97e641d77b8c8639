"""What has to be asked, and when: a fold over events."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.wporg.state import DAY, HOUR, State

DAYS_70 = 70 * DAY


def said(
    slug: str, kind: str, at: int, version: str = "", type_: str = "plugin"
) -> dict[str, object]:
    digest = f"{kind}{version}"
    return {
        "at": at,
        "type": type_,
        "slug": slug,
        "kind": kind,
        "version": version,
        "digest": digest,
    }


def committed(slug: str, revision: int, at: int, type_: str = "plugin") -> dict[str, object]:
    return {"at": at, "type": type_, "revision": revision, "changed": {slug: revision}}


def listed(*slugs: str, type_: str = "plugin") -> dict[str, object]:
    return {"at": 0, "type": type_, "listed": 1, "slugs": list(slugs)}


def folded(*events: dict[str, object]) -> State:
    state = State()
    for event in events:
        state.apply(event)
    return state


def times_asked(
    state: State, kind: str, version: str, until: int, type_: str = "plugin"
) -> list[int]:
    """Answer the same whenever `a` is due for its commit; return when it was asked."""
    repository, asked = state.of(type_), []
    for now in range(0, until, 60):
        if "a" in repository.pending and repository.pending["a"].due <= now:
            asked.append(now)
            state.apply(said("a", kind, now, version, type_))
    return asked


@pytest.mark.parametrize("type_", ["plugin", "theme"])
def test_an_unknown_name_is_asked_for_days_before_it_is_left(type_: str) -> None:
    """Daily for three days, once more when the longest cache is over, and then once a month."""
    state = folded(listed("a", type_=type_))
    asked = []
    for now in range(0, 100 * DAY, DAY):
        if state.of(type_).due(now):
            asked.append(now // DAY)
            state.apply(said("a", "missing", now, type_=type_))
    assert asked == [0, 1, 2, 3, 8, 38, 68, 98]


def test_a_name_is_unknown_for_at_least_three_days_before_it_is_left() -> None:
    """Also where runs come early: no month begins after less than 72 hours."""
    state = folded(listed("a"))
    for hour in (0, 23, 46, 69):
        assert state.plugin.due(hour * HOUR) == ["a"]
        state.apply(said("a", "missing", hour * HOUR))
    assert state.plugin.due(92 * HOUR) == ["a"]


def test_a_name_that_was_never_a_package_is_awaited_anew_after_a_commit() -> None:
    """Left for months, then committed to and approved: its "not found" may be kept for a week."""
    state = folded(listed("a", type_="theme"), said("a", "missing", 0, type_="theme"))
    at = 60 * DAY
    state.apply(said("a", "missing", at - HOUR, type_="theme"))
    state.apply(committed("a", 9, at, "theme"))
    asked = []
    for now in range(at, at + 9 * DAY, HOUR):
        if state.theme.due(now):
            asked.append((now - at) / DAY)
            state.apply(said("a", "missing", now, type_="theme"))
    assert any(1 < day <= 3 for day in asked)
    assert any(7 < day <= 8 for day in asked)
    assert len(asked) < 20


def theme_said(at: int, version: str, awaited: str = "") -> dict[str, object]:
    more = {"awaited": awaited} if awaited else {}
    return {**said("a", "found", at, version, "theme"), **more}


def test_a_theme_in_review_is_asked_for_a_week() -> None:
    """A tag above the announced version: every four hours at most, for seven days, and then daily.

    The same tag does not begin the week anew; another one does.
    """
    state = folded(listed("a", type_="theme"), theme_said(0, "1.0", "1.1"))
    asked = []
    for now in range(0, 9 * DAY, 300):
        if state.theme.due(now):
            asked.append(now)
            state.apply(theme_said(now, "1.0", "1.1"))
    gaps = [later - one for one, later in pairwise(asked)]
    week = [gap for gap, end in zip(gaps, asked[1:], strict=True) if end <= 7 * DAY]
    assert max(week) == 4 * HOUR
    assert 7 * DAY in asked
    assert all(gap >= 20 * HOUR for gap in gaps[len(week) :])
    assert len(asked) < 60
    state.apply(theme_said(9 * DAY, "1.0", "1.2"))
    assert "a" in state.theme.pending


def test_a_review_that_ends_is_no_longer_waited_for() -> None:
    """The awaited version is announced; one of two tags is not enough."""
    start = [listed("a", type_="theme"), theme_said(0, "1.0"), committed("a", 9, 5, "theme")]
    assert folded(*start, theme_said(6, "1.1", "1.2")).theme.pending
    assert not folded(*start, theme_said(6, "1.2")).theme.pending
    both = [listed("a", type_="theme"), theme_said(0, "1.0", "1.2"), theme_said(6, "1.1", "1.2")]
    assert folded(*both).theme.pending


def test_batches_that_do_not_work_are_remembered_for_a_week() -> None:
    """For their own type alone; then they are tried again."""
    state = folded(listed("a"), {"at": DAY, "type": "theme", "batches": False})
    assert state.theme.asks_singly(7 * DAY)
    assert not state.theme.asks_singly(8 * DAY)
    assert not state.plugin.asks_singly(DAY)


def test_the_first_and_the_last_commit_into_a_tag_are_kept() -> None:
    """A commit read twice is one; a seed list keeps its own packages' tags."""

    def commits(*tags: tuple[str, str, int, str]) -> dict[str, object]:
        return {"at": 0, "type": "plugin", "revision": 9, "changed": {}, "tags": tags}

    first, later = ("a", "1.0", 5, "Monday"), ("a", "1.0", 8, "Friday")
    other = ("b", "2", 6, "")
    state = folded(commits(first, other, later), commits(later, first))
    assert state.plugin.tags == {
        "a": {"1.0": (5, "Monday", 8, "Friday")},
        "b": {"2": (6, "", 6, "")},
    }
    assert State.load(json.loads(json.dumps(state.dump()))) == state
    state.apply({"at": 9, "type": "plugin", "kept": ["b"]})
    assert set(state.plugin.tags) == {"b"}


def test_a_state_of_an_earlier_version_is_read() -> None:
    """Rows were shorter: nothing that was known is asked for again."""
    old = {"watermark": 4, "known": {"a": ["found", 1, 2, 3, "1.0", "x"]},
           "pending": {"b": [4, "", 5, 6, 0]}}  # fmt: skip
    state = State.load({"absorbed": 7, "plugin": old, "theme": old})
    assert state.plugin.known["a"].digest == "x"
    assert not state.theme.asks_singly(0)
    assert state.theme.tags == {}


def test_a_package_is_asked_once_a_day() -> None:
    """A run at the same hour each day finds it due; one in between does not."""
    state = folded(listed("a"), said("a", "found", 0, "1.0"))
    assert state.plugin.due(12 * HOUR) == []
    assert state.plugin.due(DAY - HOUR) == ["a"]


def test_a_fresh_closure_is_asked_daily_an_old_one_weekly() -> None:
    """The reason becomes public after 60 days; later it seldom changes."""
    state = folded(
        listed("a", "b"),
        said("a", "found", 0, "1.0"),
        said("a", "closed", 0),
        said("b", "closed", 0),
    )
    assert state.plugin.due(DAY) == ["a"]  # b was never seen open
    state.apply(said("b", "closed", DAYS_70))
    state.apply(said("a", "closed", DAYS_70))
    assert state.plugin.due(DAYS_70 + 2 * DAY) == []
    assert state.plugin.due(DAYS_70 + 7 * DAY) == ["a", "b"]


def test_commits_go_first_then_the_longest_unasked() -> None:
    """The order of asking when everything is due."""
    state = folded(
        listed("a", "b", "c"),
        said("b", "found", 10, "1"),
        said("a", "found", 20, "1"),
        said("c", "found", 30, "1"),
        committed("c", 9, 40),
    )
    assert state.plugin.due(2 * DAY) == ["c", "b", "a"]


@pytest.mark.parametrize(("type_", "patience"), [("plugin", DAY), ("theme", 7 * DAY)])
def test_an_old_answer_after_a_commit_is_asked_again(type_: str, patience: int) -> None:
    """Less and less often, until the time is over; the last one is at its end."""
    state = folded(
        listed("a", type_=type_), said("a", "found", 0, "1.0", type_), committed("a", 9, 0, type_)
    )
    asked = times_asked(state, "found", "1.0", 8 * DAY, type_)
    assert asked[:4] == [0, 300, 900, 2_100]
    assert asked[-1] == patience
    assert len(asked) <= 13
    assert state.of(type_).pending == {}


def test_a_new_version_ends_the_waiting() -> None:
    """So does a closure; the same version does not."""
    start = [listed("a"), said("a", "found", 0, "1.0"), committed("a", 9, 5)]
    assert folded(*start, said("a", "found", 6, "1.0")).plugin.pending
    assert not folded(*start, said("a", "found", 6, "1.1")).plugin.pending
    assert not folded(*start, said("a", "closed", 6)).plugin.pending


def test_a_commit_while_waiting_starts_anew() -> None:
    """The version before the first of the two commits is what must change."""
    state = folded(
        listed("a"),
        said("a", "found", 0, "1.0"),
        committed("a", 9, 5),
        said("a", "found", 6, "1.0"),
        committed("a", 10, HOUR),
    )
    waiting = state.plugin.pending["a"]
    assert (waiting.revision, waiting.before, waiting.due) == (10, "1.0", HOUR)
    assert waiting.deadline == HOUR + DAY


def test_a_new_package_is_awaited() -> None:
    """Its first commit may come long before the API knows it: it is asked again for a day."""
    state = folded(listed("x"), said("x", "missing", 0), committed("a", 5, 0))
    assert times_asked(state, "missing", "", 2 * DAY)[:3] == [0, 300, 900]
    assert state.plugin.known["a"].status == "missing"


def test_an_unknown_package_is_given_up_after_a_week() -> None:
    """`not found` is no closure: the record stays for seven days of such answers, then goes."""
    state = folded(listed("a"), said("a", "found", 0, "1.0"))
    for day in range(1, 8):
        assert not state.apply(said("a", "missing", day * DAY))
        assert state.plugin.known["a"].status == "lost"
        assert state.plugin.known["a"].version == "1.0"
        assert state.plugin.holds("a")
    assert state.apply(said("a", "missing", 8 * DAY))
    assert not state.plugin.holds("a")


def test_one_good_answer_forgets_the_loss() -> None:
    """A package that is known again begins its week anew."""
    state = folded(listed("a"), said("a", "found", 0, "1.0"), said("a", "missing", DAY))
    state.apply(said("a", "found", 2 * DAY, "1.0"))
    state.apply(said("a", "missing", 9 * DAY))
    assert state.plugin.known["a"][:6] == ("lost", 9 * DAY, 9 * DAY, 1, "1.0", "found1.0")


def test_a_commit_does_not_reopen_a_closed_package() -> None:
    """Only the API's word does."""
    state = folded(listed("a"), said("a", "closed", 0), committed("a", 9, 5))
    assert state.plugin.known["a"].status == "closed"
    state.apply(said("a", "closed", 6))
    assert state.plugin.known["a"].status == "closed"
    assert state.plugin.pending == {}


def test_revisions_never_go_back() -> None:
    """Neither the watermark nor a package's own."""
    state = folded(listed("a"), committed("a", 9, 0), said("a", "found", 1, "1.0"))
    state.apply(committed("a", 7, 2))
    assert state.plugin.watermark == 9
    assert state.plugin.revision("a") == 9


def test_seeds_are_kept_and_others_go() -> None:
    """The index is read anew once the list is no longer used."""
    state = folded(listed("a", "b", "c"), said("a", "found", 0, "1"), said("b", "found", 0, "1"))
    assert state.apply({"at": 9, "type": "plugin", "kept": ["b", "d"]})
    assert set(state.plugin.known) == {"b"}
    assert set(state.plugin.pending) == {"d"}
    assert state.plugin.watermark == 0
    assert state.plugin.due(10, everything=True) == ["d", "b"]


slugs = st.sampled_from("abc")
events = st.one_of(
    st.builds(said, slugs, st.sampled_from(["found", "closed", "missing"]), st.integers(0, 9 * DAY),
              st.sampled_from(["1", "2"])),
    st.builds(committed, slugs, st.integers(1, 50), st.integers(0, 9 * DAY)),
    st.builds(listed, slugs, slugs),
    st.builds(lambda slug: {"at": 1, "type": "plugin", "kept": [slug]}, slugs),
    st.builds(lambda at: {"at": at, "type": "plugin", "batches": False}, st.integers(1, 9 * DAY)),
    st.builds(lambda event, tag: {**event, "awaited": tag},
              st.builds(said, slugs, st.just("found"), st.integers(0, 9 * DAY)),
              st.sampled_from(["2", "3"])),
)  # fmt: skip


@given(st.lists(events, max_size=30), st.integers(0, 30))
def test_a_state_is_its_events(history: list[dict[str, object]], cut: int) -> None:
    """Written down at any point, read back and carried on, it is the same state."""
    early = folded(*history[:cut])
    resumed = State.load(json.loads(json.dumps(early.dump())))
    for event in history[cut:]:
        resumed.apply(event)
    assert resumed == folded(*history)
