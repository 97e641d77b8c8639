"""A package's places at WordPress.org."""

from dataclasses import dataclass

from release import wordpress_org


@dataclass(frozen=True, slots=True)
class Place:
    """Where else a package is to be found."""

    name: str
    url: str


def places(type: str, slug: str) -> list[Place]:
    """Give the pages of a package that lives at WordPress.org."""
    found = (
        Place("WordPress.org", wordpress_org.directory_page(type, slug)),
        Place("Support", wordpress_org.support_forum(type, slug)),
        Place("Changelog", wordpress_org.changelog(type, slug)),
        Place("Subversion", wordpress_org.repository(type, slug)),
    )
    return [one for one in found if one.url]
