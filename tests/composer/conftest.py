"""Served sites: one to look at, and new ones for those who publish again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.composer import place, zips
from tests.composer.client import Project, project
from tests.composer.place import Place
from tests.composer.zips import Zips
from tests.conftest import open_to_all

NewProject = Callable[..., Project]


@pytest.fixture(scope="session", name="zips")
def _zips() -> Iterator[Zips]:
    with zips.served() as server:
        yield server


@pytest.fixture(scope="session", name="shared_folder")
def _shared_folder() -> Iterator[Path]:
    with open_to_all("composer-") as folder:
        yield folder


@pytest.fixture(name="folder")
def _folder() -> Iterator[Path]:
    with open_to_all("composer-") as folder:
        yield folder


@pytest.fixture(scope="session", name="site")
def _site(shared_folder: Path, zips: Zips) -> Iterator[Place]:
    """A site that everybody looks at and nobody changes."""
    with place.served(shared_folder) as site:
        site.publish(*_packages(zips))
        yield site


@pytest.fixture(name="changing")
def _changing(folder: Path) -> Iterator[Place]:
    """A site with nothing published yet."""
    with place.served(folder) as site:
        yield site


@pytest.fixture(name="new_project")
def _new_project(tmp_path: Path, site: Place, zips: Zips) -> NewProject:
    """Start a project that uses the shared site."""
    return lambda **more: project(tmp_path / "project", site.url, zips, **more)


def _packages(zips: Zips) -> list[dict[str, Any]]:
    closed = {"closed": True, "closed_date": "2026-04-09", "permanent": False}
    for_safety = {"reason": "security-issue", "reason_text": "Security Issue"}
    for_rules = {"reason": "guideline-violation", "reason_text": "Guideline Violation"}
    return [
        zips.package(
            *("forms", "1.1", "1.0", "2.0-beta1"),
            name="Contact Forms",
            short_description="Forms for contact pages.",
            author="Somebody & Co",
            active_installs=200_000,
        ),
        zips.package("forms-extra", "3.0", name="Contact Extras", active_installs=100),
        zips.package("gallery", "2.0.1", "2.0.0", "v1.0", name="Gallery"),
        zips.package("paper", "1.0", type="theme", name="Paper for Contacts"),
        zips.package("modern", "2.0", "1.0", name="Modern", requires_php="9.0"),
        zips.package("rolling", "1.0", name="Rolling", svn_revision=3_483_213),
        zips.package(
            *("linked", "1.0"),
            name="Linked",
            download_link="https://downloads.wordpress.org/plugin/linked.1.0.zip",
            tags={"form": "Form", "builder": "Builder"},
            license="GPLv2 or later",
            requires_plugins=["forms", "linked", "no---name"],
        ),
        zips.package("harmless", "1.0", name="Harmless", **closed, **for_rules),
        zips.package("leaky", "1.2", "1.0", name="Leaky", **closed, **for_safety),
        zips.package("buried", "1.0", name="Buried", **{**closed, **for_safety, "permanent": True}),
    ]
