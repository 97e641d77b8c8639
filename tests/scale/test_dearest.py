"""No address costs the app more than a bound: looked for over all routes, the worst included.

Figures are told as on one certain machine (tests/scale/dearest.py): how busy this one is adds none.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from server.routes import ROUTES
from tests.conftest import Tell
from tests.scale import dearest

_SMALL, _LARGE = 300, 1_200
_MOST_TOLD = 5
_FILES = 10  # routes, or fewer, of which all addresses are files of a release


@pytest.fixture(scope="module", name="large")
def _large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("large") / "data"
    dearest.make(data, _LARGE)
    return data


def _hold(costs: dearest.Costs, size: int, tell: Tell) -> None:
    tell(f"the dearest addresses of {size:,} packages: " + "; ".join(_told(costs[:_MOST_TOLD])))
    assert len(costs) > len(ROUTES) - _FILES
    assert _told(one for one in costs if one[0] >= dearest.BOUND) == []


def _told(costs: Iterable[tuple[float, str]]) -> list[str]:
    return [f"{cost:.1f} ms {target[:120]}" for cost, target in costs]


def test_no_address_costs_more_than_its_bound(large: Path, tell: Tell) -> None:
    """Of every route the dearest address that a short search finds."""
    _hold(dearest.find(large, first=8, climbs=40), _LARGE, tell)


@pytest.mark.soak
def test_no_address_grows_faster_than_the_catalogue(large: Path, tmp_path: Path) -> None:
    """Four times the packages, and no address of any route costs more than four times as much."""
    dearest.make(tmp_path / "data", _SMALL)
    small = dearest.told(tmp_path / "data", dearest.plain(tmp_path / "data"))
    more = dearest.told(large, small)
    grown = {target: (small[target], more[target]) for target in small}

    assert len(small) > len(ROUTES) - _FILES
    assert {
        target: (before, after)
        for target, (before, after) in grown.items()
        if after > _LARGE / _SMALL * before + dearest.UNIT
    } == {}


@pytest.mark.soak
def test_no_address_of_a_whole_directory_costs_more(tmp_path: Path, tell: Tell) -> None:
    """As many packages as wordpress.org has, and a longer search."""
    size = 75_000
    dearest.make(tmp_path / "data", size)

    _hold(dearest.find(tmp_path / "data"), size, tell)
