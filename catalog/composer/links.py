"""Where people look things up about a package that lives at WordPress.org, as Composer has it."""

from catalog.composer.name import Type
from release import wordpress_org


def support(type: Type, slug: str) -> dict[str, str]:
    """Return Composer's `support`; the directory has no changelogs of themes."""
    links = {
        "issues": wordpress_org.support_forum(type, slug),
        "source": wordpress_org.browser(type, slug),
        "docs": wordpress_org.directory_page(type, slug),
        "changelog": wordpress_org.changelog(type, slug),
    }
    return {name: link for name, link in links.items() if link}
