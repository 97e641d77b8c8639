"""Every address of the app, and the function that answers it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from server.answer import Answer, Page
from server.machines import (
    api,
    assets,
    closures,
    composer,
    feeds,
    health,
    metrics,
    openapi,
    sitemap,
)
from server.pages import (
    author,
    changelog,
    changes,
    closed,
    compare,
    docs,
    home,
    package,
    status,
    tag,
    untagged,
)

# What a part of an address in <> may be, as a regular expression.
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "type": "plugin|theme",
        "slug": "[^/]+",
        "vendor": "(?:wp|wpackagist)-(?:plugin|theme)|plugins|themes",
        "versions": "[^/]+",
        "key": "[^/]+",
        "tag": "[^/]+",
        "digest": "[0-9a-f]+",
        "number": "[0-9]{1,6}",
    }
)


@dataclass(frozen=True, slots=True)
class Route:
    """An address below the site's base, and what answers it.

    answer: called with the Site and, by their names, the parts in <>.
    asked: it is called with the query string, too, as `query`.
    twin: it gives a Page that has a twin in Markdown, as nginx/http/twins.conf says, too.
    twin_asked: the twin is called with the query string, too; a list with one has none.
    """

    path: str
    answer: Callable[..., Page | Answer]
    asked: bool = False
    twin: bool = False
    twin_asked: bool = False

    @property
    def twin_path(self) -> str:
        """The address of the twin in Markdown."""
        return "/index.md" if self.path == "/" else f"{self.path}.md"


_PACKAGE = "/packages/<type>/<slug>"

# fmt: off
ROUTES = (
    # Pages for people.
    Route("/",                                  home.page,       asked=True, twin=True),
    Route(_PACKAGE,                             package.page,    twin=True),
    Route(f"{_PACKAGE}/changes/<versions>",     changes.way),
    Route("/packages/<vendor>/<slug>",          package.named),
    Route("/authors/<key>",                     author.page,     asked=True, twin=True),
    Route("/tags/<tag>",                        tag.page,        asked=True, twin=True),
    Route("/closed",                            closed.page,     asked=True, twin=True),
    Route("/untagged",                          untagged.page,   asked=True, twin=True),
    Route("/untagged/authors",                  untagged.by_author, asked=True, twin=True),
    Route("/untagged/authors/<key>",            untagged.of_author, twin=True),
    Route(f"{_PACKAGE}/changelog",              changelog.page,  twin=True),
    Route("/compare",                           compare.page,    asked=True, twin=True,
          twin_asked=True),
    Route("/docs",                              docs.page,       twin=True),
    Route("/status",                            status.page,     twin=True),

    # What pages need. (nginx sends the cards themselves.)
    Route("/og/<type>/<slug>.png",              assets.stable_card),
    Route("/favicon.svg",                       assets.icon),
    Route("/site.webmanifest",                  assets.manifest),
    Route("/assets/<digest>.js",                assets.script),

    # Feeds.
    Route("/feed.xml",                          feeds.releases),
    Route("/new/feed.xml",                      feeds.new),
    Route("/closed/feed.xml",                   feeds.closed),
    Route(f"{_PACKAGE}/feed.xml",               feeds.package_releases),
    Route("/authors/<key>/feed.xml",            feeds.author_releases),

    # How machines find their way.
    Route("/sitemap.xml",                       sitemap.index),
    Route("/sitemaps/pages.xml",                sitemap.pages),
    Route("/sitemaps/packages-<number>.xml",    sitemap.packages),
    Route("/opensearch.xml",                    sitemap.opensearch),
    Route("/llms.txt",                          sitemap.llms),

    # The API.
    Route("/api/packages",                      api.find_packages, asked=True),
    Route("/api/packages/<type>/<slug>",        api.get_package),
    Route("/api/packages/<type>/<slug>/stats.json", api.get_package_stats),
    Route("/api/authors/<key>",                 api.get_author),
    Route("/api/tags/<tag>",                    api.get_tag),
    Route("/api/stats",                         api.get_stats),
    Route("/api/status",                        api.get_status),
    Route("/status.json",                       api.get_status),
    Route("/release.json",                      api.get_release),
    Route("/closed.json",                       closures.every),
    Route("/api/openapi.json",                  openapi.description),

    # Composer, and mirrors.
    Route(f"{_PACKAGE}/versions.json",          composer.versions),
    Route("/search.json",                       composer.search,   asked=True),
    Route("/list.json",                         composer.names,    asked=True),
    Route("/metadata/changes.json",             composer.changes,  asked=True),

    # Monitors.
    Route("/health",                            health.health),
    Route("/metrics",                           metrics.metrics),
)
# fmt: on


def fill(path: str, replacement: str | Callable[[re.Match[str]], str]) -> str:
    """Replace each part in <> of an address; group 1 is its name."""
    return re.sub(r"<(\w+)>", replacement, path)
