"""Where a package that lives at WordPress.org is to be found there.

A slug is made of a-z, 0-9, - and _ (catalog/record.py); a tag of anything.
"""

from urllib.parse import quote


def directory_page(type_: str, slug: str) -> str:
    """Give the address of a package's page in the directory."""
    return f"https://wordpress.org/{type_}s/{slug}/"


def support_forum(type_: str, slug: str) -> str:
    """Give the address where people ask about a package."""
    return f"https://wordpress.org/support/{type_}/{slug}/"


def changelog(type_: str, slug: str) -> str:
    """Give the address of a plugin's changelog; '' for a theme, of which the directory has none."""
    return f"{directory_page(type_, slug)}#developers" if type_ == "plugin" else ""


def repository(type_: str, slug: str) -> str:
    """Give the address of a package in Subversion."""
    return f"https://{type_}s.svn.wordpress.org/{slug}/"


def browser(type_: str, slug: str) -> str:
    """Give the address where a package's code is read."""
    return f"https://{type_}s.trac.wordpress.org/browser/{slug}"


def changeset(type_: str, slug: str, old: str, new: str) -> str:
    """Give the address of what changed between two tags; '' stands for a plugin's trunk.

    In Subversion a plugin's tags are folders below tags/, a theme's stand in its own folder.
    """
    paths = f"old_path={_path(type_, slug, old)}&new_path={_path(type_, slug, new)}"
    return f"https://{type_}s.trac.wordpress.org/changeset?{paths}"


def _path(type_: str, slug: str, tag: str) -> str:
    folder = "" if type_ == "theme" else "/tags" if tag else "/trunk"
    return f"/{slug}{folder}{tag and '/' + quote(tag, safe='')}"
