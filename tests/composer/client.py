"""A `composer` in a project of its own: no other repository, no way out of this machine."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.composer.zips import Zips

_NOWHERE = "http://127.0.0.1:9"  # nobody listens there: what is not local fails at once
_IN_A_SCRIPT = ("--no-interaction", "--no-ansi")


@dataclass(frozen=True)
class Ended:
    """How a run of Composer ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, asked for --format=json."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Project:
    """A folder with composer.json; `home` holds Composer's settings and cache.

    root: of the system whose Composer it is; both folders are in it.
    """

    folder: Path
    home: Path
    root: Path = Path("/")

    def run(self, *words: str) -> Ended:
        """Run Composer as in a script: it asks nothing, and colours nothing."""
        folder, home = (Path("/", one.relative_to(self.root)) for one in (self.folder, self.home))
        enter = [] if self.root == Path("/") else ["chroot", str(self.root)]
        ended = subprocess.run(
            [*enter, *("env", "-C", str(folder)), "composer", *words, *_IN_A_SCRIPT],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "COMPOSER_HOME": str(home),
                "COMPOSER_CACHE_DIR": str(home / "cache"),
                "COMPOSER_ALLOW_SUPERUSER": "1",
                "http_proxy": _NOWHERE,
                "https_proxy": _NOWHERE,
                "no_proxy": "127.0.0.1,localhost",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def well(self, *words: str) -> Ended:
        """Run Composer, and see that it found nothing wrong."""
        ended = self.run(*words)
        assert ended.code == 0, f"{ended.out}\n{ended.err}"
        return ended

    def requires(self, **wanted: str) -> None:
        """Change what the project asks of the site: plugins by slug (with _ for -)."""
        file = self.folder / "composer.json"
        project = json.loads(file.read_text())
        names = {f"wp-plugin/{slug.replace('_', '-')}": text for slug, text in wanted.items()}
        file.write_text(json.dumps(project | {"require": names}))

    @property
    def locked(self) -> dict[str, Any]:
        """What the lock file holds, by the packages' names."""
        lock = json.loads((self.folder / "composer.lock").read_text())
        return {one["name"]: one for one in lock["packages"]}

    def locked_version(self, slug: str) -> str:
        """The version of a plugin in the lock file."""
        return str(self.locked[f"wp-plugin/{slug}"]["version"])

    def installed_version(self, slug: str) -> str:
        """The version that an installed plugin says it is."""
        plugin = self.folder / "vendor" / "wp-plugin" / slug / f"{slug}.php"
        return plugin.read_text().partition("Version: ")[2].partition("\n")[0]

    def copy(self, folder: Path) -> "Project":
        """Check the project out elsewhere: with its lock file, without anything installed."""
        folder.mkdir()
        for name in ("composer.json", "composer.lock"):
            (folder / name).write_text((self.folder / name).read_text())
        return Project(folder, folder / "home", self.root)


def project(folder: Path, site: str, zips: Zips, root: Path = Path("/"), **more: Any) -> Project:
    """Start a project whose only packages are the site's, and a composer/installers."""
    folder.mkdir()
    installers = {
        "name": "composer/installers",
        "version": "2.3.0",
        "dist": {"type": "zip", "url": f"{zips.url}/library/installers.2.3.0.zip"},
    }
    repositories = {
        "site": {"type": "composer", "url": site},
        "installers": {"type": "package", "package": installers},
        "packagist.org": False,
    }
    config = {"secure-http": False}
    facts = {"name": "tests/project", "repositories": repositories, "config": config, **more}
    (folder / "composer.json").write_text(json.dumps(facts))
    return Project(folder, folder / "home", root)
