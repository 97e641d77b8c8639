"""A seed list: the packages of a small directory of one's own."""

from pathlib import Path

from catalog.wporg.discovery import is_slug
from catalog.wporg.state import TYPES


class SeedError(Exception):
    """A seed list that cannot be used; the sentence names the line."""


def read_seeds(path: Path) -> dict[str, list[str]]:
    """Read `plugin/slug` or `theme/slug` a line (# begins a comment) as type -> slugs."""
    seeds: dict[str, list[str]] = {type_: [] for type_ in TYPES}
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"cannot read the seed list {path}: {error}") from error
    for number, line in enumerate(text.splitlines(), 1):
        seed = line.partition("#")[0].strip()
        if not seed:
            continue
        type_, _, slug = seed.partition("/")
        if type_ not in seeds or not is_slug(slug):
            raise SeedError(
                f"{path}, line {number}: {seed!r} is not plugin/slug or theme/slug "
                "(a slug has only a-z, 0-9, - and _)"
            )
        if slug not in seeds[type_]:
            seeds[type_].append(slug)
    if not any(seeds.values()):
        raise SeedError(f"{path} names no package")
    return seeds
