"""The way to what changed between two versions of a package, where its code lives."""

import re
from collections.abc import Iterator, Mapping

from release.wordpress_org import changeset
from server.answer import FIVE_MINUTES, Answer, Site
from server.errors import no_such, not_found
from server.queries import packages
from server.queries.packages import MOST_VERSIONS, Package, Version

_BETWEEN = "..."
_LONGEST = 403  # of two versions as records have them, and what is between
_ZIP = re.compile(r"https://downloads\.wordpress\.org/(?:plugin|theme)/")


def way(site: Site, type: str, slug: str, versions: str) -> Answer:
    """Lead to the changeset between 'A...B' in the Trac of wordpress.org; 404 with a sentence
    where there is none.
    """
    found = packages.find(site.snapshot.connection, type, slug)
    if found is None or found.withdrawn_at is not None:
        return not_found(site, slug.replace("-", " "))
    tags = _tags(site, found)
    pairs = ((tags[old], tags[new]) for old, new in _pairs(versions) if old in tags and new in tags)
    pair = next(pairs, None)
    if pair is None:
        what = (
            f"WordPress.org has no two such versions of {found.name}: the address is to end in "
            "one version, three dots and another."
        )
        return no_such(site, what, slug)
    headers = {"Location": changeset(type, slug, *pair), "Cache-Control": FIVE_MINUTES}
    return Answer(302, headers=headers)


def _pairs(versions: str) -> Iterator[tuple[str, str]]:
    """Give every way to read 'A...B': a version may hold dots as well."""
    if len(versions) > _LONGEST:
        return
    for at in range(1, len(versions) - len(_BETWEEN)):
        if versions.startswith(_BETWEEN, at):
            yield versions[:at], versions[at + len(_BETWEEN) :]


def _tags(site: Site, found: Package) -> Mapping[str, str]:
    """Give the tag of each version that lives there, by its name and as Composer calls it; '' is
    a plugin's trunk.
    """
    every = packages.all_versions(site.snapshot.connection, found.id, MOST_VERSIONS)
    there = [one for one in every if _is_tagged(found, one) and _is_folder(one.raw)]
    trunk = {"trunk": ""} if there and found.type == "plugin" else {}
    names = (dict.fromkeys((one.raw.strip(), one.raw, one.version), one.raw) for one in there)
    return trunk | dict(pair for some in names for pair in some.items())


def _is_tagged(found: Package, one: Version) -> bool:
    kept = one.sha256 and not one.untagged and found.wordpress_org
    return bool(kept or _ZIP.match(one.url))


def _is_folder(tag: str) -> bool:
    return "/" not in tag and tag not in ("", ".", "..")
