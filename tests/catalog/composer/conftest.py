from collections.abc import Iterator

import pytest

from tests.catalog.composer.judge import Judge


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    judge = Judge()
    yield judge
    judge.close()
