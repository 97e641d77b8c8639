"""A package's places at WordPress.org, and what changed between two of its versions there.

A slug is made of a-z, 0-9, - and _ (catalog/record.py); a tag of anything.
"""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Place:
    """Where else a package is to be found."""

    name: str
    url: str


def places(type: str, slug: str) -> list[Place]:
    """Give the pages of a package that lives at WordPress.org."""
    kind = f"{type}s"
    found = [
        Place("WordPress.org", f"https://wordpress.org/{kind}/{slug}/"),
        Place("Support", f"https://wordpress.org/support/{type}/{slug}/"),
        Place("Subversion", f"https://{kind}.svn.wordpress.org/{slug}/"),
    ]
    if type == "plugin":
        found.insert(2, Place("Changelog", f"https://wordpress.org/plugins/{slug}/#developers"))
    return found


def changeset(type: str, slug: str, old: str, new: str) -> str:
    """Give the address of what changed between two tags; '' stands for a plugin's trunk.

    In Subversion a plugin's tags are folders below tags/, a theme's stand in its own folder.
    """
    paths = f"old_path={_path(type, slug, old)}&new_path={_path(type, slug, new)}"
    return f"https://{type}s.trac.wordpress.org/changeset?{paths}"


def _path(type: str, slug: str, tag: str) -> str:
    folder = "" if type == "theme" else "/tags" if tag else "/trunk"
    return f"/{slug}{folder}{tag and '/' + quote(tag, safe='')}"
