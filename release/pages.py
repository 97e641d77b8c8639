"""The site's own pages that stand at a fixed address: each has a card, and is looked at by deploy.

One line here gives a page its card, its place in the sitemap and its row in the check of a release.
Its answer is a line in server/routes.py.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page at /<name>. title, line: as its card prints them.

    found: it is in the sitemap, for search engines.
    """

    name: str
    title: str
    line: str
    found: bool = True


OWN_PAGES = (
    OwnPage("docs", "Documentation", "Install, configure, move from elsewhere, count."),
    OwnPage("status", "Status", "The release, its cards, and how the last runs went.", found=False),
    OwnPage("closed", "Closed packages", "Which, when, and for what reason."),
    OwnPage("untagged", "Not tagged", "Plugins whose newest version only trunk holds."),
    OwnPage("compare", "Compare packages", "Up to four, side by side: kept, installed, needed."),
)
