"""A version's zip as it is kept here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnZip:
    """A zip of our own: `url` its address here, `origin` the one that it was taken from.

    `shasum` is its SHA-1, which Composer checks, and `reference` its SHA-256, which a lock file
    shows.
    """

    url: str
    shasum: str
    reference: str
    origin: str

    @property
    def dist(self) -> dict[str, str]:
        """Give Composer's `dist`."""
        return {
            "type": "zip",
            "url": self.url,
            "reference": self.reference,
            "shasum": self.shasum,
        }
