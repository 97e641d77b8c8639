"""Addresses and file names that the write side makes and the read side links to."""

from urllib.parse import quote

SITEMAP_PART = 1_000  # package ids in a part of the sitemap


def card_file(fingerprint: str) -> str:
    """Name a card's file below the card store, and its address below /og/."""
    return f"{fingerprint[:2]}/{fingerprint}.png"


def plate_file(digest: str) -> str:
    """Name a plate's file below the plate store, and its address below /plates/."""
    return f"{digest[:2]}/{digest}.svg"


def zip_name(sha256: str) -> str:
    """Name a kept zip by its SHA-256."""
    return sha256[:32]


def zip_file(name: str) -> str:
    """Name a kept zip's file below the zip store, and its address below /zips/."""
    return f"{name[:2]}/{name}.zip"


def zip_address(site_url: str, sha256: str) -> str:
    """Give the whole address of a kept zip."""
    return f"{site_url.rstrip('/')}/zips/{zip_file(zip_name(sha256))}"


def badge_file(label: str) -> str:
    """Name the file of a badge below the badge store: 'plugin/akismet' -> 'plugin/akismet.svg'."""
    return f"{label}.svg"


def tag_badge(label: str) -> str:
    """Name the badge that tells whether a plugin's release is tagged: 'plugin/akismet.tag'."""
    return f"{label}.tag"


def dev_name(name: str) -> str:
    """Name a package's dev versions as Composer asks for them: 'wp-plugin/akismet~dev'."""
    return f"{name}~dev"


def composer_files(name: str) -> tuple[str, str]:
    """Name what 'wp-plugin/akismet' has below the Composer files: releases, and dev versions."""
    return f"{name}.json", f"{dev_name(name)}.json"


def package_page(type_: str, slug: str) -> str:
    """Give the address of a package's page, below the site's base."""
    return f"/packages/{type_}/{quote(slug, safe='')}"


def sitemap_part(number: int) -> str:
    """Give the address of a part of the sitemap, below the site's base."""
    return f"/sitemaps/packages-{number}.xml"
