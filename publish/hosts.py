"""The hosts that are asked for files, and no others."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_PLAIN = re.compile(r"https?://[!-~]{1,2000}")  # ASCII without blanks


class NotAllowed(Exception):
    """An address that is not asked, with the reason."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that are asked, by https.

    through: a mirror that is asked in their place, `<through>/<host>/<path>`.
    """

    allowed: tuple[str, ...]
    through: str = ""

    def url(self, address: str) -> str:
        """Give what to ask for a file's address. Raises NotAllowed."""
        try:
            parts = urlsplit(address)
        except ValueError:  # brackets that hold no address
            parts = None
        if parts is None or not _PLAIN.fullmatch(address):
            raise NotAllowed("it is no address that can be asked for")
        if parts.scheme != "https" or parts.netloc not in self.allowed:
            raise NotAllowed(
                f"its host {parts.netloc[:80]!r} is not one of {', '.join(self.allowed)}"
            )
        return f"{self.through}/{address.removeprefix('https://')}" if self.through else address
