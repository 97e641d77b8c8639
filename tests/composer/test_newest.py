"""The newest Composer that Debian has, which knows filter lists and cooldowns: 2.10 and later.

Formats: https://getcomposer.org/doc/06-config.md#policy
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.composer.client import Project, project
from tests.composer.place import Place
from tests.composer.zips import Zips
from tests.conftest import open_to_all

pytestmark = pytest.mark.soak

Newest = Callable[..., Project]
_PACKAGES = "ca-certificates,composer,php-curl,php-zip,unzip"
_PLAIN = {"secure-http": False}


@pytest.fixture(scope="module", name="debian")
def _debian() -> Iterator[Path]:
    """A folder with the smallest Debian unstable that has Composer."""
    if os.geteuid() or not shutil.which("debootstrap"):
        pytest.skip("needs root, and debootstrap")
    with open_to_all("newest-") as root:
        include = ["--variant=minbase", f"--include={_PACKAGES}"]
        command = ["debootstrap", *include, "sid", str(root), "http://deb.debian.org/debian"]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            pytest.skip(f"no newer Composer can be had here: {made.stdout[-500:]}")
        (root / "etc" / "hosts").write_text("127.0.0.1 localhost\n")
        yield root


@pytest.fixture(name="newest")
def _newest(debian: Path, site: Place, zips: Zips) -> Iterator[Newest]:
    """Start a project in it, of the site's packages that are named, with settings."""
    folder = debian / "project"

    def start(
        *slugs: str, url: str = site.url, policy: object = None, **of_repository: Any
    ) -> Project:
        config = _PLAIN | ({"policy": policy} if policy else {})
        one = project(folder, url, zips, debian, config=config)
        one.requires(**dict.fromkeys(slugs, "*"))
        file = folder / "composer.json"
        facts = json.loads(file.read_text())
        facts["repositories"]["site"] |= of_repository
        file.write_text(json.dumps(facts))
        return one

    yield start
    shutil.rmtree(folder, ignore_errors=True)


def test_nothing_is_refused_by_default(newest: Newest) -> None:
    """A package that was closed for a rule goes on installing until the project says otherwise."""
    mine = newest("harmless", "forms")
    said = mine.well("update").err

    assert "Package wp-plugin/harmless is abandoned" in said
    assert mine.installed_version("harmless") == "1.0"


def test_a_project_may_refuse_what_is_closed(newest: Newest) -> None:
    """With the reason and the link, and nothing else is refused."""
    mine = newest("harmless", "forms", policy={"wporg-closed": {"block": True}})
    ended = mine.run("update")

    assert ended.code == 2
    assert (
        "they were filtered by wporg-closed (see https://wordpress.org/plugins/harmless/)"
        " reason: Closed on 2026-04-09: Guideline Violation." in ended.err
    )
    mine.requires(forms="*")
    mine.well("update")


def test_an_audit_names_what_is_closed_where_it_is_asked_to(newest: Newest) -> None:
    """It fails, with a table; without the setting it has nothing to say."""
    silent = {"abandoned": {"audit": "ignore"}}
    listed = {"wporg-closed": {"block": False, "audit": "fail"}}
    mine = newest("harmless", policy=silent | listed)
    mine.well("update", "--no-audit")
    ended = mine.run("audit", "--locked")

    assert ended.code == 1
    assert "wp-plugin/harmless" in ended.out
    assert "closed-plugin-harmless-2026-04-09" in ended.out
    shutil.rmtree(mine.folder)
    other = newest("harmless", policy=silent)
    other.well("update", "--no-audit")
    other.well("audit", "--locked")


def test_an_advisory_can_be_passed_over_as_the_docs_say(newest: Newest) -> None:
    """What was closed for its security is refused, until its id is named."""
    mine = newest("leaky")
    refused = mine.run("update")

    assert refused.code == 2
    assert '("closed-plugin-leaky-2026-04-09")' in refused.err
    shutil.rmtree(mine.folder)
    ignored = {"advisories": {"ignore-id": ["closed-plugin-leaky-2026-04-09"]}}
    newest("leaky", policy=ignored).well("update")


def test_a_cooldown_withholds_what_appeared_here_lately(
    newest: Newest, changing: Place, zips: Zips
) -> None:
    """What was there when the directory began has no such time: the repository's entry says so."""
    changing.publish(zips.package("forms", "1.0"))
    changing.publish(zips.package("forms", "1.1", "1.0"))
    policy = {"cooldown": {"period": "7 days"}}
    strict = newest("forms", url=changing.url, policy=policy)
    refused = strict.run("update")

    assert refused.code != 0
    assert "hasnopublished-time" in "".join(refused.err.split())  # Composer breaks lines
    shutil.rmtree(strict.folder)
    settings = {"require-published-time": False}
    mine = newest("forms", url=changing.url, policy=policy, **settings)
    mine.well("update", "--no-install")
    assert mine.locked_version("forms") == "1.0"
    mine.well("update", "--no-install", "--no-cooldown")
    assert mine.locked_version("forms") == "1.1"
