"""The lists that a release brings along as files: the same for everyone who asks.

The real app makes them, asked once, so that each is spelled in one place; nginx sends the files.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from publish.site import published
from release.address import sitemap_part
from release.digest import ROOT, Code

_FIXED = (
    *("/feed.xml", "/new/feed.xml", "/closed/feed.xml", "/sitemap.xml", "/sitemaps/pages.xml"),
    *("/llms.txt", "/release.json", "/closed.json"),
)
_VIEWS = ("feed", "llms.txt", "sitemap", "sitemap_index")


def made_by(ours: Code) -> str:
    """Digest the code and the views that make the lists, Composer's own among them."""
    views = [ROOT / "server" / "views" / f"{view}.tpl" for view in _VIEWS]
    modules = (
        *(__name__, "server.machines.feeds", "server.machines.closures"),
        "catalog.composer.metadata",
    )
    within = (__name__, "server", "catalog.composer.metadata")
    return ours.of(modules, [*views, *_icons()], within=within)


def _icons() -> list[Path]:
    """Give the icons that browsers and telephones ask for by name, drawn from favicon.svg."""
    return sorted((ROOT / "publish" / "site" / "icons").iterdir())


def begin(folder: Path, site_url: str) -> None:
    """Make the folder, and the files that need no asking."""
    folder.mkdir()
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {site_url}/sitemap.xml\n"
    (folder / "robots.txt").write_text(robots, encoding="utf-8")
    for icon in _icons():
        (folder / icon.name).write_bytes(icon.read_bytes())


def wanted(folder: Path, base: Path | None, site: Path, touched: Iterable[int]) -> dict[str, Path]:
    """Give the addresses to ask for, and the file that each answer becomes.

    A part of the sitemap in which nothing was touched since the release `base` is linked from it,
    unless other code made that one.
    """
    files = {address: folder / address.removeprefix("/") for address in _FIXED}
    changed = {published.sitemap_part_of(id) for id in touched}
    for number in published.sitemap_parts(site):
        address = sitemap_part(number)
        name = address.removeprefix("/")
        kept = base / name if base and number not in changed else None
        if kept and kept.exists():
            (folder / name).parent.mkdir(exist_ok=True)
            os.link(kept, folder / name)
        else:
            files[address] = folder / name
    return files


def write(path: Path, body: str) -> None:
    """Write an answer to its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")
