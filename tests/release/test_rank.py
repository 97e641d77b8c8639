"""The order in which the search holds packages."""

from release.rank import by_installs, packages, rank, span, type_of


def test_ranks_sort_by_state_type_and_installs() -> None:
    """Open before closed, plugins before themes, more installs first; unknown counts as none."""
    ordered = [
        rank(9, "plugin", False, 10_000_000),
        rank(2, "plugin", False, 1_000),
        rank(3, "plugin", False, 900),
        rank(1, "plugin", False, None),
        rank(4, "plugin", False, 0),
        rank(5, "theme", False, 10**12),
        rank(6, "plugin", True, 10_000_000),
        rank(7, "theme", True, -5),
    ]

    assert ordered == sorted(ordered)
    assert all(0 <= one < 2**63 for one in ordered)


def test_a_rank_tells_its_package() -> None:
    """Id and type are read back; a span holds exactly the ranks of its type and state."""
    for type in ("plugin", "theme"):
        for closed in (False, True):
            one = rank(123_456, type, closed, 40)
            first, last = span(type, closed)
            assert (packages([one]), type_of(one)) == ([123_456], type)
            assert first <= one <= last
            assert not first <= rank(1, type, not closed, 40) <= last


def test_packages_of_both_types_go_by_installs() -> None:
    """Types and states do not part them; of as many installs, the first id comes first."""
    ordered = [
        rank(9, "theme", False, 900),
        rank(7, "plugin", True, 50),
        rank(8, "theme", True, 50),
    ]
    assert by_installs(sorted(ordered)) == ordered
