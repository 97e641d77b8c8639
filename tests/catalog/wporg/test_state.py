"""What has to be asked, and when: a fold over events."""

import json

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


def test_a_listed_name_is_asked_once() -> None:
    """Never approved: asked, unknown, and not again for a month."""
    state = folded(listed("a", "b"))
    assert state.plugin.due(0) == ["a", "b"]
    state.apply(said("a", "missing", 5))
    assert state.plugin.due(10) == ["b"]
    assert state.plugin.due(29 * DAY) == ["b"]
    assert state.plugin.due(31 * DAY) == ["b", "a"]


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
    assert state.plugin.known["a"] == ("lost", 9 * DAY, 9 * DAY, 1, "1.0", "found1.0")


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
)  # fmt: skip


@given(st.lists(events, max_size=30), st.integers(0, 30))
def test_a_state_is_its_events(history: list[dict[str, object]], cut: int) -> None:
    """Written down at any point, read back and carried on, it is the same state."""
    early = folded(*history[:cut])
    resumed = State.load(json.loads(json.dumps(early.dump())))
    for event in history[cut:]:
        resumed.apply(event)
    assert resumed == folded(*history)
