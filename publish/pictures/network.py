"""Pictures that are asked for: of the hosts of an allow-list, by https."""

from dataclasses import dataclass

from catalog.pictures import Picture
from catalog.wporg.client import Client, Elsewhere, TooLong
from publish.hosts import Hosts, NotAllowed
from publish.pictures.judge import MOST_BYTES, Answer, Unfit

_ANSWERS = frozenset({200, 404, 410})  # anything else tells of the host, and not of the picture
_LONGEST = 300  # characters of a header that is kept


@dataclass(frozen=True, slots=True)
class Network:
    """Pictures that hosts are asked for, by a client that reads no more than a picture may be."""

    client: Client
    hosts: Hosts

    def seal(self, picture: Picture) -> str:
        """Tell nothing: hosts have to be asked."""
        return ""

    def ask(self, address: str, picture: Picture) -> Answer:
        """Ask for a picture, if it is not the one that we have."""
        known = ("", "")
        if picture.digest and address == picture.address:
            known = (picture.etag, picture.modified)
        try:
            reply = self.client.get(self.hosts.url(address), known=known, accept=_ANSWERS)
        except (Elsewhere, NotAllowed) as reason:
            raise Unfit(str(reason)) from None
        except TooLong:
            raise Unfit(f"it is larger than {MOST_BYTES:,} bytes") from None
        if reply.status not in (200, 304):
            raise Unfit(f"status {reply.status}")
        content = None if reply.status == 304 else reply.body
        return Answer(content, _kept(reply.etag), _kept(reply.modified))


def _kept(header: str) -> str:
    """Keep what is sent back as it came, if it can be."""
    plain = header.isascii() and header.isprintable() and len(header) <= _LONGEST
    return header if plain else ""
