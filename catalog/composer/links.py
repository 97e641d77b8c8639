"""Where people look things up about a package that lives at WordPress.org."""

from catalog.composer.name import Type


def directory_page(type: Type, slug: str) -> str:
    """Return the address of a package's page in WordPress.org's directory."""
    return f"https://wordpress.org/{type}s/{slug}/"


def support(type: Type, slug: str) -> dict[str, str]:
    """Return Composer's `support`; the directory has no changelogs of themes."""
    page = directory_page(type, slug)
    links = {
        "issues": f"https://wordpress.org/support/{type}/{slug}/",
        "source": f"https://{type}s.trac.wordpress.org/browser/{slug}",
        "docs": page,
    }
    return links | ({"changelog": f"{page}#developers"} if type == "plugin" else {})
