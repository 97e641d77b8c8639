"""Folders that an unprivileged user may enter, and an nginx for those tests that only look."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import open_to_all
from tests.nginx.face import Face, running


@pytest.fixture(name="folder")
def _folder() -> Iterator[Path]:
    """An empty folder with a short name that everybody may enter, unlike pytest's own."""
    with open_to_all("face-") as folder:
        yield folder


@pytest.fixture(scope="module", name="shared_folder")
def _shared_folder() -> Iterator[Path]:
    with open_to_all("face-") as folder:
        yield folder


@pytest.fixture(scope="module", name="site")
def _site(shared_folder: Path) -> Iterator[Face]:
    """nginx with one stand-in, for all the tests of a module: they may look and change nothing."""
    with running(shared_folder) as face:
        yield face
