"""Ten thousand cards in one worker."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest

from render import Card
from tests.render import many
from tests.render.cases import GOLDEN


@pytest.mark.soak
def test_a_worker_does_not_grow(catalogue: list[Card]) -> None:
    """A worker stays under 150 MB over 10,000 cards, and is no larger at the end than half-way."""
    # A process of its own, as the scripts have it: this one has done other things before.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as worker:
        sizes = worker.submit(many.draw, [*catalogue, *GOLDEN.values()]).result()

    assert max(sizes) < 150
    assert sizes[-1] <= sizes[4] + 5
