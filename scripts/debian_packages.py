"""Install the Debian packages that are missing from a list, as root or by sudo.

A program of the same name from elsewhere does as well.

Otherwise print the exact command and exit 2. Runs before there is a virtual environment: standard
library only.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_TESTS = "# tests"


def main(argv: Sequence[str] | None = None) -> int:
    """Install what is missing, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path, help="a package a line; # begins a reason")
    parser.add_argument(
        "--tests", action="store_true", help=f"those below {_TESTS!r}, too, in the same command"
    )
    args = parser.parse_args(argv)
    wanted = _wanted(args.list.read_text(encoding="utf-8").splitlines(), tests=args.tests)
    if shutil.which("dpkg-query") is None:
        print("This is no Debian: install the like of", *wanted, file=sys.stderr)
        return 0
    missing = [name for name in wanted if not _installed(name) and shutil.which(name) is None]
    return _install(missing) if missing else 0


def _wanted(lines: Sequence[str], *, tests: bool) -> list[str]:
    chosen = lines if tests else lines[: lines.index(_TESTS)]
    return [words[0] for line in chosen if (words := line.split("#")[0].split())]


def _installed(name: str) -> bool:
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return asked.stdout == "installed"


def _may_sudo() -> bool:
    if shutil.which("sudo") is None:
        return False
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return asked.returncode == 0


def _install(missing: Sequence[str]) -> int:
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() == 0:
        rights = []
    elif _may_sudo():
        rights = ["sudo", "-n"]
    else:
        print("These Debian packages are missing; as root, please run", file=sys.stderr)
        print("  apt-get update &&", *install, file=sys.stderr)
        return 2
    print("installing the Debian packages", *missing, flush=True)
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for command in (["apt-get", "update", "--quiet=2"], [*install, "--quiet=2"]):
        done = subprocess.run([*rights, *quiet, *command], stdout=subprocess.PIPE, check=False)
        if done.returncode:
            sys.stderr.buffer.write(done.stdout)
            print("failed:", *command, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
