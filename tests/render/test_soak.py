"""Ten thousand cards in one worker."""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from render import Card
from tests.render import cases
from tests.render.cases import GOLDEN

_PAGE = 4096 / 1e6  # MB


@pytest.mark.soak
def test_a_worker_does_not_grow(catalogue: list[Card]) -> None:
    """A worker stays under 150 MB over 10,000 cards, and is no larger at the end than half-way."""
    # A process of its own, as the scripts have it: this one has done other things before.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as worker:
        sizes = worker.submit(_draw, [*catalogue, *GOLDEN.values()]).result()

    assert max(sizes) < 150
    assert sizes[-1] <= sizes[4] + 5


def _draw(cards: Sequence[Card]) -> list[float]:
    """Draw ten thousand cards; give the megabytes that this process held after each thousand."""
    renderer, sizes = cases.renderer(), []
    for number in range(10_000):
        card = cards[number % len(cards)]
        renderer(replace(card, name=f"{card.name} {number}"))
        if number % 1_000 == 999:
            sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE)
    return sizes
