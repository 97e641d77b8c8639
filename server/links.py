"""Where things are: site-relative for pages and redirects, absolute for canonical links."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlsplit

from release import address

SITE_NAME = "Frontispiece"


@dataclass(frozen=True)
class Links:
    """The links of a site that lives at site_url: http(s)://host[:port][/base]."""

    site_url: str

    @cached_property
    def base(self) -> str:
        """The path under which the site lives: '' at the root of a host, else '/base'."""
        return urlsplit(self.site_url).path.rstrip("/")

    @property
    def home(self) -> str:
        """The front page."""
        return f"{self.base}/"

    def to(self, path: str) -> str:
        """A fixed address of the site: 'docs' -> '/base/docs'."""
        return f"{self.base}/{path}"

    def list(self, query: str) -> str:
        """The list in the state that a query string describes ('' for the front page)."""
        return f"{self.home}?{query}" if query else self.home

    def package(self, type: str, slug: str) -> str:
        """A package's page."""
        return self.base + address.package_page(type, slug)

    def changes(self, type: str, slug: str, old: str, new: str) -> str:
        """The way to what changed between two versions of a package."""
        versions = "...".join(quote(one, safe="") for one in (old, new))
        return f"{self.package(type, slug)}/changes/{versions}"

    def compare(self, query: str = "", *, twin: bool = False) -> str:
        """Packages side by side; or that page's twin in Markdown."""
        address = self.to("compare.md" if twin else "compare")
        return f"{address}?{query}" if query else address

    def author(self, key: str) -> str:
        """An author's page."""
        return f"{self.base}/authors/{quote(key, safe='')}"

    def untagged_author(self, key: str) -> str:
        """The page of an author's plugins whose announced release has no tag."""
        return f"{self.base}/untagged/authors/{quote(key, safe='')}"

    def tag(self, key: str) -> str:
        """A tag's page."""
        return f"{self.base}/tags/{quote(key, safe='')}"

    def card(self, fingerprint: str) -> str:
        """A card in the store."""
        return f"{self.base}/og/{address.card_file(fingerprint)}"

    def plate(self, digest: str) -> str:
        """A plate in the store."""
        return f"{self.base}/plates/{address.plate_file(digest)}"

    def stable_card(self, type: str, slug: str) -> str:
        """The address that leads to a package's current card."""
        return f"{self.base}/og/{type}/{quote(slug, safe='')}.png"

    def sitemap_part(self, number: int) -> str:
        """A part of the sitemap."""
        return self.base + address.sitemap_part(number)

    def absolute(self, path: str) -> str:
        """The full URL of a site-relative link."""
        return self.site_url.rstrip("/") + path.removeprefix(self.base)
