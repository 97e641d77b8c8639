"""What the tests of cards share."""

import pytest

from render import TEMPLATES, Card, CardRenderer
from render.engine import Engine, engine
from tests.render import cases


@pytest.fixture(name="engine", scope="session")
def _engine() -> Engine:
    return engine(TEMPLATES)


@pytest.fixture(name="renderer", scope="session")
def _renderer() -> CardRenderer:
    return cases.renderer()


@pytest.fixture(name="catalogue", scope="session")
def _catalogue() -> list[Card]:
    return cases.sample()
