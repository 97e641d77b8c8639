"""A version's zip as it is kept here."""

from dataclasses import dataclass

from release.address import zip_address


@dataclass(frozen=True, slots=True)
class OwnZip:
    """A zip of our own: `site` is the base of its address, `origin` the address it was taken from.

    `shasum` is its SHA-1, which Composer checks, and `reference` its SHA-256, which a lock file
    shows.
    """

    site: str
    shasum: str
    reference: str
    origin: str

    @property
    def url(self) -> str:
        """Its address here."""
        return zip_address(self.site, self.reference)

    @property
    def dist(self) -> dict[str, str]:
        """Give Composer's `dist`."""
        return {
            "type": "zip",
            "url": self.url,
            "reference": self.reference,
            "shasum": self.shasum,
        }
