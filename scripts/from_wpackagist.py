"""Move a project's composer.json from wpackagist's names and repository to this directory's.

`wpackagist-plugin/x` becomes `wp-plugin/x` and `wpackagist-theme/x` becomes `wp-theme/x` wherever
the file names a package: in the requirements, in `extra.installer-paths` (so that each package is
still installed where it was), in patches, in filters. Every other byte of the file stays as it is.
All or nothing: a name that cannot be moved leaves the whole file alone.
"""

import argparse
import difflib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from catalog.composer.migration import Immovable, moved


def main(argv: Sequence[str] | None = None) -> int:
    """Rewrite the file, or show how; 0 done or nothing to do, 1 not possible, 2 not readable."""
    options = _options(argv)
    path: Path = options.file
    try:
        text = path.read_bytes().decode("utf-8")
        move = moved(text, options.to)
    except (OSError, ValueError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 2
    except Immovable as error:
        print(f"{path}: nothing was changed: {error}", file=sys.stderr)
        return 1
    for remark in move.remarks:
        print(f"{path}: {remark}", file=sys.stderr)
    if options.dry_run:
        sys.stdout.writelines(_difference(text, move.text, str(path)))
        return 0
    if move.text == text:
        print(f"{path}: nothing to do")
        return 0
    _write(path, move.text)
    print(f"{path}: names moved: {move.names}; repositories: {move.repositories}")
    print("Now run: composer update 'wp-plugin/*' 'wp-theme/*' --with-all-dependencies")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="from_wpackagist", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=Path("composer.json"))
    parser.add_argument("--to", required=True, metavar="URL", help="this directory's address")
    parser.add_argument(
        "--dry-run", action="store_true", help="print the difference, write nothing"
    )
    options = parser.parse_args(argv)
    if urlsplit(options.to).scheme not in ("http", "https"):
        parser.error(f"--to {options.to}: this is no web address")
    return options


def _difference(old: str, new: str, name: str) -> Iterator[str]:
    for line in difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), name, name
    ):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _write(path: Path, text: str) -> None:
    """Put the new file in the place of the old one at once, with the same rights."""
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode("utf-8"))
    shutil.copymode(target, name)
    Path(name).replace(target)


if __name__ == "__main__":
    sys.exit(main())
