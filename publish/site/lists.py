"""The files that a release brings along: lists that are the same for everyone who asks.

The real app makes them, asked once, so that each is spelled in one place; nginx sends the files.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from publish.site import published

_FIXED = (
    *("/feed.xml", "/new/feed.xml", "/closed/feed.xml", "/sitemap.xml", "/sitemaps/pages.xml"),
    *("/llms.txt", "/release.json"),
)


def begin(folder: Path, site_url: str) -> None:
    """Make the folder, and the one file that needs no asking."""
    folder.mkdir()
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {site_url}/sitemap.xml\n"
    (folder / "robots.txt").write_text(robots)


def wanted(folder: Path, base: Path | None, site: Path, touched: Iterable[int]) -> dict[str, Path]:
    """Give the addresses to ask for, and the file that each answer becomes.

    A part of the sitemap in which nothing was touched since `base` is that of `base`.
    """
    files = {address: folder / address.removeprefix("/") for address in _FIXED}
    changed = {published.shard_of(id) for id in touched}
    for number in published.shards(site):
        name = f"sitemaps/packages-{number}.xml"
        kept = base / name if base and number not in changed else None
        if kept and kept.exists():
            (folder / name).parent.mkdir(exist_ok=True)
            os.link(kept, folder / name)
        else:
            files[f"/{name}"] = folder / name
    return files


def keep(path: Path, body: str) -> None:
    """Write an answer to its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body)
