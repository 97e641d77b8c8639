"""`canary`: whether a few packages come all the way from WordPress.org into a project.

Three links: the API tells a version, the public site offers it, and Composer installs it. The first
that broke is named. It reads and installs as any visitor would, so it may run on another machine.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from catalog.composer.selection import same_version, stable_version
from catalog.wporg import details
from catalog.wporg.client import Client, Outage
from catalog.wporg.details import Found
from publish.upkeep.elsewhere import LIMITS, Repository, Unreachable

_SECONDS = 600  # for Composer
_LAST_WORDS = 600  # characters of what it says

Packages = Sequence[tuple[str, str]]  # type, slug


def canary(site_url: str, api: str, packages: Packages, agent: str) -> int:
    """Try the links in turn; give the exit code: 1 says which one broke."""
    try:
        announced = dict(_announced(api, packages, agent))
        _offered(site_url, announced, agent)
        _installed(site_url, announced)
    except _Broken as broken:
        print(f"canary: {broken}", file=sys.stderr)
        return 1
    print(f"canary: {', '.join(f'{name} {version}' for name, version in announced.items())}: well")
    return 0


class _Broken(Exception):
    """A link that broke, as a sentence."""


def _announced(api: str, packages: Packages, agent: str) -> Iterator[tuple[str, str]]:
    with Client(agent) as asking:
        for type_, slug in packages:
            try:
                answer = details.ask(asking, api, type_, [slug])[slug]
            except Outage as outage:
                raise _Broken(f"WordPress.org’s API does not answer: {outage}") from None
            if not isinstance(answer, Found):
                raise _Broken(f"WordPress.org’s API knows no version of {type_} {slug}: {answer}")
            told = {key: str(answer.fields.get(key) or "") for key in ("version", "download_link")}
            yield f"wp-{type_}/{slug}", stable_version(slug, told["version"], told["download_link"])


def _offered(site_url: str, announced: dict[str, str], agent: str) -> None:
    try:
        with Client(agent, LIMITS) as asking:
            site = Repository(asking, site_url)
            for name, version in announced.items():
                offered = site.versions(name)
                if not any(same_version(version, one) for one in offered or ()):
                    what = f"offers {offered[0]}" if offered else "offers none"
                    raise _Broken(f"{site_url} {what} of {name}: WordPress.org announces {version}")
    except Unreachable as error:
        raise _Broken(f"{site_url} does not answer: {error}") from None


def _installed(site_url: str, announced: dict[str, str]) -> None:
    """Install exactly these; no other repository is asked, and no plugin of Composer's runs."""
    project = {
        "repositories": {
            "site": {"type": "composer", "url": site_url},
            "packagist.org": False,
        },
        "require": announced,
        "replace": {"composer/installers": "*"},
        "config": {"allow-plugins": False, "secure-http": site_url.startswith("https:")},
    }
    words = ("composer", "update", "--no-interaction", "--no-ansi", "--no-cache", "--no-audit")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "composer.json").write_text(json.dumps(project), encoding="utf-8")
        try:
            ended = subprocess.run(
                words, cwd=folder, capture_output=True, text=True, check=False, timeout=_SECONDS
            )
        except FileNotFoundError:
            raise _Broken("the command composer is not there: install Debian's") from None
        except subprocess.TimeoutExpired:
            raise _Broken(f"Composer did not end within {_SECONDS} seconds") from None
        missing = [one for one in announced if not any((folder / "vendor" / one).glob("*"))]
    if ended.returncode or missing:
        said = " ".join(ended.stderr.split())[-_LAST_WORDS:]
        raise _Broken(
            f"Composer installs nothing from {site_url} (exit {ended.returncode}): {said}"
        )
